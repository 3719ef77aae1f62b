//! v4l2-compliance with its streams, under `vidbuf-sim run`: what it finds right on the real vivid driver must be right here.

pub mod compare;
pub mod in_guest;
pub mod judge;
pub mod verdicts;

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::newer::Newer;
use crate::process::{Go, cargo};
use crate::{place, workspace};
use judge::Tool;

/// The step.
pub fn compliance(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    workspace::optimised("--bin vidbuf-sim")?;
    let out = place::emptied("compliance")?;
    let mut cases = Cases::new();
    for (kernel, tool) in [("6.1", Tool::Installed), ("6.12", Tool::Newer(Newer::Compliance.root()?))] {
        let judged = out.join(kernel);
        fs::create_dir_all(&judged)?;
        judge::judge_all(&tool, kernel, &judged)?;
        compared(&mut cases, kernel, &judged)?;
    }
    cases.run(asked.filter())
}

/// A case for each verdict, and one for the table.
fn compared(cases: &mut Cases, kernel: &'static str, judged: &Path) -> Result<()> {
    let here = place::root().join("tests/compliance");
    let recording = fs::read_to_string(here.join(format!("amd64-{kernel}.txt")))?;
    let expected = compare::expected(&fs::read_to_string(here.join("expected"))?, kernel);
    let ours: Vec<_> = judge::PROFILES
        .iter()
        .map(|profile| fs::read_to_string(judged.join(format!("{}.txt", profile.name))))
        .collect::<Result<_, _>>()?;
    let comparison = compare::compare(&recording, &ours.concat(), &expected);
    fs::write(judged.join("table.md"), &comparison.table)?;
    for verdict in comparison.verdicts {
        cases.add(format!("{kernel}: {}: {}", verdict.profile, verdict.test), move || {
            ensure!(verdict.right, "{} on vivid, {} here", verdict.there, verdict.here);
            Ok(())
        });
    }
    for name in comparison.unused {
        cases.expect(format!("{kernel}: expected: something is called {name}"), || false);
    }
    // The table is of the version of the tool that the recording is of.
    let recorded = recording
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# ")?.split("; ").next())
        .unwrap_or_default()
        .to_owned();
    let log = fs::read_to_string(judged.join("vivid.log"))?;
    println!("{}; Linux {kernel} as the simulated kernel", log.lines().next().unwrap_or_default());
    if log.lines().next() == Some(&*recorded) {
        let file = format!("table-{kernel}.md");
        let committed = fs::read_to_string(here.join(&file))?;
        cases.add(format!("{kernel}: {file} is what came out"), move || {
            let rows: String =
                committed.lines().filter(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect();
            ensure!(rows == comparison.table, "it is in target/compliance/{kernel}/table.md");
            Ok(())
        });
    }
    Ok(())
}
