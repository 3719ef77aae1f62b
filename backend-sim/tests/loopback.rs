//! A driver without videobuf2 writes into buffers that the program holds: no byte of them is lent, a copy is had.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use vidbuf::error::PayloadError;
use vidbuf::queue::CaptureQueue;
use vidbuf::{FourCc, Request};
use vidbuf_sim::{Kernel, Profile, Sim};

const FRAME: Duration = Duration::from_millis(10);

fn device(memory: &mut [u8]) -> Sim<'_> {
    Sim::new(Profile::LOOPBACK, memory).format(FourCc::YUYV, 64, 16).frame_interval(FRAME)
}

#[test]
fn held_buffer_is_overwritten_and_only_copied() {
    for kernel in [Kernel::V6_1, Kernel::V6_12] {
        let mut memory = vec![0; 1 << 20];
        let sim = device(&mut memory).kernel(kernel);
        let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::up_to(4).at_least(2)).unwrap();
        assert_eq!((queue.granted(), queue.is_exclusive()), (2, false));
        let frame = queue.dequeue().unwrap().unwrap();
        assert!(matches!(frame.bytes(), Err(PayloadError::NotExclusive { .. })));
        let mut copy = vec![0; 64 * 16 * 2];
        for number in 0..5 {
            assert_eq!(frame.copy_to(0, &mut copy), Ok(copy.len()));
            assert!(sim.picture(number).is_in(0, &copy), "frame {number} is in the buffer that is held");
            sim.advance(FRAME);
        }
        // The driver does not count: what was lost is not known.
        frame.requeue().unwrap();
        for _ in 0..3 {
            let frame = queue.dequeue().unwrap().unwrap();
            assert_eq!((frame.sequence(), frame.flags().bits() & 0xe000), (0, 0));
            frame.requeue().unwrap();
        }
        assert_eq!(queue.dequeue().unwrap().unwrap().lost_before(), None);
        queue.stop().unwrap();
        assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    }
}

#[test]
fn copying_races_with_the_driver_byte_by_byte() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = CaptureQueue::<_>::new(sim.open_nonblocking().unwrap()).start(Request::exactly(2)).unwrap();
    while queue.dequeue().unwrap().is_none() {}
    let frame = loop {
        if let Some(frame) = queue.dequeue().unwrap() {
            break frame;
        }
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let driver = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                sim.advance(FRAME);
            }
        });
        let mut copies = std::collections::HashSet::new();
        let mut copy = vec![0; 64 * 16 * 2];
        while copies.len() < 3 {
            frame.copy_to(0, &mut copy).unwrap();
            copies.insert(copy.clone());
        }
        stop.store(true, Ordering::Relaxed);
        driver.join().unwrap();
    });
}
