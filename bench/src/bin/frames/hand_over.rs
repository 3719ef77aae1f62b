//! Frames handed to another thread and back.
//!
//! What meets where costs what the C library's threads cost, and differently each time. So the three pieces of work are
//! functions that are never inlined, whose names callgrind counts: out, there, home. Beside them the same in one piece.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use heapless::spsc::{Consumer, Producer, Queue as Channel};
use vidbuf::Error;
use vidbuf::queue::SinglePlanar;
use vidbuf_bench::marks::{Windows, Words};
use vidbuf_tests::instant::Instant;

use super::{Camera, Outcome, camera};

type Frame<'q> = vidbuf::Frame<'q, Instant>;

/// Takes a frame and sends it out.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_out<'q>(camera: &'q Camera, channel: &mut Producer<'_, Frame<'q>>) -> Outcome {
    if let Some(frame) = camera.dequeue()? {
        // Has room: the frame before came home.
        drop(channel.enqueue(frame));
    }
    Ok(())
}

/// Looks at a frame and sends it back.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_there<'q>(arriving: &mut Consumer<'_, Frame<'q>>, channel: &mut Producer<'_, Frame<'q>>) -> u8 {
    let Some(frame) = arriving.dequeue() else { return 0 };
    let first = frame.bytes().ok().and_then(|bytes| bytes.first().copied()).unwrap_or(0);
    drop(channel.enqueue(frame));
    first
}

/// Gives a frame that came back to the driver.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_home<'q>(returning: &mut Consumer<'_, Frame<'q>>) -> Outcome {
    match returning.dequeue() {
        Some(frame) => Ok(frame.requeue()?),
        None => Ok(()),
    }
}

/// All of it in one thread.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_stay(camera: &Camera) -> Outcome<u8> {
    let Some(frame) = camera.dequeue()? else { return Ok(0) };
    let first = frame.bytes()?.first().copied().unwrap_or(0);
    frame.requeue()?;
    Ok(first)
}

/// Frames that go, and frames that stay.
pub fn hand_over(windows: Windows) -> Outcome {
    let camera = camera::<SinglePlanar>(1, 4)?;
    let mut sum = 0_u64;
    windows.run(
        &Words::of("stay"),
        || (),
        || {
            sum += u64::from(counted_stay(&camera)?);
            Ok::<_, Error>(())
        },
    )?;
    let (mut there, mut back) = (Channel::<_, 2>::new(), Channel::<_, 2>::new());
    let (mut send, mut arriving) = there.split();
    let (mut give_back, mut returning) = back.split();
    let (meeting, over) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut sum = 0_u64;
            loop {
                meeting.wait();
                if over.load(Ordering::Relaxed) {
                    break sum;
                }
                sum += u64::from(counted_there(&mut arriving, &mut give_back));
                meeting.wait();
            }
        });
        let outcome = windows.run(
            &Words::of("go"),
            || (),
            || {
                counted_out(&camera, &mut send)?;
                meeting.wait();
                meeting.wait();
                counted_home(&mut returning)
            },
        );
        over.store(true, Ordering::Relaxed);
        meeting.wait();
        outcome
    })
}
