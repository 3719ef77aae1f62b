//! VIDIOC_ENUMSTD, VIDIOC_G_STD, VIDIOC_S_STD, VIDIOC_QUERYSTD.

use vidbuf::Errno;
use vidbuf::node::Standards;
use vidbuf_abi::frame::v4l2_fract;
use vidbuf_abi::input::v4l2_standard;
use vidbuf_abi::standard::V4L2_STD_ALL;

use super::super::NodeOf;
use super::super::room::Rooms;
use crate::cable::Cable;

/// What the V4L2 core lists, in its order: sets, and what they are made of.
const LISTED: [(Standards, &str); 29] = [
    (Standards::NTSC, "NTSC"),
    (Standards::NTSC_M, "NTSC-M"),
    (Standards::NTSC_M_JP, "NTSC-M-JP"),
    (Standards::NTSC_M_KR, "NTSC-M-KR"),
    (Standards::NTSC_443, "NTSC-443"),
    (Standards::PAL, "PAL"),
    (Standards::from_bits_retain(0x7), "PAL-BG"),
    (Standards::PAL_B, "PAL-B"),
    (Standards::PAL_B1, "PAL-B1"),
    (Standards::PAL_G, "PAL-G"),
    (Standards::PAL_H, "PAL-H"),
    (Standards::PAL_I, "PAL-I"),
    (Standards::from_bits_retain(0xe0), "PAL-DK"),
    (Standards::PAL_D, "PAL-D"),
    (Standards::PAL_D1, "PAL-D1"),
    (Standards::PAL_K, "PAL-K"),
    (Standards::PAL_M, "PAL-M"),
    (Standards::PAL_N, "PAL-N"),
    (Standards::PAL_NC, "PAL-Nc"),
    (Standards::PAL_60, "PAL-60"),
    (Standards::SECAM, "SECAM"),
    (Standards::SECAM_B, "SECAM-B"),
    (Standards::SECAM_G, "SECAM-G"),
    (Standards::SECAM_H, "SECAM-H"),
    (Standards::from_bits_retain(0x32_0000), "SECAM-DK"),
    (Standards::SECAM_D, "SECAM-D"),
    (Standards::SECAM_K, "SECAM-K"),
    (Standards::SECAM_K1, "SECAM-K1"),
    (Standards::SECAM_L, "SECAM-L"),
];

impl<R: Rooms> NodeOf<R> {
    /// Every standard that the inputs have; a set that has been listed stays in what is left only if it is one of the three families,
    /// so that its members are listed, too.
    pub(super) fn enumerate_standard(&self, standard: &mut v4l2_standard) -> Result<(), Errno> {
        let index = standard.index;
        *standard = v4l2_standard { index, ..Default::default() };
        if !self.is_analog() {
            return Err(Errno::ENODATA);
        }
        let mut left = Standards::from_bits_retain(V4L2_STD_ALL);
        let last = (Standards::SECAM_LC, "SECAM-Lc");
        let mut listed = LISTED.into_iter().chain([last]).filter(|(listed, _)| {
            let has = left.contains(*listed);
            if has && ![Standards::NTSC, Standards::PAL, Standards::SECAM].contains(listed) {
                left -= *listed;
            }
            has
        });
        let (id, name) = listed.nth(index as usize).ok_or(Errno::EINVAL)?;
        standard.id = id.bits();
        for (to, from) in standard.name.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        let is_525 = id.intersects(Standards::LINES_525);
        (standard.framelines, standard.frameperiod) = if is_525 {
            (525, v4l2_fract { numerator: 1001, denominator: 30_000 })
        } else {
            (625, v4l2_fract { numerator: 1, denominator: 25 })
        };
        Ok(())
    }

    pub(super) fn standard(&self) -> Result<u64, Errno> {
        if self.is_analog() { Ok(self.inputs.standard().bits()) } else { Err(Errno::ENODATA) }
    }

    /// The core leaves what no input has out of the set.
    pub(super) fn set_standard(&mut self, asked: u64) -> Result<(), Errno> {
        if !self.is_analog() {
            return Err(Errno::ENODATA);
        }
        let standards = Standards::from_bits_retain(asked & V4L2_STD_ALL);
        if standards.is_empty() {
            return Err(Errno::EINVAL);
        }
        if standards == self.inputs.standard() {
            return Ok(());
        }
        if self.has_buffers() {
            return Err(Errno::EBUSY);
        }
        if let Some(own) = self.inputs.standards.get_mut(self.inputs.current as usize) {
            *own = standards;
        }
        self.adopt_input();
        Ok(())
    }

    pub(super) fn query_standard(&self) -> Result<u64, Errno> {
        let standard = self.standard()?;
        Ok(match self.inputs.cable() {
            Cable::Out | Cable::NoLock => 0,
            _ => standard,
        })
    }
}
