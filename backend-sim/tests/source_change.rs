//! A source that changes its size, step by step.

use vidbuf::error::ErrorKind;
use vidbuf::queue::CaptureQueue;
use vidbuf::{FourCc, Request};
use vidbuf_sim::{Errno, Event, Profile, Sim};

const CHANGE: Event = Event::SourceChange { width: 160, height: 120 };

#[test]
fn source_change_takes_no_time_and_leaves_the_format_until_it_is_set() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([Event::Frame, CHANGE, Event::Frame]);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    let first = queue.dequeue().unwrap().unwrap().timestamp().as_micros();
    assert_eq!((sim.source_size(), sim.current_format().width), ((320, 240), 320));
    let second = queue.dequeue().unwrap().unwrap();
    // A driver that goes on: one frame time later, in the old format.
    assert_eq!((second.timestamp().as_micros() - first, second.bytes().unwrap().len()), (33_333, 153_600));
    assert_eq!((sim.source_size(), sim.current_format().width), ((160, 120), 320));
}

#[test]
fn stream_on_is_refused_until_the_format_is_the_sources_and_the_format_is_busy_while_there_are_buffers() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([CHANGE, Event::QueueError]);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!(queue.dequeue().unwrap_err().kind(), Some(ErrorKind::Io));
    assert_eq!(sim.set_format(FourCc::YUYV, 160, 120), Err(Errno::EBUSY));
    let refused = queue.stream_off().unwrap().stream_on().unwrap_err();
    assert_eq!(refused.error.kind(), Some(ErrorKind::BrokenPipe));
    let idle = refused.value.unmap().unwrap().release().unwrap();
    assert_eq!(sim.set_format(FourCc::YUYV, 160, 120).map(|format| format.total()), Ok(38_400));
    let queue = idle.start(Request::exactly(2)).unwrap();
    assert_eq!(queue.dequeue().unwrap().unwrap().bytes().unwrap().len(), 38_400);
    // And back again: the refusal was the format's, not one left over.
    queue.stop().unwrap();
    assert!(sim.set_format(FourCc::YUYV, 320, 240).is_ok());
    assert!(CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).is_err());
}

#[test]
fn silence_for_ever_ends_with_the_stream() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([Event::StallForever, Event::Error]);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert!(queue.dequeue().is_err());
    sim.advance(core::time::Duration::from_secs(10));
    assert!(queue.dequeue().is_err());
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert!(queue.dequeue().unwrap().unwrap().is_flagged_bad());
}
