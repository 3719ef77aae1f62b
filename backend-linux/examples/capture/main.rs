//! Takes frames from a camera, or from a simulated one, writes the last complete one as a PNG and shows how it went.
//!
//! ```sh
//! cargo run --release --example capture
//! cargo run --release --example capture -- --device /dev/video0 --size 1280x720 --format YUYV --timeout 2000
//! ```

mod arguments;
mod fourcc;
mod layout;
mod picture;
mod source;
mod statistics;
mod stream;

use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    let outcome = match arguments::parse() {
        Ok(Some(arguments)) => run(&arguments),
        Ok(None) => {
            println!("{}", arguments::HELP);
            Ok(())
        }
        Err(sentence) => Err(format!("{sentence} (see --help)")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("capture: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let run = match &arguments.device {
        Some(path) => source::camera(path, arguments)?,
        None => source::simulator(arguments)?,
    };
    let statistics = &run.statistics;
    // A run that did not even start has one line: why.
    if statistics.frames() == 0 {
        run.outcome?;
        return Err(format!("none of {} frames came", arguments.frames));
    }
    statistics.print();
    let fourcc = run.meaning.fourcc;
    if let Some(planes) = &run.picture {
        if picture::is_known(fourcc) {
            let output = &arguments.output;
            std::fs::create_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
            let path = output.join("frame.png");
            picture::write_png(&path, &picture::to_rgb(&run.meaning, planes)?)?;
            println!("picture          {}", path.display());
            if !run.exclusive {
                println!("                 this driver may write a frame while it is copied: it may show parts of two");
            }
        } else {
            println!("picture          none: no conversion from {fourcc}");
        }
    }
    run.outcome?;
    if statistics.good == 0 {
        return Err(format!("none of {} frames was complete", statistics.frames()));
    }
    if statistics.frames() < arguments.frames {
        return Err(format!("{} of {} frames came", statistics.frames(), arguments.frames));
    }
    Ok(())
}
