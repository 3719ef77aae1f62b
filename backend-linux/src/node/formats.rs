//! A device as generic programs see it.

use vidbuf::FourCc;
use vidbuf::node::{Format, FormatDescription, Formats, FrameInterval, FrameSize};
use vidbuf::v4l2::BufferType;

use crate::{Device, Errno};

impl Formats for Device {
    fn format(&self, buffer_type: BufferType) -> Result<Format, Errno> {
        self.format(buffer_type)
    }

    fn try_format(&self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        self.try_format(buffer_type, format)
    }

    fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        self.set_format(buffer_type, format)
    }

    fn format_description(&self, buffer_type: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno> {
        self.format_description(buffer_type, index)
    }

    fn size(&self, pixel_format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno> {
        self.size(pixel_format, index)
    }

    fn frame_interval(&self, buffer_type: BufferType) -> Result<FrameInterval, Errno> {
        self.frame_interval(buffer_type)
    }

    fn set_frame_interval(&mut self, buffer_type: BufferType, interval: FrameInterval) -> Result<FrameInterval, Errno> {
        self.set_frame_interval(buffer_type, interval)
    }
}
