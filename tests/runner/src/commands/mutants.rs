//! `tests/run mutants PACKAGE [ARGUMENT...]`: changes a published crate in one place after the other and prints the changes that no test
//! on this machine notices (<https://mutants.rs>). Not a step: it takes an hour. The lists are in `target/mutants/PACKAGE/mutants.out`.
//!
//! Left out: what is not compiled on this machine (32-bit time) or only formats for defmt; emulators and guests run these. The second
//! half of core/src/atomic.rs is compiled under critical sections only, and so always in the list.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::process::{Go, cargo, command};
use crate::{place, tools};

/// What to change.
#[derive(Args)]
pub struct Options {
    /// vidbuf or vidbuf-linux
    package: String,
    /// For cargo-mutants: `--file core/src/copy.rs` for one file, `--iterate` for what an earlier run did not find caught
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Quick tests, a few seconds each, as paths below `tests/tests`.
const QUICK: [&str; 5] = ["answers/main", "every_call_fails", "first_frame", "hostile", "issue_9"];

/// Runs cargo-mutants.
pub fn mutants(options: &Options) -> Result<ExitCode> {
    let out = place::below_target("mutants").join(&options.package);
    fs::create_dir_all(&out)?;
    let more: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    let all_caught = match options.package.as_str() {
        "vidbuf" => {
            let small = small(&out)?;
            // First with the quick tests alone, then what these did not notice, with the slow ones.
            run(&out, &options.package, &small, "vidbuf,quick", &["-C--lib"], &more)? || {
                let mut more = more.clone();
                if !more.contains(&"--iterate") {
                    more.insert(0, "--iterate");
                }
                let tests = ["-C--test=contract", "-C--test=properties", "-C--test=threads", "-C--test=allocations"];
                run(&out, &options.package, place::root(), "vidbuf,vidbuf-tests", &tests, &more)?
            }
        }
        "vidbuf-linux" => {
            let tests = [
                "-C--features=use-libc",
                "-C--lib",
                "-C--test=calls",
                "-C--test=signals",
                "-C--test=signals_without_timer",
            ];
            run(&out, &options.package, place::root(), "vidbuf-linux", &tests, &more)?
        }
        other => bail!("no tests are known for {other}"),
    };
    Ok(if all_caught { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run(out: &Path, package: &str, folder: &Path, testing: &str, tests: &[&str], more: &[&str]) -> Result<bool> {
    let debug = |command: &mut Command| {
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        // What is built is a copy, in memory where there is some.
        if Path::new("/dev/shm").is_dir() {
            command.env("TMPDIR", "/dev/shm");
        }
    };
    // Tests that fail anyway would catch every change.
    let mut first = cargo("test --quiet");
    first
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", out.join("unmutated"))
        .args(testing.split(',').map(|name| format!("--package={name}")));
    first.args(tests.iter().chain(more).filter_map(|word| word.strip_prefix("-C")));
    debug(&mut first);
    first.go().with_context(|| {
        format!("these tests fail on {package} as it is, and so would show nothing; nothing was mutated")
    })?;
    let mut mutants = command("nice");
    mutants.arg(tools::cargo_mutants()?.join("cargo-mutants")).arg("mutants").arg("--dir").arg(folder);
    mutants.args(["--package", package, "--test-package", testing, "--output"]).arg(out);
    mutants.args([
        "--exclude",
        "**/time32.rs",
        "--exclude-re",
        "defmt::Format",
        "--cap-lints=true",
        "--baseline=skip",
        "--timeout=60",
    ]);
    mutants.args(tests).args(more);
    debug(&mut mutants);
    let status = mutants.status().map(crate::process::status)?;
    // 2: some were missed, 3: some took too long. Anything else is no result.
    ensure!(matches!(status, 0 | 2 | 3), "cargo-mutants ended with status {status}");
    Ok(status == 0)
}

/// A workspace of the crate, the simulator and the quick tests.
fn small(out: &Path) -> Result<PathBuf> {
    let small = out.join("small");
    if small.exists() {
        fs::remove_dir_all(&small)?;
    }
    fs::create_dir_all(small.join("quick/src"))?;
    for from in ["core", "backend-sim", "backend-linux/abi", "rust-toolchain.toml", "Cargo.lock", "tests/tests"] {
        command("cp").arg("-r").arg(from).arg(&small).go()?;
    }
    let manifest = fs::read_to_string(place::root().join("Cargo.toml"))?;
    let line = |line: &str| match line {
        line if line.starts_with("vidbuf-linux") => String::new(),
        line if line.starts_with("members = ") => "members = [\"core\", \"backend-sim\", \"abi\", \"quick\"]\n".into(),
        line => line.replace("\"backend-linux/abi\"", "\"abi\"") + "\n",
    };
    fs::write(small.join("Cargo.toml"), manifest.lines().map(line).collect::<String>())?;
    let quick = "[package]\nname = \"quick\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nvidbuf.workspace = true\nvidbuf-sim.workspace = true\n";
    fs::write(small.join("quick/Cargo.toml"), quick)?;
    let modules =
        QUICK.map(|name| format!("#[path = \"../../tests/{name}.rs\"]\nmod {};\n", name.trim_end_matches("/main")));
    fs::write(small.join("quick/src/lib.rs"), format!("#![cfg(test)]\n{}", modules.concat()))?;
    Ok(small)
}
