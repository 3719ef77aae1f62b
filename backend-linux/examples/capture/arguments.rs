//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use vidbuf::FourCc;

use crate::fourcc;

pub const HELP: &str = "\
takes frames from a camera, or from a simulated one, and shows how it went

usage: capture [--device NODE] [--size WxH] [--format FOURCC] [--frames N] [--output DIR] [--timeout MS]

  --device NODE     a V4L2 capture device such as /dev/video0; without it, a simulated camera
  --size WxH        picture size; the device may choose the nearest (default: what it is set to; simulator 640x480)
  --format FOURCC   pixel format such as YUYV, MJPG, 'Y16 -BE' (default: what it is set to; simulator YUYV)
  --frames N        how many frames to take (default 120)
  --output DIR      where the picture goes (default target/capture)
  --timeout MS      give up when no frame comes for so long, in milliseconds (default: wait for ever)";

#[derive(Debug)]
pub struct Arguments {
    pub device: Option<PathBuf>,
    pub size: Option<(u32, u32)>,
    pub format: Option<FourCc>,
    pub frames: u32,
    pub output: PathBuf,
    pub timeout: Option<Duration>,
}

/// The command line; `None` for help.
pub fn parse() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::*;
    let mut arguments = Arguments {
        device: None,
        size: None,
        format: None,
        frames: 120,
        output: PathBuf::from("target/capture"),
        timeout: None,
    };
    let mut parser = lexopt::Parser::from_env();
    let text = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(text)? {
        match argument {
            Long("device") => arguments.device = Some(parser.value().map_err(text)?.into()),
            Long("size") => arguments.size = Some(parser.value().map_err(text)?.parse_with(size).map_err(text)?),
            Long("format") => {
                arguments.format = Some(parser.value().map_err(text)?.parse_with(fourcc::parse).map_err(text)?)
            }
            Long("frames") => {
                arguments.frames = parser.value().map_err(text)?.parse_with(at_least_one).map_err(text)?
            }
            Long("output") => arguments.output = parser.value().map_err(text)?.into(),
            Long("timeout") => {
                let milliseconds = parser.value().map_err(text)?.parse().map_err(text)?;
                arguments.timeout = Some(Duration::from_millis(milliseconds));
            }
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(arguments))
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    match parts {
        Some((width, height)) if width > 0 && height > 0 => Ok((width, height)),
        _ => Err("a size is written WIDTHxHEIGHT, such as 640x480".into()),
    }
}

fn at_least_one(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(frames) if frames > 0 => Ok(frames),
        _ => Err("a number of frames is 1 or more".into()),
    }
}
