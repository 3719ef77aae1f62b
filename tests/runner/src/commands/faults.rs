//! `tests/run faults`: what programs do when something goes wrong with their camera. Writes `backend-sim/run/FAULTS.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::programs::made;
use crate::place::{self, below_target};
use crate::process::{Go, command, limited, line};

/// Which faults.
#[derive(Args)]
pub struct Options {
    /// Only faults with this in their name; nothing is written then
    filter: Option<String>,
}

/// A fault: what it is, and its script.
const FAULTS: &[(&str, &str)] = &[
    ("nothing", ""),
    ("two frames are lost", "frame 5 drop 2"),
    ("a frame with the ERROR flag", "frame 5 error"),
    ("a frame of 1000 bytes", "frame 5 short 1000"),
    ("a frame that is torn", "frame 5 torn"),
    ("a gap in the sequence numbers", "frame 5 sequence 500"),
    ("timestamps of the time of day", "frame 5 clock realtime"),
    ("timestamps of 0", "frame 5 clock zero"),
    ("half a second of silence", "frame 5 stall 30"),
    ("silence for good", "frame 5 stall-forever"),
    ("the queue is in error", "frame 5 queue-error"),
    ("the last frame of the stream", "frame 5 last"),
    ("frames out of order", "frame 5 out-of-order 2"),
    ("unplugged", "frame 5 unplug"),
    ("unplugged, and plugged in after 0.2 s", "frame 5 unplug\nframe 17 plug-in"),
    ("REQBUFS fails with ENOMEM", "fail REQBUFS 1 ENOMEM"),
    ("one buffer is granted", "granted 1"),
    ("mmap fails with ENOMEM", "fail mmap 2 ENOMEM"),
    ("STREAMON fails with EIO", "fail STREAMON 1 EIO"),
    ("QBUF fails with EIO", "fail QBUF 10 EIO"),
    ("DQBUF fails with EIO, until the stream is stopped", "fail DQBUF 5 EIO"),
    ("DQBUF is interrupted (EINTR)", "fail DQBUF 5 EINTR"),
    ("DQBUF returns a buffer that does not exist", "call DQBUF 5 index 9"),
    ("DQBUF returns a buffer that the program has", "call DQBUF 5 index-not-queued"),
    ("a buffer's length is reported as 4096", "length 0 4096"),
    ("mmap maps the memory of another buffer", "call QUERYBUF 2 cookie-of 0"),
];

/// A program that takes 20 frames, and writes them into the file `frames`.
const PROGRAMS: &[(&str, &str)] = &[
    ("v4l2-ctl", "v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=20 --stream-to=frames"),
    (
        "FFmpeg",
        "ffmpeg -nostdin -loglevel warning -f v4l2 -input_format yuyv422 -video_size 320x240 -i /dev/video0 -frames:v 20 -f rawvideo \
         -pix_fmt yuyv422 -fps_mode passthrough -y frames",
    ),
    (
        "GStreamer",
        "gst-launch-1.0 -q v4l2src device=/dev/video0 num-buffers=20 ! video/x-raw,format=YUY2,width=320,height=240 ! \
         filesink location=frames",
    ),
    ("yavta", "yavta -c20 -n4 -f YUYV -s 320x240 -Fframes /dev/video0"),
    ("OpenCV", "$PYTHON $HERE/opencv.py frames 20 320 240"),
    ("vidbuf's `capture`", "$BIN/examples/capture --device /dev/video0 --frames 20 --raw frames"),
];

/// Bytes of a frame.
const FRAME: u64 = 320 * 240 * 2;

/// Seconds after which a program is taken to hang.
const LIMIT: u64 = 15;

/// Runs them, and writes the table.
pub fn faults(options: &Options) -> Result<ExitCode> {
    made::make_quick()?;
    let (date, system) = (line("date +%F").text()?, made::system()?);
    let mut text = format!(
        "# What programs do when something goes wrong\n\nWritten by `tests/run faults` on {}, {}, x86-64: each program takes 20 frames \
         of 320x240 YUYV at 60 a second from `vidbuf-sim run --no-loss --camera /dev/video0=vivid,rate=60 --script …`. Frames are what it has \
         written; the message is its first line about an error or a warning. {LIMIT} seconds without an end are \"does not end\". \
         Versions are in [PROGRAMS.md](PROGRAMS.md).\n",
        date.trim(),
        system
    );
    let wanted = |name: &str| options.filter.as_deref().is_none_or(|filter| name.contains(filter));
    for (name, script) in FAULTS.iter().filter(|(name, _)| wanted(name)) {
        let shown = script.replace('\n', "`, `");
        let shown = if shown.is_empty() { String::new() } else { format!(": `{shown}`") };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n## {name}{shown}\n\n| program | status | frames | message |\n|---|---|---|---|");
        for (program, words) in PROGRAMS {
            let row = one(program, words, script)?;
            println!("{name}: {row}");
            let _ = writeln!(text, "{row}");
        }
    }
    if options.filter.is_none() {
        fs::write(place::root().join("backend-sim/run/FAULTS.md"), text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn one(program: &str, words: &str, script: &str) -> Result<String> {
    let out = place::emptied("programs/fault")?;
    fs::write(out.join("script"), script)?;
    let mut run = command(below_target("release/vidbuf-sim"));
    run.words("run --no-loss --camera /dev/video0=vivid,rate=60 --script script -- timeout -k 2")
        .arg(LIMIT.to_string());
    run.args(["sh", "-c"]).arg(format!("exec {words}")).current_dir(&out);
    run.env("BIN", below_target("release")).env("PYTHON", made::python());
    run.env("HERE", place::root().join("tests/programs"));
    let seen = limited(LIMIT + 5, &run).seen()?;
    let status = match seen.status {
        124 | 137 => "does not end".into(),
        139 => "SIGSEGV".into(),
        134 => "SIGABRT".into(),
        status => status.to_string(),
    };
    let frames = frames(&out);
    let about = |line: &&str| {
        let line = line.to_lowercase();
        line.starts_with("capture: ")
            || ["error", "fail", "unable", "warn", "cannot", "invalid", "corrupt", "no such", "dequeued", "no frame"]
                .iter()
                .any(|word| line.contains(word))
    };
    let both = format!("{}\n{}", seen.err, seen.out);
    let message = both.lines().map(str::trim).find(about).unwrap_or_default().replace('|', "/");
    // Without progress marks, and what differs from run to run.
    let words = message.trim_start_matches('<').split(' ').filter(|word| !word.starts_with("0x") && *word != "@");
    let message: String = words.collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(110).collect();
    Ok(format!("| {program} | {status} | {frames} | {message} |"))
}

/// How many frames a program has got.
fn frames(out: &Path) -> String {
    match fs::metadata(out.join("frames")) {
        Ok(file) => {
            let (whole, rest) = (file.len() / FRAME, file.len() % FRAME);
            if rest == 0 { whole.to_string() } else { format!("{whole} and {rest} bytes") }
        }
        Err(_) => "0".into(),
    }
}
