//! Other processors with Linux: the contract suite, a hundred frames, the log and the firmware example, in guests with 64-bit Arm, with
//! 64-bit Arm and 16 KiB pages (as a Raspberry Pi 5), and with 32-bit Arm; the firmware example on x86-64, too.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::vivid::{colour_bars, copied, files_below};
use super::{Asked, logged};
use crate::cases::Cases;
use crate::cross::cargo::{LINUX, Library, built, cross};
use crate::cross::toolchain;
use crate::guest::boot::Boot;
use crate::measure::{self, Results};
use crate::place::{self, HOST, below_target};
use crate::process::{Go, cargo};
use crate::workspace;

/// A guest, its target, and the words for what runs in it.
#[derive(Clone, Copy)]
struct Board {
    kind: &'static str,
    target: &'static str,
    suite: &'static [&'static str],
    /// What the table has for its target; a target with two guests is measured in the first.
    measured: Option<&'static str>,
}

const ARM64: &str = LINUX[0];
const ARMHF: &str = LINUX[1];
const BOARDS: [Board; 4] = [
    Board { kind: "arm64-6.1", target: ARM64, suite: &["board", "4"], measured: Some("guests, Cortex-A72 and -A76") },
    Board { kind: "arm64-16k-6.12", target: ARM64, suite: &["board", "16"], measured: None },
    Board { kind: "armhf-6.1", target: ARMHF, suite: &["board", "4"], measured: Some("guest, Cortex-A15") },
    Board { kind: "amd64-6.1", target: HOST, suite: &["footprint"], measured: Some("guest, Linux 6.1") },
];

impl Board {
    fn arm64(self) -> bool {
        self.target == ARM64
    }

    fn native(self) -> bool {
        self.target == HOST
    }

    /// A program that was built for it. On this machine, `suite` is built as the other guests' is.
    fn program(self, name: &str) -> PathBuf {
        match (self.native(), name) {
            (true, "suite") => below_target(HOST).join("release/suite"),
            _ => built().join(self.target).join("release").join(name),
        }
    }

    fn out(self) -> PathBuf {
        below_target("board-out").join(self.kind)
    }

    /// What its guest printed.
    fn log(self) -> PathBuf {
        below_target("board-out").join(format!("{}.log", self.kind))
    }

    /// Runs its guest. What is printed goes into a log.
    fn run(self) -> Result<i32> {
        let files = place::emptied(format!("board-files/{}", self.kind))?;
        let out = place::emptied(format!("board-out/{}", self.kind))?;
        copied(&files, &["firmware", "suite"].map(|name| self.program(name)))?;
        if !self.native() {
            let strace = toolchain::part(if self.arm64() { "arm64" } else { "armhf" }).join("usr/bin/strace");
            copied(&files, &[strace])?;
            copied(
                &files,
                &["contract", "lifecycle", "old_kernel", "examples/capture"].map(|name| self.program(name)),
            )?;
        }
        if self.arm64() {
            copied(&files, &[self.program("logging")])?;
        }
        let words: Vec<&str> = ["suite"].into_iter().chain(self.suite.iter().copied()).collect();
        let mut boot = Boot::new(self.kind)?.counted().command(&files, &words);
        boot.limit = 900;
        boot.out = Some(out);
        boot.printed = Some(self.log());
        if self.native() {
            boot.with = vec!["strace".into()];
        }
        boot.run()
    }
}

/// The step.
pub fn boards(asked: &Asked) -> Result<()> {
    toolchain::fetch()?;
    cargo("fetch --locked").persist()?;
    for package in ["backend-linux/examples/firmware", "backend-linux/examples/logging"] {
        cargo("fetch --locked --manifest-path").arg(format!("{package}/Cargo.toml")).persist()?;
    }
    LINUX.iter().try_for_each(|target| build(target))?;
    build_here()?;
    let decoder = logged::decoder();

    // Two at a time: 32-bit Arm has twice the work, the others go one after the other beside it.
    let ended: Vec<(Board, Result<i32>)> = std::thread::scope(|scope| {
        let (beside, others): (Vec<Board>, Vec<Board>) = BOARDS.iter().partition(|board| board.kind == "armhf-6.1");
        let lanes = [beside, others]
            .map(|lane| scope.spawn(move || lane.into_iter().map(|board| (board, board.run())).collect::<Vec<_>>()));
        lanes.into_iter().filter_map(|lane| lane.join().ok()).flatten().collect()
    });
    decoder?;
    ensure!(ended.len() == BOARDS.len(), "not every guest ran");
    let mut cases = Cases::new();
    let mut lost = Vec::new();
    for (board, status) in ended {
        println!("-- {}", board.kind);
        print!("{}", fs::read_to_string(board.log())?);
        let status = status?;
        if status != 0 {
            lost.push(format!("the guest {} ended with status {status}", board.kind));
        }
        came_back(&mut cases, board)?;
        measured(board)?;
    }
    for target in [HOST, ARM64, ARMHF] {
        measure::within_budgets(&mut cases, target)?;
    }
    let outcome = cases.run(asked.filter());
    ensure!(lost.is_empty(), "{}", lost.join("\n"));
    outcome
}

fn build(target: &str) -> Result<()> {
    println!("{target}: building");
    let programs = "--bin contract --bin lifecycle --bin old_kernel --bin suite --example capture";
    cross(target, Library::Std, &format!("build --quiet --release {} {programs}", workspace::COLOURS))?.go()?;
    // 64-bit only: for 32-bit Arm it would be half a minute more, for a standard library of its own.
    if target == ARM64 {
        let logging = "build --quiet --release --manifest-path backend-linux/examples/logging/Cargo.toml";
        cross(target, Library::Std, logging)?.env("DEFMT_LOG", "trace").go()?;
    }
    cross(target, Library::Core, "build --quiet --release --manifest-path backend-linux/examples/firmware/Cargo.toml")?
        .go()
}

fn build_here() -> Result<()> {
    let mut firmware =
        cargo("build --locked --quiet --release --manifest-path backend-linux/examples/firmware/Cargo.toml");
    firmware.args(["--target", HOST, "--target-dir"]).arg(built()).go()?;
    workspace::for_guests("--quiet --bin suite --bin colour_bars").map(drop)
}

/// Pictures of vivid's colour bars, and a log.
fn came_back(cases: &mut Cases, board: Board) -> Result<()> {
    if board.native() {
        return Ok(());
    }
    let pictures: Vec<PathBuf> =
        files_below(&board.out())?.into_iter().filter(|file| file.ends_with("frame.png")).collect();
    ensure!(!pictures.is_empty(), "no picture came back of {}", board.kind);
    for picture in pictures {
        let name = picture.strip_prefix(below_target("board-out")).unwrap_or(&picture).display().to_string();
        cases.add(format!("{name} shows vivid's colour bars"), move || {
            colour_bars(&below_target(HOST).join("release/colour_bars"), &picture)
        });
    }
    if board.arm64() {
        cases.add(format!("{}: the log has the whole lifecycle", board.kind), move || {
            let log = logged::decoded(&board.program("logging"), &board.out().join("frames"))?;
            logged::whole_lifecycle(&log, 10)
        });
    }
    Ok(())
}

fn measured(board: Board) -> Result<()> {
    let Some(place) = board.measured else { return Ok(()) };
    let program = board.program("firmware");
    let mut results = Results::new(board.target)?;
    results.add("builds", "yes")?;
    results.add("runs", place)?;
    results.add("size", fs::metadata(&program)?.len())?;
    results.add("text", measure::loaded(&program, "R E")?)?;
    // A guest that did not come so far has no figures, and then no budget is kept.
    let figures = fs::read_to_string(board.out().join("results")).unwrap_or_default();
    for line in figures.lines() {
        let (what, value) = line.split_once(' ').with_context(|| line.to_owned())?;
        results.add(what, value)?;
    }
    Ok(())
}
