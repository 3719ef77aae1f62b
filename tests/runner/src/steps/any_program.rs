//! `vidbuf-sim run`: programs that know nothing of it see simulated cameras. The contract of vidbuf-linux, with its own system calls;
//! a static C program for everything around descriptors; v4l2-ctl, whose frames are looked at; v4l2-compliance; examples.

mod faults;
mod programs;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command, limited, line};
use crate::workspace;

/// `vidbuf-sim`.
pub fn runner() -> Command {
    command(below_target("release/vidbuf-sim"))
}

/// A program on these cameras, and a minute to end.
pub fn on(cameras: &[&str], kernel: &str, program: impl AsRef<std::ffi::OsStr>, words: &str) -> Command {
    let mut run = runner();
    run.args(["run", "--kernel", kernel]);
    for camera in cameras {
        run.args(["--camera", camera]);
    }
    run.arg("--").arg(program).words(words);
    limited(120, &run)
}

/// A camera for most cases.
pub const FAST: &str = "/dev/video0=vivid,rate=120";

/// What the contract runs on.
const CONTRACT: &[&str] = &[
    "/dev/video0=vivid,faults=on,inputs=on",
    "/dev/video1=vivid-mplane,faults=on,inputs=on",
    "/dev/video2=vivid-output",
    "/dev/video3=vivid-output-mplane",
];

/// As many cases as the contract has on those.
const CASES: u32 = 216;

/// The nodes, and what is left out: an unplugged node cannot be polled for events, because a socket stands in for it.
const NODES: &str = "--without=unplugged_node_has_no_events /dev/video0 /dev/video1 /dev/video2 /dev/video3";

/// The step.
pub fn any_program(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    workspace::optimised("--bin vidbuf-sim --bin simulated_frames --bin c_library --example capture")?;
    let own = workspace::for_guests("--bin contract --bin differential")?;
    let out = place::emptied("any-program")?;
    let descriptors = out.join("descriptors");
    line("cc -O1 -Wall -Wextra -Werror -static -pthread -o")
        .arg(&descriptors)
        .arg(place::root().join("tests/any_program/descriptors.c"))
        .go()?;
    let mut cases = Cases::new();
    for kernel in ["6.1", "6.12", "6.19"] {
        let program = own.join("contract");
        cases.add(format!("{kernel}: the contract of vidbuf-linux"), move || contract(kernel, &program));
    }
    let program = own.join("contract");
    cases.add("the contract where descriptors cannot be borrowed", move || {
        let mut run = runner();
        run.args(["run", "--copies"]).args(CONTRACT.iter().flat_map(|camera| ["--camera", camera])).arg("--");
        run.arg(program).words(NODES);
        let seen = limited(120, &run).seen()?;
        ensure!(seen.ok(), "{}", seen.both());
        Ok(())
    });
    for kernel in ["6.1", "6.12"] {
        let program = own.join("differential");
        cases.add(format!("{kernel}: random calls, beside the simulator"), move || differential(kernel, &program));
    }
    cases.add("descriptors, signals, threads and processes: a static C program", move || {
        let seen = on(&[FAST], "6.12", descriptors, "").seen()?;
        println!("{}", seen.both().trim_end());
        ensure!(seen.ok(), "status {}", seen.status);
        Ok(())
    });
    cases.add("memory, descriptors, waiting: a program by the C library", c_library);
    statuses(&mut cases);
    sentences(&mut cases);
    faults::add(&mut cases, &out);
    programs::add(&mut cases, &out);
    cases.add("nothing is left in the temporary folder", nothing_left);
    cases.add("no process is left, and no zombie", no_process_left);
    cases.run(asked.filter())
}

fn contract(kernel: &str, contract: &Path) -> Result<()> {
    let seen = on(CONTRACT, kernel, contract, NODES).seen()?;
    let last = seen.out.lines().last().unwrap_or_default();
    println!("{last}");
    ensure!(seen.ok() && last == format!("{CASES} passed, 0 failed"), "{}", seen.both());
    Ok(())
}

/// As many cases as the program has.
const BY_C_LIBRARY: u32 = 13;

fn c_library() -> Result<()> {
    let cameras = ["/dev/video40=vivid,rate=120", "/dev/video45=unicam,rate=120"];
    let seen = on(&cameras, "6.12", below_target("release/c_library"), "").seen()?;
    let last = seen.out.lines().last().unwrap_or_default();
    ensure!(seen.ok() && last == format!("{BY_C_LIBRARY} passed, 0 failed"), "{}", seen.both());
    Ok(())
}

/// Steps for each node of the differential test.
const OPERATIONS: u32 = 300;

/// The same calls on cameras and on the simulator, result by result.
fn differential(kernel: &str, program: &Path) -> Result<()> {
    let formats = "offsets=on,formats=YUYV+NV12+NM12+NM16+YM12+GREY+RGB3";
    let profiles = ["vivid", "vivid-mplane", "vivid-output", "vivid-output-mplane", "vivid-output"];
    let cameras: Vec<String> = (profiles.iter().enumerate())
        .map(|(number, profile)| {
            let formats = if profile.ends_with("mplane") { formats } else { "offsets=on" };
            format!("/dev/video{number}={profile},faults=on,inputs=on,requests=on,{formats}")
        })
        .collect();
    let cameras: Vec<&str> = cameras.iter().map(String::as_str).collect();
    let words = format!(
        "--kernel {kernel} --operations {OPERATIONS} --seed 7 --lender /dev/video4 /dev/video0 /dev/video1 /dev/video2 /dev/video3"
    );
    let seen = on(&cameras, kernel, program, &words).seen()?;
    ensure!(seen.ok(), "{}", seen.both());
    Ok(())
}

/// Exit status and signals are the program's.
fn statuses(cases: &mut Cases) {
    for (words, expected) in [("exit 7", 7), ("kill -SEGV $$", 139), ("kill -KILL $$", 137), ("exec /no/such", 127)] {
        cases.add(format!("status {expected}: {words}"), move || {
            let mut run = runner();
            let seen = run.words("run -- sh -c").arg(words).seen()?;
            ensure!(seen.status == expected, "status {}: {}", seen.status, seen.both());
            Ok(())
        });
    }
    cases.add("a signal to the runner is the program's", || {
        let script = "trap 'echo caught; exit 5' TERM; while :; do sleep 0.1; done";
        let mut timeout = line("timeout 1");
        let seen = timeout.arg(below_target("release/vidbuf-sim")).words("run -- sh -c").arg(script).seen()?;
        // timeout reports its own status.
        ensure!(seen.status == 124 && seen.out == "caught\n", "status {}: {}", seen.status, seen.both());
        Ok(())
    });
    cases.add("the runner killed: the program gets errors and does not hang", || {
        let script =
            "(sleep 0.5; kill -KILL $PPID) & while v4l2-ctl -d /dev/video0 --get-fmt-video >/dev/null; do :; done";
        let seen = limited(20, runner().words("run -- sh -c").arg(script)).seen()?;
        ensure!(seen.status == 137, "status {}: {}", seen.status, seen.both());
        Ok(())
    });
}

/// One sentence that says what to write.
fn sentences(cases: &mut Cases) {
    for (words, expected) in [
        ("run --camera /dev/cam -- true", "use /dev/video0 to /dev/video255"),
        ("run --camera /dev/video0=kinect -- true", "use one of: vivid, "),
        ("run --camera /dev/video0=uvc,size=1x1 -- true", "use size=WIDTHxHEIGHT"),
        ("run --camera /dev/video0 --camera /dev/video0=uvc -- true", "give each camera a path of its own"),
        ("run --kernel 5.0 -- true", "use 6.1, 6.12 or 6.19"),
        ("run", "PROGRAM"),
    ] {
        cases.add(format!("a sentence: {words}"), move || {
            let seen = runner().words(words).seen()?;
            ensure!(seen.status != 0 && seen.err.contains(expected), "status {}: {}", seen.status, seen.both());
            Ok(())
        });
    }
    cases.add("a runner in a runner: a sentence", || {
        let program = below_target("release/vidbuf-sim");
        let seen = on(&[FAST], "6.12", program, "run -- true").seen()?;
        ensure!(seen.status == 125 && seen.err.contains("run it outside of that"), "{}", seen.both());
        Ok(())
    });
    cases.add("check: everything that is needed is here", || runner().arg("check").go());
    for profile in ["vivid", "vivid-output-mplane", "uvc", "webcam", "unicam", "rp1-cfe", "hdmi"] {
        cases.add(format!("list: {profile}"), move || {
            let text = runner().arg("list").text()?;
            ensure!(text.lines().any(|line| line.split(' ').next() == Some(profile)), "{text}");
            Ok(())
        });
    }
}

/// Children of the program that outlive it are collected, and the runner's own process that removes its folder ends.
fn no_process_left() -> Result<()> {
    let marker = format!("marker-{}", std::process::id());
    let script = "(sleep 0.1 &); sleep 0.5; ps -o stat= --ppid $PPID";
    let seen = runner().words("run -- sh -c").args([script, &marker]).seen()?;
    ensure!(seen.ok() && !seen.out.contains('Z'), "{}", seen.both());
    let lives = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let lines = processes.filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok());
        lines.filter(|line| line.contains(&marker)).count()
    };
    for _ in 0..100 {
        if lives() == 0 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    anyhow::bail!("{} processes are left", lives())
}

/// The folders of names go with their runners; other runners may be at work.
fn nothing_left() -> Result<()> {
    let folder = place::emptied("any-program/tmp")?;
    for script in ["ls /dev >/dev/null", "kill -KILL $PPID"] {
        let mut run = runner();
        run.env("TMPDIR", &folder).words("run -- sh -c").arg(script);
        let _its_status_is_of_no_interest = run.seen()?;
    }
    for _ in 0..100 {
        if std::fs::read_dir(&folder)?.next().is_none() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let left: Vec<PathBuf> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    anyhow::bail!("{left:?}")
}
