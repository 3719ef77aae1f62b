//! Explores the small model and prints what it found; see the library's documentation.
//!
//! - `vidbuf-model [DEPTH]`: the whole model. Fails on a counterexample.
//! - `vidbuf-model --first [DEPTH]`: up to the first counterexample.
//! - `vidbuf-model --driver-scribbles [DEPTH]`: with a driver that must be caught.
//! - `vidbuf-model --mutants SCRATCH`: breaks copies of the workspace it is run in, below the folder SCRATCH, and explores those.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use vidbuf_model::{Small, explore, mutants};

/// Choices from the start that are explored if nobody says otherwise: more than it takes to see every state.
const DEPTH: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--mutants") {
        let scratch = arguments.get(1).map_or_else(|| PathBuf::from("target/mutants"), PathBuf::from);
        return break_it(&scratch);
    }
    let depth = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(DEPTH);
    let began = std::time::Instant::now();
    let outcome = explore(Small { scribbles: has("--driver-scribbles") }, depth, has("--first"));
    for (claim, path) in &outcome.counterexamples {
        println!("not so: {claim}: {path:?}");
    }
    for unmet in &outcome.unmet {
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
    if outcome.counterexamples.is_empty() && outcome.unmet.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn break_it(scratch: &Path) -> ExitCode {
    let scratch = std::path::absolute(scratch).unwrap_or_else(|_| scratch.into());
    match mutants::run(Path::new("."), &scratch) {
        Ok((caught, missed)) => {
            println!("{caught} mutants caught, {missed} not");
            println!("{caught} passed, {missed} failed");
            if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("mutants: {error}");
            ExitCode::FAILURE
        }
    }
}
