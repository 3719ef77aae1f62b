//! `tests/run [all | quick | no-guests | STEP...]`: runs steps.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser};

use super::ahead::Running;
use crate::schedule::{Job, Manner};
use crate::steps::{self, Lane, Step};
use crate::{announce, place, schedule, summary};

/// How steps are run.
#[derive(Args, Clone, Default)]
pub struct Options {
    /// Only the cases whose name has this in it, where the step has cases
    #[arg(long, value_name = "WORD")]
    filter: Option<String>,
    /// Goes on after a step that failed
    #[arg(long)]
    keep_going: bool,
    /// Words for the step itself, after `--`
    #[arg(last = true, value_name = "WORDS")]
    rest: Vec<String>,
}

/// Every step, in three lanes.
pub fn all(options: &Options) -> Result<ExitCode> {
    let lane = |lane| steps::ALL.iter().filter(move |step| step.lane == lane).collect();
    run(vec![lane(Lane::Host), lane(Lane::Programs), lane(Lane::Guests)], options)
}

/// The quick ones.
pub fn quick(options: &Options) -> Result<ExitCode> {
    run(vec![steps::ALL.iter().filter(|step| step.quick).collect()], options)
}

/// Those that need no guest.
pub fn no_guests(options: &Options) -> Result<ExitCode> {
    let needs_none = |step: &&Step| step.lane != Lane::Guests && !step.fetches.iter().any(|thing| thing.is_of_guests());
    run(vec![steps::ALL.iter().filter(needs_none).collect()], options)
}

/// A line with names of steps.
#[derive(Parser)]
#[command(name = "tests/run")]
struct Named {
    /// Steps
    #[arg(required = true)]
    steps: Vec<String>,
    #[command(flatten)]
    options: Options,
}

/// The steps that are named, in that order.
pub fn named(words: &[String]) -> Result<ExitCode> {
    let line = std::iter::once("tests/run".to_owned()).chain(words.iter().cloned());
    let named = Named::parse_from(line);
    let mut lane = Vec::new();
    for name in &named.steps {
        let Some(step) = steps::by_name(name) else {
            let names: Vec<_> = steps::ALL.iter().map(|step| step.name).collect();
            bail!("there is no step {name}; there are: {}", names.join(" "));
        };
        lane.push(step);
    }
    run(vec![lane], &named.options)
}

fn run(lanes: Vec<Vec<&'static Step>>, options: &Options) -> Result<ExitCode> {
    let began = Instant::now();
    let order: Vec<_> = lanes.iter().flatten().map(|step| step.name.to_owned()).collect();
    let logs = place::below_target("tests");
    std::fs::create_dir_all(&logs).with_context(|| logs.display().to_string())?;
    for name in &order {
        // An old log is nobody's output.
        let _ = std::fs::remove_file(logs.join(format!("{name}.log")));
    }
    announce::announce(&lanes.concat())?;
    // A lane does not wait for what arrives while it builds something else.
    let _ahead = if order.len() > 1 { Some(Running::start(&lanes, &logs)?) } else { None };
    let job = |step: &&Step| {
        let mut command = Command::new(place::runner());
        command.args(["step", step.name]);
        if let Some(filter) = &options.filter {
            command.arg("--filter").arg(filter);
        }
        if !options.rest.is_empty() {
            command.arg("--").args(&options.rest);
        }
        let whole = options.filter.is_none() && options.rest.is_empty();
        let least = if whole { step.least } else { 0 };
        Job { name: step.name.into(), command, least, apart: step.apart }
    };
    let screen: schedule::Screen = schedule::on_standard_output;
    let live = (lanes.len() == 1).then_some(screen);
    let jobs = lanes.iter().map(|lane| lane.iter().map(job).collect()).collect();
    let done = schedule::run(jobs, &Manner { logs: &logs, keep_going: options.keep_going, live });
    print!("{}", summary::summary(&order, &done, began.elapsed()));
    let all_ran = done.len() == order.len();
    Ok(if all_ran && summary::total(&done).failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
