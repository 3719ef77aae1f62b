//! v4l2-compliance on simulated cameras.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::verdicts;
use crate::newer;
use crate::process::Go as _;
use crate::steps::any_program::on;

/// A simulated camera, and the one whose buffers it imports, which must be of the same size.
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    exporter: &'static str,
}

/// All of them.
pub const PROFILES: [Profile; 7] = [
    Profile { name: "vivid", exporter: "vivid-output" },
    Profile { name: "vivid-mplane", exporter: "vivid-output-mplane" },
    Profile { name: "vivid-output", exporter: "vivid" },
    Profile { name: "vivid-output-mplane", exporter: "vivid-mplane" },
    Profile { name: "uvc", exporter: "vivid" },
    Profile { name: "unicam", exporter: "vivid" },
    Profile { name: "hdmi", exporter: "vivid" },
];

/// A v4l2-compliance.
pub enum Tool {
    /// That of this machine.
    Installed,
    /// Debian 13's, in this root, with the C library that it wants.
    Newer(PathBuf),
}

impl Tool {
    /// The program that is run, and the words before those that are for the tool.
    pub fn program(&self) -> (PathBuf, Vec<PathBuf>) {
        match self {
            Self::Installed => ("v4l2-compliance".into(), Vec::new()),
            Self::Newer(root) => {
                let words = ["--library-path".into(), newer::libraries(root), root.join("usr/bin/v4l2-compliance")];
                (newer::loader(root), words.to_vec())
            }
        }
    }

    fn command(&self, kernel: &str, profile: &Profile) -> Command {
        let (program, before) = self.program();
        let cameras = [("0", profile.name), ("1", profile.exporter)]
            .map(|(n, name)| format!("/dev/video{n}={name},size=640x480"));
        let mut tool = on(&[&cameras[0], &cameras[1]], kernel, program, "");
        tool.args(before).words("-d /dev/video0 -s -e /dev/video1");
        tool
    }
}

/// Judges every profile, two at once: most of it is waiting for frames. Leaves PROFILE.log and PROFILE.txt.
pub fn judge_all(tool: &Tool, kernel: &str, judged: &Path) -> Result<()> {
    for pair in PROFILES.chunks(2) {
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                pair.iter().map(|profile| scope.spawn(move || judge(tool, kernel, profile, judged))).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
        })?;
    }
    Ok(())
}

/// The older tool has a race of its own: on a busy machine it destroys a thread's object before that thread has begun, and ends
/// with these words; then it is run again.
fn judge(tool: &Tool, kernel: &str, profile: &Profile, judged: &Path) -> Result<()> {
    let log = judged.join(format!("{}.log", profile.name));
    let mut words = String::new();
    for run in 1..=4 {
        let file = File::create(&log)?;
        let _failures_are_verdicts = tool.command(kernel, profile).stdout(file.try_clone()?).stderr(file).status()?;
        words = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        if !words.lines().any(|line| line.starts_with("pure virtual method called")) {
            break;
        }
        println!("{}: v4l2-compliance lost its own thread (run {run})", profile.name);
    }
    let verdicts = verdicts::verdicts(&words);
    let mut text: String =
        verdicts.iter().map(|one| format!("{} | {} | {}\n", profile.name, one.test, one.verdict)).collect();
    match words.lines().find(|line| line.starts_with("Total")) {
        Some(total) => println!("{}: {total}", profile.name),
        None => text += &format!("{} | End | it comes to its end | FAIL\n", profile.name),
    }
    fs::write(judged.join(format!("{}.txt", profile.name)), text)?;
    Ok(())
}
