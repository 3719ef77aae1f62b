//! No code of the caller runs inside the simulator's lock: whatever is handed over may call the simulator.

use vidbuf::Request;
use vidbuf::queue::CaptureQueue;
use vidbuf_sim::kernel::State;
use vidbuf_sim::{Call, Errno, Event, Profile, SCRIPT, Sim};

#[test]
fn iterator_of_events_may_call_the_simulator() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let events = (0..3).map(|number| {
        sim.advance(std::time::Duration::from_millis(1));
        // Planned while these are being collected: it comes before them.
        assert!(number > 0 || sim.script([Event::Error]));
        if sim.violations() == 0 { Event::Drop(number) } else { Event::Frame }
    });
    assert!(sim.script(events));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    assert!(queue.dequeue().unwrap().unwrap().is_flagged_bad());
    assert_eq!(queue.dequeue().unwrap().unwrap().sequence(), 1 + 1 + 2);
}

#[test]
fn endless_iterator_of_events_fills_the_script_and_ends() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let mut taken = 0;
    assert!(!sim.script(std::iter::from_fn(|| {
        taken += 1;
        Some(Event::Error)
    })));
    assert_eq!(taken, SCRIPT + 1);
    assert!(!sim.script([Event::Frame]));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    for number in 0..=SCRIPT {
        assert_eq!(queue.dequeue().unwrap().unwrap().is_flagged_bad(), number < SCRIPT, "frame {number}");
    }
}

#[test]
fn panicking_iterator_of_events_leaves_the_simulator_usable() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let events = std::iter::repeat_with(|| -> Event { panic!("the caller's own") });
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sim.script(events))).is_err());
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
}

#[test]
fn injecting_closure_may_call_the_simulator_and_brings_no_used_up_failure_back() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.inject(|inject| inject.queue_setup = Some(Errno::ENOMEM));
    let request = || CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(1)).is_ok();
    sim.inject(|inject| {
        // Uses the failure up.
        assert!(!request());
        inject.first_sequence = 7;
    });
    assert!(request());
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!(queue.dequeue().unwrap().unwrap().sequence(), 7);
}

#[test]
fn state_of_a_buffer_is_a_copy() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert_eq!((sim.buffer_state(0), sim.is_streaming(), sim.is_unplugged()), (State::Absent, false, false));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!((sim.buffer_state(0), sim.is_streaming()), (State::Active, true));
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!(sim.buffer_state(frame.index()), State::Dequeued);
    sim.unplug();
    assert!(sim.is_unplugged() && sim.calls(Call::StreamOff) == 0);
}
