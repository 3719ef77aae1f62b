//! The program: arguments, runs, tables.

use std::process::ExitCode;

use vidbuf_sim::Errno;

use super::kernel::Real;
use super::memories::Memories;
use super::run::{Subject, Tally};
use super::{show, subject};
use lexopt::prelude::*;

struct Arguments {
    operations: u64,
    seed: u64,
    lender: String,
    kernel: Option<String>,
    breaks: Option<String>,
    nodes: Vec<String>,
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let seed = clock.as_nanos() as u64 & 0xffff_ffff;
    let mut arguments =
        Arguments { operations: 10_000, seed, lender: String::new(), kernel: None, breaks: None, nodes: Vec::new() };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("operations") => arguments.operations = parser.value()?.parse()?,
            Long("seed") => arguments.seed = parser.value()?.parse()?,
            Long("lender") => arguments.lender = parser.value()?.string()?,
            Long("kernel") => arguments.kernel = Some(parser.value()?.string()?),
            Long("break") => arguments.breaks = Some(parser.value()?.string()?),
            Value(node) => arguments.nodes.push(node.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(arguments)
}

/// The whole program.
pub fn main() -> ExitCode {
    let result = arguments().map_err(|error| error.to_string()).and_then(|arguments| compare(&arguments));
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("differential: {why}");
            println!("0 passed, 1 failed");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> Result<bool, String> {
    let (kernel, release) = subject::running_kernel(arguments.kernel.as_deref())?;
    println!("Linux {release}, seed {}", arguments.seed);
    let (mut passed, mut failed) = (0, 0);
    let memories = Memories::new(&arguments.lender)?;
    let mut rows = Vec::new();
    for path in &arguments.nodes {
        let (mut subject, real) = Subject::new(path, kernel, arguments.kernel.is_some(), memories.clone())?;
        let good = match &arguments.breaks {
            Some(way) => {
                subject.damage(way)?;
                finds(arguments, &subject, real, way)?
            }
            None => {
                let (row, good) = agrees(arguments, &subject, real, &release)?;
                rows.push(row);
                good
            }
        };
        if good { passed += 1 } else { failed += 1 }
    }
    if !rows.is_empty() {
        println!("{}", show::HEAD);
        rows.iter().for_each(|row| println!("{row}"));
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0 && passed > 0)
}

/// Runs sequences until enough operations were compared, or five diverged. Answers the table's row.
fn agrees(arguments: &Arguments, subject: &Subject, mut real: Real, release: &str) -> Result<(String, bool), String> {
    let mut tally = Tally::default();
    let (mut sequences, mut divergences) = (0_u64, 0);
    while tally.total() < arguments.operations && divergences < 5 {
        let seed = arguments.seed.wrapping_add(sequences);
        let (back, divergence) = subject.run(real, seed, &mut tally)?;
        real = back;
        sequences += 1;
        if let Some(divergence) = divergence {
            divergences += 1;
            println!("{}: seed {seed} differs at step {}, shortening", subject.path, divergence.steps.len());
            let (back, divergence) = subject.shorten(real, divergence)?;
            real = back;
            show::divergence(subject, &divergence);
        }
    }
    let counted: Vec<String> = tally.steps.iter().map(|(name, count)| format!("{name} {count}")).collect();
    println!("{}: {}", subject.path, counted.join(", "));
    let refusals: Vec<String> = (tally.refused.iter())
        .map(|((name, error), count)| {
            format!("{name} {} {count}", Errno::from_raw(*error).and_then(Errno::name).unwrap_or("?"))
        })
        .collect();
    println!("{}: refused by both: {}", subject.path, refusals.join(", "));
    let (total, refused) = (tally.total(), tally.refused.values().sum::<u64>());
    let row = format!("| {release} | {} | {sequences} | {total} | {refused} | {divergences} |", subject.name);
    Ok((row, divergences == 0))
}

/// The longest that a shortened sequence may be for a simulator broken on purpose.
const SHORT: usize = 10;

/// Runs sequences until the broken simulator is found out, and shortens the one that did it.
fn finds(arguments: &Arguments, subject: &Subject, mut real: Real, way: &str) -> Result<bool, String> {
    let mut tally = Tally::default();
    let mut seed = arguments.seed;
    while tally.total() < arguments.operations {
        let (back, divergence) = subject.run(real, seed, &mut tally)?;
        real = back;
        seed = seed.wrapping_add(1);
        if let Some(divergence) = divergence {
            let long = divergence.steps.len();
            let (_, divergence) = subject.shorten(real, divergence)?;
            let short = divergence.steps.len();
            println!("broken ({way}): found after {} operations, {long} steps shortened to {short}", tally.total() + 1);
            show::divergence(subject, &divergence);
            return Ok(short <= SHORT);
        }
    }
    println!("broken ({way}): not found in {} operations", tally.total());
    Ok(false)
}
