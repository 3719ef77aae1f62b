//! `tests/run fetch [NAME...]`: fetches what guests and other processors need.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::fetch::{self, Thing};
use crate::guest::kind;
use crate::needs;

/// What to fetch.
#[derive(Args)]
pub struct Options {
    /// Names of guests, `loopback`, `cross`, `compliance`, `older-rust`; without any, everything
    names: Vec<String>,
}

/// Fetches.
pub fn fetch(options: &Options) -> Result<ExitCode> {
    let mut things = Vec::new();
    for name in &options.names {
        things.push(match (name.as_str(), kind::NAMES.iter().find(|kind| *kind == name)) {
            (_, Some(kind)) => Thing::Guest(kind),
            ("cross", _) => Thing::Cross,
            ("compliance", _) => Thing::Compliance,
            ("older-rust", _) => Thing::OlderRust,
            ("loopback", _) => Thing::Driver("v4l2loopback", "amd64-6.1"),
            _ => bail!(
                "nothing is called {name}; there are: {} loopback cross compliance older-rust",
                kind::NAMES.join(" ")
            ),
        });
    }
    if things.is_empty() {
        things = fetch::things();
    }
    for thing in things {
        needs::ensure(thing.needs())?;
        thing.fetch()?;
        println!("there: {thing}");
    }
    Ok(ExitCode::SUCCESS)
}
