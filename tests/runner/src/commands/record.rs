//! `tests/run record GUEST`: runs v4l2-compliance on the real vivid driver in a guest and writes the verdicts into `tests/compliance`:
//! Debian 12's tool for amd64-6.1, Debian 13's for amd64-6.12. Only for a new kernel or a new v4l2-compliance: the step `compliance`
//! compares the simulator with what is recorded.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::newer::Newer;
use crate::place;
use crate::process::{Go, line};
use crate::steps::compliance::in_guest;
use crate::steps::compliance::judge::Tool;
use crate::steps::compliance::verdicts::verdicts;

/// What to record.
#[derive(Args)]
pub struct Options {
    /// The guest
    #[arg(default_value = "amd64-6.1")]
    guest: String,
}

/// Runs in the guest. What exports must be at least as large as what imports.
const JUDGE: &str = r#"judge() { $tool -d "$2" -s -e "$3" >"/out/$1" 2>&1; uname -r >/out/kernel; }
judge vivid "$VIVID_CAP" "$VIVID_OUT"
judge vivid-mplane "$VIVID_CAP_MPLANE" "$VIVID_OUT_MPLANE"
v4l2-ctl -d "$VIVID_CAP" --set-fmt-video=width=1280,height=720
v4l2-ctl -d "$VIVID_CAP_MPLANE" --set-fmt-video=width=1280,height=720
judge vivid-output "$VIVID_OUT" "$VIVID_CAP"
judge vivid-output-mplane "$VIVID_OUT_MPLANE" "$VIVID_CAP_MPLANE"
"#;

/// Records.
pub fn record(options: &Options) -> Result<ExitCode> {
    let kind = &options.guest;
    let (files, out) = (place::emptied("compliance-guest")?, place::emptied("compliance-vivid")?);
    let tool = match &**kind {
        "amd64-6.12" => Tool::Newer(Newer::Compliance.root()?),
        _ => Tool::Installed,
    };
    let mut boot = in_guest::guest(kind, "vivid-plain", &tool, JUDGE, &files, out.clone())?;
    boot.with.push("v4l2-ctl".into());
    boot.go()?;
    let read = |name: &str| fs::read_to_string(out.join(name)).with_context(|| name.to_owned());
    let (first, date) = (read("vivid")?, line("date +%F").text()?);
    let tool = first.lines().next().unwrap_or_default();
    let mut text =
        format!("# {tool}; Linux {}; {}; written by tests/run record\n", read("kernel")?.trim(), date.trim());
    for profile in ["vivid", "vivid-mplane", "vivid-output", "vivid-output-mplane"] {
        for one in verdicts(&read(profile)?) {
            text += &format!("{profile} | {} | {}\n", one.test, one.verdict);
        }
    }
    let path = place::root().join("tests/compliance").join(format!("{kind}.txt"));
    fs::write(&path, text)?;
    println!("written: {}", path.display());
    Ok(ExitCode::SUCCESS)
}
