//! Programs of this machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::{FAST, on};
use crate::cases::Cases;
use crate::place::below_target;
use crate::process::{Go, command};

/// Frames that v4l2-ctl takes: profile, pixel format, size, how.
const FRAMES: &[(&str, &str, &str, &str)] = &[
    ("vivid", "YUYV", "320x240", "--stream-mmap"),
    ("vivid", "NV12", "640x480", "--stream-user"),
    ("vivid", "RGB3", "320x240", "--stream-mmap"),
    ("vivid-mplane", "NM12", "320x240", "--stream-mmap"),
    ("vivid-mplane", "YUYV", "320x240", "--stream-user"),
    ("uvc", "YUYV", "640x480", "--stream-mmap"),
    ("unicam", "GREY", "640x480", "--stream-mmap"),
];

/// What v4l2-ctl prints.
const LISTS: &[(&str, &str)] = &[
    ("--all", ": vidbuf-sim"),
    ("--info", "simulated vivid"),
    ("--set-parm 25 --get-parm", "25.000"),
    ("--list-formats-ext", "'NV12'"),
    ("--list-ctrls-menus", "brightness"),
    ("--list-inputs", "Camera 0"),
    ("--list-devices", "/dev/video0"),
    ("--list-framesizes YUYV", "Size"),
    ("--get-parm", "Frames per second"),
    ("--list-ctrls-menus --set-ctrl brightness=99 --get-ctrl brightness", "brightness: 99"),
];

/// A case for each.
pub fn add(cases: &mut Cases, out: &Path) {
    for &(words, expected) in LISTS {
        cases.add(format!("v4l2-ctl {words}"), move || {
            let seen = on(&[FAST], "6.12", "v4l2-ctl", &format!("-d /dev/video0 {words}")).seen()?;
            ensure!(seen.ok() && seen.out.contains(expected), "status {}: {}", seen.status, seen.both());
            Ok(())
        });
    }
    for &(profile, format, size, how) in FRAMES {
        let file = out.join("frames");
        cases.add(format!("100 frames of {profile}: {format} {size} {how}"), move || {
            frames(profile, format, size, how, &file)
        });
    }
    let output = "/dev/video1=vivid-output,rate=120";
    cases.add("v4l2-ctl sends 100 frames", move || {
        on(&[output], "6.12", "v4l2-ctl", "-d /dev/video1 --stream-out-mmap --stream-count=100").go()
    });
    cases.add("v4l2-ctl imports dma-bufs", move || {
        let words = "-d /dev/video0 --stream-dmabuf --export-device /dev/video1 --stream-count=20";
        on(&[FAST, output], "6.12", "v4l2-ctl", words).go()
    });
    let picture = out.join("picture");
    cases.add("the capture example, with its own system calls", move || {
        let words = "--device /dev/video0 --frames 60 --output";
        let mut run = on(&[FAST], "6.12", below_target("release/examples/capture"), words);
        run.arg(&picture).go()?;
        ensure!(fs::read(picture.join("frame.png"))?.get(1..4) == Some(b"PNG"), "the picture is no PNG");
        Ok(())
    });
    cases.add("a state lasts from one program to the next", || {
        let script =
            "v4l2-ctl -d /dev/video0 --set-fmt-video width=160,height=120 && v4l2-ctl -d /dev/video0 --get-fmt-video";
        let mut run = on(&[FAST], "6.12", "sh", "-c");
        let text = run.arg(script).text()?;
        ensure!(text.contains("160/120"), "{text}");
        Ok(())
    });
    cases.add("write() by a shell, two frames", move || {
        let script = "head -c 307200 /dev/zero >/dev/video1 && ! head -c 4 /dev/zero 2>/dev/null >/dev/video0";
        on(&[FAST, "/dev/video1=vivid-output,rate=120,read=on"], "6.12", "sh", "-c").arg(script).go()
    });
    cases.add("a list of sizes, and one of your own", || {
        for (camera, size) in
            [("webcam", "1280x720"), ("vivid-webcam", "320x180"), ("unicam,sizes=800x600+96x64", "96x64")]
        {
            let camera = format!("/dev/video0={camera}");
            let text = on(&[&camera], "6.12", "v4l2-ctl", "-d /dev/video0 --list-formats-ext").text()?;
            ensure!(text.contains(&format!("Size: Discrete {size}")) && !text.contains("Stepwise"), "{text}");
        }
        Ok(())
    });
    cases.add("listings of folders: by-id, sysfs", || {
        let script = "ls /dev/v4l/by-id /sys/class/video4linux && ls -d /sys/dev/char/81:0 /dev/char 2>/dev/null; ls /sys/dev/char | \
                      grep -x 81:0 && readlink -f /sys/class/video4linux/video0/device";
        let text = on(&[FAST], "6.12", "sh", "-c").arg(script).text()?;
        for name in ["usb-simulated_vivid_0-video-index0", "video0", "81:0", "/sys/devices/platform/vidbuf-sim.0"] {
            ensure!(text.lines().any(|line| line == name), "no {name} in: {text}");
        }
        Ok(())
    });
    cases.add("names: shell, find, links, sysfs", || {
        let script = "test -c /dev/video0 && find /dev -name 'video*' && readlink -f /dev/v4l/by-id/* && ls /dev/null /dev \
                      && cat /sys/class/video4linux/video0/name && cd /sys/dev/char && cat 81:0/uevent && head -c 4 /dev/video0 | od -x";
        let mut run = on(&[FAST], "6.12", "sh", "-c");
        let text = run.arg(script).text()?;
        let lines: Vec<&str> = text.lines().collect();
        ensure!(lines.starts_with(&["/dev/video0", "/dev/video0"]) && lines.contains(&"DEVNAME=video0"), "{text}");
        ensure!(lines.contains(&"simulated vivid") && lines.contains(&"0000000 80eb 80eb"), "{text}");
        Ok(())
    });
}

fn frames(profile: &str, format: &str, size: &str, how: &str, file: &PathBuf) -> Result<()> {
    let (width, height) = size.split_once('x').unwrap_or_default();
    let words = format!(
        "-d /dev/video0 --set-fmt-video=width={width},height={height},pixelformat={format} {how} --stream-count=100 --stream-to={}",
        file.display()
    );
    let seen = on(&[&format!("/dev/video0={profile},rate=120")], "6.12", "v4l2-ctl", &words).seen()?;
    ensure!(seen.ok(), "status {}: {}", seen.status, seen.both());
    let seen = command(below_target("release/simulated_frames")).args([format, size, "100"]).arg(file).seen()?;
    println!("{}", seen.out.lines().next().unwrap_or_default());
    ensure!(seen.ok(), "{}", seen.both());
    Ok(())
}
