//! Capabilities, formats, sizes and rates.

use vidbuf::node::{
    Capabilities, CapabilityFlags, Format, FormatDescription, FormatFlags, Formats, FrameInterval, FrameSize,
    QueryCapabilities, Text, item,
};
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, FourCc};
use vidbuf_abi::capability::v4l2_capability;
use vidbuf_abi::format::{v4l2_fmtdesc, v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::frame::{
    V4L2_FRMSIZE_TYPE_DISCRETE, v4l2_captureparm, v4l2_fract, v4l2_frmsizeenum, v4l2_streamparm, v4l2_streamparm_parm,
};
use vidbuf_abi::ioctl::{
    VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_FMT, VIDIOC_G_PARM, VIDIOC_QUERYCAP, VIDIOC_S_FMT, VIDIOC_S_PARM,
    VIDIOC_TRY_FMT,
};

use crate::file::SimFile;

impl<const BUFFERS: usize, const QUEUES: usize> SimFile<'_, '_, BUFFERS, QUEUES> {
    fn format_call(&self, number: u32, buffer_type: BufferType, given: Option<&Format>) -> Result<Format, Errno> {
        let mut kernel = v4l2_format { type_: buffer_type as u32, ..Default::default() };
        if let Some(given) = given {
            write(given, buffer_type, &mut kernel);
        }
        self.node_call(number, &mut kernel)?;
        Ok(read(buffer_type, &kernel))
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> QueryCapabilities for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn capabilities(&self) -> Result<Capabilities, Errno> {
        let mut kernel = v4l2_capability::default();
        self.node_call(VIDIOC_QUERYCAP, &mut kernel)?;
        Ok(Capabilities::new(
            Text::new(kernel.driver),
            Text::new(kernel.card),
            Text::new(kernel.bus_info),
            kernel.version,
            CapabilityFlags::from_bits_retain(kernel.capabilities),
            CapabilityFlags::from_bits_retain(kernel.device_caps),
        ))
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Formats for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn format(&self, buffer_type: BufferType) -> Result<Format, Errno> {
        self.format_call(VIDIOC_G_FMT, buffer_type, None)
    }

    fn try_format(&self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        self.format_call(VIDIOC_TRY_FMT, buffer_type, Some(format))
    }

    fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        self.format_call(VIDIOC_S_FMT, buffer_type, Some(format))
    }

    fn format_description(&self, buffer_type: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno> {
        let mut ask = v4l2_fmtdesc { index, type_: buffer_type as u32, ..Default::default() };
        let outcome = self.node_call(VIDIOC_ENUM_FMT, &mut ask);
        let flags = FormatFlags::from_bits_retain(ask.flags);
        let description = FormatDescription::new(FourCc(ask.pixelformat), flags, Text::new(ask.description));
        item(index, outcome.map(|()| (ask.index, description)))
    }

    fn size(&self, pixel_format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno> {
        let mut ask = v4l2_frmsizeenum { index, pixel_format: pixel_format.0, ..Default::default() };
        let outcome = self.node_call(VIDIOC_ENUM_FRAMESIZES, &mut ask);
        let size = if ask.type_ == V4L2_FRMSIZE_TYPE_DISCRETE {
            let size = ask.size.discrete();
            FrameSize::Discrete { width: size.width, height: size.height }
        } else {
            let range = ask.size.stepwise();
            FrameSize::range(
                (range.min_width, range.min_height),
                (range.max_width, range.max_height),
                (range.step_width, range.step_height),
            )
        };
        item(index, outcome.map(|()| (ask.index, size)))
    }

    fn frame_interval(&self, buffer_type: BufferType) -> Result<FrameInterval, Errno> {
        let mut kernel = v4l2_streamparm { type_: buffer_type as u32, ..Default::default() };
        self.node_call(VIDIOC_G_PARM, &mut kernel)?;
        Ok(interval(&kernel))
    }

    fn set_frame_interval(&mut self, buffer_type: BufferType, given: FrameInterval) -> Result<FrameInterval, Errno> {
        let timeperframe = v4l2_fract { numerator: given.numerator, denominator: given.denominator };
        let parm = v4l2_streamparm_parm::of_capture(v4l2_captureparm { timeperframe, ..Default::default() });
        let mut kernel = v4l2_streamparm { type_: buffer_type as u32, parm };
        self.node_call(VIDIOC_S_PARM, &mut kernel)?;
        Ok(interval(&kernel))
    }
}

fn interval(kernel: &v4l2_streamparm) -> FrameInterval {
    let v4l2_fract { numerator, denominator } = kernel.parm.capture().timeperframe;
    FrameInterval { numerator, denominator }
}

vidbuf_abi::format_conversions!(conversions);
use conversions::{read_mplane, read_single, write_mplane, write_single};

fn write(format: &Format, buffer_type: BufferType, kernel: &mut v4l2_format) {
    if buffer_type.is_multiplanar() {
        let mut pix = v4l2_pix_format_mplane::default();
        write_mplane(format, &mut pix);
        kernel.fmt.set_pix_mp(pix);
    } else {
        let mut pix = v4l2_pix_format::default();
        write_single(format, &mut pix);
        kernel.fmt.set_pix(pix);
    }
}

fn read(buffer_type: BufferType, kernel: &v4l2_format) -> Format {
    if buffer_type.is_multiplanar() { read_mplane(&kernel.fmt.pix_mp()) } else { read_single(&kernel.fmt.pix()) }
}
