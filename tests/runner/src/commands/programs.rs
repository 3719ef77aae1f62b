//! `tests/run programs`: programs of other people on simulated cameras. Writes `backend-sim/run/PROGRAMS.md`. It takes some minutes, and
//! what it installs is large: quick ones are in the step `any_program`.

mod list;
pub mod made;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;

use crate::place::{self, below_target};
use crate::process::{Go, command, limited, line};
use list::{ALL, Program};

/// Which programs.
#[derive(Args)]
pub struct Options {
    /// Only programs with this in their name; nothing is written then
    filter: Option<String>,
}

/// Seconds that a program has.
const LIMIT: u64 = 90;

/// Runs them, and writes the table.
pub fn programs(options: &Options) -> Result<ExitCode> {
    made::make()?;
    let wanted = |program: &&Program| options.filter.as_deref().is_none_or(|filter| program.name.contains(filter));
    let mut rows = String::new();
    let mut failed = 0;
    for program in ALL.iter().filter(wanted) {
        let outcome = run(program)?;
        let (works, text) = match &outcome {
            Ok(text) => ("works", text),
            Err(text) => ("**fails**", text),
        };
        failed += u32::from(outcome.is_err());
        println!("{:<24} {:<40} {works} {text}", program.name, program.does);
        let Program { name, does, before, .. } = program;
        let now = format!("{works} {text}");
        // Writing to a string cannot fail.
        let _ = writeln!(rows, "| {name} | {} | {does} | {} | {before} |", version(program), now.trim());
    }
    println!("{} passed, {failed} failed", ALL.iter().filter(wanted).count() - failed as usize);
    if options.filter.is_none() {
        fs::write(place::root().join("backend-sim/run/PROGRAMS.md"), table(&rows)?)?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn table(rows: &str) -> Result<String> {
    let (date, system) = (line("date +%F").text()?, made::system()?);
    Ok(format!(
        "# Programs on cameras of `vidbuf-sim run`\n\nWritten by `tests/run programs` on {}, {}, x86-64, as {}. No program is changed. \
         Frames are compared byte by byte where a number of them stands. \"Before\" is what the preloaded library did, which the runner \
         replaces, on 26 November 2026.\n\n| program | version | what it does | now | before |\n|---|---|---|---|---|\n{rows}\n{}",
        date.trim(),
        system,
        if made::is_root() { "root" } else { "an unprivileged user" },
        include_str!("programs/notes.md"),
    ))
}

/// The folder of scripts.
fn here() -> PathBuf {
    place::root().join("tests/programs")
}

/// The command that runs a program.
fn on_cameras(program: &Program, out: &Path) -> Command {
    let mut run = command(below_target("release/vidbuf-sim"));
    run.arg("run").args(program.cameras.iter().flat_map(|camera| ["--camera", camera])).args(["--", "sh", "-c"]);
    run.arg(program.script);
    run.current_dir(out).env("OUT", out).env("BIN", below_target("release")).env("MADE", made::folder());
    run.env("HERE", here()).env("PYTHON", made::python());
    limited(LIMIT, &run)
}

/// Runs it: what it did, or what went wrong.
fn run(program: &Program) -> Result<Result<String, String>> {
    let out = place::emptied("programs/out")?;
    let seen = on_cameras(program, &out).seen()?;
    let text = seen.both();
    fs::write(below_target("programs").join(format!("{}.log", program.name.replace('/', "-"))), &text)?;
    let last = || text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    if !program.shows.split('|').any(|shown| text.contains(shown)) || !seen.ok() {
        return Ok(Err(format!("(status {}: {})", seen.status, last().replace('|', "/"))));
    }
    let Some((format, size, count)) = program.frames else { return Ok(Ok(String::new())) };
    let mut look = command(below_target("release/simulated_frames"));
    let seen = look.args([format, size, &count.to_string()]).arg(out.join("frames")).seen()?;
    let first = seen.out.lines().next().unwrap_or_default();
    let what = first.rsplit_once(": ").map_or(first, |(_, what)| what).to_owned();
    Ok(if seen.ok() { Ok(format!("({what})")) } else { Err(format!("({what})")) })
}

fn version(program: &Program) -> String {
    let text = match program.version.split_once(':') {
        Some(("crate", version)) => return version.into(),
        Some((_, package)) => {
            let text = command(made::python()).words("-m pip show").arg(package).text().unwrap_or_default();
            text.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap_or_default().to_owned()
        }
        None if program.version.is_empty() => String::new(),
        None => command("dpkg-query").args(["-W", "-f", "${Version}", program.version]).text().unwrap_or_default(),
    };
    // Without Debian's part.
    let short = text.split_once(':').map_or(&*text, |(_, rest)| rest);
    short.split(['-', '+']).next().unwrap_or_default().into()
}
