//! What runs in a guest: checks on a real kernel's drivers. Ends with one line `N passed, M failed`.
//!
//! - `suite vivid`: the contract, the capture example, counts, recordings
//! - `suite board PAGE`: the same on another processor, whose pages have so many KiB; and what the firmware example takes
//! - `suite footprint`: what the firmware example takes, in /out/results
//! - `suite firmware`: every way in which the firmware example can end
//! - `suite loopback VERSION`: v4l2loopback, and vivid behind a driver made odd
//! - `suite driver NAME`: a driver other than vivid, as the capture example meets it
//! - `suite scales SHORT LONG`, `suite profile SHORT LONG`: what a frame costs, for `bench/run`
//! - `suite differential OPERATIONS SEED`: vivid beside the simulator

mod board;
mod checks;
mod differential;
mod driver;
mod firmware;
mod footprint;
mod loopback;
mod programs;
mod scales;
mod usb;
mod vivid;

use std::process::ExitCode;

use checks::Checks;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut checks = Checks::new();
    match words[..] {
        ["vivid"] => vivid::run(&mut checks),
        ["board", page] => board::run(&mut checks, page),
        ["footprint"] => footprint::run(&mut checks),
        ["firmware"] => firmware::run(&mut checks),
        ["loopback", version] => loopback::run(&mut checks, version),
        ["driver", name] => driver::run(&mut checks, name),
        ["scales", short, long] => scales::run(&mut checks, &scales::Runs { short, long }),
        ["profile", short, long] => scales::profile(&mut checks, &scales::Runs { short, long }),
        ["differential", operations, seed] => differential::run(&mut checks, operations, seed),
        _ => {
            eprintln!("suite: unknown words {words:?}");
            return ExitCode::FAILURE;
        }
    }
    checks.end()
}
