//! A signal interrupts each call in turn (EINTR): nothing has changed, so the right reaction is to make the call again.

use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, Failed, Frame, Request};
use vidbuf_sim::{Call, Errno, Profile, Sim};

/// The firmware: takes `frames` frames, even if signals arrive. Returns how many bytes they had.
fn take<B: Backend>(device: B, frames: u32) -> Result<usize, Error> {
    let mut idle = CaptureQueue::<_>::new(device);
    let queue = loop {
        match idle.try_start(Request::exactly(4)) {
            Ok(queue) => break queue,
            // All of it was undone: the queue is idle again.
            Err(Failed { value: queue, error }) if error.is_retryable() => idle = queue,
            Err(failed) => return Err(failed.error),
        }
    };
    let (mut taken, mut bytes) = (0, 0);
    while taken < frames {
        match queue.dequeue() {
            Ok(Some(frame)) => {
                bytes += frame.bytes()?.len();
                requeue(frame)?;
                taken += 1;
            }
            Ok(None) => {}
            Err(error) if error.is_retryable() => {}
            Err(error) => return Err(error),
        }
    }
    // Going down tries again by itself.
    queue.stop()?;
    Ok(bytes)
}

/// Hands a buffer back; a refused one comes back in the error and is handed over again.
fn requeue<B: Backend>(mut frame: Frame<'_, B>) -> Result<(), Error> {
    loop {
        match frame.try_requeue() {
            Ok(()) => return Ok(()),
            Err(refused) => match refused.value {
                Some(again) if refused.error.is_retryable() => frame = again,
                _ => return Err(refused.error),
            },
        }
    }
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let undisturbed = take(sim.open().unwrap(), 8).expect("nothing disturbs");
    let calls = sim.total_calls();
    for nth in 1..=calls {
        assert!(sim.fail_call(nth, Errno::EINTR));
        let bytes = take(sim.open().unwrap(), 8).unwrap_or_else(|error| panic!("call {nth}: {error}"));
        assert_eq!((bytes, sim.faults_struck()), (undisturbed, nth), "call {nth}");
        assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0), "call {nth}");
    }
    // Each kind of call that signals can interrupt, several times in a row.
    for call in Call::ALL {
        assert!(sim.fail_next(call, 3, Errno::EINTR));
        let outcome = take(sim.open().unwrap(), 8);
        assert!(outcome == Ok(undisturbed) || call == Call::Unmap, "{call}: {outcome:?}");
        sim.clear_script();
    }
    println!("interrupted: {calls} calls, each interrupted once, no frame and no buffer lost");
}
