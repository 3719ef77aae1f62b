//! `tests/run headers SUITE`: the kernel's headers of a Debian release, in `target/headers/SUITE`; the folder is printed last.

use std::fs;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::apt::{self, Apt};
use crate::process::{Go, line};
use crate::{needs, once, place};

/// Which.
#[derive(Args)]
pub struct Options {
    /// The release
    suite: String,
}

/// Fetches them, unless they are there.
pub fn headers(options: &Options) -> Result<ExitCode> {
    needs::ensure(&["apt-get", "dpkg-deb"])?;
    let folder = place::below_target("headers").join(&options.suite);
    once::made(&folder, "1", |new| {
        let apt = Apt::new(&options.suite, &apt::native()?, false)?;
        let debs = apt.download(&["linux-libc-dev"])?;
        let version = line("dpkg-deb --field").arg(&debs[0]).arg("Version").text()?;
        apt::unpack(&debs[0], new, &[])?;
        Ok(fs::write(new.join("version"), version.trim())?)
    })?;
    println!("{}", folder.display());
    Ok(ExitCode::SUCCESS)
}
