//! Checks that pictures are the vivid driver's colour bars: `colour_bars PICTURE.png...`.
//!
//! Eight vertical bars of 75 % saturation: white, yellow, cyan, green, magenta, red, blue, black. Looked at in the middle of
//! each bar, well below the text that the driver draws.

use std::process::ExitCode;

/// Red, green and blue of each bar.
const BARS: [[u8; 3]; 8] =
    [[191, 191, 191], [191, 191, 0], [0, 191, 191], [0, 191, 0], [191, 0, 191], [191, 0, 0], [0, 0, 191], [0, 0, 0]];

/// Rounding of the driver's and of our conversion together.
const TOLERANCE: u8 = 12;

fn main() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for path in std::env::args().skip(1) {
        match check(&path) {
            Ok(()) => {
                println!("{path}: colour bars");
                passed += 1;
            }
            Err(why) => {
                println!("FAILED {path}: {why}");
                failed += 1;
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(path: &str) -> Result<(), String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let decoder = png::Decoder::new(std::io::BufReader::new(file));
    let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("too large a picture")?];
    let info = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    let (width, height) = (info.width as usize, info.height as usize);
    for row in [height * 3 / 4, height * 7 / 8] {
        for (bar, expected) in BARS.iter().enumerate() {
            let column = (2 * bar + 1) * width / 16;
            let at = 3 * (row * width + column);
            let found = pixels.get(at..at + 3).ok_or("the picture is too short")?;
            if found.iter().zip(expected).any(|(found, expected)| found.abs_diff(*expected) > TOLERANCE) {
                return Err(format!("bar {bar} at {column},{row} is {found:?}, not {expected:?}"));
            }
        }
    }
    Ok(())
}
