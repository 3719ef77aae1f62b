//! Every program of the folders 3 and z (opt-levels), seen by strace, by callgrind, by the clock; for `bench/run`. What was seen goes
//! to /out, in files of the program's name.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen};

/// Frames of the short and of the long run.
pub struct Runs<'a> {
    pub short: &'a str,
    pub long: &'a str,
}

pub fn run(checks: &mut Checks, runs: &Runs<'_>) {
    checks.quietly(all(runs));
}

/// vidbuf alone, with the positions of its instructions.
pub fn profile(checks: &mut Checks, runs: &Runs<'_>) {
    let one = |opt: &str| {
        folder(opt)?;
        callgrind(&format!("{opt}/vidbuf"), &[&node("VIVID_CAP"), runs.short, runs.long], &["--compress-pos=no"])
    };
    checks.quietly(one("3").and_then(|()| one("z")));
}

fn all(runs: &Runs<'_>) -> Outcome {
    let growth = growth_words(runs)?;
    let growth: Vec<&str> = growth.iter().map(String::as_str).collect();
    for opt in ["3", "z"] {
        folder(opt)?;
        // First, because it has all cameras make 60 frames a second.
        callgrind(&format!("{opt}/growth"), &growth, &[])?;
    }
    traced("3/growth", &growth)?;
    let capture = node("VIVID_CAP");
    let programs = programs()?;
    for program in &programs {
        callgrind(program, &[&capture, runs.short, runs.long], &[])?;
        if has_camera(program) {
            traced(program, &[&capture, runs.short, runs.long])?;
            memory(program, &[&capture, "1", runs.short, "wait"])?;
        }
    }
    // In turns, so that whatever changes meanwhile changes for all.
    for _ in 0..3 {
        for program in programs.iter().filter(|program| has_camera(program)) {
            timed(program, &[&capture, runs.short, runs.long])?;
        }
    }
    Ok(())
}

fn folder(opt: &str) -> Outcome {
    fs::create_dir_all(format!("/out/{opt}")).map_err(|error| error.to_string())
}

/// The programs but `growth`, in order, as `3/name`.
fn programs() -> Result<Vec<String>, String> {
    let mut programs = Vec::new();
    for opt in ["3", "z"] {
        for entry in fs::read_dir(opt).map_err(|error| format!("{opt}: {error}"))? {
            programs.push(format!("{opt}/{}", entry.map_err(|error| error.to_string())?.file_name().to_string_lossy()));
        }
    }
    programs.retain(|program| !program.ends_with("/growth"));
    programs.sort();
    Ok(programs)
}

fn has_camera(program: &str) -> bool {
    !program.ends_with("/empty") && !program.ends_with("/nothing")
}

/// The multi-planar node, then all others.
fn growth_words(runs: &Runs<'_>) -> Result<Vec<String>, String> {
    let planes = node("VIVID_CAP_MPLANE");
    let mut cameras = Vec::new();
    for entry in fs::read_dir("/sys/class/video4linux").map_err(|error| error.to_string())? {
        cameras.push(format!("/dev/{}", entry.map_err(|error| error.to_string())?.file_name().to_string_lossy()));
    }
    cameras.sort();
    cameras.retain(|camera| *camera != planes);
    let words = [runs.short.to_owned(), runs.long.to_owned(), planes];
    Ok(words.into_iter().chain(cameras).collect())
}

fn ended_well(program: &mut Command) -> Outcome {
    let seen = seen(program)?;
    ensure(seen.status == 0, || format!("{program:?} ended with status {}: {}", seen.status, seen.both))
}

/// What the program prints is in NAME.lines.
fn callgrind(program: &str, words: &[&str], more: &[&str]) -> Outcome {
    let said = File::create(format!("/out/{program}.lines")).map_err(|error| error.to_string())?;
    let mut valgrind = line("valgrind -q --tool=callgrind --dump-before=mark --combine-dumps=yes");
    valgrind.args(more).arg(format!("--callgrind-out-file=/out/{program}.callgrind")).arg(program).args(words);
    let status = valgrind.stdout(said).status().map_err(|error| error.to_string())?;
    ensure(status.success(), || format!("{valgrind:?}: {status}"))
}

fn traced(program: &str, words: &[&str]) -> Outcome {
    ended_well(line(&format!("strace -f -o /out/{program}.strace {program}")).args(words))
}

/// A program that waits for the end of its input stands still while its memory is looked at.
fn memory(program: &str, words: &[&str]) -> Outcome {
    let told = |error: std::io::Error| format!("{program}: {error}");
    let mut child =
        Command::new(program).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(told)?;
    let out = child.stdout.take().ok_or("no pipe")?;
    for line in BufReader::new(out).lines() {
        if line.map_err(told)? == "waiting" {
            let maps = fs::read(format!("/proc/{}/smaps", child.id())).map_err(told)?;
            fs::write(format!("/out/{program}.smaps"), maps).map_err(told)?;
            drop(child.stdin.take());
        }
    }
    let status = child.wait().map_err(told)?;
    let looked_at = Path::new(&format!("/out/{program}.smaps")).exists();
    ensure(status.success() && looked_at, || format!("{program} while its memory was looked at: {status}"))
}

fn timed(program: &str, words: &[&str]) -> Outcome {
    use std::io::Write;
    let seen = seen(Command::new(program).args(words))?;
    ensure(seen.status == 0, || format!("{program} ended with status {}: {}", seen.status, seen.both))?;
    let times: String =
        seen.out.lines().filter_map(|line| line.strip_prefix("nanoseconds ")).map(|time| format!("{time}\n")).collect();
    let file = File::options().create(true).append(true).open(format!("/out/{program}.time"));
    file.and_then(|mut file| file.write_all(times.as_bytes())).map_err(|error| error.to_string())
}
