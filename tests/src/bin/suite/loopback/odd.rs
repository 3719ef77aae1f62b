//! Oddities of other drivers, on vivid: `odd_driver.c` is between the program and the driver.

use super::capture;
use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen};

pub fn run(checks: &mut Checks) {
    let vivid = node("VIVID_CAP");
    let environment = |odd: &str| [("ODD", odd.to_owned()), ("LD_PRELOAD", "/t/odd_driver.so".to_owned())];
    let library = |odd: &str| -> Outcome {
        let mut program = line(&format!("timeout -s KILL 10 odd_driver {odd} {vivid}"));
        let seen = seen(program.envs(environment(odd)))?;
        ensure(seen.status == 0, || format!("status {}: {}", seen.status, seen.both))
    };
    let example = |odd: &str, words: &str| {
        capture::run("capture-libc", &format!("--device {vivid} --frames 3 {words}"), &environment(odd))
    };
    checks.check("two buffers with one cookie: refused, nothing is mapped", library("same-cookie"));
    checks.check(
        "two buffers with one cookie: the example has words for it",
        example("same-cookie", "").and_then(|run| run.refuses("VIDIOC_QUERYBUF")),
    );
    checks.check("formats without end: listing them ends", library("endless-formats"));
    checks.check(
        "formats without end: the example ends",
        example("endless-formats", "--format H264").and_then(|run| run.refuses("H264")),
    );
    checks.check("sizes without end: listing them ends", library("endless-sizes"));
    checks.check("names without a NUL are read", library("no-nul"));
    checks.check("names without a NUL: the example takes frames", example("no-nul", "").and_then(|run| run.takes()));
    checks.check("a frame interval of 0/0 is read", library("no-rate"));
    checks
        .check("a frame interval of 0/0: the example takes frames", example("no-rate", "").and_then(|run| run.takes()));
}
