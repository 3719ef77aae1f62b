//! A frame as a PNG. Conversion, JPEG and PNG are done by libraries; this file gives them the right bytes.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use vidbuf::FourCc;
use yuv::{YuvBiPlanarImage, YuvConversionMode, YuvPackedImage, YuvPlanarImage, YuvRange, YuvStandardMatrix};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::layout::Meaning;

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

/// The picture in `planes`, one vector for each memory plane.
pub fn to_rgb(meaning: &Meaning, planes: &[Vec<u8>]) -> Result<Rgb, String> {
    let Meaning { fourcc, width, height, .. } = *meaning;
    let code = fourcc.0.to_le_bytes();
    if matches!(&code, b"MJPG" | b"JPEG") {
        return jpeg(width, height, planes.first().map_or(&[], Vec::as_slice));
    }
    let parts = meaning.parts().ok_or_else(|| format!("no conversion from {width}x{height} {fourcc} to a picture"))?;
    // The bytes before the picture: a frame that has them all has a size that memory has room for.
    let bytes: Option<Vec<&[u8]>> = parts.iter().map(|part| part.of(planes)).collect();
    let bytes = bytes.ok_or_else(|| format!("the frame is too short for {width}x{height} {fourcc}"))?;
    let too_large = || format!("a picture of {width}x{height} is too large");
    let line = width.checked_mul(3).ok_or_else(too_large)?;
    let length = (line as usize).checked_mul(height as usize).ok_or_else(too_large)?;
    let mut pixels = vec![0; length];
    let converted = match (&code, &parts[..], &bytes[..]) {
        (_, &[packed], &[yuy]) if matches!(&code, b"YUYV" | b"UYVY") => {
            let image = YuvPackedImage { yuy, yuy_stride: packed.stride, width, height };
            match &code {
                b"YUYV" => yuv::yuyv422_to_rgb(&image, &mut pixels, line, RANGE, MATRIX),
                _ => yuv::uyvy422_to_rgb(&image, &mut pixels, line, RANGE, MATRIX),
            }
        }
        (_, &[part], &[bytes]) => {
            let per_pixel = if &code == b"GREY" { 1 } else { 3 };
            for (out, line) in pixels.chunks_mut(line as usize).zip(bytes.chunks(part.stride as usize)) {
                for (to, from) in out.chunks_mut(3).zip(line.chunks(per_pixel)) {
                    match (&code, from) {
                        (b"BGR3", &[blue, green, red]) => to.copy_from_slice(&[red, green, blue]),
                        (_, &[grey]) => to.fill(grey),
                        _ => to.copy_from_slice(from),
                    }
                }
            }
            Ok(())
        }
        (_, &[luma, chroma], &[y_plane, uv_plane]) => {
            let (y_stride, uv_stride) = (luma.stride, chroma.stride);
            let image = YuvBiPlanarImage { y_plane, y_stride, uv_plane, uv_stride, width, height };
            match &code {
                b"NV21" => yuv::yuv_nv21_to_rgb(&image, &mut pixels, line, RANGE, MATRIX, MODE),
                _ => yuv::yuv_nv12_to_rgb(&image, &mut pixels, line, RANGE, MATRIX, MODE),
            }
        }
        (_, &[luma, u, v], &[y_plane, u_plane, v_plane]) => {
            let (y_stride, u_stride, v_stride) = (luma.stride, u.stride, v.stride);
            let image = YuvPlanarImage { y_plane, y_stride, u_plane, u_stride, v_plane, v_stride, width, height };
            yuv::yuv420_to_rgb(&image, &mut pixels, line, RANGE, MATRIX)
        }
        _ => return Err(format!("no conversion from {fourcc} to a picture")),
    };
    converted.map_err(|error| error.to_string())?;
    Ok(Rgb { width, height, pixels })
}

/// A JPEG of at most `width` by `height`: what it claims to be itself is as little to be trusted as a driver's numbers.
fn jpeg(width: u32, height: u32, bytes: &[u8]) -> Result<Rgb, String> {
    let most = |size: u32| (size as usize).min(16384);
    let options = DecoderOptions::default().set_max_width(most(width)).set_max_height(most(height));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(|error| format!("the JPEG frame is broken: {error}"))?;
    let (width, height) = decoder.dimensions().ok_or("the JPEG frame has no size")?;
    Ok(Rgb { width: width as u32, height: height as u32, pixels })
}

/// How good a JPEG is, of 100.
const QUALITY: u8 = 90;

/// Writes a frame as a JPEG: one of a camera that sends JPEGs as it is, any other compressed here.
pub fn write_jpeg(path: &Path, meaning: &Meaning, planes: &[Vec<u8>]) -> Result<(), String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if matches!(meaning.fourcc, FourCc::MJPEG | FourCc::JPEG) {
        let bytes = planes.first().map_or(&[][..], Vec::as_slice);
        return std::fs::write(path, bytes).map_err(|error| named(&error));
    }
    let Rgb { width, height, pixels } = to_rgb(meaning, planes)?;
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
        return Err(format!("{width}x{height} is too large for a JPEG"));
    };
    let encoder = jpeg_encoder::Encoder::new_file(path, QUALITY).map_err(|error| named(&error))?;
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).map_err(|error| named(&error))
}

/// Writes the picture.
pub fn write_png(path: &Path, picture: &Rgb) -> Result<(), String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::create(path).map_err(|error| named(&error))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| named(&error))?;
    writer.write_image_data(&picture.pixels).map_err(|error| named(&error))?;
    writer.finish().map_err(|error| named(&error))
}
