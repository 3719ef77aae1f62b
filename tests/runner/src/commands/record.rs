//! `tests/run record GUEST`: runs v4l2-compliance on the real vivid driver in a guest and writes the verdicts into `tests/compliance`:
//! Debian 12's tool for amd64-6.1, Debian 13's for amd64-6.12. Only for a new kernel or a new v4l2-compliance: the step `compliance`
//! compares the simulator with what is recorded.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::guest::boot::Boot;
use crate::guest::driver;
use crate::newer::Newer;
use crate::place;
use crate::process::{Go, command, line};
use crate::steps::verdicts;

/// What to record.
#[derive(Args)]
pub struct Options {
    /// The guest
    #[arg(default_value = "amd64-6.1")]
    guest: String,
}

/// Runs in the guest. What exports must be at least as large as what imports.
const JUDGE: &str = r#"
tool=v4l2-compliance
if [ -f root.tar ]; then
    mkdir /newer
    tar -C /newer -xf root.tar
    libraries=/newer/usr/lib/x86_64-linux-gnu
    tool="$libraries/ld-linux-x86-64.so.2 --library-path $libraries /newer/usr/bin/v4l2-compliance"
fi
judge() { $tool -d "$2" -s -e "$3" >"/out/$1" 2>&1; uname -r >/out/kernel; }
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
    fs::write(files.join("judge.sh"), JUDGE)?;
    let mut boot = Boot::new(kind)?.command(&files, &["sh", "./judge.sh"]);
    boot.drivers = driver::named("vivid-plain")?;
    boot.with = vec!["v4l2-ctl".into()];
    if kind == "amd64-6.12" {
        // Packed, so that nobody looks for this machine's libraries to go with it.
        let root = Newer::Compliance.root()?;
        command("tar")
            .arg("-C")
            .arg(root)
            .arg("-cf")
            .arg(files.join("root.tar"))
            .words("usr/bin/v4l2-compliance usr/lib")
            .go()?;
    } else {
        boot.with.push("v4l2-compliance".into());
    }
    boot.limit = 600;
    boot.out = Some(out.clone());
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
