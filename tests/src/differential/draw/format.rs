//! What the driver has: capabilities, lists of formats, sizes and intervals, and the rate.

use vidbuf_abi::capability::v4l2_capability;
use vidbuf_abi::format::v4l2_fmtdesc;
use vidbuf_abi::frame::{
    v4l2_captureparm, v4l2_fract, v4l2_frmsizeenum, v4l2_frmsizeenum_size, v4l2_streamparm, v4l2_streamparm_parm,
};
use vidbuf_abi::ioctl::{VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_PARM, VIDIOC_QUERYCAP, VIDIOC_S_PARM};
use vidbuf_abi::value::Value;

use super::super::operation::{Ioctl, Operation};
use super::Draw;

impl Draw<'_> {
    /// One of them.
    pub(super) fn lists(&mut self, descriptor: usize) -> Operation {
        let kinds: [fn(&mut Self, usize) -> Operation; 5] =
            [Self::capabilities, Self::listed_format, Self::listed_size, Self::get_rate, Self::set_rate];
        self.one_of(&kinds)(self, descriptor)
    }

    /// A number in a list of about so many, sometimes far behind it.
    fn number(&mut self, about: u32) -> u32 {
        let (inside, other) = (self.rng.u32(0..about + 2), self.rng.u32(..));
        self.usual(95, inside, &[other, u32::MAX])
    }

    /// A type that has no formats of its own in the model's overlays.
    fn type_of_format(&mut self) -> u32 {
        Some(self.buffer_type()).filter(|buffer_type| !matches!(buffer_type, 3 | 8)).unwrap_or(0)
    }

    fn capabilities(&mut self, descriptor: usize) -> Operation {
        let bytes: [u8; size_of::<v4l2_capability>()] = self.noise();
        self.noisy(Ioctl::new(descriptor, VIDIOC_QUERYCAP, v4l2_capability::get(&bytes, 0)))
    }

    fn listed_format(&mut self, descriptor: usize) -> Operation {
        let (index, type_) = (self.number(93), self.type_of_format());
        let ask = v4l2_fmtdesc {
            index,
            type_,
            flags: self.noise_word(),
            description: self.noise(),
            pixelformat: self.noise_word(),
            mbus_code: self.noise_word(),
            reserved: self.noise_words(),
        };
        self.noisy(Ioctl::new(descriptor, VIDIOC_ENUM_FMT, ask))
    }

    fn listed_size(&mut self, descriptor: usize) -> Operation {
        let (index, pixel_format) = (self.number(6), self.one_of(&self.choice.formats));
        let mut size = v4l2_frmsizeenum_size::default();
        size.bytes = self.noise();
        let (type_, reserved) = (self.noise_word(), self.noise_words());
        let ask = v4l2_frmsizeenum { index, pixel_format, type_, size, reserved };
        self.noisy(Ioctl::new(descriptor, VIDIOC_ENUM_FRAMESIZES, ask))
    }

    /// Its parameters may be noise: only some are the driver's.
    fn parameters(&mut self) -> v4l2_streamparm {
        let mut parm = v4l2_streamparm_parm::default();
        parm.bytes = self.noise();
        v4l2_streamparm { type_: self.type_of_format(), parm }
    }

    fn get_rate(&mut self, descriptor: usize) -> Operation {
        let ask = self.parameters();
        self.noisy(Ioctl::new(descriptor, VIDIOC_G_PARM, ask))
    }

    /// Quick rates: somebody waits for the frames.
    fn set_rate(&mut self, descriptor: usize) -> Operation {
        let mut ask = self.parameters();
        let rates = [(1, 60), (1, 50), (1, 41), (1, 30), (2, 61), (3, 100)];
        let odd = [(0, 0), (1, 0), (0, 5), (1, 1000), (1, u32::MAX), (u32::MAX, 0), (100_000, 3_000_001)];
        let usual = self.one_of(&rates);
        let (numerator, denominator) = self.usual(60, usual, &odd);
        let timeperframe = v4l2_fract { numerator, denominator };
        ask.parm.set_capture(v4l2_captureparm { timeperframe, ..ask.parm.capture() });
        self.noisy(Ioctl::new(descriptor, VIDIOC_S_PARM, ask))
    }
}
