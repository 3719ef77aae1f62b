//! Checks that a file is frames of the simulator's picture, one after the other: `simulated_frames FORMAT WIDTHxHEIGHT COUNT FILE`.
//!
//! Every frame must be the picture of a sequence number, byte by byte, each number higher than the one before. A program that
//! is late loses frames; their number is told.

use std::process::ExitCode;

use vidbuf_sim::{Format, Picture, Profile};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match check(&words) {
        Ok(told) => {
            println!("{told}\n1 passed, 0 failed");
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("FAILED: {why}\n0 passed, 1 failed");
            ExitCode::FAILURE
        }
    }
}

fn check(words: &[String]) -> Result<String, String> {
    let [fourcc, size, count, path] = words else {
        return Err("usage: simulated_frames FORMAT WIDTHxHEIGHT COUNT FILE".into());
    };
    let pixels =
        Profile::VIVID_MULTIPLANAR.formats.iter().find(|format| format.fourcc.0.to_le_bytes() == fourcc.as_bytes());
    let pixels = pixels.ok_or(format!("no format {fourcc}"))?;
    let (width, height) = size.split_once('x').ok_or(format!("'{size}' is no size"))?;
    let number = |word: &str| word.parse::<u32>().map_err(|error| format!("'{word}': {error}"));
    let format = Format::new(pixels, number(width)?, number(height)?, [0; 3], 1, false);
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let frames = bytes.chunks(format.total() as usize);
    let frames_there = frames.len();
    if frames_there != number(count)? as usize {
        return Err(format!("{path} has {frames_there} frames"));
    }
    let mut next = 0;
    for (place, frame) in frames.enumerate() {
        let shows = |sequence: &u32| is_frame(&format, *sequence, frame);
        // The picture repeats itself, so the first number from `next` on is taken.
        let sequence =
            (next..next + 1000).find(shows).ok_or(format!("frame {place} is no picture of {next} or later"))?;
        next = sequence + 1;
    }
    Ok(format!("{path}: {frames_there} frames, {} lost", next as usize - frames_there))
}

fn is_frame(format: &Format, sequence: u32, mut frame: &[u8]) -> bool {
    let picture = Picture::new(format, sequence);
    format.planes().iter().enumerate().all(|(place, plane)| {
        let Some((bytes, rest)) = frame.split_at_checked(plane.sizeimage as usize) else { return false };
        frame = rest;
        picture.is_in(place, bytes)
    })
}
