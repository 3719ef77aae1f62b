//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use vidbuf::FourCc;
use vidbuf::node::FrameInterval;

pub const HELP: &str = "\
takes frames from a camera, or from a simulated one, and shows how it went

usage: capture [OPTIONS]          takes frames
       capture list               the nodes of this system: cameras, codecs, outputs
       capture info [-d CAMERA]   what it is; its formats, sizes and rates; its controls, their limits and values

  -d, --device CAMERA   /dev/video0, or its number; the name of a camera, or its place (bus);
                        `auto`: the first camera; `sim` (default): a simulated one, with any size;
                        `sim:webcam`: a simulated webcam, with a webcam's sizes, rates and controls
  -s, --size WxH        picture size; the device may choose the nearest (default: what it is set to; simulator 640x480)
  -f, --format FOURCC   pixel format such as YUYV, MJPG, Y16-BE (default: what it is set to; simulator YUYV)
  -r, --rate N          frames a second, such as 30 or 29.97; the nearest that the device has (default: what it is set to)
      --set NAME=VALUE  sets a control, as often as it is given and in that order: a number, true or false, an item of a menu by
                        its number or name, or text; `info` lists what there is (with --set: after setting)
  -n, --frames N        how many frames to take (default 120); 0: until Ctrl-C
      --skip N          frames that are taken and thrown away first, while the camera finds its exposure
  -o, --output DIR      where the picture goes (default target/capture)
      --jpeg            the picture is frame.jpg; without it, frame.png
      --raw FILE        writes the bytes of every complete frame, one after the other; `-`: standard output
      --y4m FILE        writes every complete frame as uncompressed video (YUV4MPEG2); `-`: standard output
  -t, --timeout MS      give up when no frame comes for so long, in milliseconds (default 5000; 0: wait for ever)
  -h, --help            this text

exit status: 0 if all frames came, or Ctrl-C ended it, and one was complete; 1 if not, or a device or a file failed,
or a control is not there or does not take the value; 2 if the command line is wrong";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Prints [`HELP`].
    Help,
    /// Prints the nodes.
    List,
    /// Prints what a camera has.
    Info(Camera, Vec<Setting>),
    /// Takes frames.
    Take(Arguments),
}

/// Which camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Camera {
    /// The kernel's test driver.
    Simulated,
    SimulatedWebcam,
    /// The first there is.
    First,
    Number(u32),
    Path(PathBuf),
    /// A name, or a place.
    Name(String),
}

/// A control and its new value, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub value: String,
}

/// A file that video goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sink {
    None,
    Raw(PathBuf),
    Y4m(PathBuf),
}

#[derive(Debug)]
pub struct Arguments {
    pub camera: Camera,
    pub size: Option<(u32, u32)>,
    pub format: Option<FourCc>,
    pub rate: Option<FrameInterval>,
    pub settings: Vec<Setting>,
    /// 0: until Ctrl-C.
    pub frames: u32,
    pub skip: u32,
    pub output: PathBuf,
    pub jpeg: bool,
    pub sink: Sink,
    pub timeout: Option<Duration>,
}

impl Arguments {
    /// Whether standard output is for frames.
    pub fn prints_frames(&self) -> bool {
        matches!(&self.sink, Sink::Raw(path) | Sink::Y4m(path) if path.as_os_str() == "-")
    }
}

/// The command line.
pub fn parse() -> Result<Command, String> {
    read(lexopt::Parser::from_env())
}

pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    use lexopt::prelude::*;
    let mut arguments = Arguments {
        camera: Camera::Simulated,
        size: None,
        format: None,
        rate: None,
        settings: Vec::new(),
        frames: 120,
        skip: 0,
        output: PathBuf::from("target/capture"),
        jpeg: false,
        sink: Sink::None,
        timeout: Some(Duration::from_secs(5)),
    };
    let mut command = None;
    let text = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(text)? {
        match argument {
            Value(word) if command.is_none() && (word == "list" || word == "info") => command = Some(word),
            Short('d') | Long("device") => arguments.camera = camera(parser.value().map_err(text)?),
            Short('s') | Long("size") => {
                arguments.size = Some(parser.value().map_err(text)?.parse_with(size).map_err(text)?);
            }
            Short('f') | Long("format") => {
                arguments.format = Some(parser.value().map_err(text)?.parse().map_err(text)?);
            }
            Short('r') | Long("rate") => {
                arguments.rate = Some(parser.value().map_err(text)?.parse_with(rate).map_err(text)?);
            }
            Long("set") => {
                arguments.settings.push(parser.value().map_err(text)?.parse_with(setting).map_err(text)?);
            }
            Short('n') | Long("frames") => arguments.frames = parser.value().map_err(text)?.parse().map_err(text)?,
            Long("skip") => arguments.skip = parser.value().map_err(text)?.parse().map_err(text)?,
            Short('o') | Long("output") => arguments.output = parser.value().map_err(text)?.into(),
            Long("jpeg") => arguments.jpeg = true,
            Long("raw") => sink(&mut arguments, Sink::Raw(parser.value().map_err(text)?.into()))?,
            Long("y4m") => sink(&mut arguments, Sink::Y4m(parser.value().map_err(text)?.into()))?,
            Short('t') | Long("timeout") => {
                let milliseconds: u64 = parser.value().map_err(text)?.parse().map_err(text)?;
                arguments.timeout = (milliseconds > 0).then(|| Duration::from_millis(milliseconds));
            }
            Short('h') | Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(match command {
        Some(word) if word == "list" => Command::List,
        Some(_) => Command::Info(arguments.camera, arguments.settings),
        None => Command::Take(arguments),
    })
}

fn sink(arguments: &mut Arguments, sink: Sink) -> Result<(), String> {
    if arguments.sink != Sink::None {
        return Err("video goes to one file".into());
    }
    arguments.sink = sink;
    Ok(())
}

fn camera(word: OsString) -> Camera {
    let text = word.to_str().unwrap_or_default();
    match (text, text.parse()) {
        ("sim", _) => Camera::Simulated,
        ("sim:webcam", _) => Camera::SimulatedWebcam,
        ("auto", _) => Camera::First,
        (_, Ok(number)) => Camera::Number(number),
        _ if text.is_empty() || text.contains('/') => Camera::Path(word.into()),
        _ => Camera::Name(text.into()),
    }
}

fn setting(text: &str) -> Result<Setting, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Setting { name: name.into(), value: value.into() }),
        _ => Err("a control is set by NAME=VALUE, such as brightness=100".into()),
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    match parts {
        Some((width, height)) if width > 0 && height > 0 => Ok((width, height)),
        _ => Err("a size is written WIDTHxHEIGHT, such as 640x480".into()),
    }
}

/// `30`, `12.5`; 29.97 and 59.94 are those of television, 30000/1001 and 60000/1001.
fn rate(text: &str) -> Result<FrameInterval, String> {
    let wrong = || "a rate is a number of frames a second, such as 30 or 29.97".to_string();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > 3 || !digits(part) || !digits(whole) {
        return Err(wrong());
    }
    let thousandths: u32 = format!("{whole}{part:0<3}").parse().map_err(|_| wrong())?;
    let (numerator, denominator) = match thousandths {
        0 => return Err(wrong()),
        23_976 => (1001, 24_000),
        29_970 => (1001, 30_000),
        59_940 => (1001, 60_000),
        thousandths if thousandths % 1000 == 0 => (1, thousandths / 1000),
        thousandths => (1000, thousandths),
    };
    Ok(FrameInterval { numerator, denominator })
}
