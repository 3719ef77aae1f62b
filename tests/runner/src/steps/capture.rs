//! The main job: the capture example on the simulator, and one clear sentence for each thing that can be wrong.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command};

const GOOD: &[(&str, &str)] = &[
    ("yuyv", "--format YUYV --size 320x240 --frames 10"),
    ("nv12", "--format NV12 --frames 10 --timeout 1000"),
    ("grey", "--format GREY --frames 10"),
    ("rate", "-f YUYV -r 25 -n 10 --skip 3 -t 0"),
];

/// Bytes of a frame of 64x48 YUYV.
const FRAME: usize = 64 * 48 * 2;

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
    files(&mut cases, &example, &pictures.join("files"));
    let target = place::target().display();
    for (status, words) in [
        (1, format!("--device {target}/no-such-device")),
        (1, "--device /dev/null".into()),
        (1, format!("--device {target}")),
        (1, "--device no-such-camera".into()),
        (1, "--format H264".into()),
        (1, "--format H264 --rate 30".into()),
        (1, "--size 64x48 --raw /dev/full --output /dev/full/x --frames 1".into()),
        (2, "--size 0x0".into()),
        (2, "--frames many".into()),
        (2, "--rate 0".into()),
        (2, "--no-such-option".into()),
        (2, "list all".into()),
    ] {
        let example = example.clone();
        cases.add(format!("one clear sentence: {words}"), move || bad(&example, &words, status));
    }
    cases.run(asked.filter())
}

/// What goes to files and to standard output, and what is listed.
fn files(cases: &mut Cases, example: &Path, to: &Path) {
    let small = |example: &Path, to: &Path| {
        let mut command = command(example);
        command.words("--size 64x48 --frames 4 --output").arg(to);
        command
    };
    let (program, folder) = (example.to_path_buf(), to.to_path_buf());
    cases.add("--raw to a file and to standard output: the frames, and nothing else", move || {
        let file = folder.join("frames.raw");
        std::fs::create_dir_all(&folder)?;
        small(&program, &folder).arg("--raw").arg(&file).go()?;
        let output = small(&program, &folder).args(["--raw", "-"]).output()?;
        ensure!(output.status.success() && output.stdout.len() == 4 * FRAME, "{} bytes", output.stdout.len());
        ensure!(std::fs::read(&file)? == output.stdout, "two runs of the simulator differ");
        ensure!(String::from_utf8_lossy(&output.stderr).contains("good             4"), "no table on standard error");
        Ok(())
    });
    let (program, folder) = (example.to_path_buf(), to.to_path_buf());
    cases.add("--y4m: video with a header, a rate and every frame", move || {
        let output = small(&program, &folder).args(["--y4m", "-", "--rate", "25"]).output()?;
        let header = b"YUV4MPEG2 W64 H48 F25:1 C422\n";
        let length = header.len() + 4 * (b"FRAME\n".len() + FRAME);
        ensure!(output.status.success() && output.stdout.starts_with(header), "no header");
        ensure!(output.stdout.len() == length, "{} bytes, not {length}", output.stdout.len());
        Ok(())
    });
    let (program, folder) = (example.to_path_buf(), to.to_path_buf());
    cases.add("--jpeg: the picture is a JPEG", move || {
        small(&program, &folder).arg("--jpeg").go()?;
        let picture = std::fs::read(folder.join("frame.jpg"))?;
        ensure!(picture.starts_with(&[0xff, 0xd8]) && picture.ends_with(&[0xff, 0xd9]), "no JPEG");
        Ok(())
    });
    let (program, folder) = (example.to_path_buf(), to.to_path_buf());
    cases.add("--frames 0: until Ctrl-C, with the table at the end", move || {
        let mut command = command(&program);
        command.words("--size 64x48 --frames 0 --output").arg(&folder).stdout(std::process::Stdio::piped());
        let child = command.spawn()?;
        std::thread::sleep(std::time::Duration::from_millis(500));
        ensure!(crate::process::command("kill").arg("-INT").arg(child.id().to_string()).status()?.success(), "kill");
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "{}", output.status);
        ensure!(String::from_utf8_lossy(&output.stdout).contains("\ngood "), "no table");
        Ok(())
    });
    let program = example.to_path_buf();
    cases.add("info and list", move || {
        let info = command(&program).words("info").text()?;
        for line in ["USB Camera (uvcvideo)", "MJPG     Motion-JPEG", "         1280x720: 10 5"] {
            ensure!(info.contains(line), "no {line:?} in {info}");
        }
        let list = command(&program).words("list").seen()?;
        let nodes = std::path::Path::new("/sys/class/video4linux").read_dir().map_or(0, Iterator::count);
        ensure!(nodes > 0 || (list.status == 1 && list.err.contains("there is no video node")), "{}", list.err);
        Ok(())
    });
}

/// One line on standard error, nothing of a panic, a status of failure.
fn bad(example: &PathBuf, words: &str, status: i32) -> Result<()> {
    let seen = command(example).words(words).seen()?;
    println!("status {}: {}", seen.status, seen.err.trim_end());
    ensure!(seen.status == status && seen.err.lines().count() == 1, "not one line and status {status}");
    ensure!(seen.err.starts_with("capture:") && !seen.err.contains("panic"), "not the example's own words");
    Ok(())
}
