//! The cable is pulled out (ENODEV): frames that the program holds stay readable, clean-up still works, everything else is over. The right
//! reaction is to stop, and to open the device again when it is back.

use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, Request};
use vidbuf_sim::{Call, Errno, Event, Profile, Sim};

/// The firmware: takes frames until there are enough, or the device is gone. Returns how many.
fn take<B: Backend>(device: B, frames: u32) -> Result<u32, Error> {
    let queue = CaptureQueue::<_>::new(device).start(Request::exactly(4))?;
    let mut newest = None;
    let mut taken = 0;
    while taken < frames {
        match queue.dequeue() {
            Ok(Some(frame)) => {
                taken += 1;
                // The one before goes back to the driver with the next call.
                newest = Some(frame);
            }
            Ok(None) => {}
            Err(error) if error.is_unplugged() => break,
            Err(error) => return Err(error),
        }
    }
    if let Some(frame) = &newest {
        assert!(!frame.bytes()?.is_empty(), "the last frame is still there");
    }
    drop(newest);
    assert!(queue.stop()?.is_unplugged() || taken == frames, "stopping a device that is gone is no error");
    Ok(taken)
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::UVC, &mut memory).format(vidbuf::FourCc::YUYV, 320, 240);
    // Between two frames.
    sim.script([Event::Frame, Event::Frame, Event::Frame, Event::Unplug]);
    assert_eq!(take(sim.open().unwrap(), 10), Ok(3));
    assert_eq!((sim.mappings(), sim.violations()), (0, 0));
    // It cannot be opened while it is gone.
    assert_eq!(sim.open().err(), Some(Errno::ENODEV));
    // It is back.
    sim.replug();
    assert_eq!((take(sim.open().unwrap(), 10), sim.buffers()), (Ok(10), 0));
    // Within any call.
    let before = sim.total_calls();
    assert_eq!(take(sim.open().unwrap(), 10), Ok(10));
    let calls = sim.total_calls() - before;
    for nth in 1..=calls {
        assert!(sim.fail_call(nth, Errno::ENODEV));
        let outcome = take(sim.open().unwrap(), 10);
        assert!(outcome.is_ok() || outcome.is_err_and(|error| error.is_unplugged()), "call {nth}");
        assert_eq!((sim.mappings(), sim.violations()), (0, 0), "call {nth}");
        sim.replug();
        assert_eq!((take(sim.open().unwrap(), 3), sim.buffers()), (Ok(3), 0), "after call {nth}");
    }
    assert!(sim.calls(Call::StreamOff) > 0);
    println!("unplugged: between frames and within each of {calls} calls, nothing stays mapped, and it streams again");
}
