//! Nothing was lost before the first frame of a stream, whatever number it has; what is lost after it is counted.

use vidbuf::Request;
use vidbuf::queue::CaptureQueue;
use vidbuf_sim::{Event, Profile, Sim};

/// Around the wrap, around half of the range, and what vivid's "Wrap Sequence Number" control begins with.
const FIRST: [u32; 9] = [0, 1, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ff80, u32::MAX - 1, u32::MAX];

#[test]
fn first_frame_of_any_number_has_lost_nothing_and_a_gap_behind_it_is_counted() {
    for first in FIRST {
        let mut memory = vec![0; 4 << 20];
        let sim = Sim::new(Profile::VIVID, &mut memory);
        sim.inject(|inject| inject.first_sequence = first);
        let mut queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
        for stream in 0..3 {
            for number in 0..3 {
                let frame = queue.dequeue().unwrap().unwrap();
                assert_eq!(frame.sequence(), first.wrapping_add(number), "stream {stream}");
                assert_eq!(
                    frame.lost_before(),
                    Some(0),
                    "stream {stream}, frame {number} of a stream that begins with {first:#x}"
                );
                frame.requeue().unwrap();
            }
            assert!(sim.script([Event::Drop(5)]));
            let frame = queue.dequeue().unwrap().unwrap();
            assert_eq!(frame.lost_before(), Some(5), "stream {stream} that begins with {first:#x}");
            frame.requeue().unwrap();
            queue = queue.stream_off().unwrap().stream_on().unwrap();
        }
        queue.stop().unwrap();
    }
}

#[test]
fn gap_right_behind_the_first_frame_is_counted() {
    for first in FIRST {
        let mut memory = vec![0; 4 << 20];
        let sim = Sim::new(Profile::VIVID, &mut memory);
        sim.inject(|inject| inject.first_sequence = first);
        let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
        queue.dequeue().unwrap().unwrap().requeue().unwrap();
        assert!(sim.script([Event::Drop(2)]));
        let frame = queue.dequeue().unwrap().unwrap();
        assert_eq!(frame.lost_before(), Some(2), "behind {first:#x}");
    }
}
