//! What of this works here, and what to do where it does not.

use std::fmt::Write as _;
use std::fs;
use std::io;

use crate::filter::filter;
use crate::names::Names;
use crate::system::memfd::Piece;
use crate::system::probe::Probe;
use crate::system::{socket, spawn};

/// Something that is needed.
pub struct Need {
    /// What it is.
    pub what: &'static str,
    /// What is missing and how to allow it, if it is missing.
    pub missing: Option<String>,
}

fn need(what: &'static str, tried: io::Result<()>, remedy: &str) -> Need {
    Need { what, missing: tried.err().map(|error| format!("{what}: {error}; {remedy}")) }
}

/// Linux's version, as far as it matters.
pub fn kernel() -> Option<(u32, u32)> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    let mut numbers = release.split(['.', '-']).map_while(|number| number.trim().parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// `ADDFD` that completes the call at once.
const OLDEST: (u32, u32) = (5, 14);

/// The first that hands the processor over.
const FAST: (u32, u32) = (6, 6);

/// Programs that this cannot do anything for, wherever it runs.
const OTHERS: &str = "\
none     32-bit programs: they run, and find no camera; build them for x86-64
none     programs of other processors under qemu-user: they open a camera, and every V4L2 call fails with ENOSYS, because qemu-user
         does not know those calls; build them for x86-64, or run vidbuf-sim in a whole emulated machine
";

/// Tries everything but the filter itself; the first that is missing ends it.
fn needs() -> Vec<Need> {
    let mut needs = Vec::new();
    if let Some(version) = kernel().filter(|version| *version < OLDEST) {
        let missing = format!("Linux {}.{} is too old: use 5.14 or later", version.0, version.1);
        needs.push(Need { what: "Linux 5.14", missing: Some(missing) });
    }
    let lo = "bring the loopback device up: ip link set lo up";
    needs.push(need("TCP on the loopback device", socket::pair(false).map(drop), lo));
    let memory = Piece::new("check", 4096).and_then(|piece| match piece.is_shared() {
        false => Ok(()),
        true => Err(io::Error::from_raw_os_error(libc::ENOLCK)),
    });
    needs.push(need("memory files with leases", memory, "use a kernel with CONFIG_FILE_LOCKING and tmpfs"));
    let folder = "set TMPDIR to a folder that can be written, on a file system with device files";
    needs.push(need("a temporary folder", Names::new(&[]).map(drop), folder));
    let permission =
        "allow it (in a container: --cap-add SYS_PTRACE; with Yama: sysctl kernel.yama.ptrace_scope=1 or 0)";
    match Probe::new() {
        Err(error) => needs.push(need("a child", Err(error), "allow more processes: ulimit -u")),
        Ok(probe) => {
            needs.push(need("reading a child's memory (process_vm_readv)", probe.read(), permission));
            needs.push(need("stopping a child for a moment (ptrace)", probe.seize(), permission));
        }
    }
    needs
}

/// What starting a program under a filter failed with, as a sentence.
pub fn refused(error: &io::Error) -> String {
    let what = "seccomp user notification";
    let remedy = match error.raw_os_error() {
        Some(libc::EBUSY) => "this process is supervised by another one already: run it outside of that",
        Some(libc::EINVAL | libc::ENOSYS) => "use a kernel with CONFIG_SECCOMP_FILTER, Linux 5.14 or later",
        _ => {
            "allow it (in a container: a seccomp profile with the call seccomp, for example --security-opt seccomp=unconfined)"
        }
    };
    format!("{what}: {error}; {remedy}")
}

/// Whether descriptors can be borrowed (`pidfd_getfd`). Where they cannot, the runner keeps copies, and looks into /proc for the last
/// close: Docker's profile refuses it without CAP_SYS_PTRACE.
pub fn borrows() -> bool {
    Probe::new().is_ok_and(|probe| probe.borrow().is_ok())
}

/// What is missing, before a program is started: one sentence.
pub fn missing() -> Option<String> {
    needs().into_iter().find_map(|need| need.missing)
}

/// All of it, as text, and whether everything is there.
pub fn report() -> (String, bool) {
    let mut needs = needs();
    let filter = spawn::attempt(&filter(false));
    needs.push(Need { what: "seccomp user notification", missing: filter.err().map(|error| refused(&error)) });
    let mut text = String::new();
    for need in &needs {
        // Writing to a string cannot fail.
        let _ = match &need.missing {
            None => writeln!(text, "ok       {}", need.what),
            Some(sentence) => writeln!(text, "MISSING  {sentence}"),
        };
    }
    let slow = kernel().is_some_and(|version| version < FAST);
    if slow {
        text += "slow     Linux before 6.6: a call takes about 50 microseconds, not 10\n";
    }
    if !borrows() {
        text += "slow     pidfd_getfd is forbidden: the last close of a camera is looked for in /proc, in place of being seen\n";
    }
    text += OTHERS;
    let whole = needs.iter().all(|need| need.missing.is_none());
    text += if whole { "vidbuf-sim run works here\n" } else { "vidbuf-sim run does not work here\n" };
    (text, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_here_or_a_sentence() {
        for need in needs() {
            assert!(need.missing.is_none_or(|sentence| sentence.contains(';') && sentence.contains(need.what)));
        }
        assert!(kernel() >= Some((5, 0)));
    }

    #[test]
    fn refusals_say_what_to_do() {
        for number in [libc::EBUSY, libc::EINVAL, libc::EPERM] {
            let sentence = refused(&io::Error::from_raw_os_error(number));
            assert!(sentence.contains("; "), "{sentence}");
        }
    }
}
