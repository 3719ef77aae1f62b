//! The per-frame path without a kernel: `frames SHORT LONG`, under callgrind.
//!
//! Over a backend that returns at once, what is left is the core, so the same loop without the core is run, too. Over the
//! simulator a frame takes as long as the simulator's own model of videobuf2 takes.

use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::process::ExitCode;
use std::time::Duration;

use vidbuf::backend::{DequeuedBuffer as _, Enqueue, PlaneCount};
use vidbuf::error::Operation;
use vidbuf::queue::{Capture, CaptureQueue, Kind, MultiPlanar, Planes, QueueKind as _, SinglePlanar, Streaming};
use vidbuf::{Backend as _, Error, Frame, Queue, Request};
use vidbuf_bench::marks::{Windows, Words, touch_pages};
use vidbuf_sim::{Profile, Sim, SimFile};
use vidbuf_tests::instant::{Instant, MOST};

#[path = "frames/hand_over.rs"]
mod hand_over;

/// Buffers while frames are held.
const HELD: usize = 8;
/// More than the simulator's time between frames.
const INTERVAL: Duration = Duration::from_millis(40);

type Outcome<T = ()> = Result<T, Error>;
type Camera<P = SinglePlanar> = Queue<Instant, Streaming, Kind<Capture, P>, MOST>;

fn main() -> ExitCode {
    let numbers: Vec<u32> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let &[short, long] = numbers.as_slice() else {
        eprintln!("usage: frames SHORT LONG");
        return ExitCode::FAILURE;
    };
    let windows = Windows { warm: 2 * MOST as u32, short, long };
    let instant = bare(windows)
        .and_then(|()| buffers(windows))
        .and_then(|()| held(windows))
        .and_then(|()| planes::<SinglePlanar>(windows, "planes single", 1))
        .and_then(|()| planes::<MultiPlanar>(windows, "planes 1", 1))
        .and_then(|()| planes::<MultiPlanar>(windows, "planes 3", 3))
        .and_then(|()| hand_over::hand_over(windows));
    if let Err(error) = instant {
        eprintln!("frames: {error}");
        return ExitCode::FAILURE;
    }
    if let Err(error) = simulator(windows) {
        eprintln!("frames: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn camera<P: Planes>(planes: u32, buffers: u32) -> Outcome<Camera<P>> {
    Queue::new(Instant::new(planes)).start(Request::exactly(buffers))
}

/// The backend alone: take a buffer, look at its number, give it back.
fn bare(windows: Windows) -> Outcome {
    let backend = Instant::new(1);
    let queue = Kind::<Capture>::QUEUE;
    let refused = |error| Error::Refused { operation: Operation::Dequeue, index: None, error };
    for index in 0..4 {
        // SAFETY: nothing of this backend is ever mapped here.
        unsafe { backend.enqueue(queue, Enqueue::empty(index, PlaneCount::One)) }.map_err(refused)?;
    }
    let mut touched = 0;
    windows.run(
        &Words::of("bare"),
        || (),
        || {
            let mut room = MaybeUninit::uninit();
            let index = backend.dequeue(queue, PlaneCount::One, &mut room).map_err(refused)?.index();
            touched += touch_pages(&[index as u8]);
            // SAFETY: nothing of this backend is ever mapped here.
            unsafe { backend.enqueue(queue, Enqueue::empty(index, PlaneCount::One)) }.map_err(refused)
        },
    )
}

/// 2 to 64 buffers.
fn buffers(windows: Windows) -> Outcome {
    for count in [2, 4, 8, 16, 32, 64] {
        let camera = camera::<SinglePlanar>(1, count)?;
        let mut touched = 0;
        windows.run(
            &Words::of(&format!("buffers {count}")),
            || (),
            || {
                if let Some(frame) = camera.dequeue()? {
                    touched += touch_pages(frame.bytes()?);
                    frame.requeue()?;
                }
                Ok::<_, Error>(())
            },
        )?;
    }
    Ok(())
}

/// No frame to all but one held, the oldest given back for each new one.
fn held(windows: Windows) -> Outcome {
    for count in 0..HELD {
        let camera = camera::<SinglePlanar>(1, HELD as u32)?;
        let mut kept = VecDeque::with_capacity(HELD);
        let mut touched = 0;
        while kept.len() < count {
            kept.extend(camera.dequeue()?);
        }
        windows.run(
            &Words::of(&format!("held {count}")),
            || (),
            || {
                if let Some(frame) = camera.dequeue()? {
                    touched += touch_pages(frame.bytes()?);
                    kept.push_back(frame);
                }
                if let Some(oldest) = kept.pop_front() {
                    oldest.requeue()?;
                }
                Ok::<_, Error>(())
            },
        )?;
    }
    Ok(())
}

/// Single-planar, and multi-planar with so many planes. Only the first is touched: the work stays the same.
fn planes<P: Planes>(windows: Windows, name: &str, planes: u32) -> Outcome {
    let camera = camera::<P>(planes, 4)?;
    let mut touched = 0;
    windows.run(
        &Words::of(name),
        || (),
        || {
            if let Some(frame) = camera.dequeue()? {
                touched += touch_pages(frame.payload(0)?);
                frame.requeue()?;
            }
            Ok(())
        },
    )
}

type Simulated<'s, 'm> = CaptureQueue<SimFile<'s, 'm>, Streaming>;

/// From "the driver has finished" to "the program has the bytes". Never inlined, under this name: callgrind counts it.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_arrive<'q, 's, 'm>(
    camera: &'q Simulated<'s, 'm>,
    touched: &mut u64,
) -> Outcome<Option<Frame<'q, SimFile<'s, 'm>>>> {
    let frame = camera.dequeue()?;
    if let Some(frame) = &frame {
        *touched += u64::from(frame.bytes()?.first().copied().unwrap_or(0));
    }
    Ok(frame)
}

/// A frame over the simulator, which draws no pictures here. Time passes, and the driver finishes, before the program asks.
fn simulator(windows: Windows) -> Outcome {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory).without_pictures().without_poison();
    let camera: Simulated<'_, '_> = CaptureQueue::new(sim.open().expect("a device")).start(Request::exactly(4))?;
    let mut touched = 0;
    windows.run(
        &Words::of("simulator"),
        || (),
        || {
            sim.advance(INTERVAL);
            match counted_arrive(&camera, &mut touched)? {
                Some(frame) => Ok(frame.requeue()?),
                None => Ok(()),
            }
        },
    )
}
