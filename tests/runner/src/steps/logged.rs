//! Logs by defmt: decoded, and looked at.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::place::below_target;
use crate::process::{Go, cargo, command};

/// Builds what decodes logs, and returns it.
///
/// # Errors
///
/// It does not build.
pub fn decoder() -> Result<PathBuf> {
    cargo("fetch --locked --manifest-path tests/decode/Cargo.toml").persist()?;
    cargo("build --locked --quiet --manifest-path tests/decode/Cargo.toml --target-dir")
        .arg(below_target("decode"))
        .go()?;
    Ok(below_target("decode/debug/vidbuf-decode"))
}

/// Decodes the frames that a program has logged into a file beside them.
///
/// # Errors
///
/// Frames that are not this program's.
pub fn decoded(program: &Path, frames: &Path) -> Result<String> {
    let input = File::open(frames).with_context(|| frames.display().to_string())?;
    let text = command(below_target("decode/debug/vidbuf-decode")).arg(program).stdin(input).text()?;
    fs::write(frames.with_extension("log"), &text)?;
    Ok(text)
}

/// Whether a log has every transition, and the way of each buffer for so many frames; and no error.
///
/// # Errors
///
/// What it does not have.
pub fn whole_lifecycle(log: &str, frames: usize) -> Result<()> {
    for words in [
        "debug requested 4, granted 4 buffers",
        "debug queried 4 buffers of",
        "debug mapped 4 buffers",
        "debug stream on",
        "debug stream off",
        "debug unmapped 4 planes",
        "debug released the buffers",
    ] {
        ensure!(log.contains(&format!(" {words}")), "no '{words}' in the log");
    }
    for words in ["trace dequeued", "trace enqueued"] {
        let count = log.lines().filter(|line| line.contains(&format!(" {words} "))).count();
        ensure!(count >= frames, "{count} of '{words}' in the log, not {frames}");
    }
    ensure!(!log.contains(" error "), "an error is in the log");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "0 debug requested 4, granted 4 buffers\n1 debug queried 4 buffers of 9\n2 debug mapped 4 buffers\n3 debug stream on\n\
        4 trace dequeued 1\n5 trace enqueued 1\n6 debug stream off\n7 debug unmapped 4 planes\n8 debug released the buffers\n";

    #[test]
    fn a_log_without_a_transition_or_with_an_error_is_found() {
        whole_lifecycle(WHOLE, 1).unwrap();
        assert!(whole_lifecycle(WHOLE, 2).is_err());
        assert!(whole_lifecycle(&WHOLE.replace("stream off", ""), 1).is_err());
        assert!(whole_lifecycle(&format!("{WHOLE}9 error x\n"), 1).is_err());
    }
}
