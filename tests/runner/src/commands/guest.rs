//! `tests/run guest NAME [COMMAND]`: a guest by hand.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Args;

use crate::guest::boot::{Boot, LOST};
use crate::guest::{driver, kind};
use crate::needs;

/// A guest, and what runs in it.
#[derive(Args)]
pub struct Options {
    /// The guest: amd64-6.1, amd64-6.12, arm64-6.1, arm64-16k-6.12, armhf-6.1
    name: String,
    /// Names of drivers (tests/drivers.toml), with commas
    #[arg(long, default_value = "vivid")]
    drivers: String,
    /// Parameters of the last driver, instead of those in the table
    #[arg(long)]
    parameters: Option<String>,
    /// More for the kernel's command line
    #[arg(long, default_value = "")]
    kernel_args: String,
    /// Processors
    #[arg(long, default_value_t = 2)]
    smp: u32,
    /// Memory in MB
    #[arg(long)]
    memory: Option<u32>,
    /// Guest time counts instructions and skips idleness; one processor
    #[arg(long)]
    counted: bool,
    /// Seconds after which it has failed; a shell has a day
    #[arg(long)]
    time_limit: Option<u32>,
    /// A program of this machine that comes along, with its libraries
    #[arg(long, value_name = "PROGRAM")]
    with: Vec<String>,
    /// The folder that the command finds as its own (/t)
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Where what the command leaves in /out comes back to
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// A file for console and output
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// The command; `sh` alone, on a terminal, is a shell
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<String>,
}

/// Boots it. The status is the command's own; 125 when the guest did not come to an end or could not be made, 126 when its
/// kernel complained.
pub fn guest(options: &Options) -> Result<ExitCode> {
    match boot(options).and_then(|boot| boot.run()) {
        Ok(status) => Ok(ExitCode::from(u8::try_from(status).unwrap_or(u8::MAX))),
        Err(why) => {
            eprintln!("tests/run guest: {why:#}");
            Ok(ExitCode::from(LOST as u8))
        }
    }
}

fn boot(options: &Options) -> Result<Boot> {
    needs::ensure(kind::needs(&options.name))?;
    let mut boot = Boot::new(&options.name)?;
    boot.drivers = driver::named(&options.drivers)?;
    if let (Some(parameters), Some((_, driver))) = (&options.parameters, boot.drivers.last_mut()) {
        driver.parameters.clone_from(parameters);
    }
    if let Some(files) = &options.files {
        ensure!(files.is_dir(), "{} is no folder", files.display());
    }
    boot.kernel_arguments.clone_from(&options.kernel_args);
    boot.processors = options.smp;
    boot.kind.processor.memory = options.memory.unwrap_or(boot.kind.processor.memory);
    if options.counted {
        boot = boot.counted();
    }
    boot.with.clone_from(&options.with);
    boot.files.clone_from(&options.files);
    boot.out.clone_from(&options.out);
    boot.log.clone_from(&options.log);
    let shell = options.command == ["sh"] && std::io::stdin().is_terminal();
    boot.command = if shell { Vec::new() } else { options.command.clone() };
    boot.limit = options.time_limit.unwrap_or(if shell { 86_400 } else { 300 });
    Ok(boot)
}
