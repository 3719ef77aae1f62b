//! The capture example as a user runs it. It waits ten seconds at most.

use std::fs;

use crate::checks::{Outcome, ensure};
use crate::programs::{line, seen};

const WORDS: &str = "/tmp/words";
const PICTURE: &str = "/tmp/picture";

/// What came of a run.
pub struct Run {
    status: i32,
    words: String,
}

/// Runs the example (or the one that goes through the C library), with these variables.
pub fn run(example: &str, words: &str, environment: &[(&str, String)]) -> Result<Run, String> {
    let _none_from_before = fs::remove_dir_all(PICTURE);
    let mut timeout = line(&format!("timeout -s KILL 10 {example} --output {PICTURE} {words}"));
    let seen = seen(timeout.envs(environment.iter().map(|(name, value)| (name, value))))?;
    fs::write(WORDS, &seen.both).map_err(|error| error.to_string())?;
    ensure(!seen.both.contains("panicked"), || seen.both.clone())?;
    Ok(Run { status: seen.status, words: seen.both })
}

/// What the last run printed.
pub fn last_words() -> String {
    fs::read_to_string(WORDS).unwrap_or_default()
}

impl Run {
    /// It took its frames and wrote a picture.
    pub fn takes(&self) -> Outcome {
        let picture = fs::metadata(format!("{PICTURE}/frame.png")).is_ok_and(|about| about.len() > 0);
        ensure(self.status == 0 && picture, || format!("status {}: {}", self.status, self.words))
    }

    /// A status of failure, and a last line that has these words in it.
    pub fn refuses(&self, words: &str) -> Outcome {
        let last = self.words.lines().last().unwrap_or_default();
        ensure(self.status == 1 && last.starts_with("capture: ") && last.contains(words), || {
            format!("status {}: {}", self.status, self.words)
        })
    }

    /// Either it goes on, or it ends in words about a call.
    pub fn takes_or_explains(&self) -> Outcome {
        self.takes().or_else(|_| self.refuses("VIDIOC_"))
    }
}

/// The example takes its frames.
pub fn takes(words: &str) -> Outcome {
    run("capture", words, &[])?.takes()
}

/// The example ends with these words.
pub fn refuses(reason: &str, words: &str) -> Outcome {
    run("capture", words, &[])?.refuses(reason)
}
