//! Other programs on the simulated nodes.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::judge::simulated;
use crate::cases::Cases;
use crate::place::below_target;
use crate::process::{Go, limited};

/// Frames that v4l2-ctl takes: node, pixel format, size, how.
const FRAMES: &[(&str, &str, &str, &str)] = &[
    ("/dev/video40", "YUYV", "320x240", "--stream-mmap"),
    ("/dev/video40", "NV12", "640x480", "--stream-user"),
    ("/dev/video41", "NM12", "320x240", "--stream-mmap"),
    ("/dev/video41", "YUYV", "320x240", "--stream-user"),
    ("/dev/video44", "YUYV", "640x480", "--stream-mmap"),
];

/// v4l2-ctl's standard output and error.
fn ctl(words: &str) -> Result<String> {
    let mut ctl = simulated(Path::new("v4l2-ctl"));
    ctl.words(words).env("VIDBUF_SIM_RATE", "120");
    let seen = limited(120, &ctl).seen()?;
    ensure!(seen.ok(), "v4l2-ctl {words}: status {}: {}", seen.status, seen.both());
    Ok(seen.both())
}

fn has(words: &str, text: &str) -> Result<()> {
    ensure!(text.contains(words), "no {words} in: {text}");
    Ok(())
}

/// The installed v4l2-compliance, which knows the calls of Linux 6.1, on a receiver whose like no guest has.
fn hdmi() -> Result<()> {
    let mut tool = simulated(Path::new("v4l2-compliance"));
    tool.words("-d /dev/video46 -s -e /dev/video40").env("VIDBUF_SIM_KERNEL", "6.1").env("VIDBUF_SIM_SIZE", "640x480");
    let text = limited(120, &tool).seen()?.both();
    for section in ["ENUM/G/S/QUERY_DV_TIMINGS", "DV_TIMINGS_CAP", "G/S_EDID", "(UN)SUBSCRIBE_EVENT/DQEVENT"] {
        has(&format!("test VIDIOC_{section}: OK\n"), &text)?;
    }
    has("Failed: 0,", &text)
}

/// A case for each.
pub fn add(cases: &mut Cases, out: &Path) {
    for node in ["/dev/video40", "/dev/video41", "/dev/video44"] {
        cases.add(format!("v4l2-ctl --all of {node}"), move || {
            let text = ctl(&format!("-d {node} --all"))?;
            ensure!(
                text.lines().any(|line| line.contains("Driver name") && line.ends_with(": vidbuf-sim")),
                "no driver name: {text}"
            );
            has("brightness", &text)
        });
        cases.add(format!("v4l2-ctl --list-formats-ext of {node}"), move || {
            let text = ctl(&format!("-d {node} --list-formats-ext"))?;
            has("'NV12'", &text)?;
            has("Stepwise", &text)
        });
    }
    for &(node, format, size, how) in FRAMES {
        let file = out.join("frames");
        cases.add(format!("100 frames of {node}: {format} {size} {how}"), move || {
            frames(node, format, size, how, &file)
        });
    }
    cases.add("v4l2-compliance of an HDMI receiver: every section", hdmi);
    cases.add("v4l2-ctl sends 100 frames", || ctl("-d /dev/video42 --stream-out-mmap --stream-count=100").map(drop));
    cases.add("v4l2-ctl imports dma-bufs", || {
        ctl("-d /dev/video40 --stream-dmabuf --export-device /dev/video42 --stream-count=20").map(drop)
    });
    let (example, picture) = (out.join("capture-libc"), out.join("picture"));
    let (program, to) = (example.clone(), picture.clone());
    cases.add("the capture example", move || capture(&program, "--device /dev/video40 --frames 60", &to));
    let file = picture.join("frame.png");
    cases.add("its picture", move || {
        ensure!(std::fs::metadata(&file)?.len() > 0, "it is empty");
        Ok(())
    });
    cases.add("the capture example with a time-out, multi-planar", move || {
        capture(&example, "--device /dev/video41 --frames 60 --timeout 1000", &picture)
    });
}

fn frames(node: &str, format: &str, size: &str, how: &str, file: &PathBuf) -> Result<()> {
    let (width, height) = size.split_once('x').unwrap_or_default();
    ctl(&format!(
        "-d {node} --set-fmt-video=width={width},height={height},pixelformat={format} {how} --stream-count=100 --stream-to={}",
        file.display()
    ))?;
    let seen = crate::process::command(below_target("release/simulated_frames"))
        .args([format, size, "100"])
        .arg(file)
        .seen()?;
    println!("{}", seen.out.lines().next().unwrap_or_default());
    ensure!(seen.ok(), "{}", seen.both());
    Ok(())
}

fn capture(example: &Path, words: &str, to: &Path) -> Result<()> {
    let mut capture = simulated(example);
    capture.words(words).arg("--output").arg(to).env("VIDBUF_SIM_RATE", "120");
    limited(120, &capture).go()
}

/// A program that tries what others do not; it counts its own checks.
pub fn preloaded() -> Result<()> {
    let mut preloaded = simulated(&below_target("release/preloaded"));
    preloaded.env("VIDBUF_SIM_RATE", "120");
    limited(120, &preloaded).go()
}
