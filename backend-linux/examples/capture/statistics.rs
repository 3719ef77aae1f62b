//! What happened, as a small table.

use std::time::Duration;

/// Collected frame by frame.
#[derive(Debug, Default)]
pub struct Statistics {
    pub good: u32,
    pub flagged: u32,
    pub lost: u64,
    pub bytes: u64,
    /// Driver's timestamps of the first and the last frame, in microseconds.
    first_us: Option<i64>,
    last_us: i64,
    /// From the driver's timestamp to the program, in microseconds.
    latencies: Vec<i64>,
}

impl Statistics {
    /// A frame came: the driver stamped it at `stamp_us`, and the program had it at `now_us` of the same clock, if known.
    pub fn frame(&mut self, stamp_us: i64, now_us: Option<i64>, lost_before: u32) {
        self.lost += u64::from(lost_before);
        self.first_us.get_or_insert(stamp_us);
        self.last_us = stamp_us;
        self.latencies.extend(now_us.map(|now| now - stamp_us));
    }

    pub fn frames(&self) -> u32 {
        self.good + self.flagged
    }

    fn per_second(&self) -> Option<f64> {
        let span = Duration::from_micros(u64::try_from(self.last_us - self.first_us?).ok()?);
        (span > Duration::ZERO).then(|| f64::from(self.frames() - 1) / span.as_secs_f64())
    }

    fn latency(&self, percent: usize) -> Option<f64> {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().checked_sub(1)?);
        sorted.get(at).map(|us| *us as f64 / 1000.0)
    }

    pub fn print(&self) {
        let number = |value: Option<f64>, unit| value.map_or("-".into(), |value| format!("{value:.2} {unit}"));
        println!("frames           {}", self.frames());
        println!("lost             {}", self.lost);
        println!("flagged bad      {}", self.flagged);
        println!("rate             {}", number(self.per_second(), "frames/s"));
        println!("latency median   {}", number(self.latency(50), "ms"));
        println!("latency p99      {}", number(self.latency(99), "ms"));
        println!("bytes            {}", self.bytes);
    }
}
