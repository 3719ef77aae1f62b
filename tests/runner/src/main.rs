//! Runs vidbuf's tests. `tests/README.md` describes how to work with it.

mod announce;
mod apt;
mod bench;
mod cases;
mod commands;
mod count;
mod cross;
mod endings;
mod fetch;
mod guest;
mod lock;
mod measure;
mod needs;
mod newer;
mod once;
mod place;
mod process;
mod schedule;
mod steps;
mod summary;
mod tools;
mod tree;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// All tests by one command; without arguments everything is run, with names of steps these are.
#[derive(Parser)]
#[command(name = "tests/run", disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Option<Order>,
    #[command(flatten)]
    run: commands::run::Options,
}

#[derive(Subcommand)]
enum Order {
    /// Every step; names of steps are commands, too
    All(commands::run::Options),
    /// Format, lints, documentation, tests of this machine: in two minutes
    Quick(commands::run::Options),
    /// Everything that needs no guest and no other processor
    NoGuests(commands::run::Options),
    /// The steps, with what they check
    List,
    /// Fetches what guests and other processors need, without running anything
    Fetch(commands::fetch::Options),
    /// Runs a command in a guest with a real kernel; `sh` gives a shell
    Guest(commands::guest::Options),
    /// Measures what a frame costs; `bench/run` calls it
    Bench(commands::bench::Options),
    /// Changes a crate in one place after the other; prints the changes that no test notices
    Mutants(commands::mutants::Options),
    /// Other people's programs on simulated cameras; writes backend-sim/run/PROGRAMS.md
    Programs(commands::programs::Options),
    /// What programs do when their camera fails; writes backend-sim/run/FAULTS.md
    Faults(commands::faults::Options),
    /// Records v4l2-compliance's verdicts on the real vivid driver
    Record(commands::record::Options),
    /// The kernel's headers of a Debian release
    #[command(hide = true)]
    Headers(commands::headers::Options),
    /// Makes sure of programs of this machine
    #[command(hide = true)]
    Need(commands::need::Options),
    /// The contract by state: which call is tested in which state, on what
    Contract(commands::contract::Options),
    /// What the library takes on each processor, as last measured
    Table,
    /// Fetches what these steps will want
    #[command(hide = true)]
    Ahead(commands::ahead::Options),
    /// One step, in this process
    #[command(hide = true)]
    Step(steps::Asked),
}

fn main() -> ExitCode {
    place::runner();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_command = |word: &str| word.starts_with('-') || Line::command().find_subcommand(word).is_some();
    let outcome = match words.first() {
        Some(first) if !is_command(first) => commands::run::named(&words),
        _ => run(Line::parse()),
    };
    match outcome {
        Ok(code) => code,
        Err(why) => {
            eprintln!("tests/run: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(line: Line) -> anyhow::Result<ExitCode> {
    match line.command {
        None => commands::run::all(&line.run),
        Some(Order::All(options)) => commands::run::all(&options),
        Some(Order::Quick(options)) => commands::run::quick(&options),
        Some(Order::NoGuests(options)) => commands::run::no_guests(&options),
        Some(Order::List) => commands::list::list(),
        Some(Order::Fetch(options)) => commands::fetch::fetch(&options),
        Some(Order::Guest(options)) => commands::guest::guest(&options),
        Some(Order::Bench(options)) => commands::bench::bench(&options),
        Some(Order::Mutants(options)) => commands::mutants::mutants(&options),
        Some(Order::Programs(options)) => commands::programs::programs(&options),
        Some(Order::Faults(options)) => commands::faults::faults(&options),
        Some(Order::Record(options)) => commands::record::record(&options),
        Some(Order::Headers(options)) => commands::headers::headers(&options),
        Some(Order::Need(options)) => commands::need::need(&options),
        Some(Order::Contract(options)) => commands::contract::contract(&options),
        Some(Order::Table) => commands::table::table(),
        Some(Order::Ahead(options)) => commands::ahead::ahead(&options),
        Some(Order::Step(asked)) => steps::here(&asked),
    }
}
