//! Fuzz targets for a minute each, side by side: any program against any simulated driver and against its node, and vidbuf-linux
//! against anything that a kernel can return. SECONDS_EACH in the environment changes the minute, SEED where it begins: always at the same
//! place, so that a change fails for what it did; SEED=0 begins somewhere new. Inputs that were found are kept as
//! target/fuzz/TARGET/crash-*.

use std::fs::{self, File};

use anyhow::{Result, bail, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{HOST, below_target};
use crate::process::{Go, command, nightly};
use crate::tools;

const TARGETS: [&str; 3] = ["simulator", "kernel", "node"];

/// What `cargo fuzz build` (0.13.2) gives the compiler: AddressSanitizer, libFuzzer's coverage, one codegen unit so that the counters
/// do not keep functions from being inlined. Building cargo-fuzz would take longer than building the targets.
const FLAGS: &str = "-Zsanitizer=address --cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-sanitizer-coverage-stack-depth \
     -Cllvm-args=-simplifycfg-branch-fold-threshold=0";

/// The step.
pub fn fuzz(asked: &Asked) -> Result<()> {
    tools::needs_nightly()?;
    let folder = below_target("fuzz");
    nightly("fetch --locked --manifest-path tests/fuzz/Cargo.toml").persist()?;
    let mut build = nightly("build --locked --release --manifest-path tests/fuzz/Cargo.toml --target");
    build.arg(HOST).arg("--target-dir").arg(&folder).env("RUSTFLAGS", FLAGS).go()?;

    let environment = |name: &str, otherwise: &str| std::env::var(name).unwrap_or_else(|_| otherwise.into());
    let (seconds, seed) = (environment("SECONDS_EACH", "60"), environment("SEED", "1"));
    let mut running = Vec::new();
    for name in TARGETS {
        let own = folder.join(name);
        fs::create_dir_all(own.join("corpus"))?;
        let log = File::create(own.join("log"))?;
        // From its seeds, where the corpus of earlier runs grows. libFuzzer ends by itself.
        let mut target = command(folder.join(HOST).join("release").join(name));
        target.arg(own.join("corpus")).arg(format!("-artifact_prefix={}/", own.display()));
        target
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-seed={seed}"))
            .words("-print_final_stats=1 -verbosity=0");
        running.push((name, own, target.stdout(log.try_clone()?).stderr(log).spawn()?));
    }
    let mut cases = Cases::new();
    for (name, own, mut child) in running {
        let ended = child.wait()?;
        let log = String::from_utf8_lossy(&fs::read(own.join("log"))?).into_owned();
        cases.add(name, move || {
            let executions = log.lines().find_map(|line| line.split_once("number_of_executed_units:"));
            if ended.success() {
                let Some((_, executions)) = executions else { bail!("libFuzzer counted no execution") };
                println!("{name}: {} executions, no fault", executions.trim());
                ensure!(executions.trim().parse::<u64>()? > 0, "nothing was executed");
                return Ok(());
            }
            let why: Vec<&str> = log
                .lines()
                .skip_while(|line| !line.contains("panicked") && !line.contains("ERROR: "))
                .take(12)
                .collect();
            bail!("{}\nthe input is in {}", why.join("\n"), own.display());
        });
    }
    cases.run(asked.filter())
}
