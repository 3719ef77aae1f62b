//! `bench/run`: puts vidbuf on the scales, beside what people would otherwise use. Nothing depends on how fast or busy this machine is:
//! instructions and system calls are counted, and time is the time of an emulated processor that does one instruction a nanosecond.

mod build;
mod guest;
mod peers;
pub use peers::Peers;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::guest::boot::Boot;
use crate::guest::{driver, image};
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command, line};
use crate::{measure, workspace};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Everything: prints the tables, writes target/bench/RESULTS.md and scales.svg
    All,
    /// The same, but writes bench/RESULTS.md, and its first lines into the README
    Results,
    /// Where the instructions of a frame are, source line by source line
    Profile,
    /// Only what the budgets are about, without other people's crates: what tests/run runs
    Check,
}

/// Frames of a short and a long run: their difference is what so many frames cost.
#[derive(Clone, Copy)]
struct Frames {
    short: u32,
    long: u32,
}

const IN_GUEST: Frames = Frames { short: 20, long: 120 };
const WITHOUT_KERNEL: Frames = Frames { short: 100, long: 1100 };

/// Where everything is.
struct Bench {
    mode: Mode,
    guest: String,
    /// What the guest gets.
    files: PathBuf,
    /// What was counted.
    raw: PathBuf,
}

impl Bench {
    fn is_check(&self) -> bool {
        self.mode == Mode::Check
    }
}

/// The folder of all that is built and counted.
fn folder(path: impl AsRef<Path>) -> PathBuf {
    below_target("bench").join(path)
}

/// Programs of this machine that it takes.
pub const NEEDS: &[&str] = &["cc", "git", "size", "strip", "strace", "valgrind"];

/// Measures. GUEST in the environment names another guest, LIBCLANG=no leaves out the crates that need libclang.
///
/// # Errors
///
/// What does not build or run, and figures above their budgets.
pub fn bench(mode: Mode) -> Result<()> {
    let guest = std::env::var("GUEST").unwrap_or_else(|_| "amd64-6.1".into());
    // Before anything else: the figures are of what is built next.
    let revision = words::revision()?;
    let bench = Bench { mode, guest, files: place::emptied("bench/files")?, raw: place::emptied("bench/raw")? };
    for part in ["kernel", "core/3", "core/z", "core/3-critical"] {
        fs::create_dir_all(bench.raw.join(part))?;
    }
    image::fetch(&bench.guest)?;
    cargo("fetch --locked").persist()?;
    cargo("fetch --locked --manifest-path bench/peers/Cargo.toml").persist()?;
    if mode == Mode::Profile {
        build::profiled(&bench)?;
        guest::profile(&bench)?;
        return scales(&bench, &["--profile".into()]);
    }
    println!("bench: building");
    build::frames()?;
    build::programs(&bench)?;
    build::weigh(&bench)?;
    println!("bench: counting without a kernel");
    without_kernel(&bench)?;
    println!("bench: counting on {}", bench.guest);
    guest::count(&bench)?;
    fs::write(bench.raw.join("words"), words::words(&bench, &revision)?)?;
    report(&bench)
}

fn without_kernel(bench: &Bench) -> Result<()> {
    for build in ["3", "z", "3-critical"] {
        let count = bench.raw.join("core").join(build).join("frames");
        let mut valgrind = line("valgrind -q --tool=callgrind --dump-before=mark --combine-dumps=yes");
        valgrind.arg(format!("--callgrind-out-file={}.callgrind", count.display())).arg(folder("frames").join(build));
        let Frames { short, long } = WITHOUT_KERNEL;
        let said = valgrind.args([short.to_string(), long.to_string()]).text()?;
        fs::write(count.with_extension("lines"), said)?;
    }
    Ok(())
}

fn report(bench: &Bench) -> Result<()> {
    let mut words: Vec<String> = vec!["--budgets".into(), "bench/budgets.toml".into()];
    let chart = folder("scales.svg").display().to_string();
    match bench.mode {
        Mode::All => {
            words.extend(["--results".into(), folder("RESULTS.md").display().to_string(), "--chart".into(), chart])
        }
        Mode::Check => words.push("--self-test".into()),
        Mode::Results => {
            words.extend(["--results", "bench/RESULTS.md", "--chart", &chart, "--readme", "README.md"].map(Into::into));
            // What `tests/run bare_metal boards` measured last, if it did.
            match measure::table() {
                Ok(table) => {
                    let path = bench.raw.join("processors");
                    fs::write(&path, table)?;
                    words.extend(["--processors".into(), path.display().to_string()]);
                }
                Err(why) => println!(
                    "bench: other processors: {why:#}: their figures stay; tests/run bare_metal boards measures them"
                ),
            }
        }
        Mode::Profile => {}
    }
    scales(bench, &words)
}

fn scales(bench: &Bench, words: &[String]) -> Result<()> {
    let all =
        [IN_GUEST.short, IN_GUEST.long, WITHOUT_KERNEL.short, WITHOUT_KERNEL.long].map(|number| number.to_string());
    workspace::unoptimised("build", "--quiet --bin scales").go()?;
    let mut scales = command(below_target("debug/scales"));
    scales.arg(&bench.raw).arg("--frames").arg(all.join(",")).args(words).go().context("the scales")
}

/// A guest with what the bench wants: counted time, valgrind.
fn boot(bench: &Bench) -> Result<Boot> {
    let mut boot = Boot::new(&bench.guest)?.counted();
    boot.drivers = driver::named("vivid-17")?;
    boot.with = vec!["valgrind".into()];
    boot.out = Some(bench.raw.join("kernel"));
    boot.limit = 900;
    Ok(boot)
}
