//! What `bench/run` has measured, as tables, chart and verdict.
//!
//! `scales FOLDER --frames SHORT,LONG,FEW,MANY --budgets FILE [--results FILE [--processors FILE]] [--chart FILE] [--readme FILE]
//! [--self-test]`
//! or `scales FOLDER --frames SHORT,LONG,FEW,MANY --profile`.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::Arg::{Long, Value};
use lexopt::ValueExt as _;
use vidbuf_bench::figures::{Figures, Lengths};
use vidbuf_bench::verdict::{self, Budgets};
use vidbuf_bench::{chart, results, table};

#[path = "scales/profile.rs"]
mod profile;

#[derive(Default)]
struct Arguments {
    folder: PathBuf,
    frames: String,
    budgets: PathBuf,
    results: Option<PathBuf>,
    processors: Option<PathBuf>,
    chart: Option<PathBuf>,
    readme: Option<PathBuf>,
    self_test: bool,
    profile: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("scales: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = read_arguments()?;
    let lengths = Lengths::parse(&arguments.frames).ok_or("--frames wants four numbers")?;
    if arguments.profile {
        profile::print(&arguments.folder, lengths)?;
        return Ok(true);
    }
    let mut figures = Figures::read(&arguments.folder, lengths)?;
    for build in ["3", "z", "3-critical"] {
        if let Some(number) = table::hand_over(&figures, &format!("core.{build}")) {
            figures.numbers.insert(format!("core.{build}.hand-over"), number);
        }
    }
    let budgets = Budgets::parse(&read(&arguments.budgets)?)?;
    println!("\n{}{}", results::summary(&figures), table::all(&figures));
    if let Some(path) = &arguments.results {
        let processors = arguments.processors.as_deref().map(read).transpose()?;
        let before = fs::read_to_string(path).unwrap_or_default();
        fs::write(path, results::file(&figures, processors.as_deref(), &before))?;
    }
    if let Some(path) = &arguments.chart {
        chart::draw(&figures, path)?;
    }
    if let Some(path) = &arguments.readme {
        let readme = results::with_summary(&read(path)?, &results::summary(&figures));
        fs::write(path, readme.ok_or("the README has no place for the figures")?)?;
    }
    let lines = verdict::weigh(&budgets, &figures);
    for line in &lines {
        println!("{} {}: {}", if line.kept { "kept  " } else { "BROKEN" }, line.name, line.words);
    }
    let kept = lines.iter().filter(|line| line.kept).count();
    println!("{kept} passed, {} failed", lines.len() - kept);
    let mut good = kept == lines.len();
    if arguments.self_test {
        good &= self_test(&budgets, &figures);
    }
    Ok(good)
}

/// Whether each budget can be broken: lowered to just below what was measured, it must be, and no other.
fn self_test(budgets: &Budgets, figures: &Figures) -> bool {
    let broken = |budgets: &Budgets| -> Vec<String> {
        verdict::weigh(budgets, figures).into_iter().filter(|line| !line.kept).map(|line| line.name).collect()
    };
    let before = broken(budgets);
    let (mut found, mut missed) = (0, 0);
    for (name, number) in budgets.most.keys().filter_map(|name| Some((name, figures.number(name)?))) {
        let mut lowered = budgets.clone();
        lowered.most.insert(name.clone(), number - 0.01);
        let after = broken(&lowered);
        if after.contains(name) && after.iter().all(|other| other == name || before.contains(other)) {
            found += 1;
        } else {
            println!("FAILED: the budget of {name}, lowered, is not missed");
            missed += 1;
        }
    }
    for family in budgets.flat.keys() {
        let mut lowered = budgets.clone();
        lowered.flat.insert(family.clone(), -50.0);
        if broken(&lowered).contains(family) {
            found += 1;
        } else {
            println!("FAILED: the budget of {family}, lowered, is not missed");
            missed += 1;
        }
    }
    println!("each budget, lowered below what was measured, is found broken:\n{found} passed, {missed} failed");
    missed == 0
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn read_arguments() -> Result<Arguments, lexopt::Error> {
    let mut arguments = Arguments::default();
    let mut parser = lexopt::Parser::from_env();
    let path = |value: OsString| PathBuf::from(value);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(folder) => arguments.folder = folder.into(),
            Long("frames") => arguments.frames = parser.value()?.string()?,
            Long("budgets") => arguments.budgets = path(parser.value()?),
            Long("results") => arguments.results = Some(path(parser.value()?)),
            Long("processors") => arguments.processors = Some(path(parser.value()?)),
            Long("chart") => arguments.chart = Some(path(parser.value()?)),
            Long("readme") => arguments.readme = Some(path(parser.value()?)),
            Long("profile") => arguments.profile = true,
            Long("self-test") => arguments.self_test = true,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(arguments)
}
