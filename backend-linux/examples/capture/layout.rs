//! Where in a frame the colours are. Sizes and strides are a driver's, so every sum and product here is checked.

use vidbuf::FourCc;

/// What the bytes of a frame mean.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub fourcc: FourCc,
    pub width: u32,
    pub height: u32,
    /// Bytes from one line to the next, for each memory plane; 0 for compressed formats.
    pub bytesperline: Vec<u32>,
    /// The length of a frame depends on what it shows.
    pub compressed: bool,
}

/// The part of a memory plane that a colour plane is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which memory plane.
    pub plane: usize,
    pub start: u64,
    pub stride: u32,
    pub rows: u32,
}

impl Part {
    /// The first byte behind it.
    pub fn end(&self) -> Option<u64> {
        self.start.checked_add(u64::from(self.stride) * u64::from(self.rows))
    }

    /// The bytes of this part, if the frame has them all.
    pub fn of<'f>(&self, planes: &'f [Vec<u8>]) -> Option<&'f [u8]> {
        let (start, end) = (usize::try_from(self.start).ok()?, usize::try_from(self.end()?).ok()?);
        planes.get(self.plane)?.get(start..end)
    }
}

impl Meaning {
    /// Where each colour plane is; `None` for a compressed format, one that is not known here, or impossible numbers.
    pub fn parts(&self) -> Option<Vec<Part>> {
        let (width, rows) = (u64::from(self.width), self.height);
        if width == 0 || rows == 0 {
            return None;
        }
        // At least the bytes of a line: drivers return 0 for formats they do not fill in.
        let stride = |plane: usize, least: u64| {
            let given = self.bytesperline.get(plane).copied().unwrap_or_default();
            u32::try_from(least).ok().map(|least| given.max(least))
        };
        let part = |plane, start, stride, rows| Part { plane, start, stride, rows };
        let (half_width, half_rows) = (width.div_ceil(2), rows.div_ceil(2));
        let parts = match &self.fourcc.0.to_le_bytes() {
            b"YUYV" | b"UYVY" => vec![part(0, 0, stride(0, 4 * half_width)?, rows)],
            b"RGB3" | b"BGR3" => vec![part(0, 0, stride(0, 3 * width)?, rows)],
            b"GREY" => vec![part(0, 0, stride(0, width)?, rows)],
            b"NV12" | b"NV21" => {
                let luma = part(0, 0, stride(0, 2 * half_width)?, rows);
                vec![luma, part(0, luma.end()?, luma.stride, half_rows)]
            }
            b"NM12" => {
                vec![part(0, 0, stride(0, width)?, rows), part(1, 0, stride(1, 2 * half_width)?, half_rows)]
            }
            b"YU12" => {
                let luma = part(0, 0, stride(0, width)?, rows);
                let chroma = (luma.stride / 2).max(u32::try_from(half_width).ok()?);
                let u = part(0, luma.end()?, chroma, half_rows);
                vec![luma, u, part(0, u.end()?, chroma, half_rows)]
            }
            b"YM12" => {
                let chroma = |plane| Some(part(plane, 0, stride(plane, half_width)?, half_rows));
                vec![part(0, 0, stride(0, width)?, rows), chroma(1)?, chroma(2)?]
            }
            _ => return None,
        };
        Some(parts)
    }

    /// Whether a frame with so many bytes in its planes can be whole.
    pub fn is_complete(&self, lengths: &[usize]) -> bool {
        let holds = |plane: usize, end: u64| lengths.get(plane).is_some_and(|length| *length as u64 >= end);
        match self.parts() {
            Some(parts) => parts.iter().all(|part| part.end().is_some_and(|end| holds(part.plane, end))),
            // Not less than the lines of the first colour plane, if they have a fixed length.
            None => {
                let line = self.bytesperline.first().filter(|_| !self.compressed).copied().unwrap_or_default();
                holds(0, (u64::from(line) * u64::from(self.height)).max(1))
            }
        }
    }
}
