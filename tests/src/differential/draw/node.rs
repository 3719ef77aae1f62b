//! What is asked of a node besides buffers.

use vidbuf_abi::format::{V4L2_PIX_FMT_FLAG_SET_CSC, V4L2_PIX_FMT_PRIV_MAGIC, v4l2_format};
use vidbuf_abi::frame::{v4l2_frmivalenum, v4l2_frmivalenum_interval};
use vidbuf_abi::ioctl::{
    VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_G_FMT, VIDIOC_G_PRIORITY, VIDIOC_S_FMT, VIDIOC_S_PRIORITY, VIDIOC_TRY_FMT,
};

use super::super::operation::{Ioctl, Operation};
use super::super::system::is_multiplanar;
use super::Draw;

impl Draw<'_> {
    /// A call that is not about buffers. Adding one is a row and a function.
    pub(super) fn node(&mut self, descriptor: usize) -> Operation {
        // Formats and intervals of other inputs than the webcam are not modelled.
        if self.simulated.node.input() != 0 {
            return self.connector(descriptor);
        }
        let kinds: [fn(&mut Self, usize) -> Operation; 8] = [
            Self::format,
            Self::format,
            |draw, at| draw.noisy(Ioctl::new(at, VIDIOC_G_PRIORITY, 0_u32)),
            Self::priority,
            Self::interval,
            Self::lists,
            Self::lists,
            Self::lists,
        ];
        self.one_of(&kinds)(self, descriptor)
    }

    /// Colour space, encoding, quantization and transfer function, known and unknown ones.
    pub(super) fn colours(&mut self) -> [u32; 4] {
        if self.chance(60) {
            return [0; 4];
        }
        [13, 10, 4, 9].map(|most| if self.chance(90) { self.rng.u32(0..=most) } else { self.rng.u32(..) })
    }

    fn format(&mut self, descriptor: usize) -> Operation {
        let (width, height) = self.one_of(&self.choice.sizes);
        // Overlays have formats and no buffers.
        let type_ = Some(self.buffer_type()).filter(|buffer_type| !matches!(buffer_type, 3 | 8)).unwrap_or(0);
        let mut format = v4l2_format { type_, ..Default::default() };
        format.fmt.bytes = self.noise();
        let [colorspace, encoding, quantization, transfer] = self.colours();
        let (pixelformat, field) = (self.one_of(&self.choice.formats), self.one_of(&[0, 1, 4, 7]));
        let bytesperline = self.usual(80, 0, &[1, width * 2 + 16, width * 4, u32::MAX]);
        if is_multiplanar(type_) {
            let mut pix = format.fmt.pix_mp();
            (pix.width, pix.height, pix.pixelformat, pix.field) = (width, height, pixelformat, field);
            pix.num_planes = self.one_of(&[0, 1, 2, 3, 200]);
            pix.flags &= !(V4L2_PIX_FMT_FLAG_SET_CSC as u8);
            pix.colorspace = colorspace;
            [pix.ycbcr_enc, pix.quantization, pix.xfer_func] =
                [encoding, quantization, transfer].map(|value| value as u8);
            for (plane, bytes) in pix.plane_fmt.iter_mut().zip([bytesperline, 0, 0]) {
                plane.bytesperline = bytes;
            }
            format.fmt.set_pix_mp(pix);
        } else {
            let mut pix = format.fmt.pix();
            (pix.width, pix.height, pix.pixelformat, pix.field) = (width, height, pixelformat, field);
            pix.bytesperline = bytesperline;
            pix.priv_ = self.one_of(&[0, V4L2_PIX_FMT_PRIV_MAGIC, pix.priv_]);
            pix.flags &= !V4L2_PIX_FMT_FLAG_SET_CSC;
            pix.colorspace = colorspace;
            [pix.ycbcr_enc, pix.quantization, pix.xfer_func] = [encoding, quantization, transfer];
            format.fmt.set_pix(pix);
        }
        let number = self.one_of(&[VIDIOC_G_FMT, VIDIOC_TRY_FMT, VIDIOC_S_FMT]);
        self.noisy(Ioctl::new(descriptor, number, format))
    }

    fn priority(&mut self, descriptor: usize) -> Operation {
        let priority = self.usual(60, 2, &[0, 1, 3, 4, u32::MAX]);
        Operation::Ioctl(Ioctl::new(descriptor, VIDIOC_S_PRIORITY, priority))
    }

    /// Of a size that the driver has, or of none.
    fn interval(&mut self, descriptor: usize) -> Operation {
        let smallest = self.choice.sizes[0];
        let sizes = [smallest, (640, 360), (640, 480), (1280, 720), (1920, 1080), (3840, 2160)];
        let size = self.one_of(&sizes);
        let (width, height) = self.usual(80, size, &[(0, 0), (1, 1), (u32::MAX, smallest.1)]);
        let (some, other) = (self.rng.u32(0..15), self.rng.u32(..));
        let index = self.usual(90, some, &[other]);
        let mut interval = v4l2_frmivalenum_interval::default();
        interval.bytes = self.noise();
        let (pixel_format, type_) = (self.one_of(&self.choice.formats), self.noise_word());
        let ask = v4l2_frmivalenum { index, pixel_format, width, height, type_, interval, ..Default::default() };
        self.noisy(Ioctl::new(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, ask))
    }
}
