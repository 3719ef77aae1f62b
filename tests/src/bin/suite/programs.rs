//! Other programs in the guest.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A node of vivid, as the guest's variable has it.
pub fn node(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| format!("no ${variable}"))
}

/// A program and plain words.
pub fn line(words: &str) -> Command {
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).stdin(Stdio::null());
    command
}

/// What a program printed on both outputs, and its status as a shell has it.
pub struct Seen {
    /// Its status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Both outputs.
    pub both: String,
}

fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// Runs a program whose output goes where ours goes.
pub fn status(program: &mut Command) -> Result<i32, String> {
    program.status().map(code).map_err(|error| format!("{program:?}: {error}"))
}

/// Runs a program and returns what is to be seen.
pub fn seen(program: &mut Command) -> Result<Seen, String> {
    let output = program.output().map_err(|error| format!("{program:?}: {error}"))?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok(Seen { status: code(output.status), both: format!("{out}{err}"), out: out.into_owned() })
}

/// Runs a program that has to succeed; what it prints is shown.
pub fn succeeds(program: &mut Command) -> Result<Seen, String> {
    let seen = seen(program)?;
    print!("{}", seen.both);
    if seen.status == 0 { Ok(seen) } else { Err(format!("{program:?}: status {}: {}", seen.status, seen.both)) }
}

/// Waits up to 10 s for a condition that others fulfil.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> Result<(), String> {
    for _ in 0..1000 {
        if holds() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(format!("this never came: {what}"))
}

/// A program in the background. It is killed when its user has gone.
pub struct Background {
    child: Child,
    printed: String,
}

impl Background {
    /// Starts it, with both outputs in this file.
    pub fn start(program: &mut Command, printed: &str) -> Result<Self, String> {
        let file = || {
            fs::File::options().create(true).append(true).open(printed).map_err(|error| format!("{printed}: {error}"))
        };
        let _none_from_before = fs::remove_file(printed);
        let child = program.stdout(file()?).stderr(file()?).spawn().map_err(|error| format!("{program:?}: {error}"))?;
        Ok(Self { child, printed: printed.into() })
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A file of /proc about it.
    pub fn about(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.id())).unwrap_or_default()
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        fs::read_to_string(&self.printed).unwrap_or_default()
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let _gone_already = line(&format!("kill -{name} {}", self.id())).status();
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end, and returns its status.
    pub fn wait(&mut self) -> Result<i32, String> {
        self.child.wait().map(code).map_err(|error| error.to_string())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
