//! The moving test picture: eight bars that wander to the left, eight pixels a frame.
//!
//! Every byte follows from the format and the frame's sequence number, so a test can distinguish a whole picture from a stale,
//! torn or poisoned one, and knows which frame it is.

use vidbuf::FourCc;

use crate::format::Format;

/// Brightness and colour of the bars (Y, U, V): white, yellow, cyan, green, magenta, red, blue, dark.
const BARS: [[u8; 3]; 8] = [
    [235, 128, 128],
    [210, 16, 146],
    [170, 166, 16],
    [145, 54, 34],
    [106, 202, 222],
    [81, 90, 240],
    [41, 240, 110],
    [24, 128, 128],
];

/// The picture of one frame.
///
/// ```
/// use vidbuf_sim::{Format, Picture, PixelFormat};
///
/// let format = Format::new(&PixelFormat::YUYV, 64, 16, [0; 3], 1, false);
/// let mut frame = [0; 64 * 16 * 2];
/// Picture::new(&format, 7).draw(0, &mut frame);
/// assert!(Picture::new(&format, 7).is_in(0, &frame));
/// assert!(!Picture::new(&format, 8).is_in(0, &frame));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    format: Format,
    sequence: u32,
}

/// Lines that look all the same, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    /// Where the first begins, from the start of the memory plane.
    pub start: usize,
    /// Bytes of the picture in a line.
    pub used: usize,
    /// From one line to the next.
    pub stride: usize,
    pub lines: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Yuyv,
    Luma,
    ChromaPairs,
    ChromaU,
    ChromaV,
    Rgb,
    Bytes,
}

impl Picture {
    /// The picture of frame `sequence` in this format.
    pub const fn new(format: &Format, sequence: u32) -> Self {
        Self { format: *format, sequence }
    }

    /// The picture that comes so many frames later.
    #[must_use]
    pub const fn after(&self, frames: u32) -> Self {
        Self { format: self.format, sequence: self.sequence.wrapping_add(frames) }
    }

    /// The byte at `offset` from the start of a memory plane, if the picture covers it.
    pub fn byte(&self, plane: usize, offset: usize) -> Option<u8> {
        self.bands(plane).into_iter().flatten().find_map(|band| {
            let inside = offset.checked_sub(band.start)?;
            let column = inside % band.stride.max(1);
            (inside / band.stride.max(1) < band.lines && column < band.used).then(|| self.at(band.kind, column))
        })
    }

    /// Draws one memory plane, `data_offset` included. A slice that is too short gets what it has room for.
    pub fn draw(&self, plane: usize, bytes: &mut [u8]) {
        for band in self.bands(plane).into_iter().flatten() {
            let Some(bytes) = bytes.get_mut(band.start..) else { continue };
            let used = band.used.min(bytes.len());
            for (column, byte) in bytes[..used].iter_mut().enumerate() {
                *byte = self.at(band.kind, column);
            }
            // All lines look the same.
            for line in 1..band.lines {
                let start = line * band.stride;
                let Some(room) = bytes.len().checked_sub(start) else { break };
                bytes.copy_within(..used.min(room), start);
            }
        }
    }

    /// Where a memory plane has something of the picture: from its first byte to its last, padding between lines included.
    pub fn extent(&self, plane: usize) -> core::ops::Range<usize> {
        let mut extent = 0..0;
        for band in self.bands(plane).into_iter().flatten().filter(|band| band.lines > 0) {
            let end = band.start + (band.lines - 1) * band.stride + band.used;
            extent = if extent.is_empty() { band.start..end } else { extent.start..end };
        }
        extent
    }

    /// Whether this is the picture: `payload` is a frame's payload in this plane, without the `data_offset` bytes.
    pub fn is_in(&self, plane: usize, payload: &[u8]) -> bool {
        let Some(format) = self.format.planes().get(plane) else { return false };
        let skip = format.data_offset as usize;
        self.bands(plane).into_iter().flatten().all(|band| {
            (0..band.lines).all(|line| {
                let start = band.start + line * band.stride - skip;
                payload.get(start..start + band.used).is_some_and(|bytes| {
                    bytes.iter().enumerate().all(|(column, byte)| *byte == self.at(band.kind, column))
                })
            })
        })
    }

    /// Bytes of the payload of a compressed frame: they differ from frame to frame.
    pub(crate) fn compressed_length(&self) -> u32 {
        let most = self.format.plane[0].sizeimage;
        (most / 16 + self.sequence.wrapping_mul(2_654_435_761) % (most / 16 + 1)).clamp(1, most.max(1))
    }

    /// The bands of a memory plane.
    pub(crate) fn bands(&self, plane: usize) -> [Option<Band>; 2] {
        let format = &self.format;
        let Some(memory) = format.planes().get(plane) else { return [None; 2] };
        let (width, height) = (format.width as usize, format.height as usize);
        let start = memory.data_offset as usize;
        let stride = memory.bytesperline as usize;
        let band = |start, used: usize, lines, kind| Some(Band { start, used: used.min(stride), stride, lines, kind });
        match (format.pixelformat, plane) {
            _ if stride == 0 => {
                let used = self.compressed_length() as usize;
                [Some(Band { start, used, stride: used, lines: 1, kind: Kind::Bytes }), None]
            }
            (FourCc::YUYV, _) => [band(start, width * 2, height, Kind::Yuyv), None],
            (FourCc::NV12, _) => [
                band(start, width, height, Kind::Luma),
                band(start + stride * height, width, height / 2, Kind::ChromaPairs),
            ],
            (FourCc::NV12M, 1) => [band(start, width, height / 2, Kind::ChromaPairs), None],
            (FourCc::RGB24, _) => [band(start, width * 3, height, Kind::Rgb), None],
            (_, 0) if format.planes > 1 => [band(start, width, height, Kind::Luma), None],
            (_, 1) => [band(start, width / 2, height / 2, Kind::ChromaU), None],
            (_, 2) => [band(start, width / 2, height / 2, Kind::ChromaV), None],
            (FourCc::GREY, _) => [band(start, width, height, Kind::Luma), None],
            _ => [band(start, stride, height, Kind::Bytes), None],
        }
    }

    /// Draws the first line of a band.
    pub(crate) fn draw_line(&self, band: &Band, mut put: impl FnMut(&[u8])) {
        let mut piece = [0u8; 64];
        let mut at = 0;
        while at < band.used {
            let count = (band.used - at).min(piece.len());
            for (step, byte) in piece[..count].iter_mut().enumerate() {
                *byte = self.at(band.kind, at + step);
            }
            put(&piece[..count]);
            at += count;
        }
    }

    fn bar(&self, x: usize) -> &'static [u8; 3] {
        let width = (self.format.width as usize / 8).max(1);
        &BARS[x.wrapping_add((self.sequence as usize).wrapping_mul(8)) / width % 8]
    }

    fn at(&self, kind: Kind, column: usize) -> u8 {
        match kind {
            Kind::Yuyv => match column % 4 {
                0 | 2 => self.bar(column / 2)[0],
                1 => self.bar(column / 4 * 2)[1],
                _ => self.bar(column / 4 * 2)[2],
            },
            Kind::Luma => self.bar(column)[0],
            Kind::ChromaPairs => self.bar(column / 2 * 2)[1 + column % 2],
            Kind::ChromaU => self.bar(column * 2)[1],
            Kind::ChromaV => self.bar(column * 2)[2],
            Kind::Rgb => rgb(self.bar(column / 3))[column % 3],
            Kind::Bytes => (column as u32).wrapping_add(self.sequence.wrapping_mul(8)) as u8,
        }
    }
}

/// Red, green and blue of a bar, near enough.
fn rgb([y, u, v]: &[u8; 3]) -> [u8; 3] {
    let (y, u, v) = (i32::from(*y), i32::from(*u) - 128, i32::from(*v) - 128);
    let clamp = |value: i32| value.clamp(0, 255) as u8;
    [clamp(y + v * 7 / 5), clamp(y - u / 3 - v * 5 / 7), clamp(y + u * 7 / 4)]
}
