//! `tests/run contract [GUEST...]`: the contract by state. Runs the contract on the simulator and in guests, and prints which call was
//! made in which state, how it ended, and where: what is not tested is an empty cell. What is in it was seen, not claimed
//! (`tests/src/watched.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;

use crate::cross::cargo::{LINUX, Library, built, cross};
use crate::cross::toolchain;
use crate::guest::boot::Boot;
use crate::place::{self, below_target};
use crate::process::{Go, cargo};
use crate::workspace;

/// Where to run it.
#[derive(Args)]
pub struct Options {
    /// Guests, beside the simulator
    #[arg(default_values_t = ["amd64-6.1", "amd64-6.12"].map(String::from))]
    guests: Vec<String>,
    /// Names the cases of each cell, too
    #[arg(long)]
    cases: bool,
}

/// What the calls are called in the table.
fn label(call: &str) -> &str {
    match call {
        "Free" => "REQBUFS(0)",
        "Map" => "mmap",
        "Unmap" => "munmap",
        "Poll" => "poll",
        other => other,
    }
}

/// States that a queue can be in, and the calls that its type lets reach the driver there.
const STATES: &[(&str, &[&str])] = &[
    ("Idle", &["REQBUFS"]),
    ("Requested", &["Free", "QUERYBUF"]),
    ("Queried", &["Free", "QUERYBUF", "Map"]),
    ("Mapped", &["Map", "Unmap", "QBUF", "STREAMON", "STREAMOFF"]),
    ("Streaming", &["QBUF", "DQBUF", "Poll", "STREAMOFF"]),
    // Without a buffer that could come back the queue does not call DQBUF.
    ("Starved", &["QBUF", "Poll", "STREAMOFF"]),
    ("Failed", &["QBUF", "DQBUF", "Poll", "STREAMOFF"]),
    // The queue remembers that the device is gone: it neither waits nor starts a stream.
    ("Unplugged", &["REQBUFS", "Free", "QUERYBUF", "Map", "Unmap", "QBUF", "DQBUF", "STREAMOFF"]),
];

const CALLS: &[&str] =
    &["REQBUFS", "Free", "QUERYBUF", "Map", "Unmap", "QBUF", "DQBUF", "Poll", "STREAMON", "STREAMOFF"];

/// By state and call: how it ended, where, and in which cases.
type Cells = BTreeMap<(String, String), BTreeMap<String, BTreeMap<String, BTreeSet<String>>>>;

/// Prints the table.
pub fn contract(options: &Options) -> Result<ExitCode> {
    let mut cells = Cells::new();
    let mut simulator = cargo("test --locked -p vidbuf-tests --test contract -- --nocapture");
    read(&mut cells, "sim", &simulator.env("CONTRACT_CELLS", "1").text()?)?;
    for guest in &options.guests {
        let name = guest.trim_start_matches("amd64-").to_owned();
        read(&mut cells, &name, &in_guest(guest)?)?;
    }
    let places: Vec<String> = std::iter::once("sim".to_owned())
        .chain(options.guests.iter().map(|guest| guest.trim_start_matches("amd64-").to_owned()))
        .collect();
    print!("{}", table(&cells, &places));
    if options.cases {
        print!("{}", cases(&cells));
    }
    Ok(ExitCode::SUCCESS)
}

fn in_guest(guest: &str) -> Result<String> {
    let files = place::emptied("contract-files")?;
    let target = if guest.starts_with("arm64") { LINUX[0] } else { LINUX[1] };
    let program = if guest.starts_with("amd64") {
        workspace::for_guests("--quiet --bin contract")?.join("contract")
    } else {
        toolchain::fetch()?;
        cross(target, Library::Std, "build --quiet --release -p vidbuf-tests --bin contract")?.go()?;
        built().join(target).join("release/contract")
    };
    std::fs::copy(program, files.join("contract"))?;
    let words = r#"CONTRACT_CELLS=1 exec contract "$VIVID_CAP" "$VIVID_CAP_MPLANE" "$VIVID_OUT" "$VIVID_OUT_MPLANE""#;
    let mut boot = Boot::new(guest)?.counted().command(&files, &["sh", "-c", words]);
    let printed = below_target("tests").join(format!("contract-{guest}.log"));
    boot.printed = Some(printed.clone());
    boot.limit = 900;
    boot.go()?;
    Ok(std::fs::read_to_string(printed)?)
}

/// Adds the lines `cell DEVICE STATE CALL OUTCOME CASE` of an output, which tabs separate.
fn read(cells: &mut Cells, place: &str, output: &str) -> Result<()> {
    let mut count = 0;
    for line in output.lines() {
        // A test harness may have begun the line.
        let Some((_, rest)) = line.split_once("cell\t") else { continue };
        if let [_, state, call, outcome, case] = rest.split('\t').collect::<Vec<_>>()[..] {
            let outcomes = cells.entry((state.into(), call.into())).or_default();
            outcomes.entry(outcome.into()).or_default().entry(place.into()).or_default().insert(case.into());
            count += 1;
        }
    }
    ensure!(count > 0, "nothing was seen on {place}");
    Ok(())
}

fn table(cells: &Cells, places: &[String]) -> String {
    let mut table = format!(
        "\nCalls by state, how they ended, and where if not everywhere (everywhere: {}). A dash: the queue's type does not let the call\n\
         reach the driver. EMPTY: it could, and no case does.\n\n| state | {} |\n|---|{}\n",
        places.join(", "),
        CALLS.iter().map(|call| label(call)).collect::<Vec<_>>().join(" | "),
        "---|".repeat(CALLS.len())
    );
    let mut empty = 0;
    for (state, possible) in STATES {
        table += &format!("| {state} |");
        for call in CALLS {
            let cell = match cells.get(&((*state).into(), (*call).into())) {
                Some(outcomes) => {
                    outcomes.iter().map(|(outcome, seen)| ended(outcome, seen, places)).collect::<Vec<_>>().join("; ")
                }
                None if possible.contains(call) => {
                    empty += 1;
                    "EMPTY".into()
                }
                None => "-".into(),
            };
            table += &format!(" {cell} |");
        }
        table += "\n";
    }
    table + &format!("\n{empty} cells are empty\n")
}

fn ended(outcome: &str, seen: &BTreeMap<String, BTreeSet<String>>, places: &[String]) -> String {
    if places.iter().all(|place| seen.contains_key(place)) {
        return outcome.into();
    }
    format!("{outcome} ({})", seen.keys().cloned().collect::<Vec<_>>().join(" "))
}

/// A line for each outcome of each cell, with its cases.
fn cases(cells: &Cells) -> String {
    let mut text = String::new();
    for ((state, call), outcomes) in cells {
        for (outcome, places) in outcomes {
            let names: BTreeSet<&String> = places.values().flatten().collect();
            let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
            text += &format!("\n{state}, {call}, {outcome}: {}", names.join(", "));
        }
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untested_call_is_an_empty_cell() {
        let mut cells = Cells::new();
        let output =
            "cell\t/dev/video0\tIdle\tREQBUFS\tok\tone\ntest x ... cell\td\tStreaming\tDQBUF\tEIO\ttwo\nother\n";
        read(&mut cells, "sim", output).unwrap();
        read(&mut cells, "6.1", "cell\td\tIdle\tREQBUFS\tok\tone\n").unwrap();
        assert!(read(&mut cells, "6.12", "nothing").is_err());
        let table = table(&cells, &["sim".into(), "6.1".into()]);
        assert!(table.contains("| Idle | ok | - | - |"), "{table}");
        assert!(table.contains("| Streaming | - | - | - | - | - | EMPTY | EIO (sim) | EMPTY | - | EMPTY |"), "{table}");
        assert!(cases(&cells).contains("Streaming, DQBUF, EIO: two\n"));
    }
}
