//! The source falls silent: a bounded wait comes back empty, the stream is as it was. The right reaction is to count, to go
//! on, and after a while to start the stream anew.

use std::time::Duration;

use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, Request};
use vidbuf_sim::{Call, Event, Profile, Sim};

/// What the firmware went through.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    frames: u32,
    silences: u32,
    restarts: u32,
}

/// The firmware: takes frames; no frame for a quarter of a second is a silence, and after three in a row it starts the stream
/// anew, at most twice.
fn take<B: Backend>(device: B, frames: u32) -> Result<Outcome, Error> {
    let mut queue = CaptureQueue::<_>::new(device).start(Request::exactly(4))?;
    let mut outcome = Outcome::default();
    let mut silent = 0;
    while outcome.frames < frames && outcome.restarts < 3 {
        match queue.dequeue_timeout(Duration::from_millis(250))? {
            Some(frame) => {
                outcome.frames += 1;
                silent = 0;
                frame.requeue()?;
            }
            None => {
                outcome.silences += 1;
                silent += 1;
            }
        }
        if silent == 3 {
            outcome.restarts += 1;
            silent = 0;
            // Buffers and mappings are kept.
            queue = queue.stream_off()?.stream_on()?;
        }
    }
    queue.stop()?;
    Ok(outcome)
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    // Half a second of silence, which passes; then one that only a restart ends.
    sim.script([Event::Frame, Event::Stall(15), Event::Frame, Event::StallForever]);
    let outcome = take(sim.open().unwrap(), 10).expect("a silent source is no error");
    assert_eq!(outcome, Outcome { frames: 10, silences: 5, restarts: 1 });
    assert_eq!((sim.calls(Call::RequestBuffers), sim.calls(Call::StreamOn)), (2, 2));
    // A source that is dead: the firmware gives up, after virtual seconds and no real ones.
    sim.script([Event::StallForever, Event::StallForever, Event::StallForever]);
    let outcome = take(sim.open().unwrap(), 10).expect("a dead source is no error either");
    assert_eq!(outcome, Outcome { frames: 0, silences: 9, restarts: 3 });
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    println!("time_out: 10 frames, 5 silences, 1 restart; a dead source is given up after 9 silences");
}
