//! Other programs: run to their end, seen or heard, tried again where a registry can be briefly broken.

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::place;

/// A program, in the repository's folder and without input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(place::root()).stdin(Stdio::null());
    command
}

/// A command line of plain words.
pub fn line(words: &str) -> Command {
    let mut words = words.split_whitespace();
    let mut command = command(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// Cargo, with the toolchain of `rust-toolchain.toml`.
pub fn cargo(words: &str) -> Command {
    line(&format!("cargo {words}"))
}

/// Cargo of the nightly toolchain.
pub fn nightly(words: &str) -> Command {
    line(&format!("cargo +nightly {words}"))
}

/// The same command under `timeout`.
pub fn limited(seconds: u64, command: &Command) -> Command {
    let mut limited = Command::new("timeout");
    limited.arg("--kill-after=10").arg(seconds.to_string()).arg(command.get_program()).args(command.get_args());
    limited.stdin(Stdio::null()).current_dir(command.get_current_dir().unwrap_or(place::root()));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// What a program left.
pub struct Seen {
    /// Its status, or 128 and the number of the signal that ended it.
    pub status: i32,
    /// What it printed.
    pub out: String,
    /// What it printed on standard error.
    pub err: String,
}

impl Seen {
    /// Whether its status is 0.
    pub fn ok(&self) -> bool {
        self.status == 0
    }

    /// Both outputs, one after the other.
    pub fn both(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

/// The status as a shell has it.
pub fn status(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// Seconds that processors have worked for this process and those that it waited for: on a busy machine, what a step costs.
pub fn processor_time() -> Option<u64> {
    // Hundredths of a second (`proc(5)`): in user mode, in the kernel, and both again for the children.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind_name) = stat.rsplit_once(") ")?;
    let times = behind_name.split(' ').skip(11).take(4).map(|time| time.parse::<u64>().ok());
    times.sum::<Option<u64>>().map(|hundredths| hundredths / 100)
}

/// What can be done with a command.
pub trait Go {
    /// More plain words.
    fn words(&mut self, words: &str) -> &mut Self;
    /// Runs it; its output goes where ours goes.
    ///
    /// # Errors
    ///
    /// A program that is missing or fails.
    fn go(&mut self) -> Result<()>;
    /// Runs it up to three times, with growing pauses: for what asks a package registry.
    ///
    /// # Errors
    ///
    /// A program that fails each time.
    fn persist(&mut self) -> Result<()>;
    /// Runs it and returns what it printed; standard error goes where ours goes.
    ///
    /// # Errors
    ///
    /// A program that is missing or fails.
    fn text(&mut self) -> Result<String>;
    /// Runs it and returns everything that is to be seen.
    ///
    /// # Errors
    ///
    /// A program that is missing.
    fn seen(&mut self) -> Result<Seen>;
    /// Whether it succeeds; nothing of it is shown.
    fn succeeds(&mut self) -> bool;
    /// The command as one would type it.
    fn shown(&self) -> String;
}

impl Go for Command {
    fn words(&mut self, words: &str) -> &mut Self {
        self.args(words.split_whitespace())
    }

    fn go(&mut self) -> Result<()> {
        let ended = self.status().with_context(|| format!("cannot run {}", self.shown()))?;
        match ended.success() {
            true => Ok(()),
            false => bail!("`{}` ended with status {}", self.shown(), status(ended)),
        }
    }

    fn persist(&mut self) -> Result<()> {
        for pause in [5, 20] {
            match self.go() {
                Ok(()) => return Ok(()),
                Err(why) => eprintln!("{why}; trying again in {pause} s"),
            }
            std::thread::sleep(Duration::from_secs(pause));
        }
        self.go().context("failed three times; is the package registry reachable?")
    }

    fn text(&mut self) -> Result<String> {
        let output = self.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {}", self.shown()))?;
        if !output.status.success() {
            let out = String::from_utf8_lossy(&output.stdout);
            bail!("`{}` ended with status {}: {out}", self.shown(), status(output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn seen(&mut self) -> Result<Seen> {
        let output = self.output().with_context(|| format!("cannot run {}", self.shown()))?;
        Ok(Seen {
            status: status(output.status),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn succeeds(&mut self) -> bool {
        self.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    fn shown(&self) -> String {
        let words = std::iter::once(self.get_program()).chain(self.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_those_of_a_shell() {
        assert_eq!(command("sh").args(["-c", "exit 7"]).seen().unwrap().status, 7);
        assert_eq!(command("sh").args(["-c", "kill -9 $$"]).seen().unwrap().status, 137);
        assert!(command("sh").args(["-c", "exit 7"]).go().is_err());
        assert!(line("no-such-program-at-all").go().is_err());
        assert_eq!(line("echo a b").words(" c").text().unwrap(), "a b c\n");
    }

    #[test]
    fn processor_time_is_counted_with_that_of_children() {
        let before = processor_time().unwrap();
        let busy = "while [ \"$(cut -d' ' -f14 /proc/$$/stat)\" -lt 120 ]; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done";
        assert!(command("sh").args(["-c", busy]).succeeds());
        assert!(processor_time().unwrap() > before);
    }

    #[test]
    fn a_limit_ends_what_takes_too_long() {
        let mut slow = line("sleep 100");
        slow.env("SEEN", "yes");
        assert_eq!(limited(1, &slow).seen().unwrap().status, 124);
    }
}
