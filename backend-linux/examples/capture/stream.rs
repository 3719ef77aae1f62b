//! Taking frames: the same code for a camera and for the simulator.

use indicatif::{ProgressBar, ProgressStyle};
use vidbuf::{Backend, Capture, Error, Idle, Kind, Parked, Planes, Queue, Request};

use crate::arguments::Arguments;
use crate::statistics::Statistics;

/// What a run gives: the numbers, and the bytes of the last good frame, one vector for each plane.
pub type Taken = (Statistics, Option<Vec<Vec<u8>>>);

/// Takes frames until there are enough of them, or none comes in time. `now_us` is the clock that the driver stamps frames with.
pub fn take<B: Backend, P: Planes>(
    queue: Queue<B, Idle, Kind<Capture, P>, 8>,
    arguments: &Arguments,
    now_us: impl Fn(&B) -> Option<i64>,
) -> Result<Taken, Error<B::Error>> {
    // Four to work with, and one for the frame that is kept for the picture; a small board may give fewer.
    let queue = queue.start(Request::up_to(5).at_least(3))?;
    let progress = ProgressBar::new(arguments.frames.into());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} frames {per_sec}");
    progress.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut statistics = Statistics::default();
    let mut newest: Option<Parked<Kind<Capture, P>>> = None;
    while statistics.frames() < arguments.frames {
        let outcome = match arguments.timeout {
            Some(timeout) => queue.dequeue_timeout(timeout),
            None => queue.dequeue(),
        };
        let frame = match outcome {
            Ok(Some(frame)) => frame,
            Ok(None) => {
                progress.suspend(|| eprintln!("capture: no frame came in time"));
                break;
            }
            Err(error) if error.is_retryable() => continue,
            Err(error) => return Err(error),
        };
        statistics.frame(frame.timestamp().as_micros(), now_us(queue.backend()), frame.lost_before().unwrap_or(0));
        progress.inc(1);
        if frame.is_flagged_bad() {
            statistics.flagged += 1;
            frame.requeue()?;
            continue;
        }
        statistics.good += 1;
        for plane in 0..frame.planes() {
            statistics.bytes += frame.payload(plane)?.len() as u64;
        }
        if let Some(Ok(older)) = newest.replace(frame.park()).map(|older| queue.unpark(older)) {
            older.requeue()?;
        }
    }
    progress.finish_and_clear();
    let mut picture = None;
    if let Some(Ok(frame)) = newest.map(|newest| queue.unpark(newest)) {
        let planes: Result<_, _> = (0..frame.planes()).map(|plane| frame.payload(plane).map(<[u8]>::to_vec)).collect();
        picture = Some(planes?);
    }
    queue.stop()?;
    Ok((statistics, picture))
}
