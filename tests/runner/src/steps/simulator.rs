//! The simulator's examples, one for each fault that a firmware meets, with the reaction that is right; and what a lifecycle costs
//! on it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command, line};
use crate::workspace;

/// Each asserts what it shows and closes with this line.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("interrupted", "", "interrupted: 36 calls, each interrupted once, no frame and no buffer lost"),
    ("time_out", "", "time_out: 10 frames, 5 silences, 1 restart; a dead source is given up after 9 silences"),
    (
        "unplugged",
        "",
        "unplugged: between frames and within each of 40 calls, nothing stays mapped, and it streams again",
    ),
    ("error_frame", "", "error_frame: 10 good frames and 3 skipped; a broken source is given up after 5 in a row"),
    ("short_frame", "", "short_frame: whole lines 240, 100, 0, 240; no byte behind the payload was looked at"),
    (
        "sequence_gap",
        "",
        "sequence_gap: 6 frames lost by the source, 4 by a program that held every buffer, none by the wrap",
    ),
    ("fewer_buffers", "", "fewer_buffers: 6 of 6, 4 and 3 granted, and 6 of a smaller format"),
    (
        "source_change",
        "",
        "source_change: adopted after EIO, after EPIPE and after silence; refused with EPIPE when not adopted",
    ),
    ("replay", "", "replay: 89 frames in 2 streams as recorded, 20 lost, 2 flagged bad, 2 queue errors or unplugs"),
    (
        "replay",
        "backend-sim/recordings/vivid-mplane.trace",
        "replay: 20 frames in 1 streams as recorded, 0 lost, 0 flagged bad, 0 queue errors or unplugs",
    ),
];

/// Every example. And the tutorial under critical sections; without them it is among the documentation tests.
pub fn examples(asked: &Asked) -> Result<()> {
    let words: String = EXAMPLES.iter().map(|(name, ..)| format!(" --example {name}")).collect();
    workspace::unoptimised("build", &words).go()?;
    let folder = below_target("debug/examples");
    let mut cases = Cases::new();
    for &(name, arguments, expected) in EXAMPLES {
        let example = folder.join(name);
        cases.add(format!("{name} {arguments}").trim_end(), move || {
            let printed = command(example).words(arguments).text()?;
            let last = printed.lines().last().unwrap_or_default();
            println!("{last}");
            ensure!(last == expected, "expected: {expected}");
            Ok(())
        });
    }
    let replay = folder.join("replay");
    cases.add("replay sees a difference of one microsecond", move || other_recording(&replay));
    cases.add("every example is run, here or by the step that measures speed", || {
        for entry in fs::read_dir(place::root().join("backend-sim/examples"))? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let run = name == "speed" || EXAMPLES.iter().any(|(example, ..)| *example == name);
            ensure!(run || path.extension().is_none_or(|end| end != "rs"), "{name} is not run");
        }
        Ok(())
    });
    let cases = cases.run(asked.filter());
    let mut documentation =
        cargo("test --locked --quiet --doc -p vidbuf-sim --features critical-section,vidbuf/critical-section");
    documentation.args(asked.test_filter()).go().context("documentation tests under critical sections")?;
    cases
}

fn other_recording(replay: &Path) -> Result<()> {
    let recording = place::root().join("backend-sim/recordings/vivid.trace");
    let text = fs::read_to_string(&recording)?;
    ensure!(text.contains("timestamp=348626"), "the recording has no such frame");
    let other = below_target("tests/other.trace");
    fs::write(&other, text.replacen("timestamp=348626", "timestamp=348627", 1))?;
    let seen = command(replay).arg(recording).arg(other).seen()?;
    println!("{}", seen.both().trim_end());
    let words = seen.both();
    let told = words.split_once("timestamp=348626").is_some_and(|(_, rest)| rest.contains("seen 348627"));
    ensure!(seen.status == 1 && told, "status {}: took another recording for the same", seen.status);
    Ok(())
}

/// A kind of run, how much longer the second run is, and the most instructions that a cycle may take. What was measured is in
/// backend-sim/README.md.
const LIMITS: &[(&str, u64, u64)] = &[("node", 10_000, 950), ("queue", 10_000, 1900), ("picture", 100, 230_000)];

/// What one lifecycle cycle (enqueue, complete, dequeue) costs on the simulator: cycles a second, which depend on the machine, and
/// instructions, which do not and have a limit here.
pub fn speed(asked: &Asked) -> Result<()> {
    let speed = workspace::optimised("")?.join("examples/speed");
    let mut cases = Cases::new();
    let program = speed.clone();
    cases.add("cycles a second", move || command(program).go());
    for &(kind, more, most) in LIMITS {
        let program = speed.clone();
        cases.add(format!("{kind}: at most {most} instructions a cycle"), move || {
            let each = (instructions(&program, kind, 100 + more)? - instructions(&program, kind, 100)?) / more;
            println!("{kind}: {each} instructions a cycle");
            ensure!((1..=most).contains(&each), "{each} instructions a cycle");
            Ok(())
        });
    }
    cases.run(asked.filter())
}

fn instructions(speed: &Path, kind: &str, cycles: u64) -> Result<u64> {
    let mut valgrind = line("valgrind --tool=callgrind --callgrind-out-file=/dev/null");
    let seen = valgrind.arg(speed).arg(kind).arg(cycles.to_string()).seen()?;
    let counted = seen.err.lines().find_map(|line| line.split_once("Collected : "));
    let (_, counted) = counted.with_context(|| format!("valgrind counted nothing: {}", seen.err))?;
    Ok(counted.trim().parse()?)
}
