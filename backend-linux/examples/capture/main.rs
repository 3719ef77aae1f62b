//! Takes frames from a camera, or from a simulated one, writes the last good one as a PNG and shows how it went.
//!
//! ```sh
//! cargo run --release --example capture
//! cargo run --release --example capture -- --device /dev/video0 --size 1280x720 --format YUYV --timeout 2000
//! ```

mod arguments;
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
        Err(words) => Err(format!("{words} (--help tells more)")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("capture: {words}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let (meaning, (statistics, last)) = match &arguments.device {
        Some(path) => source::camera(path, arguments)?,
        None => source::simulator(arguments)?,
    };
    statistics.print();
    if let Some(planes) = last {
        if picture::is_known(meaning.fourcc) {
            let output = &arguments.output;
            std::fs::create_dir_all(output).map_err(|error| format!("{}: {error}", output.display()))?;
            let path = output.join("frame.png");
            picture::write_png(&path, &picture::to_rgb(&meaning, &planes)?)?;
            println!("picture          {}", path.display());
        } else {
            println!("picture          none: no conversion from {}", meaning.fourcc);
        }
    }
    if statistics.good < arguments.frames && statistics.frames() < arguments.frames {
        return Err(format!("{} of {} frames came", statistics.frames(), arguments.frames));
    }
    Ok(())
}
