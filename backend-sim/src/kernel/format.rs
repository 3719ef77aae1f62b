//! Formats: VIDIOC_G_FMT, VIDIOC_TRY_FMT, VIDIOC_S_FMT, and what the driver decides by them when buffers are allocated.

use vidbuf::backend::MAX_PLANES;
use vidbuf::node::FormatFlags;
use vidbuf::{Errno, FourCc};
use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT,
    V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
};
use vidbuf_abi::color::{
    V4L2_COLORSPACE_BT2020, V4L2_COLORSPACE_DCI_P3, V4L2_COLORSPACE_DEFAULT, V4L2_COLORSPACE_OPRGB,
    V4L2_COLORSPACE_RAW, V4L2_COLORSPACE_REC709, V4L2_COLORSPACE_SMPTE170M, V4L2_COLORSPACE_SRGB, V4L2_HSV_ENC_180,
    V4L2_QUANTIZATION_LIM_RANGE, V4L2_XFER_FUNC_SMPTE2084, V4L2_YCBCR_ENC_SMPTE240M,
};
use vidbuf_abi::format::{V4L2_PIX_FMT_PRIV_MAGIC, v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};

use crate::format::{Format, PixelFormat};
use crate::profile::Profile;

use super::NodeOf;
use super::buffer_type::is_multiplanar;
use super::room::{QueueId, Rooms};

/// The format that a queue has at first.
pub(crate) fn first_format(profile: &Profile, output: bool, width: u32, height: u32) -> Format {
    let coded = is_coded(profile, output);
    let list = if coded { profile.coded_formats } else { profile.formats };
    let pixels = list.first().unwrap_or(&PixelFormat::YUYV);
    make(profile, pixels, width, height, [0; 3])
}

fn is_coded(profile: &Profile, output: bool) -> bool {
    output && !profile.coded_formats.is_empty()
}

fn make(profile: &Profile, pixels: &PixelFormat, width: u32, height: u32, lines: [u32; 3]) -> Format {
    let offsets = profile.data_offsets && profile.multiplanar;
    Format::new(pixels, width, height, lines, profile.line_alignment, offsets)
}

/// The colour space that a driver makes of the given one: a camera knows its own, a screen shows several.
pub(crate) fn colorspace(format: &Format, output: bool, given: u32) -> u32 {
    match given {
        V4L2_COLORSPACE_SMPTE170M
        | V4L2_COLORSPACE_REC709
        | V4L2_COLORSPACE_SRGB
        | V4L2_COLORSPACE_OPRGB
        | V4L2_COLORSPACE_BT2020
            if output =>
        {
            given
        }
        _ if output => V4L2_COLORSPACE_REC709,
        _ if format.pixelformat == PixelFormat::SRGGB10P.fourcc => V4L2_COLORSPACE_RAW,
        _ => V4L2_COLORSPACE_SRGB,
    }
}

/// How hue is counted at first.
pub(crate) fn hue(output: bool) -> u32 {
    if output { 0 } else { V4L2_HSV_ENC_180 }
}

/// Whether pixels are hue, saturation and value.
fn is_hsv(format: &Format) -> bool {
    matches!(format.pixelformat, FourCc::HSV24 | FourCc::HSV32)
}

/// The encoding that a driver reports: of hue, saturation and value, vivid's capture nodes report how hue is counted.
fn encoding(format: &Format, hue: u32) -> u32 {
    if is_hsv(format) { hue } else { 0 }
}

/// Writes a format as the driver reports it; what no driver writes stays.
fn report(format: &Format, colorspace: u32, hue: u32, into: &mut v4l2_format) {
    if is_multiplanar(into.type_) {
        let mut pix = into.fmt.pix_mp();
        (pix.width, pix.height, pix.pixelformat) = (format.width, format.height, format.pixelformat.0);
        (pix.field, pix.colorspace, pix.num_planes) = (format.field, colorspace, format.planes as u8);
        (pix.ycbcr_enc, pix.quantization, pix.xfer_func) = (encoding(format, hue) as u8, 0, 0);
        for (to, from) in pix.plane_fmt.iter_mut().zip(format.planes()) {
            (to.sizeimage, to.bytesperline, to.reserved) = (from.sizeimage, from.bytesperline, [0; 6]);
        }
        into.fmt.set_pix_mp(pix);
    } else {
        let mut pix = into.fmt.pix();
        (pix.width, pix.height, pix.pixelformat) = (format.width, format.height, format.pixelformat.0);
        (pix.field, pix.colorspace, pix.priv_) = (format.field, colorspace, V4L2_PIX_FMT_PRIV_MAGIC);
        (pix.ycbcr_enc, pix.quantization, pix.xfer_func) = (encoding(format, hue), 0, 0);
        // vivid takes formats of both kinds through the multi-planar one, which has room for 8 flags.
        pix.flags &= u32::from(u8::MAX);
        (pix.bytesperline, pix.sizeimage) = (format.plane[0].bytesperline, format.plane[0].sizeimage);
        into.fmt.set_pix(pix);
    }
}

impl<R: Rooms> NodeOf<R> {
    /// Whether the driver has pictures of this format, and of exactly this size.
    pub(super) fn has_size(&self, fourcc: FourCc, width: u32, height: u32) -> bool {
        let profile = &self.driver.profile;
        profile.find(false, fourcc).is_some() && profile.sizes.nearest(fourcc, width, height) == (width, height)
    }
}

/// The V4L2 core's look at colours: what it does not know becomes the default.
fn sanitize_colours(colorspace: &mut u32, [encoding, quantization, transfer]: [&mut u32; 3]) {
    if !(V4L2_COLORSPACE_SMPTE170M..=V4L2_COLORSPACE_DCI_P3).contains(colorspace) {
        *colorspace = V4L2_COLORSPACE_DEFAULT;
        (*encoding, *quantization, *transfer) = (0, 0, 0);
    }
    // Of the first two it looks at the lowest byte alone, and keeps all of the word when that is known.
    for (value, most) in [(encoding, V4L2_YCBCR_ENC_SMPTE240M), (quantization, V4L2_QUANTIZATION_LIM_RANGE)] {
        if !(1..=most).contains(&(*value & 0xff)) {
            *value = 0;
        }
    }
    if *transfer > V4L2_XFER_FUNC_SMPTE2084 {
        *transfer = 0;
    }
}

/// What the V4L2 core makes of a format that a driver is to read: no more planes than there can be, no colours that it does not
/// know, and zero in the later fields of a program that does not know them.
pub(super) fn sanitize(format: &mut v4l2_format) {
    match format.type_ {
        V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE => {
            let mut pix = format.fmt.pix_mp();
            pix.num_planes = pix.num_planes.min(MAX_PLANES as u8);
            let [mut encoding, mut quantization, mut transfer] =
                [pix.ycbcr_enc, pix.quantization, pix.xfer_func].map(u32::from);
            sanitize_colours(&mut pix.colorspace, [&mut encoding, &mut quantization, &mut transfer]);
            [pix.ycbcr_enc, pix.quantization, pix.xfer_func] =
                [encoding, quantization, transfer].map(|small| small as u8);
            format.fmt.set_pix_mp(pix);
        }
        V4L2_BUF_TYPE_VIDEO_CAPTURE | V4L2_BUF_TYPE_VIDEO_OUTPUT => {
            let mut pix = format.fmt.pix();
            if pix.priv_ != V4L2_PIX_FMT_PRIV_MAGIC {
                pix.priv_ = V4L2_PIX_FMT_PRIV_MAGIC;
                (pix.flags, pix.ycbcr_enc, pix.quantization, pix.xfer_func) = (0, 0, 0, 0);
            }
            let others = [&mut pix.ycbcr_enc, &mut pix.quantization, &mut pix.xfer_func];
            sanitize_colours(&mut pix.colorspace, others);
            format.fmt.set_pix(pix);
        }
        _ => {}
    }
}

/// The same for TRY_FMT and S_FMT, which clear what is behind the fields as well.
fn clear(format: &mut v4l2_format) {
    sanitize(format);
    if is_multiplanar(format.type_) {
        let mut pix = format.fmt.pix_mp();
        pix.reserved = [0; 7];
        for plane in pix.plane_fmt.iter_mut().take(usize::from(pix.num_planes)) {
            plane.reserved = [0; 6];
        }
        format.fmt.set_pix_mp(pix);
        format.fmt.bytes[size_of::<v4l2_pix_format_mplane>()..].fill(0);
    } else {
        format.fmt.bytes[size_of::<v4l2_pix_format>()..].fill(0);
    }
}

impl<R: Rooms> NodeOf<R> {
    /// `VIDIOC_G_FMT`: EINVAL without a queue of this type.
    pub(super) fn get_format(&self, file: usize, format: &mut v4l2_format) -> Result<(), Errno> {
        let queue = self.format_queue(file, format.type_)?;
        format.fmt.bytes.fill(0);
        let queue = self.room.queue(queue);
        report(&queue.format, queue.colorspace, queue.hue, format);
        Ok(())
    }

    /// The queue of a format call. A type that the driver only has on its other nodes is no such call.
    fn format_queue(&self, file: usize, buffer_type: u32) -> Result<QueueId, Errno> {
        let missing = if self.core_accepts(buffer_type) { Errno::ENOTTY } else { Errno::EINVAL };
        self.queue_of_type(file, buffer_type).ok_or(missing)
    }

    /// `VIDIOC_TRY_FMT`: the nearest format that the driver has; EINVAL without a queue of this type.
    pub(super) fn try_format(&self, file: usize, format: &mut v4l2_format) -> Result<(), Errno> {
        let queue = self.format_queue(file, format.type_)?;
        clear(format);
        let (nearest, colorspace) = self.nearest(queue, format);
        report(&nearest, colorspace, self.room.queue(queue).hue, format);
        Ok(())
    }

    /// The nearest format that the driver has, and its colour space.
    fn nearest(&self, queue: QueueId, format: &v4l2_format) -> (Format, u32) {
        let (fourcc, width, height, lines, given) = if is_multiplanar(format.type_) {
            let pix = format.fmt.pix_mp();
            let lines = core::array::from_fn(|plane| pix.plane_fmt[plane].bytesperline);
            (pix.pixelformat, pix.width, pix.height, lines, pix.colorspace)
        } else {
            let pix = format.fmt.pix();
            (pix.pixelformat, pix.width, pix.height, [pix.bytesperline, 0, 0], pix.colorspace)
        };
        let output = self.room.queue(queue).is_output();
        let coded = is_coded(&self.driver.profile, output);
        let pixels = self.driver.profile.find(coded, FourCc(fourcc));
        let fallback =
            if coded { self.driver.profile.coded_formats.first() } else { self.driver.profile.formats.first() };
        let pixels = pixels.or(fallback).unwrap_or(&PixelFormat::YUYV);
        let (width, height) = self.driver.profile.sizes.nearest(pixels.fourcc, width, height);
        let format = make(&self.driver.profile, pixels, width, height, lines);
        (format, colorspace(&format, output, given))
    }

    /// `VIDIOC_S_FMT`: EINVAL without a queue of this type; EBUSY while buffers exist, even if the format is the same.
    pub(super) fn set_format(&mut self, file: usize, given: &mut v4l2_format) -> Result<(), Errno> {
        let queue = self.format_queue(file, given.type_)?;
        clear(given);
        let (format, colorspace) = self.nearest(queue, given);
        report(&format, colorspace, self.room.queue(queue).hue, given);
        self.become_active(queue, file)?;
        let hue = self.hue_after(queue, &format);
        let queue = self.room.queue_mut(queue);
        let now = &queue.format;
        let same = (now.width, now.height, now.pixelformat) == (format.width, format.height, format.pixelformat);
        match (queue.busy, same && self.driver.profile.repeats_format) {
            (true, false) => return Err(Errno::EBUSY),
            // Only the colours are new.
            (true, true) => {}
            (false, _) => queue.format = format,
        }
        (queue.colorspace, queue.hue) = (colorspace, hue);
        self.interval_follows(&format);
        Ok(())
    }
    /// How hue is counted after S_FMT. vivid has one word for it, which a format without any encoding (RGB, grey) sets to its own, 0
    /// (`vivid_s_fmt_vid_cap`).
    fn hue_after(&self, queue: QueueId, format: &Format) -> u32 {
        let queue = self.room.queue(queue);
        let coded = is_coded(&self.driver.profile, queue.is_output());
        let pixels = self.driver.profile.find(coded, format.pixelformat);
        let has_encoding = pixels.is_none_or(|pixels| pixels.conversions.contains(FormatFlags::CSC_YCBCR_ENC));
        if has_encoding { queue.hue } else { 0 }
    }
}
