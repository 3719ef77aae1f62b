//! Frames handed to another thread and back.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use heapless::spsc::Queue as Channel;
use vidbuf::{Error, Frame, SinglePlanar};
use vidbuf_bench::marks::{Windows, Words, touch_pages};
use vidbuf_tests::instant::{Instant, NothingEnqueued};

use super::{Outcome, camera};

/// Room of a channel.
const ROOM: usize = 8;

/// Rounds of one and of five frames that go to another thread, are looked at there, come back, and are given to the driver. A
/// round costs the same meeting of two threads whatever its size. Beside it the same without the other thread.
pub fn hand_over(windows: Windows) -> Outcome {
    for frames in [1, 5] {
        go(windows, frames)?;
        stay(windows, frames)?;
    }
    Ok(())
}

fn go(windows: Windows, frames: u32) -> Outcome {
    let camera = camera::<SinglePlanar>(1, ROOM as u32)?;
    let (mut there, mut back) = (Channel::<_, ROOM>::new(), Channel::<Frame<'_, Instant>, ROOM>::new());
    let (mut send, mut arriving) = there.split();
    let (mut give_back, mut returning) = back.split();
    let (meeting, over) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut touched = 0;
            loop {
                meeting.wait();
                if over.load(Ordering::Relaxed) {
                    break;
                }
                while let Some(frame) = arriving.dequeue() {
                    let frame: Frame<'_, Instant> = frame;
                    touched += frame.bytes().map(touch_pages).unwrap_or_default();
                    // As much room as there: never full.
                    drop(give_back.enqueue(frame));
                }
                meeting.wait();
            }
            black_box(touched)
        });
        let words = Words::of(&format!("go {frames}"));
        let outcome = windows.run(
            &words,
            || (),
            || {
                for _ in 0..frames {
                    if let Some(frame) = camera.dequeue()? {
                        drop(send.enqueue(frame));
                    }
                }
                meeting.wait();
                meeting.wait();
                while let Some(frame) = returning.dequeue() {
                    frame.requeue()?;
                }
                Ok::<_, Error<NothingEnqueued>>(())
            },
        );
        over.store(true, Ordering::Relaxed);
        meeting.wait();
        outcome
    })
}

fn stay(windows: Windows, frames: u32) -> Outcome {
    let camera = camera::<SinglePlanar>(1, ROOM as u32)?;
    let mut touched = 0;
    windows.run(
        &Words::of(&format!("stay {frames}")),
        || (),
        || {
            for _ in 0..frames {
                if let Some(frame) = camera.dequeue()? {
                    touched += touch_pages(frame.bytes()?);
                    frame.requeue()?;
                }
            }
            Ok(())
        },
    )
}
