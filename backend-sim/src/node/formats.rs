//! Capabilities, formats, sizes and rates.

use vidbuf::backend::MAX_PLANES;
use vidbuf::node::{
    Capabilities, CapabilityFlags, Format, FormatDescription, FormatFlags, Formats, FrameInterval, FrameSize,
    PlaneFormat, QueryCapabilities, Text, item,
};
use vidbuf::v4l2::{BufferType, Field};
use vidbuf::{Errno, FourCc};
use vidbuf_abi::capability::v4l2_capability;
use vidbuf_abi::format::{V4L2_PIX_FMT_PRIV_MAGIC, v4l2_fmtdesc, v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::frame::{
    V4L2_FRMSIZE_TYPE_DISCRETE, v4l2_captureparm, v4l2_fract, v4l2_frmsizeenum, v4l2_streamparm, v4l2_streamparm_parm,
};
use vidbuf_abi::ioctl::{
    VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_FMT, VIDIOC_G_PARM, VIDIOC_QUERYCAP, VIDIOC_S_FMT, VIDIOC_S_PARM,
    VIDIOC_TRY_FMT,
};
use vidbuf_abi::value::Value;

use crate::file::SimFile;

impl<const BUFFERS: usize, const QUEUES: usize> SimFile<'_, '_, BUFFERS, QUEUES> {
    /// An ioctl that is not about buffers. Frames come at the rate that the node has afterwards.
    pub(super) fn node_call<T: Value>(&self, number: u32, argument: &mut T) -> Result<(), Errno> {
        self.sim.state.with(|state| {
            state.refuse(number)?;
            state.node.call(self.file, number, argument, &mut [])?;
            state.follow_interval();
            Ok(())
        })
    }

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

fn write(format: &Format, buffer_type: BufferType, kernel: &mut v4l2_format) {
    if buffer_type.is_multiplanar() {
        let mut pix = v4l2_pix_format_mplane {
            width: format.width,
            height: format.height,
            pixelformat: format.pixel_format.0,
            field: format.field.0,
            colorspace: format.colorspace,
            num_planes: format.num_planes.min(MAX_PLANES as u32) as u8,
            flags: format.flags as u8,
            ycbcr_enc: format.ycbcr_encoding as u8,
            quantization: format.quantization as u8,
            xfer_func: format.transfer_function as u8,
            ..Default::default()
        };
        for (to, from) in pix.plane_fmt.iter_mut().zip(format.used_planes()) {
            (to.bytesperline, to.sizeimage) = (from.bytesperline, from.sizeimage);
        }
        kernel.fmt.set_pix_mp(pix);
    } else {
        let [first, ..] = format.planes;
        kernel.fmt.set_pix(v4l2_pix_format {
            width: format.width,
            height: format.height,
            pixelformat: format.pixel_format.0,
            field: format.field.0,
            bytesperline: first.bytesperline,
            sizeimage: first.sizeimage,
            colorspace: format.colorspace,
            priv_: V4L2_PIX_FMT_PRIV_MAGIC,
            flags: format.flags,
            ycbcr_enc: format.ycbcr_encoding,
            quantization: format.quantization,
            xfer_func: format.transfer_function,
        });
    }
}

fn read(buffer_type: BufferType, kernel: &v4l2_format) -> Format {
    if buffer_type.is_multiplanar() {
        let pix = kernel.fmt.pix_mp();
        let mut format = Format::new(pix.width, pix.height, FourCc(pix.pixelformat));
        (format.field, format.colorspace, format.flags) = (Field(pix.field), pix.colorspace, pix.flags.into());
        (format.ycbcr_encoding, format.quantization) = (pix.ycbcr_enc.into(), pix.quantization.into());
        format.transfer_function = pix.xfer_func.into();
        format.num_planes = u32::from(pix.num_planes).min(MAX_PLANES as u32);
        for (to, from) in format.planes.iter_mut().zip(&pix.plane_fmt).take(format.num_planes as usize) {
            *to = PlaneFormat { bytesperline: from.bytesperline, sizeimage: from.sizeimage };
        }
        format
    } else {
        let pix = kernel.fmt.pix();
        let mut format = Format::new(pix.width, pix.height, FourCc(pix.pixelformat));
        format.planes[0] = PlaneFormat { bytesperline: pix.bytesperline, sizeimage: pix.sizeimage };
        (format.field, format.colorspace, format.flags) = (Field(pix.field), pix.colorspace, pix.flags);
        (format.ycbcr_encoding, format.quantization) = (pix.ycbcr_enc, pix.quantization);
        format.transfer_function = pix.xfer_func;
        format
    }
}
