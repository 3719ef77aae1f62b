//! Frames are lost (the sequence number jumps). The right reaction depends on why: when the program held too many buffers it
//! has to be quicker, else the source lost them; either way what needs neighbouring frames starts anew.

use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, Frame, Request};
use vidbuf_sim::{Event, Profile, Sim};

/// What the firmware went through.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    frames: u32,
    lost: u32,
    /// Of those, lost because the program held every buffer.
    starved: u32,
    /// Pairs of neighbouring frames that a motion detector could compare.
    pairs: u32,
}

/// The firmware: a motion detector that compares each frame with the one before, and is `slow` now and then.
fn watch<B: Backend>(device: B, frames: u32, slow: impl Fn(u32) -> bool) -> Result<Outcome, Error> {
    let queue = CaptureQueue::<_>::new(device).start(Request::exactly(3))?;
    let mut outcome = Outcome::default();
    let mut hoard: Vec<Frame<'_, B>> = Vec::new();
    let mut starving = false;
    while outcome.frames < frames {
        let Some(frame) = queue.dequeue()? else { continue };
        outcome.frames += 1;
        let lost = frame.lost_before().unwrap_or(0);
        outcome.lost += lost;
        if std::mem::take(&mut starving) {
            outcome.starved += lost;
        }
        if lost == 0 && outcome.frames > 1 {
            outcome.pairs += 1;
        }
        hoard.push(frame);
        if slow(outcome.frames) {
            // It was at something else, and the driver has nothing to fill any more.
            starving = queue.holders().driver == 0;
        } else {
            hoard.clear();
        }
        if starving {
            hoard.clear();
        }
    }
    drop(hoard);
    queue.stop()?;
    Ok(outcome)
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([Event::Frame, Event::Frame, Event::Drop(5), Event::Frame, Event::Drop(1)]);
    let outcome = watch(sim.open().unwrap(), 10, |_| false).expect("a gap is no error");
    assert_eq!(outcome, Outcome { frames: 10, lost: 6, starved: 0, pairs: 7 });
    // Busy from the fourth to the sixth frame: all three buffers are in the program's hands, for four frame times.
    let busy = |frame| {
        if frame == 6 {
            sim.advance(std::time::Duration::from_millis(140));
        }
        (4..=6).contains(&frame)
    };
    let outcome = watch(sim.open().unwrap(), 10, busy).expect("nor is a slow program");
    assert_eq!(outcome, Outcome { frames: 10, lost: 4, starved: 4, pairs: 8 });
    // The number wraps without a gap.
    sim.script([Event::Sequence(u32::MAX), Event::Frame]);
    assert_eq!(watch(sim.open().unwrap(), 2, |_| false).map(|outcome| outcome.lost), Ok(0));
    println!("sequence_gap: 6 frames lost by the source, 4 by a program that held every buffer, none by the wrap");
}
