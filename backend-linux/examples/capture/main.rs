//! Takes frames from a camera, or from a simulated one, writes the last complete one as a picture and shows how it went; lists cameras
//! and what they have.
//!
//! ```sh
//! cargo run --release --example capture
//! cargo run --release --example capture -- list
//! cargo run --release --example capture -- info --device auto
//! cargo run --release --example capture -- --device /dev/video0 --size 1280x720 --rate 30
//! cargo run --release --example capture -- --device auto --set auto_exposure=1 --set exposure_time_absolute=100
//! cargo run --release --example capture -- --device auto --frames 0 --y4m - | ffplay -
//! ```

mod arguments;
mod controls;
mod layout;
mod names;
mod nodes;
mod picture;
mod source;
mod statistics;
mod stream;
mod video;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Arguments, Camera, Command};

/// The command line is wrong.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut text = String::new();
    let outcome = match arguments::parse() {
        Ok(Command::Help) => {
            text = format!("{}\n", arguments::HELP);
            Ok(())
        }
        Ok(Command::List) => nodes::list(&mut text),
        Ok(Command::Info(camera, settings)) => source::info(&camera, &settings, &mut text),
        Ok(Command::Take(arguments)) => run(&arguments),
        Err(sentence) => {
            eprintln!("capture: {sentence} (see --help)");
            return ExitCode::from(USAGE);
        }
    };
    // The other end of a pipe may have read enough (`| head`).
    let _ = std::io::stdout().write_all(text.as_bytes());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("capture: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let run = match &arguments.camera {
        Camera::Simulated | Camera::SimulatedWebcam => source::simulator(arguments)?,
        _ => source::camera(arguments)?,
    };
    let statistics = &run.statistics;
    let wanted = arguments.frames;
    // A run that did not even start has one line: why.
    if statistics.frames() == 0 {
        run.outcome?;
        return Err(match wanted {
            _ if run.interrupted => "interrupted before a frame came".into(),
            0 => "no frame came".into(),
            frames => format!("none of {frames} frames came"),
        });
    }
    let mut out: Box<dyn Write> =
        if arguments.prints_frames() { Box::new(std::io::stderr()) } else { Box::new(std::io::stdout()) };
    // If it cannot be written, there is no reader.
    let _ = statistics.print(&mut out);
    let fourcc = run.meaning.fourcc;
    if let Some(planes) = &run.picture {
        if picture::is_known(fourcc) {
            let output = &arguments.output;
            std::fs::create_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
            let path = output.join(if arguments.jpeg { "frame.jpg" } else { "frame.png" });
            if arguments.jpeg {
                picture::write_jpeg(&path, &run.meaning, planes)?;
            } else {
                picture::write_png(&path, &picture::to_rgb(&run.meaning, planes)?)?;
            }
            let _ = writeln!(out, "picture          {}", path.display());
            if !run.exclusive {
                let _ = writeln!(
                    out,
                    "                 this driver may write a frame while it is copied: it may show parts of two"
                );
            }
        } else {
            let _ = writeln!(out, "picture          none: no conversion from {fourcc}");
        }
    }
    run.outcome?;
    if statistics.good == 0 {
        return Err(format!("none of {} frames was complete", statistics.frames()));
    }
    if statistics.frames() < wanted && !run.interrupted {
        return Err(format!("{} of {wanted} frames came", statistics.frames()));
    }
    Ok(())
}
