//! The main job: the capture example on the simulator, and one clear sentence for each thing that can be wrong.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command};

const GOOD: &[(&str, &str)] = &[
    ("yuyv", "--format YUYV --size 320x240 --frames 10"),
    ("nv12", "--format NV12 --frames 10 --timeout 1000"),
    ("grey", "--format GREY --frames 10"),
];

/// The step.
pub fn capture(asked: &Asked) -> Result<()> {
    let pictures = place::emptied("tests/pictures")?;
    cargo("build --locked --release --example capture").go()?;
    let example = below_target("release/examples/capture");
    let mut cases = Cases::new();
    let to = pictures.join("default");
    cases.add("the command of the README", move || {
        cargo("run --locked --release --example capture -- --output").arg(&to).go()
    });
    for &(name, words) in GOOD {
        let (example, to) = (example.clone(), pictures.join(name));
        cases.add(format!("takes frames: {words}"), move || {
            command(&example).words(words).arg("--output").arg(&to).go()?;
            let picture = std::fs::read(to.join("frame.png"))?;
            ensure!(picture.get(1..4) == Some(b"PNG"), "the picture is no PNG");
            Ok(())
        });
    }
    let target = place::target().display();
    for words in [
        format!("--device {target}/no-such-device"),
        "--device /dev/null".into(),
        format!("--device {target}"),
        "--format H264".into(),
        "--size 0x0".into(),
        "--frames many".into(),
        "--no-such-option".into(),
    ] {
        let example = example.clone();
        cases.add(format!("one clear sentence: {words}"), move || bad(&example, &words));
    }
    cases.run(asked.filter())
}

/// One line on standard error, nothing of a panic, a status of failure.
fn bad(example: &PathBuf, words: &str) -> Result<()> {
    let seen = command(example).words(words).seen()?;
    println!("status {}: {}", seen.status, seen.err.trim_end());
    ensure!(seen.status == 1 && seen.err.lines().count() == 1, "not one line and status 1");
    ensure!(seen.err.starts_with("capture:") && !seen.err.contains("panic"), "not the example's own words");
    Ok(())
}
