//! Runs steps, each in a process of its own: what crashes is one step. Lanes go side by side, and one that is through helps the
//! others; every step's output is in a log.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::count::{Verdict, count, judge};
use crate::endings::Group;
use crate::process;

/// A step to be run.
pub struct Job {
    /// Its name, which its log has, too.
    pub name: String,
    /// What runs it.
    pub command: Command,
    /// How many checks it has to count at least.
    pub least: usize,
    /// Whether it may run beside another step of its lane.
    pub apart: bool,
}

/// What came of a step.
pub struct Done {
    /// Its name.
    pub name: String,
    /// Whether it passed.
    pub verdict: Verdict,
    /// How long it took.
    pub time: Duration,
    /// Seconds that processors worked for it, which a busy machine does not change.
    pub work: Option<u64>,
    /// Its output.
    pub log: PathBuf,
}

/// How to go about it.
pub struct Manner<'a> {
    /// The folder of the logs.
    pub logs: &'a Path,
    /// Whether the other steps run after one has failed.
    pub keep_going: bool,
    /// Where what a step prints is shown while it runs, if anywhere.
    pub live: Option<Screen>,
}

/// Shows bytes that a step prints.
pub type Screen = fn(&[u8]) -> std::io::Result<()>;

/// On standard output.
pub fn on_standard_output(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(bytes)?;
    out.flush()
}

/// Runs lanes side by side, each step by step; a lane without a step left takes those of others that may run beside them. Returns
/// what was run, in the order in which it ended.
pub fn run(lanes: Vec<Vec<Job>>, manner: &Manner<'_>) -> Vec<Done> {
    let all: usize = lanes.iter().map(Vec::len).sum();
    let count = lanes.len();
    let waiting = Mutex::new(lanes.into_iter().map(VecDeque::from).collect::<Vec<_>>());
    let done = Mutex::new(Vec::new());
    let running = Mutex::new(Vec::<String>::new());
    let (stop, ended) = (AtomicBool::new(false), AtomicUsize::new(0));
    let lane = |own: usize| {
        while !stop.load(Ordering::Relaxed) {
            // In a statement of its own: in the loop's condition the list would stay locked while the step runs.
            let job = next(&mut hold(&waiting), own);
            let Some(job) = job else { break };
            let name = job.name.clone();
            hold(&running).push(name.clone());
            if manner.live.is_some() {
                println!("== {name}");
            }
            let one = execute(job, manner);
            let others = {
                let mut running = hold(&running);
                running.retain(|other| *other != name);
                running.join(", ")
            };
            let number = ended.fetch_add(1, Ordering::Relaxed) + 1;
            print!("{}", progress(&one, number, all, &others));
            if !one.verdict.passed() {
                if manner.live.is_none() {
                    print!("{}", end_of(&one.log));
                }
                stop.store(!manner.keep_going, Ordering::Relaxed);
            }
            hold(&done).push(one);
        }
    };
    std::thread::scope(|scope| {
        let lane = &lane;
        for own in 0..count {
            scope.spawn(move || lane(own));
        }
    });
    done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The next step of a lane; else the first of another lane that may run beside the step which runs there.
fn next(lanes: &mut [VecDeque<Job>], own: usize) -> Option<Job> {
    if let Some(job) = lanes[own].pop_front() {
        return Some(job);
    }
    lanes.iter_mut().find_map(|lane| lane.iter().position(|job| job.apart).and_then(|at| lane.remove(at)))
}

/// A lane that panicked leaves the others their list.
fn hold<T>(list: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    list.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs one step and judges it. What keeps it from running is its failure.
pub fn execute(job: Job, manner: &Manner<'_>) -> Done {
    let (name, least, log) = (job.name.clone(), job.least, manner.logs.join(format!("{}.log", job.name)));
    let began = Instant::now();
    let mut work = None;
    let verdict = match follow(job.command, &log, manner.live) {
        Ok(status) => match std::fs::read(&log) {
            Ok(output) => {
                let output = String::from_utf8_lossy(&output);
                work = work_of(&output);
                judge(status, count(&output), least)
            }
            Err(error) => Verdict::failed(format!("its log cannot be read: {error}")),
        },
        Err(error) => Verdict::failed(format!("{error:#}")),
    };
    Done { name, verdict, time: began.elapsed(), work, log }
}

/// What a step prints behind its cases, see [`crate::steps::here`].
fn work_of(output: &str) -> Option<u64> {
    output.lines().rev().find_map(|line| line.strip_suffix(" s of processor time")?.parse().ok())
}

/// Runs a command with both outputs in one file, and on the screen if wanted. Returns its status.
fn follow(command: Command, log: &Path, live: Option<Screen>) -> Result<i32> {
    let mut file = File::create(log).with_context(|| format!("{}", log.display()))?;
    // A step that outlives the runner would go on in the background: the kernel ends it.
    let mut child = Command::new("setpriv");
    child.args(["--pdeathsig", "TERM"]).arg(command.get_program()).args(command.get_args());
    child.current_dir(command.get_current_dir().unwrap_or(crate::place::root())).stdin(Stdio::null());
    // A group of its own: a step that is interrupted ends with all that it has started.
    child.process_group(0);
    let Some(show) = live else {
        let mut running = child.stdout(file.try_clone()?).stderr(file).spawn().context("setpriv")?;
        let _group = Group::led_by(running.id());
        return Ok(process::status(running.wait()?));
    };
    let (mut from, to) = std::io::pipe()?;
    let mut running = child.stdout(to.try_clone()?).stderr(to).spawn().context("setpriv")?;
    let _group = Group::led_by(running.id());
    drop(child); // It holds the pipe's other ends.
    let mut bytes = [0; 1 << 16];
    loop {
        let count = from.read(&mut bytes)?;
        if count == 0 {
            return Ok(process::status(running.wait()?));
        }
        file.write_all(&bytes[..count])?;
        show(&bytes[..count])?;
    }
}

fn progress(done: &Done, number: usize, all: usize, others: &str) -> String {
    let count = done.verdict.count;
    let failed = if done.verdict.passed() { String::new() } else { format!(", {} FAILED", count.failed) };
    let others = if others.is_empty() { String::new() } else { format!("; {others} is running") };
    let mut line = format!(
        "[{number}/{all}] {}: {} passed{failed} in {} s{others}\n",
        done.name,
        count.passed,
        done.time.as_secs()
    );
    if let Some(why) = &done.verdict.why {
        line += &format!("    {}: {why}\n", done.name);
    }
    line
}

/// What a failed step printed last, and where the rest is.
fn end_of(log: &Path) -> String {
    const LINES: usize = 40;
    let output = std::fs::read(log).unwrap_or_default();
    let output = String::from_utf8_lossy(&output);
    let lines: Vec<&str> = output.lines().collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    let last: String = last.iter().map(|line| format!("    | {line}\n")).collect();
    format!("{last}    all of it: {}\n", log.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str, script: &str) -> Job {
        let mut command = process::command("sh");
        command.args(["-c", script]);
        Job { name: name.into(), command, least: 0, apart: false }
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("vidbuf-runner-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// The names of the steps that ran, and whether each passed.
    fn ran(name: &str, scripts: &[&str], keep_going: bool, live: Option<Screen>) -> Vec<bool> {
        let logs = folder(name);
        let jobs = scripts.iter().enumerate().map(|(number, script)| job(&format!("step{number}"), script)).collect();
        let done = run(vec![jobs], &Manner { logs: &logs, keep_going, live });
        std::fs::remove_dir_all(logs).unwrap();
        done.iter().map(|one| one.verdict.passed()).collect()
    }

    #[test]
    fn a_step_that_is_silent_crashes_or_is_missing_fails() {
        let scripts = [
            "true",
            "echo 3 passed, 0 failed; kill -SEGV $$",
            "exec no-such-program-at-all",
            "echo 1 passed, 0 failed; exit 3",
        ];
        // What is counted in this test's output is counted by whoever runs it.
        let nowhere: Screen = |_| Ok(());
        for (name, live) in [("silent", None), ("live", Some(nowhere))] {
            assert_eq!(ran(name, &scripts, true, live), [false; 4]);
        }
    }

    #[test]
    fn a_step_counts_by_either_output() {
        let scripts = ["echo 3 passed, 0 failed", "echo 3 passed, 0 failed >&2", "echo 3 passed, 1 failed >&2"];
        assert_eq!(ran("good", &scripts, true, None), [true, true, false]);
    }

    #[test]
    fn the_first_failure_ends_it_unless_it_is_to_keep_going() {
        let scripts = ["echo 1 passed, 0 failed", "false", "echo 1 passed, 0 failed"];
        assert_eq!(ran("stop", &scripts, false, None), [true, false]);
        assert_eq!(ran("on", &scripts, true, None), [true, false, true]);
    }

    #[test]
    fn a_lane_that_is_through_takes_what_may_run_beside_the_others() {
        let named = |names: &[(&str, bool)]| {
            names.iter().map(|(name, apart)| Job { apart: *apart, ..job(name, "true") }).collect::<VecDeque<_>>()
        };
        let mut lanes = [named(&[("a", false)]), named(&[("b", false), ("c", true), ("d", false)])];
        let mut name = |own| next(&mut lanes, own).map(|job| job.name);
        let order = [name(0), name(0), name(0), name(1), name(1), name(1)];
        let expected = [Some("a"), Some("c"), None, Some("b"), Some("d"), None];
        assert_eq!(order, expected.map(|name| name.map(str::to_owned)));
    }

    #[test]
    fn lanes_go_side_by_side() {
        let logs = folder("side");
        let meets = |own: &str, other: &str| {
            let (own, other) = (logs.join(own), logs.join(other));
            let script = format!(
                "touch {}; for i in $(seq 100); do [ -e {} ] && echo 1 passed, 0 failed && exit; sleep 0.1; done; false",
                own.display(),
                other.display()
            );
            vec![job(&own.file_name().unwrap_or_default().to_string_lossy(), &script)]
        };
        let lanes = vec![meets("here", "there"), meets("there", "here")];
        let done = run(lanes, &Manner { logs: &logs, keep_going: true, live: None });
        std::fs::remove_dir_all(&logs).unwrap();
        assert!(done.iter().all(|one| one.verdict.passed()));
    }

    #[test]
    fn a_failed_step_is_shown_by_its_end() {
        let logs = folder("end");
        let log = logs.join("log");
        std::fs::write(&log, (0..100).map(|line| format!("line {line}\n")).collect::<String>()).unwrap();
        let shown = end_of(&log);
        assert!(shown.contains("line 99\n") && !shown.contains("line 50\n"), "{shown}");
        std::fs::remove_dir_all(logs).unwrap();
    }
}
