//! v4l2-compliance without streams, section by section: simulated cameras of `vidbuf-sim run` beside the same on real drivers, in guests,
//! by the tool of each kernel's Debian. What the simulator fails in, or is warned of, the real driver must fail in, or be warned of, too.

mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::Asked;
use super::any_program::on;
use super::compliance::in_guest;
use super::compliance::judge::Tool;
use super::compliance::verdicts::{Verdict, verdicts};
use crate::cases::Cases;
use crate::newer::Newer;
use crate::process::{Go, cargo};
use crate::{place, workspace};

/// A simulated camera, and the real node that is beside it.
pub struct Pair {
    /// Its name in the table.
    pub name: &'static str,
    camera: &'static str,
    /// The name that the real driver gives its node.
    real: &'static str,
}

const WEBCAM: &str = "vivid-000-vid-cap";
const HDMI: &str = "vivid-001-vid-cap";
const USB: &str = "Soft camera";

/// All of them. The `uvc` profile's NV12 has another name in Linux 6.1 than in that tool, which the column of vivid shows. No guest has a receiver like `hdmi`: vivid's HDMI input is what is nearest to it.
pub const PAIRS: [Pair; 5] = [
    Pair { name: "vivid", camera: "vivid", real: WEBCAM },
    Pair { name: "vivid, HDMI", camera: "vivid,inputs=hdmi", real: HDMI },
    Pair { name: "uvc", camera: "uvc,formats=YUYV+GREY", real: USB },
    Pair { name: "webcam", camera: "webcam", real: USB },
    Pair { name: "hdmi", camera: "hdmi", real: HDMI },
];

/// Runs in the guest: a file for each node, under its name.
const JUDGE: &str = r#"# The camera is plugged in while this begins.
tries=1000
until grep -q Soft /sys/class/video4linux/*/name || [ $tries = 0 ]; do
    tries=$((tries - 1))
    usleep 100000
done
for name in vivid-000-vid-cap vivid-001-vid-cap "Soft camera"; do
    for entry in /sys/class/video4linux/video*; do
        # A USB camera's second node has metadata.
        [ "$(cat "$entry/name"):$(cat "$entry/index")" = "$name:0" ] || continue
        $tool -d "/dev/${entry##*/}" >"/out/$name" 2>&1
    done
done
uname -r >/out/kernel
"#;

/// The step.
pub fn sections(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    workspace::optimised("--bin vidbuf-sim")?;
    let out = place::emptied("sections")?;
    let tools = [("6.1", Tool::Installed), ("6.12", Tool::Newer(Newer::Compliance.root()?))];
    let real: Vec<Result<PathBuf>> = std::thread::scope(|scope| {
        let guests = [0, 1].map(|at| {
            let (kernel, tool) = &tools[at];
            let out = &out;
            scope.spawn(move || judged_in_guest(kernel, tool, out))
        });
        guests.into_iter().map(|guest| guest.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?).collect()
    });
    let mut cases = Cases::new();
    let mut tables = String::new();
    for ((kernel, tool), real) in tools.iter().zip(real) {
        let real = real?;
        let simulated = out.join(format!("simulated-{kernel}"));
        fs::create_dir_all(&simulated)?;
        let columns: Vec<Column> =
            PAIRS.iter().map(|pair| Column::judged(pair, kernel, tool, &real, &simulated)).collect::<Result<_>>()?;
        tables += &format!("## {}, Linux {kernel}\n\n{}\n", columns[0].tool, table::table(&columns));
        for column in columns {
            add(&mut cases, kernel, column);
        }
    }
    println!("{tables}");
    fs::write(out.join("sections.md"), &tables)?;
    let recorded = fs::read_to_string(place::root().join("tests/compliance/sections.md"))?;
    cases.add("tests/compliance/sections.md is what came out, by these versions of the tool", move || {
        for section in tables.split_inclusive("\n\n## ").map(|text| text.trim_end_matches("## ").trim_end()) {
            let (heading, rows) = section.split_once('\n').unwrap_or_default();
            let heading = heading.trim_start_matches("## ");
            ensure!(!recorded.contains(heading) || recorded.contains(rows), "it is in target/sections/sections.md");
        }
        Ok(())
    });
    cases.run(asked.filter())
}

/// The real drivers' verdicts; returns their folder.
fn judged_in_guest(kernel: &str, tool: &Tool, out: &Path) -> Result<PathBuf> {
    let (files, real) = (out.join(format!("guest-{kernel}")), out.join(format!("real-{kernel}")));
    fs::create_dir_all(&files)?;
    let guest = format!("amd64-{kernel}");
    in_guest::guest(&guest, "vivid-inputs,uvcvideo", tool, JUDGE, &files, real.clone())?.go()?;
    Ok(real)
}

/// What is found of one camera, simulated and real.
pub struct Column {
    /// Its name in the table.
    pub name: &'static str,
    /// The tool's name and version.
    pub tool: String,
    /// Here.
    pub simulated: Vec<Verdict>,
    /// There.
    pub real: Vec<Verdict>,
}

impl Column {
    fn judged(pair: &Pair, kernel: &str, tool: &Tool, real: &Path, logs: &Path) -> Result<Self> {
        let (program, before) = tool.program();
        let mut run = on(&[&format!("/dev/video0={}", pair.camera)], kernel, program, "");
        let seen = run.args(before).words("-d /dev/video0").seen()?.both();
        fs::write(logs.join(pair.name), &seen)?;
        let there = fs::read_to_string(real.join(pair.real)).with_context(|| pair.real.to_owned())?;
        let tool = there.lines().next().and_then(|line| line.split(',').next()).unwrap_or_default().to_owned();
        for (text, whose) in [(&seen, "simulated"), (&there, "real")] {
            let total = text.lines().find(|line| line.starts_with("Total"));
            println!("{kernel}: {}, {whose}: {}", pair.name, total.unwrap_or("it did not come to its end"));
            ensure!(total.is_some(), "v4l2-compliance did not come to its end: {text}");
        }
        Ok(Self { name: pair.name, tool, simulated: verdicts(&seen), real: verdicts(&there) })
    }
}

/// A case for each test.
fn add(cases: &mut Cases, kernel: &str, column: Column) {
    let real: BTreeMap<String, Verdict> = column.real.into_iter().map(|one| (one.test.clone(), one)).collect();
    for one in column.simulated {
        let there = real.get(&one.test).cloned();
        cases.add(format!("{kernel}: {}: {}", column.name, one.test), move || {
            let (failed, warned) =
                there.as_ref().map_or((false, false), |there| (there.verdict == "FAIL", there.warnings > 0));
            ensure!(one.verdict != "FAIL" || failed, "it fails here, and not there: {there:?}");
            ensure!(one.warnings == 0 || warned, "{} warnings here, and none there", one.warnings);
            Ok(())
        });
    }
}
