//! Explores the small model and prints what it found; see the library's documentation.
//!
//! - `vidbuf-model [DEPTH]`: the whole model. Fails on a counterexample.
//! - `vidbuf-model --first [DEPTH]`: up to the first counterexample.
//! - `vidbuf-model --driver-scribbles [DEPTH]`: with a driver that must be caught.
//! - `vidbuf-model --part DEPTH`: without the demand that everything remarkable is met.
//! - `vidbuf-model --cells SCRATCH DEPTH`: a copy of the workspace it is run in, whose threads can be interrupted before every
//!   access to the queue's shared numbers.
//! - `vidbuf-model --mutants SCRATCH`: breaks copies of the workspace it is run in, below the folder SCRATCH, and explores those.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use vidbuf_model::{Small, explore, mutants};

/// Choices from the start that are explored if nobody says otherwise: more than it takes to see every state.
const DEPTH: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--mutants") || has("--cells") {
        let scratch = arguments.get(1).map_or_else(|| PathBuf::from("target/mutants"), PathBuf::from);
        return copies(&scratch, has("--cells").then(|| arguments.get(2).map_or("32", String::as_str)));
    }
    let depth = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(DEPTH);
    let began = std::time::Instant::now();
    let outcome = explore(Small { scribbles: has("--driver-scribbles"), blocking: has("--blocking") }, depth, has("--first"));
    for (claim, path) in &outcome.counterexamples {
        println!("not so: {claim}: {path:?}");
    }
    let unmet = if has("--part") { &[] } else { &outcome.unmet[..] };
    for unmet in unmet {
        println!("never met: {unmet}");
    }
    println!(
        "{}{} states explored by {} steps to depth {} in {:.1} s",
        if outcome.complete { "all " } else { "" },
        outcome.states,
        outcome.steps,
        outcome.depth,
        began.elapsed().as_secs_f32()
    );
    if outcome.counterexamples.is_empty() && unmet.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is done with copies of the workspace, below `scratch`: explored access by access to a depth, or broken.
fn copies(scratch: &Path, cells: Option<&str>) -> ExitCode {
    let scratch = std::path::absolute(scratch).unwrap_or_else(|_| scratch.into());
    let outcome = match cells {
        Some(depth) => mutants::explore_cells(Path::new("."), &scratch, depth)
            .map(|holds| (usize::from(holds), usize::from(!holds))),
        None => mutants::run(Path::new("."), &scratch),
    };
    match outcome {
        Ok((passed, failed)) => {
            println!("{passed} passed, {failed} failed");
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
