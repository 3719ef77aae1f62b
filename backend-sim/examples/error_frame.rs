//! The driver flags a frame as bad (`V4L2_BUF_FLAG_ERROR`): its bytes are refused unless asked for by name, and its buffer is
//! fine. The right reaction is to skip the picture and to requeue the buffer.

use vidbuf::error::PayloadError;
use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, Request};
use vidbuf_sim::{Event, Profile, Sim};

/// The firmware: takes good frames and counts the bad ones, which it never looks into. Gives up after too many in a row.
fn take<B: Backend>(device: B, good: u32) -> Result<(u32, u32), Error> {
    let queue = CaptureQueue::<_>::new(device).start(Request::exactly(4))?;
    let (mut taken, mut bad, mut in_a_row) = (0, 0, 0);
    while taken < good && in_a_row < 5 {
        let Some(frame) = queue.dequeue()? else { continue };
        match frame.bytes() {
            Ok(bytes) => {
                assert!(!bytes.is_empty());
                taken += 1;
                in_a_row = 0;
            }
            Err(PayloadError::FlaggedBad { .. }) => {
                bad += 1;
                in_a_row += 1;
            }
            Err(error) => return Err(error.into()),
        }
        // Good or bad, the buffer is needed.
        frame.requeue()?;
    }
    queue.stop()?;
    Ok((taken, bad))
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([Event::Frame, Event::Error, Event::Frame, Event::Error, Event::Error]);
    assert_eq!(take(sim.open().unwrap(), 10), Ok((10, 3)));
    // A broken cable: every frame is bad, and there are more of them than buffers.
    sim.script([Event::Error; 20]);
    assert_eq!(take(sim.open().unwrap(), 10), Ok((0, 5)));
    sim.clear_script();
    assert_eq!((sim.mappings(), sim.violations()), (0, 0));
    println!("error_frame: 10 good frames and 3 skipped; a broken source is given up after 5 in a row");
}
