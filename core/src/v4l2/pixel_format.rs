//! A pixel format's name.

use core::fmt;

/// A pixel format's four characters (`V4L2_PIX_FMT_*`), little-endian as the kernel stores them.
///
/// ```
/// use vidbuf::FourCc;
/// assert_eq!(FourCc::YUYV, FourCc::new(*b"YUYV"));
/// assert_eq!(FourCc::YUYV.0, 0x5659_5559);
/// assert_eq!(FourCc::new(*b"Y16 ").to_string(), "Y16 ");
/// ```
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct FourCc(pub u32);

impl FourCc {
    /// Packed 4:2:2, `Y0 U Y1 V`, 2 bytes a pixel.
    pub const YUYV: Self = Self::new(*b"YUYV");
    /// 4:2:0 in two parts, Y then interleaved UV, one memory plane.
    pub const NV12: Self = Self::new(*b"NV12");
    /// 4:2:0 in two memory planes.
    pub const NV12M: Self = Self::new(*b"NM12");
    /// Motion JPEG: each frame a JPEG picture.
    pub const MJPEG: Self = Self::new(*b"MJPG");
    /// 24-bit RGB, 3 bytes a pixel in memory order R, G, B.
    pub const RGB24: Self = Self::new(*b"RGB3");
    /// 8-bit greyscale.
    pub const GREY: Self = Self::new(*b"GREY");

    /// From four ASCII characters.
    pub const fn new(characters: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(characters))
    }

    /// Whether this is the big-endian variant (bit 31, `v4l2_fourcc_be`).
    pub const fn is_big_endian(self) -> bool {
        self.0 & (1 << 31) != 0
    }
}

impl fmt::Display for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for byte in (self.0 & !(1 << 31)).to_le_bytes() {
            f.write_char(if byte.is_ascii_graphic() || byte == b' ' { byte as char } else { '.' })?;
        }
        if self.is_big_endian() { f.write_str("-BE") } else { Ok(()) }
    }
}

impl fmt::Debug for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FourCc({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FourCc {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "FourCc({=[u8]:a})", self.0.to_le_bytes());
    }
}
