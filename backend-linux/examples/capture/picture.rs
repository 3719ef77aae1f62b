//! A frame as a PNG. Conversion, JPEG and PNG are libraries' work; here is only which bytes are what.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use vidbuf::FourCc;
use yuv::{YuvBiPlanarImage, YuvConversionMode, YuvPackedImage, YuvPlanarImage, YuvRange, YuvStandardMatrix};

/// What the bytes of a frame mean.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub fourcc: FourCc,
    pub width: u32,
    pub height: u32,
    /// Bytes from one line to the next, for each memory plane; 0 for compressed formats.
    pub bytesperline: Vec<u32>,
}

/// A picture, three bytes a pixel, no padding.
pub struct Rgb {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

const RANGE: YuvRange = YuvRange::Limited;
const MATRIX: YuvStandardMatrix = YuvStandardMatrix::Bt601;
const MODE: YuvConversionMode = YuvConversionMode::Balanced;

/// Whether [`to_rgb`] knows the format.
pub fn is_known(fourcc: FourCc) -> bool {
    matches!(
        &fourcc.0.to_le_bytes(),
        b"YUYV"
            | b"UYVY"
            | b"NV12"
            | b"NV21"
            | b"NM12"
            | b"YU12"
            | b"YM12"
            | b"RGB3"
            | b"BGR3"
            | b"GREY"
            | b"MJPG"
            | b"JPEG"
    )
}

/// The picture in `planes`, one slice for each memory plane.
pub fn to_rgb(meaning: &Meaning, planes: &[Vec<u8>]) -> Result<Rgb, String> {
    let Meaning { fourcc, width, height, .. } = *meaning;
    let rows = height as usize;
    let stride = |plane: usize| meaning.bytesperline.get(plane).copied().unwrap_or_default();
    // The part of a memory plane that a colour plane is in.
    let part = |plane: usize, start: usize, stride: u32, rows: usize| {
        let length = stride as usize * rows;
        let bytes = planes.get(plane).and_then(|bytes| bytes.get(start..start + length));
        bytes.ok_or_else(|| format!("the frame is too short for {width}x{height} {fourcc}"))
    };
    let mut pixels = vec![0; 3 * width as usize * rows];
    let line = 3 * width;
    let converted = match &fourcc.0.to_le_bytes() {
        code @ (b"YUYV" | b"UYVY") => {
            let image = YuvPackedImage { yuy: part(0, 0, stride(0), rows)?, yuy_stride: stride(0), width, height };
            match code {
                b"YUYV" => yuv::yuyv422_to_rgb(&image, &mut pixels, line, RANGE, MATRIX),
                _ => yuv::uyvy422_to_rgb(&image, &mut pixels, line, RANGE, MATRIX),
            }
        }
        code @ (b"NV12" | b"NV21" | b"NM12") => {
            let chroma = rows.div_ceil(2);
            let (uv_plane, uv_stride) = match code {
                b"NM12" => (part(1, 0, stride(1), chroma)?, stride(1)),
                _ => (part(0, stride(0) as usize * rows, stride(0), chroma)?, stride(0)),
            };
            let y_plane = part(0, 0, stride(0), rows)?;
            let image = YuvBiPlanarImage { y_plane, y_stride: stride(0), uv_plane, uv_stride, width, height };
            match code {
                b"NV21" => yuv::yuv_nv21_to_rgb(&image, &mut pixels, line, RANGE, MATRIX, MODE),
                _ => yuv::yuv_nv12_to_rgb(&image, &mut pixels, line, RANGE, MATRIX, MODE),
            }
        }
        code @ (b"YU12" | b"YM12") => {
            let chroma = rows.div_ceil(2);
            let y_plane = part(0, 0, stride(0), rows)?;
            let (u_plane, v_plane, c_stride) = if code == b"YM12" {
                (part(1, 0, stride(1), chroma)?, part(2, 0, stride(2), chroma)?, stride(1))
            } else {
                let (c_stride, luma) = (stride(0) / 2, stride(0) as usize * rows);
                let v_start = luma + c_stride as usize * chroma;
                (part(0, luma, c_stride, chroma)?, part(0, v_start, c_stride, chroma)?, c_stride)
            };
            let image = YuvPlanarImage {
                y_plane,
                y_stride: stride(0),
                u_plane,
                u_stride: c_stride,
                v_plane,
                v_stride: c_stride,
                width,
                height,
            };
            yuv::yuv420_to_rgb(&image, &mut pixels, line, RANGE, MATRIX)
        }
        code @ (b"RGB3" | b"BGR3" | b"GREY") => {
            let bytes = part(0, 0, stride(0), rows)?;
            for (out, line) in pixels.chunks_mut(line as usize).zip(bytes.chunks(stride(0) as usize)) {
                let per_pixel = if code == b"GREY" { 1 } else { 3 };
                for (to, from) in out.chunks_mut(3).zip(line.chunks(per_pixel)) {
                    match (code, from) {
                        (b"BGR3", &[blue, green, red]) => to.copy_from_slice(&[red, green, blue]),
                        (_, &[grey]) => to.fill(grey),
                        _ => to.copy_from_slice(from),
                    }
                }
            }
            Ok(())
        }
        b"MJPG" | b"JPEG" => return jpeg(planes.first().map_or(&[], Vec::as_slice)),
        _ => return Err(format!("no conversion from {fourcc} to a picture")),
    };
    converted.map_err(|error| error.to_string())?;
    Ok(Rgb { width, height, pixels })
}

fn jpeg(bytes: &[u8]) -> Result<Rgb, String> {
    let mut decoder = zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(bytes));
    let pixels = decoder.decode().map_err(|error| format!("the JPEG frame is broken: {error}"))?;
    let (width, height) = decoder.dimensions().ok_or("the JPEG frame has no size")?;
    Ok(Rgb { width: width as u32, height: height as u32, pixels })
}

/// Writes the picture.
pub fn write_png(path: &Path, picture: &Rgb) -> Result<(), String> {
    let words = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::create(path).map_err(|error| words(&error))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| words(&error))?;
    writer.write_image_data(&picture.pixels).map_err(|error| words(&error))?;
    writer.finish().map_err(|error| words(&error))
}
