//! Processors without an operating system: the crates build, the lifecycle runs on the simulator in emulated boards, its log comes out
//! and is decoded, and a queue takes no more than its budget.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::{Asked, logged, logs};
use crate::cases::Cases;
use crate::cross::cargo::{Library, built, cross};
use crate::cross::toolchain;
use crate::measure::{self, Results};
use crate::place::below_target;
use crate::process::{Go, cargo, command, limited};

/// A board: its target, what it is, the emulator and its words.
type Board = (&'static str, &'static str, &'static str, &'static str);

const BOARDS: [Board; 3] = [
    (
        "thumbv6m-none-eabi",
        "QEMU, Cortex-M0",
        "qemu-system-arm",
        "-machine microbit -global nrf51-soc.sram-size=131072",
    ),
    ("thumbv7em-none-eabihf", "QEMU, Cortex-M4", "qemu-system-arm", "-machine mps2-an386"),
    // The libraries that it wants came with the emulator for Arm.
    ("riscv32imac-unknown-none-elf", "QEMU, RV32", "riscv/usr/bin/qemu-system-riscv32", "-machine virt -bios none"),
];

/// The step.
pub fn bare_metal(asked: &Asked) -> Result<()> {
    toolchain::fetch()?;
    cargo("fetch --locked --manifest-path tests/bare/Cargo.toml").persist()?;
    logged::decoder()?;
    let mut cases = Cases::new();
    for board in BOARDS {
        let target = board.0;
        cases.add(format!("{target}: builds"), move || builds(target));
        cases.add(format!("{target}: runs"), move || runs(board));
        cases.add(format!("{target}: logs"), move || {
            let log = std::fs::read_to_string(frames(target).with_extension("log"))?;
            logged::whole_lifecycle(&log, 101)?;
            // What only `Drop` could report, and what the program logs.
            ensure!(log.contains(" warn  dropping a queue left buffers "), "nothing of Drop");
            ensure!(
                log.lines().any(|line| line.ends_with(" info  100 frames, 0 wrong, 1 flagged bad, 2 lost")),
                "nothing of the program"
            );
            Ok(())
        });
        cases.add(format!("{target}: no log unless asked for"), move || {
            let count = logs::symbols_of_defmt(&program(target, "one_queue"))?;
            ensure!(count == 0, "{count} symbols of defmt");
            measured(board)
        });
        measure::within_budgets(&mut cases, target)?;
    }
    cases.run(asked.filter())
}

fn program(target: &str, name: &str) -> PathBuf {
    built().join(target).join("release").join(name)
}

fn frames(target: &str) -> PathBuf {
    below_target("targets").join(format!("{target}.frames"))
}

/// Without features, as a firmware has them where atomics are; then with all: critical sections and logs.
fn builds(target: &str) -> Result<()> {
    // Unoptimised: whatever its profile, Rust's own library is another one for libraries than for programs, which are optimised when
    // they are linked.
    cross(target, Library::Core, "build --quiet -p vidbuf -p vidbuf-sim")?.env("CARGO_PROFILE_DEV_DEBUG", "0").go()?;
    cross(target, Library::Core, "build --quiet --release --manifest-path tests/bare/Cargo.toml --bin one_queue")?
        .go()?;
    let mut lifecycle = cross(
        target,
        Library::Core,
        "build --quiet --release --manifest-path tests/bare/Cargo.toml --bin lifecycle --features lifecycle",
    )?;
    lifecycle.env("DEFMT_LOG", "trace").go()
}

/// Instructions are the clock: how busy this machine is does not matter.
fn runs((target, _, emulator, machine): Board) -> Result<()> {
    let emulator = if emulator.contains('/') { toolchain::part(emulator) } else { emulator.into() };
    let program = program(target, "lifecycle");
    let mut qemu = command(emulator);
    qemu.words(machine)
        .words("-display none -monitor none -serial none -icount shift=4 -semihosting-config enable=on,target=native");
    let seen = limited(120, qemu.arg("-kernel").arg(&program)).stdout(File::create(frames(target))?).go();
    let log = logged::decoded(&program, &frames(target))?;
    let lines: Vec<&str> = log.lines().collect();
    let (first, last) = (lines.iter().take(12), lines.iter().skip(lines.len().saturating_sub(7).max(12)));
    first.for_each(|line| println!("{line}"));
    println!("... {} lines from {} bytes", lines.len(), std::fs::metadata(frames(target))?.len());
    last.for_each(|line| println!("{line}"));
    seen
}

fn measured((target, place, ..): Board) -> Result<()> {
    let program = program(target, "one_queue");
    let mut results = Results::new(target)?;
    results.add("builds", "yes")?;
    results.add("runs", place)?;
    results.add("size", measure::sections(&program, &[".text", ".rodata", ".data"])?)?;
    results.add("text", measure::lifecycle_code(&program)?)?;
    results.add(
        "ram",
        measure::symbol(&program, "SINGLE_PLANAR_QUEUE")? + measure::sections(&program, &[".bss", ".data"])?,
    )?;
    results.add("multi_planar_ram", measure::symbol(&program, "MULTI_PLANAR_QUEUE")?)
}
