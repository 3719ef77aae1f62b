//! Files that frames go to, one after the other: as they are, or as uncompressed video.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use vidbuf::node::FrameInterval;
use y4m::{Colorspace, Encoder, Ratio};
use yuv::{YuvConversionMode, YuvPlanarImageMut, YuvRange, YuvStandardMatrix};

use crate::arguments::Sink;
use crate::layout::{Meaning, Part};
use crate::picture;

/// Where frames go.
pub enum Video {
    None,
    Raw(Output),
    /// With room for the planes of a frame.
    Y4m(Encoder<Output>, Output, Vec<Vec<u8>>),
}

/// A file that the encoder writes to, and that is flushed beside it.
#[derive(Clone)]
pub struct Output(Rc<RefCell<dyn Write>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// A file, or standard output.
fn output(path: &Path) -> Result<Output, String> {
    if path.as_os_str() == "-" {
        return Ok(Output(Rc::new(RefCell::new(BufWriter::new(std::io::stdout())))));
    }
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Output(Rc::new(RefCell::new(BufWriter::new(file)))))
}

impl Video {
    /// Creates the file. A rate that is not known counts as 30 frames a second.
    pub fn new(sink: &Sink, meaning: &Meaning, interval: Option<FrameInterval>) -> Result<Self, String> {
        match sink {
            Sink::None => Ok(Self::None),
            Sink::Raw(path) => output(path).map(Self::Raw),
            Sink::Y4m(path) => {
                let fourcc = meaning.fourcc;
                if !picture::is_known(fourcc) {
                    return Err(format!("no conversion from {fourcc} to video: --raw writes it as it is"));
                }
                let known = interval.filter(|interval| interval.duration().is_some());
                let FrameInterval { numerator, denominator } =
                    known.unwrap_or(FrameInterval { numerator: 1, denominator: 30 });
                let rate = Ratio::new(denominator as usize, numerator as usize);
                let file = output(path)?;
                let encoder = y4m::encode(meaning.width as usize, meaning.height as usize, rate)
                    .with_colorspace(colorspace(&meaning.fourcc.0.to_le_bytes()))
                    .write_header(file.clone())
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Ok(Self::Y4m(encoder, file, vec![Vec::new(); 3]))
            }
        }
    }

    /// Writes a frame, one vector for each memory plane.
    pub fn write(&mut self, meaning: &Meaning, planes: &[Vec<u8>]) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("the video file: {error}");
        match self {
            Self::None => Ok(()),
            Self::Raw(file) => {
                planes.iter().try_for_each(|plane| file.write_all(plane)).map_err(|error| failed(&error))
            }
            Self::Y4m(encoder, _, room) => {
                separate(meaning, planes, room)?;
                let [y, u, v] = &room[..] else { return Err("three planes".into()) };
                encoder.write_frame(&y4m::Frame::new([y, u, v], None)).map_err(|error| failed(&error))
            }
        }
    }

    /// Writes what is still in memory.
    pub fn finish(self) -> Result<(), String> {
        let outcome = match self {
            Self::None => Ok(()),
            Self::Raw(mut file) | Self::Y4m(_, mut file, _) => file.flush(),
        };
        outcome.map_err(|error| format!("the video file: {error}"))
    }
}

/// What a format becomes: as it is, or 4:2:0.
fn colorspace(code: &[u8; 4]) -> Colorspace {
    match code {
        b"YUYV" | b"UYVY" => Colorspace::C422,
        b"GREY" => Colorspace::Cmono,
        _ => Colorspace::C420jpeg,
    }
}

/// The frame's three planes without padding, in `room`.
fn separate(meaning: &Meaning, planes: &[Vec<u8>], room: &mut [Vec<u8>]) -> Result<(), String> {
    let short = || format!("the frame is too short for {}x{} {}", meaning.width, meaning.height, meaning.fourcc);
    let (width, height) = (meaning.width as usize, meaning.height as usize);
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    room.iter_mut().for_each(Vec::clear);
    let [y, u, v] = room else { return Err("three planes".into()) };
    let parts = meaning.parts().unwrap_or_default();
    let code = meaning.fourcc.0.to_le_bytes();
    let lines = |part: &Part| Some(part.of(planes)?.chunks(part.stride as usize));
    match (&code, &parts[..]) {
        (b"YUYV" | b"UYVY", [packed]) => {
            let luma_first = &code == b"YUYV";
            for line in lines(packed).ok_or_else(short)? {
                for pixels in line.chunks_exact(4).take(half_width) {
                    let &[a, b, c, d] = pixels else { continue };
                    let (first, second, blue, red) = if luma_first { (a, c, b, d) } else { (b, d, a, c) };
                    y.extend([first, second]);
                    u.push(blue);
                    v.push(red);
                }
                // A width may be odd.
                y.truncate(y.len() - (2 * half_width - width));
            }
        }
        (b"GREY", [luma]) => {
            lines(luma).ok_or_else(short)?.for_each(|line| y.extend(line.iter().take(width)));
        }
        (b"NV12" | b"NV21" | b"NM12", [luma, chroma]) => {
            lines(luma).ok_or_else(short)?.for_each(|line| y.extend(line.iter().take(width)));
            for line in lines(chroma).ok_or_else(short)? {
                for pair in line.chunks_exact(2).take(half_width) {
                    let &[first, second] = pair else { continue };
                    let (blue, red) = if &code == b"NV21" { (second, first) } else { (first, second) };
                    u.push(blue);
                    v.push(red);
                }
            }
        }
        (b"YU12" | b"YM12", [luma, blue, red]) => {
            lines(luma).ok_or_else(short)?.for_each(|line| y.extend(line.iter().take(width)));
            lines(blue).ok_or_else(short)?.for_each(|line| u.extend(line.iter().take(half_width)));
            lines(red).ok_or_else(short)?.for_each(|line| v.extend(line.iter().take(half_width)));
        }
        _ => {
            let rgb = picture::to_rgb(meaning, planes)?;
            if (rgb.width, rgb.height) != (meaning.width, meaning.height) {
                return Err(format!("the JPEG frame has {}x{}", rgb.width, rgb.height));
            }
            let mut image = YuvPlanarImageMut::<u8>::alloc(rgb.width, rgb.height, yuv::YuvChromaSubsampling::Yuv420);
            yuv::rgb_to_yuv420(
                &mut image,
                &rgb.pixels,
                rgb.width * 3,
                YuvRange::Full,
                YuvStandardMatrix::Bt601,
                YuvConversionMode::Balanced,
            )
            .map_err(|error| error.to_string())?;
            y.extend_from_slice(image.y_plane.borrow());
            u.extend_from_slice(image.u_plane.borrow());
            v.extend_from_slice(image.v_plane.borrow());
        }
    }
    let chroma = match colorspace(&code) {
        Colorspace::Cmono => 0,
        Colorspace::C422 => half_width * height,
        _ => half_width * half_height,
    };
    if (y.len(), u.len(), v.len()) == (width * height, chroma, chroma) { Ok(()) } else { Err(short()) }
}
