//! Two faults that the types of `vidbuf` forbid, committed through raw pointers: proof that the sanitizers that find nothing in
//! the tests are awake. `tests/run sanitizers` runs it first and expects a report, by name, and no last line.
//!
//! - `faulty address`: a picture is read after the device's memory was freed.
//! - `faulty thread`: a picture is read after its requeue, while another thread's dequeue makes the driver draw over it.

use std::process::ExitCode;
use std::time::Duration;

use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::{Frame, Request};
use vidbuf_sim::{Profile, Sim, SimFile};

fn stream<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().expect("a device")).start(Request::exactly(3)).expect("a stream")
}

/// Where a frame's bytes begin, as a number: a pointer would not travel to another thread.
fn address(frame: &Frame<'_, SimFile<'_, '_>>) -> usize {
    frame.bytes().expect("a good frame").as_ptr() as usize
}

fn read(address: usize) -> u8 {
    // SAFETY: none. This is the fault.
    unsafe { (address as *const u8).read_volatile() }
}

fn freed_memory() -> u8 {
    let mut memory = vec![0; 1 << 20].into_boxed_slice();
    let kept = {
        let sim = Sim::new(Profile::VIVID, &mut memory);
        let queue = stream(&sim);
        let frame = queue.dequeue().expect("no fault").expect("a frame");
        address(&frame)
    };
    drop(memory);
    read(kept)
}

fn requeued_frame() -> u8 {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = stream(&sim);
    let frame = queue.dequeue().expect("no fault").expect("a frame");
    let kept = address(&frame);
    frame.requeue().expect("requeued");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..8 {
                drop(queue.dequeue_timeout(Duration::from_secs(1)).expect("no fault"));
            }
        });
        (0..1000).map(|_| read(kept)).fold(0, u8::wrapping_add)
    })
}

fn main() -> ExitCode {
    let byte = match std::env::args().nth(1).as_deref() {
        Some("address") => freed_memory(),
        Some("thread") => requeued_frame(),
        _ => return ExitCode::from(2),
    };
    println!("nobody noticed: {byte}");
    ExitCode::SUCCESS
}
