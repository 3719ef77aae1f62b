//! The main job: the capture example on the simulator, and one clear sentence for each thing that can be wrong.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::process::{Go, cargo, command};
use crate::{place, workspace};

const GOOD: &[(&str, &str)] = &[
    ("yuyv", "--format YUYV --size 320x240 --frames 10"),
    ("nv12", "--format NV12 --frames 10 --timeout 1000"),
    ("grey", "--format GREY --frames 10"),
    ("webcam", "-d sim:webcam -s 800x600 -r 15 -n 10 --set auto_exposure=1 --set exposure_time_absolute=200"),
    ("rate", "-f YUYV -r 25 -n 10 --skip 3 -t 0"),
];

/// Bytes of a frame of 64x48 YUYV.
const FRAME: usize = 64 * 48 * 2;

/// The step.
pub fn capture(asked: &Asked) -> Result<()> {
    let pictures = place::emptied("tests/pictures")?;
    let example = workspace::optimised("--example capture")?.join("examples/capture");
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
    controls(&mut cases, &example, &pictures.join("controls"));
    let target = place::target().display();
    for (status, words) in [
        (1, format!("--device {target}/no-such-device")),
        (1, "--device /dev/null".into()),
        (1, format!("--device {target}")),
        (1, "--device no-such-camera".into()),
        (1, "--format H264".into()),
        (1, "--format H264 --rate 30".into()),
        (1, "--size 64x48 --raw /dev/full --output /dev/full/x --frames 1".into()),
        (1, "--set brightnes=1".into()),
        (1, "info --set brightness=256".into()),
        (2, "--set brightness".into()),
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
        for line in [
            "vivid (vivid) at platform:vivid-000\nset to 640x480 YUYV, 30 frames/s",
            "GREY     8-bit Greyscale\n         16x16 to 16376x16376 in steps of 2x2: 1 2 4 5",
        ] {
            ensure!(info.contains(line), "no {line:?} in {info}");
        }
        let info = command(&program).words("info -d sim:webcam").text()?;
        for line in [
            "YUYV     YUYV 4:2:2\n         640x480: 30 25 20 15 10 5\n",
            "         1280x720: 10 5\n",
            "         exposure_time_absolute (int): 1 to 10000 in steps of 1, default 166, value 166 [inactive]\n",
            "         white_balance_automatic (bool): 0 to 1, default 1, value 1\n",
        ] {
            ensure!(info.contains(line), "no {line:?} in {info}");
        }
        let list = command(&program).words("list").seen()?;
        let nodes = std::path::Path::new("/sys/class/video4linux").read_dir().map_or(0, Iterator::count);
        ensure!(nodes > 0 || (list.status == 1 && list.err.contains("there is no video node")), "{}", list.err);
        Ok(())
    });
}

/// Controls are listed with their limits, set in every way that they are named, and an error has the limits.
fn controls(cases: &mut Cases, example: &Path, to: &Path) {
    let program = example.to_path_buf();
    cases.add("info lists controls as v4l2-ctl spells them: type, limits, value, items, flags", move || {
        let info = command(&program).words("info").text()?;
        for line in [
            "\nUser Controls\n",
            "         brightness (int): 0 to 255 in steps of 1, default 128, value 128 [slider]\n",
            "         gain (int): 0 to 255 in steps of 1, default 100, value 1 [inactive volatile]\n",
            "         menu (menu): 1 to 4, default 3, value 3\n             1: Menu Item 1\n             3: Menu Item 3\n",
            "         string (str): text of 2 to 4 bytes, value \"  \" [has-payload]\n",
            "         bitmask (bitmask): bits of 0x80402010, default 0x80002000, value 0x80002000\n",
            "         u16_8x16_matrix (u16): 128 x 2 bytes, each 16 to 8192 [has-payload]\n",
            "         button (button) [write-only execute-on-write]\n",
        ] {
            ensure!(info.contains(line), "no {line:?} in {info}");
        }
        Ok(())
    });
    let program = example.to_path_buf();
    cases.add("--set: numbers, booleans, items by number and by name, bits, text, in order", move || {
        for (setting, line) in [
            ("brightness=100", "value 100 [slider]"),
            ("Brightness=0x10", "value 16 [slider]"),
            ("horizontal_flip=true", "horizontal_flip (bool): 0 to 1, default 0, value 1"),
            ("hue=-128", "hue (int): -128 to 128 in steps of 1, default 0, value -128"),
            ("menu=4", "menu (menu): 1 to 4, default 3, value 4"),
            ("test_pattern=100% red", "test_pattern (menu): 0 to 21, default 0, value 7"),
            ("integer_menu=42", "integer_menu (intmenu): 1 to 8, default 4, value 8"),
            ("bitmask=0x402010", "bitmask (bitmask): bits of 0x80402010, default 0x80002000, value 0x402010"),
            ("string=a b", "value \"a b\""),
            ("integer_64_bits=-9223372036854775808", "default 0, value -9223372036854775808"),
            ("button=", "button (button)"),
        ] {
            let seen = command(&program).args(["info", "--set", setting]).seen()?;
            ensure!(seen.status == 0 && seen.out.contains(line), "{setting}: {} {}", seen.err, seen.out);
        }
        // The gain has a value of its own once it is not automatic.
        let info = command(&program).words("info --set gain_automatic=off --set gain=50").text()?;
        ensure!(info.contains("gain (int): 0 to 255 in steps of 1, default 100, value 50\n"), "{info}");
        Ok(())
    });
    let program = example.to_path_buf();
    cases.add("--set: an error names the control and what it takes", move || {
        for (setting, sentence) in [
            ("brightness=256", "brightness=256: not possible; brightness takes 0 to 255 in steps of 1"),
            ("brightness=much", "brightness=much: not possible; brightness takes 0 to 255 in steps of 1"),
            ("menu=2", "menu=2: not possible; menu takes 1 (Menu Item 1), 3 (Menu Item 3), 4 (Menu Item 4)"),
            ("mute=perhaps", "mute=perhaps: not possible; mute takes 0 to 1"),
            ("bitmask=1", "bitmask=1: not possible; bitmask takes bits of 0x80402010"),
            ("string=x", "string=x: 1 bytes are not possible; string takes text of 2 to 4 bytes"),
            ("area=1", "area=1: it is no number and no text; area takes 1 x 8 bytes"),
            ("read_only_integer_32_bits=1", "it can only be read; read_only_integer_32_bits takes 0 to 255"),
            ("no_such=1", "there is no control no_such: `capture info` lists them"),
        ] {
            let seen = command(&program).args(["--frames", "1", "--set", setting]).seen()?;
            ensure!(seen.status == 1 && seen.err.contains(sentence), "{setting}: {} {}", seen.status, seen.err);
        }
        Ok(())
    });
    let (program, folder) = (example.to_path_buf(), to.to_path_buf());
    cases.add("--set before frames are taken", move || {
        let words = "--size 64x48 --frames 4 --set test_pattern=7 --set brightness=200 --output";
        command(&program).words(words).arg(&folder).go()
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
