//! Faults for a program that knows nothing of them: by script, by `vidbuf-sim do`, by a recording.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::{on, runner};
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, command, limited};

/// A script, and what of v4l2-ctl's words must be there (one of several, with | between).
const SCRIPTS: &[(&str, &str, &str)] = &[
    ("frames-are-lost", "frame 5 drop 3", "dropped: 3"),
    ("flagged", "frame 6 error", "(error, "),
    ("short", "frame 7 short 1000", "bytesused: 1000 "),
    ("gap", "frame 4 sequence 400", "seq:    400"),
    ("another-clock", "frame 3 clock zero", "ts: 0.000000"),
    ("frames-lost-at-a-call", "call STREAMON 1 drop 5", "seq:      5"),
    ("unplugged-at-a-call", "call QBUF 9 unplug", "qbuf error|No such device"),
    ("does-not-block", "fail DQBUF 3 EIO", "seq:      1"),
    ("a-good-frame", "frame 2 frame", "seq:      2"),
    ("queue-error", "frame 8 queue-error", "VIDIOC_DQBUF: failed: Input/output error"),
    ("unplugged", "frame 9 unplug", "qbuf error|No such device"),
    ("QBUF-fails", "fail QBUF 6 EIO", "do_handle_cap: qbuf error"),
    ("REQBUFS-fails", "fail REQBUFS 1 ENOMEM", "VIDIOC_REQBUFS returned -1 (Cannot allocate memory)"),
    ("mmap-fails", "fail mmap 2 ENOMEM", ""),
    ("slow", "rate 1000\nframe 2 rate 50", "delta: 20.00"),
];

/// A case for each.
pub fn add(cases: &mut Cases, out: &Path) {
    for &(name, script, expected) in SCRIPTS {
        let file = out.join(format!("{name}.faults"));
        cases.add(format!("a script: {name}"), move || {
            fs::write(&file, format!("# {name}\n{script}\n"))?;
            let words = "-d /dev/video0 --stream-mmap --stream-count=20 --verbose";
            let mut run = runner();
            run.words("run --camera /dev/video0=vivid,rate=60 --script")
                .arg(&file)
                .arg("--")
                .arg("v4l2-ctl")
                .words(words);
            let text = limited(30, &run).seen()?.both();
            ensure!(expected.split('|').any(|one| text.contains(one)), "no {expected} in: {text}");
            Ok(())
        });
    }
    let (file, frames) = (out.join("torn.faults"), out.join("torn.frames"));
    cases.add("a script: torn", move || {
        fs::write(&file, "frame 3 torn\n")?;
        let mut run = runner();
        run.words("run --camera /dev/video0=vivid,size=640x360,rate=30 --script")
            .arg(&file)
            .words("-- v4l2-ctl -d /dev/video0");
        run.words("--stream-mmap --stream-count=8").arg(format!("--stream-to={}", frames.display()));
        ensure!(limited(30, &run).seen()?.ok());
        let mut looks = command(below_target("release/simulated_frames"));
        let text = looks.words("YUYV 640x360 8").arg(&frames).seen()?.both();
        ensure!(text.contains("frame 3 is no picture"), "{text}");
        Ok(())
    });
    let file = out.join("nowhere.faults");
    cases.add("a script for a camera that there is not: its line, and the program is not started", move || {
        fs::write(&file, "\n/dev/video3 unplug\n")?;
        let mut run = runner();
        let seen = run.words("run --script").arg(&file).words("-- echo started").seen()?;
        ensure!(seen.status == 125 && seen.err.contains("line 2, column 1: there is no camera /dev/video3"));
        ensure!(seen.out.is_empty(), "{}", seen.out);
        Ok(())
    });
    let file = out.join("wrong.faults");
    cases.add("a script with a mistake: its line and column", move || {
        fs::write(&file, "frame 1 error\nframe 2 explode\n")?;
        let mut run = runner();
        let seen = run.words("run --script").arg(&file).words("-- true").seen()?;
        ensure!(seen.status == 125 && seen.err.contains("line 2, column 9: use frame, drop, "), "{}", seen.both());
        Ok(())
    });
    cases.add("vidbuf-sim do: from inside and from outside", || {
        let script = "$V do nonsense && exit 1; $V do --control /no/such rate 5 && exit 2; $V do rate 100 || exit 3; \
                      (sleep 0.3; $V do unplug) & v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=500; \
                      v4l2-ctl -d /dev/video0 --all && exit 4; $V do plug-in && v4l2-ctl -d /dev/video0 --all";
        let mut run = on(&["/dev/video0=uvc"], "6.12", "sh", "-c");
        let seen = run.arg(script).env("V", below_target("release/vidbuf-sim")).seen()?;
        ensure!(seen.ok(), "status {}: {}", seen.status, seen.both());
        Ok(())
    });
    let recording = place::root().join("backend-sim/recordings/vivid.trace");
    cases.add("a recording is played back", move || frames_of(&recording));
}

/// The first frames are those of the recording: sequence numbers, losses.
fn frames_of(recording: &Path) -> Result<()> {
    let text = fs::read_to_string(recording)?;
    let number = |line: &str| Some(line.split_once("sequence=")?.1.split(' ').next()?.to_owned());
    let expected: Vec<String> = text.lines().filter_map(number).take(12).collect();
    let mut run = runner();
    run.words("run --replay")
        .arg(recording)
        .words("-- v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=12 --verbose");
    let seen = limited(30, &run).seen()?.both();
    let number = |line: &str| Some(line.split_once("seq:")?.1.split_whitespace().next()?.to_owned());
    let found: Vec<String> = seen.lines().filter(|line| line.contains("dqbuf")).filter_map(number).collect();
    ensure!(found == expected, "recorded {expected:?}, seen {found:?} in: {seen}");
    Ok(())
}
