//! Analog television: PAL, NTSC and SECAM.

use bitflags::bitflags;

use super::{FrameInterval, Text};

bitflags! {
    /// Standards of analog television (`V4L2_STD_*`), one or several. Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct Standards: u64 {
        /// PAL B.
        const PAL_B = 0x1;
        /// PAL B1.
        const PAL_B1 = 0x2;
        /// PAL G.
        const PAL_G = 0x4;
        /// PAL H.
        const PAL_H = 0x8;
        /// PAL I.
        const PAL_I = 0x10;
        /// PAL D.
        const PAL_D = 0x20;
        /// PAL D1.
        const PAL_D1 = 0x40;
        /// PAL K.
        const PAL_K = 0x80;
        /// PAL M: 525 lines.
        const PAL_M = 0x100;
        /// PAL N.
        const PAL_N = 0x200;
        /// PAL N of Argentina.
        const PAL_NC = 0x400;
        /// PAL with 525 lines.
        const PAL_60 = 0x800;
        /// NTSC M, BTSC audio.
        const NTSC_M = 0x1000;
        /// NTSC M, audio of Japan.
        const NTSC_M_JP = 0x2000;
        /// NTSC with the color carrier of PAL.
        const NTSC_443 = 0x4000;
        /// NTSC M, audio of Korea.
        const NTSC_M_KR = 0x8000;
        /// SECAM B.
        const SECAM_B = 0x1_0000;
        /// SECAM D.
        const SECAM_D = 0x2_0000;
        /// SECAM G.
        const SECAM_G = 0x4_0000;
        /// SECAM H.
        const SECAM_H = 0x8_0000;
        /// SECAM K.
        const SECAM_K = 0x10_0000;
        /// SECAM K1.
        const SECAM_K1 = 0x20_0000;
        /// SECAM L.
        const SECAM_L = 0x40_0000;
        /// SECAM L'.
        const SECAM_LC = 0x80_0000;
        const _ = !0;
    }
}

impl Standards {
    /// PAL in most of the world: 625 lines, 25 frames a second.
    pub const PAL: Self = Self::from_bits_retain(0xff);
    /// NTSC with its own color carrier: 525 lines, 30000/1001 frames a second.
    pub const NTSC: Self = Self::from_bits_retain(0xb000);
    /// Every SECAM.
    pub const SECAM: Self = Self::from_bits_retain(0xff_0000);
    /// Everything with 525 lines: 720x480, 30000/1001 frames a second.
    pub const LINES_525: Self = Self::from_bits_retain(0xf900);
    /// Everything with 625 lines: 720x576, 25 frames a second.
    pub const LINES_625: Self = Self::from_bits_retain(0xff_06ff);

    /// Lines of a picture without blanking: 480 or 576. `None` if the set is empty or has both.
    pub const fn visible_lines(self) -> Option<u32> {
        match (self.intersects(Self::LINES_525), self.intersects(Self::LINES_625)) {
            (true, false) => Some(480),
            (false, true) => Some(576),
            _ => None,
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Standards {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Standards({=u64:#x})", self.bits());
    }
}

/// One standard that an input can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct StandardDescription {
    /// Which; several if they are the same for the driver.
    pub standards: Standards,
    /// Its name, for people.
    pub name: Text<24>,
    /// Seconds from one frame to the next.
    pub frame_interval: FrameInterval,
    /// Lines of a frame, with blanking.
    pub total_lines: u32,
}

impl StandardDescription {
    /// A standard as a backend of your own reports it.
    pub const fn new(standards: Standards, name: Text<24>, frame_interval: FrameInterval, total_lines: u32) -> Self {
        Self { standards, name, frame_interval, total_lines }
    }
}

#[cfg(test)]
mod tests {
    use super::Standards;

    #[test]
    fn lines_are_those_of_all_or_unknown() {
        assert_eq!(Standards::PAL.visible_lines(), Some(576));
        assert_eq!((Standards::NTSC | Standards::PAL_M).visible_lines(), Some(480));
        assert_eq!(Standards::all().visible_lines(), None);
        assert_eq!(Standards::empty().visible_lines(), None);
    }
}
