//! Boots a guest and runs a command in it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::driver::{self, Driver};
use super::image::{self, BASE};
use super::initramfs::Archive;
use super::judge::{self, End};
use super::kind::Kind;
use super::modules::{self, Module};
use crate::process::{self, Go, command};
use crate::{apt, endings, needs};

/// What is booted.
pub struct Boot {
    /// The guest.
    pub kind: Kind,
    /// The drivers that are loaded.
    pub drivers: Vec<(String, Driver)>,
    /// More for the kernel's command line.
    pub kernel_arguments: String,
    /// How many processors it has.
    pub processors: u32,
    /// Guest time counts instructions (a nanosecond each) and skips idleness: a busy machine changes nothing, waiting takes no time.
    pub counted: bool,
    /// Seconds after which it has failed.
    pub limit: u32,
    /// Programs of this machine that come along, with their libraries.
    pub with: Vec<String>,
    /// Where what the command leaves in `/out` comes back to.
    pub out: Option<PathBuf>,
    /// Console and output.
    pub log: Option<PathBuf>,
    /// Where the command's output goes instead of to ours.
    pub printed: Option<PathBuf>,
    /// The guest's `/t`, where the command runs.
    pub files: Option<PathBuf>,
    /// The command; without one, a shell on this terminal.
    pub command: Vec<String>,
}

/// The status when the guest did not come to an end, or could not be made.
pub const LOST: i32 = 125;
/// The status when the guest's kernel complained.
pub const COMPLAINED: i32 = 126;

impl Boot {
    /// A guest with vivid, two processors and five minutes.
    ///
    /// # Errors
    ///
    /// No such guest, or one that cannot be fetched.
    pub fn new(kind: &str) -> Result<Self> {
        Ok(Self {
            kind: image::fetch(kind)?,
            drivers: driver::named("vivid")?,
            kernel_arguments: String::new(),
            processors: 2,
            counted: false,
            limit: 300,
            with: Vec::new(),
            out: None,
            log: None,
            printed: None,
            files: None,
            command: Vec::new(),
        })
    }

    /// The same on one processor whose time is counted in instructions.
    #[must_use]
    pub fn counted(mut self) -> Self {
        (self.counted, self.processors) = (true, 1);
        self
    }

    /// The command, run in this folder's copy.
    #[must_use]
    pub fn command(mut self, files: &Path, words: &[&str]) -> Self {
        self.files = Some(files.into());
        self.command = words.iter().map(|&word| word.into()).collect();
        self
    }

    /// Boots it and returns the command's status, or [`LOST`] or [`COMPLAINED`] with the reason on standard error.
    ///
    /// # Errors
    ///
    /// A guest that cannot be made.
    pub fn run(&self) -> Result<i32> {
        needs::ensure(&[&self.kind.processor.emulator])?;
        let work = Work::new()?;
        let log = self.log.clone().unwrap_or_else(|| work.path("log"));
        File::create(&log).with_context(|| log.display().to_string())?;
        fs::write(work.path("initramfs"), self.initramfs()?)?;
        let ended = self.emulate(&work, &log)?;
        let end = judge::judge(&work.read("result"), &work.read("console"), ended, self.limit);
        if let (End::Done { bytes, .. } | End::Complained { bytes, .. }, Some(out)) = (&end, &self.out) {
            self.take_files(&work.path("files"), *bytes, out)?;
        }
        Ok(match end {
            End::Done { status, .. } => status,
            End::Complained { status, complaints, .. } => {
                eprintln!(
                    "guest {}: the command ended with status {status}, but the kernel complained:\n{complaints}",
                    self.kind.name
                );
                COMPLAINED
            }
            End::Lost(why) => {
                let log = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
                let lines: Vec<&str> = log.lines().collect();
                let last = lines[lines.len().saturating_sub(30)..].join("\n");
                eprintln!("guest {}: {why}; the end of its log:\n{last}", self.kind.name);
                LOST
            }
        })
    }

    /// Runs it for a step: a status other than 0 is an error.
    ///
    /// # Errors
    ///
    /// As [`Boot::run`], and a command that failed.
    pub fn go(&self) -> Result<()> {
        let status = self.run()?;
        ensure!(status == 0, "the command in the guest {} ended with status {status}", self.kind.name);
        Ok(())
    }

    fn initramfs(&self) -> Result<Vec<u8>> {
        let folder = self.kind.folder();
        let native = self.kind.arch == apt::native()?;
        let mut archive = Archive::default();
        archive.file("init", true, include_bytes!("../../../guest/init"));
        archive.copy(&folder.join("busybox"), Path::new("busybox"))?;
        let mut list = String::new();
        let mut loaded: Vec<PathBuf> = Vec::new();
        let mut load = |driver: &str, modules: Vec<Module>| -> Result<()> {
            for Module { path, parameters } in modules {
                if !loaded.contains(&path) {
                    let file = path.file_name().unwrap_or_default();
                    archive.copy(&path, &Path::new("modules").join(file))?;
                    list += &format!("load {driver} {} {parameters}\n", file.to_string_lossy());
                    loaded.push(path);
                }
            }
            Ok(())
        };
        for module in BASE {
            load("base", modules::shipped(&self.kind, module)?)?;
        }
        for (name, driver) in &self.drivers {
            load(name, modules::of_driver(&self.kind, name, driver)?)?;
        }
        archive.file("drivers", false, list.as_bytes());
        for (_, driver) in &self.drivers {
            if let Some(source) = &driver.hardware {
                archive.copy(&modules::hardware(source)?, Path::new("hardware"))?;
            }
        }
        let mut settings = String::new();
        if self.out.is_some() {
            settings += "want_files=yes\n";
        }
        if self.command.is_empty() {
            settings += "want_shell=yes\n";
        }
        archive.file("settings", false, settings.as_bytes());
        let words: String = self.command.iter().map(|word| format!(" {}", quoted(word))).collect();
        archive.file("command", false, format!("exec{words}\n").as_bytes());
        archive.folder(Path::new("t"));
        for program in &self.with {
            ensure!(native, "{program} cannot come along: this machine's programs do not run on {}", self.kind.arch);
            archive.program(program)?;
        }
        if let Some(files) = &self.files {
            archive.copy(files, Path::new("t"))?;
            archive.libraries_of(files, &self.kind, native)?;
        }
        Ok(archive.finish())
    }

    /// QEMU writes plain files, which never make it wait; two threads follow them. Returns QEMU's status.
    fn emulate(&self, work: &Work, log: &Path) -> Result<i32> {
        let processor = &self.kind.processor;
        let mut qemu = command("setpriv");
        qemu.args(["--pdeathsig", "TERM", "timeout", "--foreground", "--kill-after=5"])
            .arg(self.limit.to_string())
            .arg(&processor.emulator);
        qemu.words(&processor.machine)
            .arg("-m")
            .arg(processor.memory.to_string())
            .arg("-smp")
            .arg(self.processors.to_string());
        if self.counted {
            // Instruction counting runs all processors in one thread.
            qemu.words("-icount shift=0,sleep=off -accel tcg,thread=single");
        } else {
            qemu.words("-accel tcg,thread=multi");
        }
        qemu.words("-nodefaults -display none -monitor none -no-reboot -nic none");
        qemu.arg("-kernel").arg(self.kind.folder().join("kernel")).arg("-initrd").arg(work.path("initramfs"));
        // On a busy machine an emulated processor may stand still for long: no watchdogs, no timer check.
        qemu.arg("-append").arg(format!(
            "console={} quiet panic=-1 mitigations=off nowatchdog no_timer_check cryptomgr.notests rcupdate.rcu_cpu_stall_suppress=1 log_buf_len=1M {}",
            processor.console, self.kernel_arguments
        ));
        qemu.arg("-serial").arg(format!("file:{}", work.path("console").display()));
        // Without ioeventfd a write to a port is done when the guest's store returns, so that nothing is on its way any more when
        // the guest switches itself off.
        qemu.words("-device virtio-serial-pci,ioeventfd=off");
        for channel in ["console", "output", "files", "result"] {
            File::create(work.path(channel))?;
            if channel != "console" {
                qemu.arg("-chardev").arg(format!("file,id={channel},path={}", work.path(channel).display()));
                qemu.arg("-device").arg(format!("virtserialport,chardev={channel},name={channel}"));
            }
        }
        let shell = self.command.is_empty();
        if shell {
            qemu.words("-chardev stdio,id=shell,signal=off -device virtconsole,chardev=shell").stdin(Stdio::inherit());
        }
        let messages = File::options().append(true).open(log)?;
        qemu.stderr(messages.try_clone()?);
        if !shell {
            qemu.stdout(messages);
        }
        let _terminal = shell.then(Terminal::raw);
        let mut qemu = qemu.spawn().context("QEMU does not start")?;
        let over = AtomicBool::new(false);
        let mut printed: Vec<Box<dyn Write + Send>> = vec![Box::new(File::options().append(true).open(log)?)];
        match &self.printed {
            Some(path) => printed.push(Box::new(File::create(path)?)),
            None if !shell => printed.push(Box::new(std::io::stdout())),
            None => {}
        }
        let ended = std::thread::scope(|scope| {
            let console: Vec<Box<dyn Write + Send>> = vec![Box::new(File::options().append(true).open(log)?)];
            scope.spawn(|| follow(&work.path("console"), console, &over));
            scope.spawn(|| follow(&work.path("output"), printed, &over));
            let ended = qemu.wait();
            over.store(true, Ordering::Release);
            ended
        })?;
        Ok(process::status(ended))
    }

    fn take_files(&self, packed: &Path, bytes: u64, out: &Path) -> Result<()> {
        ensure!(
            fs::metadata(packed)?.len() == bytes,
            "guest {}: the files in /out did not come over whole",
            self.kind.name
        );
        fs::create_dir_all(out)?;
        command("tar").arg("-C").arg(out).words("--no-same-owner --warning=no-timestamp -xf").arg(packed).go()
    }
}

/// Copies what a file grows by, line by line so that two that are followed do not mix inside a line, until it is over.
fn follow(path: &Path, mut to: Vec<Box<dyn Write + Send>>, over: &AtomicBool) {
    let Ok(mut file) = File::open(path) else { return };
    let mut rest = Vec::new();
    loop {
        let last = over.load(Ordering::Acquire);
        if file.read_to_end(&mut rest).is_err() {
            return;
        }
        let end = if last { rest.len() } else { rest.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1) };
        let lines: Vec<u8> = rest.drain(..end).filter(|&byte| byte != b'\r').collect();
        for to in &mut to {
            // Nobody to tell: the output is gone, the guest's end still counts.
            let _ = to.write_all(&lines).and_then(|()| to.flush());
        }
        if last {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A folder that goes when its user is done, or when a signal ends the process.
struct Work(PathBuf);

impl Work {
    fn new() -> Result<Self> {
        let folder =
            std::env::temp_dir().join(format!("guest.{}.{:?}", std::process::id(), std::thread::current().id()));
        fs::create_dir_all(&folder)?;
        endings::removed(&folder);
        Ok(Self(folder))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).unwrap_or_default()).into_owned()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The terminal without its own echo and signals, as long as this lives.
struct Terminal(String);

impl Terminal {
    fn raw() -> Self {
        let stty = |words: &str| Command::new("stty").words(words).stdin(Stdio::inherit()).seen();
        let before = stty("-g").map(|seen| seen.out.trim().to_owned()).unwrap_or_default();
        let _ = stty("raw -echo");
        Self(before)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = Command::new("stty").arg(&self.0).stdin(Stdio::inherit()).seen();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_the_guest_as_they_are() {
        let word = "it's $HOME; \"x\"";
        let echoed = command("sh").args(["-c", &format!("printf %s {}", quoted(word))]).text().unwrap();
        assert_eq!(echoed, word);
    }
}
