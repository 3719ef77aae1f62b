//! What the program without std and without libc takes: system calls until the first frame, allocations, memory. The figures go to
//! /out/results, for the table of all processors.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;

use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen, until};

/// Runs of which the usual memory is the one in the middle: every so many bytes of two pages, one begins its stack.
const RUNS: usize = 16;
const STEP: usize = 512;

pub fn run(checks: &mut Checks) {
    checks.check("what the firmware example takes", measured());
}

fn measured() -> Outcome {
    let capture = node("VIVID_CAP");
    let printed = seen(line("firmware").args([&capture, "100"]))?;
    print!("{}", printed.both);
    let whole = printed.out.starts_with("100 frames, ") && printed.out.contains(" lost, 0 bad");
    ensure(printed.status == 0 && whole, || format!("status {}: {}", printed.status, printed.both))?;
    let set_up = set_up(&capture)?;
    let memory = usual_memory(&capture)?;
    let results = format!("syscalls {}\nallocations {}\nram {memory}\n", set_up.calls, set_up.allocations);
    print!("{results}");
    fs::write("/out/results", results).map_err(|error| error.to_string())
}

/// What a run of one frame calls.
pub struct SetUp {
    /// From opening the device to the first frame, both counted.
    pub calls: usize,
    /// VIDIOC_QUERYBUF among them.
    pub queries: usize,
    /// Requests for memory, in the whole run.
    pub allocations: usize,
    /// Calls of the whole run.
    pub all: usize,
}

/// Traces a run of one frame.
pub fn set_up(node: &str) -> Result<SetUp, String> {
    // A guest of another processor has the one that came with its files.
    let strace = if Path::new("./strace").exists() { "./strace" } else { "strace" };
    let traced = seen(Command::new(strace).args(["-e", "raw=ioctl", "-o", "/tmp/trace", "firmware", node, "1"]))?;
    ensure(traced.status == 0, || format!("under strace: {}", traced.both))?;
    let trace = fs::read_to_string("/tmp/trace").map_err(|error| error.to_string())?;
    read(&trace).ok_or(format!("no first frame in the trace:\n{trace}"))
}

/// Numbers instead of names: DQBUF ends in 5611 and QUERYBUF in 5609, whatever the size of the buffer.
fn read(trace: &str) -> Option<SetUp> {
    let is = |line: &str, end: &str| {
        let request = line.strip_prefix("ioctl(").and_then(|rest| rest.split(", ").nth(1)).unwrap_or_default();
        request.starts_with("0xc0") && request.ends_with(end)
    };
    let from = trace.lines().position(|line| line.starts_with("open") && line.contains("/dev/video"))?;
    let opened = || trace.lines().skip(from);
    let calls = opened().position(|line| is(line, "5611") && line.contains(" = 0"))? + 1;
    let queries = opened().take(calls).filter(|line| is(line, "5609")).count();
    let allocations = trace.lines().filter(|line| line.starts_with("brk") || line.contains("MAP_ANONYMOUS")).count();
    Some(SetUp { calls, queries, allocations, all: trace.lines().count() })
}

/// Bytes that the program alone has in memory when all is done but its line is not out, in the usual run. All of it is stack and data
/// that it has written. The kernel begins a stack anywhere in two pages, and a program that touches little touches one page more or
/// less, by where. Here it begins at each place once, as an environment that grows moves it: chance would make another case the usual
/// one in another run.
pub fn usual_memory(node: &str) -> Result<u64, String> {
    let randomize = |how| fs::write("/proc/sys/kernel/randomize_va_space", how).map_err(|error| error.to_string());
    randomize("0")?;
    let runs = (0..RUNS).map(|run| memory(node, run * STEP)).collect::<Result<Vec<_>, _>>();
    randomize("2")?;
    let mut runs = runs?;
    runs.sort_unstable();
    let usual = runs[RUNS / 2];
    println!("private memory at exit, of {RUNS} runs: {} to {} bytes, usually {usual}", runs[0], runs[RUNS - 1]);
    ensure(usual > 0, || "its memory was not seen".into())?;
    Ok(usual)
}

/// The number of the system call `write`.
const WRITE: &str = if cfg!(target_arch = "x86_64") {
    "1 "
} else if cfg!(target_arch = "aarch64") {
    "64 "
} else {
    "4 "
};

/// It waits at a pipe that is full, while its memory is looked at; its stack begins so many bytes lower.
fn memory(node: &str, lower: usize) -> Result<u64, String> {
    const PIPE: &str = "/tmp/line";
    let told = |error: std::io::Error| error.to_string();
    if !Path::new(PIPE).exists() {
        line(&format!("mkfifo {PIPE}")).status().map_err(told)?;
    }
    let mut filler = File::options().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(PIPE).map_err(told)?;
    let out = File::options().write(true).open(PIPE).map_err(told)?;
    for size in [4096, 1] {
        while filler.write(&[0; 4096][..size]).is_ok() {}
    }
    let mut child =
        line("firmware").args([node, "5"]).env("LOWER", "x".repeat(lower)).stdout(out).spawn().map_err(told)?;
    let about = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
    let waits = until("the program waits to print its line", || about("syscall").starts_with(WRITE));
    let maps = about("smaps");
    // As long as it has something to write there is something to read.
    let mut bytes = [0; 4096];
    let ended = until("the program ends", || {
        while filler.read(&mut bytes).is_ok_and(|count| count > 0) {}
        matches!(child.try_wait(), Ok(Some(status)) if status.success())
    });
    let rest = filler.read(&mut bytes);
    ensure(
        rest.as_ref().is_ok_and(|_| true) || rest.is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
        || "the pipe broke".into(),
    )?;
    if ended.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    waits.and(ended)?;
    Ok(anonymous(&maps))
}

/// Bytes of the pages that a program has written. Those of its file are the page cache's, which on the guest's file system, in
/// memory, counts them as written, too.
fn anonymous(maps: &str) -> u64 {
    let sizes =
        maps.lines().filter_map(|line| line.strip_prefix("Anonymous:")).map(|rest| rest.trim().trim_end_matches(" kB"));
    sizes.filter_map(|size| size.parse::<u64>().ok()).sum::<u64>() * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_until_the_first_frame_are_counted() {
        let trace = "execve(\"firmware\") = 0\nopen(\"/dev/video0\", O_RDWR) = 3\nioctl(0x3, 0xc0585609, 0x7f) = 0\n\
            ioctl(0x3, 0xc0585611, 0x7f) = -1\nioctl(0x3, 0xc0585611, 0x7f) = 0\nmmap(NULL, MAP_ANONYMOUS) = 0\nexit(0) = ?\n";
        let seen = read(trace).unwrap();
        assert_eq!((seen.calls, seen.queries, seen.allocations, seen.all), (4, 1, 1, 7));
        assert!(read("open(\"/dev/video0\") = 3\n").is_none());
    }

    #[test]
    fn written_pages_are_added_up() {
        assert_eq!(anonymous("Rss: 8 kB\nAnonymous:         4 kB\nAnonymous:  8 kB\nAnonHugePages: 0 kB\n"), 12 * 1024);
    }
}
