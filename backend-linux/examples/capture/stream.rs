//! Taking frames: the same code for a camera and for the simulator.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use vidbuf::error::{ErrorKind, PayloadError};
use vidbuf::queue::{Capture, Idle, Kind, Planes, Streaming};
use vidbuf::v4l2::TimestampClock;
use vidbuf::{Backend, Error, Frame, Queue, Recovery, Request};

use crate::arguments::Arguments;
use crate::layout::Meaning;
use crate::statistics::{Quality, Seen, Statistics};
use crate::video::Video;

/// How often in a row the program tries again after an error.
const TRIES: u32 = 10;

/// What a device gets to recover in, before it is started again.
const PAUSE: Duration = Duration::from_millis(100);

/// Four buffers to work with; some drivers have fewer.
const BUFFERS: Request = Request::up_to(4).at_least(2);

type Stream<B, P, S> = Queue<B, S, Kind<Capture, P>, 8>;

/// What a run gives, also one that ends with an error.
pub struct Taken {
    pub statistics: Statistics,
    /// The bytes of the last complete frame, one vector for each plane.
    pub picture: Option<Vec<Vec<u8>>>,
    /// Whether the driver leaves a frame alone while it is copied.
    pub exclusive: bool,
    /// Ctrl-C ended it.
    pub interrupted: bool,
    pub outcome: Result<(), Error>,
    /// What became of the video file.
    pub written: Result<(), String>,
}

/// Takes frames until there are enough of them, none comes in time, or `stopped` is true. `now_us` is CLOCK_MONOTONIC, or the simulator's clock.
pub fn take<B: Backend, P: Planes>(
    queue: Stream<B, P, Idle>,
    arguments: &Arguments,
    meaning: &Meaning,
    video: Video,
    stopped: &AtomicBool,
    now_us: impl Fn() -> Option<i64>,
) -> Taken {
    let (progress, template) = match arguments.frames {
        0 => (ProgressBar::no_length(), "{spinner} {pos} frames {per_sec} {msg}"),
        frames => (ProgressBar::new(frames.into()), "{bar:40} {pos}/{len} frames {per_sec} {msg}"),
    };
    progress.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut collector = Collector {
        meaning,
        now_us,
        progress,
        statistics: Statistics::default(),
        newest: None,
        spare: Vec::new(),
        exclusive: true,
        skip: arguments.skip,
        stopped,
        video,
        written: Ok(()),
    };
    let outcome = collector.run(queue, arguments);
    collector.progress.finish_and_clear();
    let Collector { statistics, newest, exclusive, stopped, video, written, .. } = collector;
    let written = written.and(video.finish());
    let interrupted = stopped.load(Ordering::Relaxed);
    Taken { statistics, picture: newest, exclusive, interrupted, outcome, written }
}

struct Collector<'a, F> {
    meaning: &'a Meaning,
    now_us: F,
    progress: ProgressBar,
    statistics: Statistics,
    newest: Option<Vec<Vec<u8>>>,
    /// Memory for the next copy.
    spare: Vec<Vec<u8>>,
    exclusive: bool,
    /// Frames still to be thrown away.
    skip: u32,
    /// Ctrl-C was pressed.
    stopped: &'a AtomicBool,
    video: Video,
    /// Whether the video file takes frames.
    written: Result<(), String>,
}

impl<F: Fn() -> Option<i64>> Collector<'_, F> {
    /// The loop of every capture program: frames, and for each error what [`Error::recovery`] names, a bounded number of times.
    fn run<B: Backend, P: Planes>(&mut self, queue: Stream<B, P, Idle>, arguments: &Arguments) -> Result<(), Error> {
        let mut tries = 0;
        let mut queue = start(queue, &mut tries)?;
        let all = arguments.frames;
        while (all == 0 || self.statistics.frames() < all) && self.written.is_ok() {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            self.exclusive = queue.is_exclusive();
            let error = match self.next(&queue, arguments.timeout) {
                Ok(true) => {
                    tries = 0;
                    continue;
                }
                Ok(false) => {
                    self.progress.suspend(|| eprintln!("capture: no frame came in time"));
                    break;
                }
                Err(error) if error.is_end_of_stream() => break,
                // A signal: nothing has changed, and the next one is not the device's fault.
                Err(error) if error.kind() == Some(ErrorKind::Interrupted) => continue,
                Err(error) => error,
            };
            tries += 1;
            match error.recovery() {
                _ if tries > TRIES => return Err(error),
                Recovery::Again => {}
                Recovery::SkipFrame => self.statistics.skipped += 1,
                Recovery::Restart => {
                    self.statistics.restarts += 1;
                    queue = start(queue.stop()?, &mut tries)?;
                }
                // The device is gone, or the same would fail again. Another program might open the device again here.
                _ => return Err(error),
            }
        }
        queue.stop()?;
        Ok(())
    }

    /// Takes a frame, looks at it and gives it back. False if none came in time.
    fn next<B: Backend, P: Planes>(
        &mut self,
        queue: &Stream<B, P, Streaming>,
        timeout: Option<Duration>,
    ) -> Result<bool, Error> {
        let frame = match timeout {
            Some(timeout) => queue.dequeue_timeout(timeout)?,
            None => queue.dequeue()?,
        };
        let Some(frame) = frame else { return Ok(false) };
        if let Some(left) = self.skip.checked_sub(1) {
            self.skip = left;
            frame.requeue()?;
            return Ok(true);
        }
        let monotonic = frame.flags().timestamp_clock() == TimestampClock::Monotonic;
        let now_us = if monotonic { (self.now_us)() } else { None };
        let lengths = self.copy(&frame)?;
        let bytes = lengths.iter().map(|length| *length as u64).sum();
        let quality = if frame.is_flagged_bad() {
            Quality::Flagged
        } else if bytes == 0 {
            Quality::Empty
        } else if !self.meaning.is_complete(&lengths) {
            Quality::Short
        } else {
            let older = self.newest.replace(std::mem::take(&mut self.spare));
            self.spare = older.unwrap_or_default();
            Quality::Good
        };
        let (stamp_us, lost_before) = (frame.timestamp().as_micros(), frame.lost_before());
        self.statistics.frame(Seen { quality, bytes, stamp_us, now_us, lost_before });
        self.progress.inc(1);
        self.progress.set_message(format!("{} lost", self.statistics.lost()));
        // The driver may fill the buffer again while the copy is written.
        frame.requeue()?;
        if let (Quality::Good, Some(newest)) = (quality, &self.newest) {
            self.written = self.video.write(self.meaning, newest);
        }
        Ok(true)
    }

    /// Copies a frame, which works on every driver: some may write a buffer while the program has it, so its bytes cannot be
    /// borrowed. Returns the length of each plane.
    fn copy<B: Backend, P: Planes>(
        &mut self,
        frame: &Frame<'_, B, Kind<Capture, P>>,
    ) -> Result<Vec<usize>, PayloadError> {
        self.spare.resize(frame.planes(), Vec::new());
        for (plane, bytes) in self.spare.iter_mut().enumerate() {
            let payload = frame.payload_range(plane)?;
            bytes.resize(payload.bytesused.saturating_sub(payload.data_offset) as usize, 0);
            let copied = frame.copy_suspect_to(plane, bytes)?;
            bytes.truncate(copied);
        }
        Ok(self.spare.iter().map(Vec::len).collect())
    }
}

/// Starts the stream; tries again what may pass.
fn start<B: Backend, P: Planes>(
    mut queue: Stream<B, P, Idle>,
    tries: &mut u32,
) -> Result<Stream<B, P, Streaming>, Error> {
    loop {
        let failed = match queue.try_start(BUFFERS) {
            Ok(queue) => return Ok(queue),
            Err(failed) => failed,
        };
        *tries += 1;
        if *tries > TRIES || !matches!(failed.error.recovery(), Recovery::Again | Recovery::Restart) {
            return Err(failed.error);
        }
        std::thread::sleep(PAUSE);
        queue = failed.value;
    }
}
