//! What happened, as a small table. Timestamps are a driver's, so nothing here overflows.

use std::time::Duration;

/// What became of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Good,
    /// The driver set V4L2_BUF_FLAG_ERROR.
    Flagged,
    /// No bytes at all.
    Empty,
    /// Fewer bytes than a picture of this format has.
    Short,
}

/// One frame, as far as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub quality: Quality,
    pub bytes: u64,
    /// The driver's timestamp in microseconds.
    pub stamp_us: i64,
    /// When the program had it, on the same clock; `None` if it is not known which clock that is.
    pub now_us: Option<i64>,
    /// Frames lost before it; `None` if it is not known.
    pub lost_before: Option<u32>,
}

/// Collected frame by frame.
#[derive(Debug, Default)]
pub struct Statistics {
    pub good: u32,
    flagged: u32,
    empty: u32,
    short: u32,
    lost: u64,
    /// Frames before which others may be lost or not.
    lost_unknown: u32,
    /// Frames that could not be taken because of what the driver returned.
    pub skipped: u32,
    pub restarts: u32,
    bytes: u64,
    /// The driver's timestamps of the first and the last frame, in microseconds.
    first_us: Option<i64>,
    last_us: i64,
    /// From the driver's timestamp to the program, in microseconds.
    latencies: Vec<i64>,
}

impl Statistics {
    pub fn frame(&mut self, seen: Seen) {
        match seen.quality {
            Quality::Good => self.good += 1,
            Quality::Flagged => self.flagged += 1,
            Quality::Empty => self.empty += 1,
            Quality::Short => self.short += 1,
        }
        match seen.lost_before {
            Some(lost) => self.lost = self.lost.saturating_add(lost.into()),
            None => self.lost_unknown += 1,
        }
        self.bytes = self.bytes.saturating_add(seen.bytes);
        self.first_us.get_or_insert(seen.stamp_us);
        self.last_us = seen.stamp_us;
        self.latencies.extend(seen.now_us.map(|now| now.saturating_sub(seen.stamp_us)));
    }

    /// Frames taken, of every quality.
    pub fn frames(&self) -> u32 {
        self.good + self.flagged + self.empty + self.short
    }

    /// `None` if the timestamps do not go forward.
    pub fn per_second(&self) -> Option<f64> {
        let span = self.last_us.checked_sub(self.first_us?)?;
        let span = Duration::from_micros(u64::try_from(span).ok()?);
        (span > Duration::ZERO).then(|| f64::from(self.frames() - 1) / span.as_secs_f64())
    }

    /// In milliseconds.
    pub fn latency(&self, percent: usize) -> Option<f64> {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().checked_sub(1)?);
        sorted.get(at).map(|us| *us as f64 / 1000.0)
    }

    /// Frames that are known to be lost.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// The table.
    pub fn print(&self, to: &mut dyn std::io::Write) -> std::io::Result<()> {
        let number = |value: Option<f64>, unit| value.map_or("-".into(), |value| format!("{value:.2} {unit}"));
        writeln!(to, "frames           {}", self.frames())?;
        writeln!(to, "good             {}", self.good)?;
        writeln!(to, "flagged bad      {}", self.flagged)?;
        writeln!(to, "short            {}", self.short)?;
        writeln!(to, "empty            {}", self.empty)?;
        writeln!(to, "skipped          {}", self.skipped)?;
        writeln!(to, "restarts         {}", self.restarts)?;
        match (self.lost, self.lost_unknown) {
            (lost, 0) => writeln!(to, "lost             {lost}")?,
            (lost, unknown) => writeln!(to, "lost             {lost} or more: not known before {unknown} frames")?,
        }
        writeln!(to, "rate             {}", number(self.per_second(), "frames/s"))?;
        writeln!(to, "latency median   {}", number(self.latency(50), "ms"))?;
        writeln!(to, "latency p99      {}", number(self.latency(99), "ms"))?;
        writeln!(to, "bytes            {}", self.bytes)
    }
}
