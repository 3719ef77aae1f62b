//! Explores the small model and prints what it found; see the library's documentation.
//!
//! - `vidbuf-model [DEPTH]`: the whole model, as far as states can be told apart from outside. Fails on a counterexample.
//! - `vidbuf-model --blocking [DEPTH]`: on a device that is open for blocking calls.
//! - `vidbuf-model --until CLAIM [DEPTH]`: up to the first counterexample to this claim.
//! - `vidbuf-model --driver-scribbles [DEPTH]`: with a driver that must be caught.
//! - `vidbuf-model --part DEPTH`: without the demand that everything remarkable is met.
//! - `vidbuf-model --whole SCRATCH ARGUMENTS`: a copy of the workspace it is run in, where states are told apart by the queue's
//!   own numbers, too, with any of the arguments above.
//! - `vidbuf-model --cells SCRATCH ARGUMENTS`: the same, and threads can be interrupted before every access to those numbers.
//! - `vidbuf-model --mutants SCRATCH`: breaks copies, and explores those.
use std::path::Path;
use std::process::ExitCode;

use vidbuf_model::{Small, explore, mutants};

/// Choices from the start that are explored if nobody says otherwise: more than it takes to see every state.
const DEPTH: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(what @ ("--mutants" | "--whole" | "--cells")) = arguments.first().map(String::as_str) {
        let scratch = arguments.get(1).map_or("target/mutants", String::as_str);
        let rest: Vec<&str> = arguments.iter().skip(2).map(String::as_str).collect();
        return copies(what, Path::new(scratch), &rest);
    }
    let depth = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(DEPTH);
    let began = std::time::Instant::now();
    let until = arguments.windows(2).find_map(|pair| (pair[0] == "--until").then_some(&*pair[1]));
    let outcome = explore(Small { scribbles: has("--driver-scribbles"), blocking: has("--blocking") }, depth, until);
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

/// What is done with copies of the workspace, below `scratch`.
fn copies(what: &str, scratch: &Path, arguments: &[&str]) -> ExitCode {
    let scratch = std::path::absolute(scratch).unwrap_or_else(|_| scratch.into());
    let outcome = match what {
        "--mutants" => mutants::run(Path::new("."), &scratch),
        _ => mutants::explore_copy(Path::new("."), &scratch, what == "--cells", arguments)
            .map(|holds| (usize::from(holds), usize::from(!holds))),
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
