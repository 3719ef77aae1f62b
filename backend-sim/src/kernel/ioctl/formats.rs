//! What formats and sizes the driver has: VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES.

use vidbuf::node::FormatFlags;
use vidbuf::{Errno, FourCc};
use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT,
    V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
};
use vidbuf_abi::format::v4l2_fmtdesc;
use vidbuf_abi::frame::{
    V4L2_FRMSIZE_TYPE_DISCRETE, V4L2_FRMSIZE_TYPE_STEPWISE, v4l2_frmsize_discrete, v4l2_frmsize_stepwise,
    v4l2_frmsizeenum, v4l2_frmsizeenum_size,
};

use super::super::NodeOf;
use super::super::buffer_type::{is_multiplanar, is_output};
use super::super::room::Rooms;
use super::capability::text;
use crate::profile::{Flow, Sizes};

impl<R: Rooms> NodeOf<R> {
    /// The format of this number: of the node's own type, or of another that the driver has on its other nodes, where it has the same list.
    pub(super) fn enumerate_format(&self, file: usize, ask: &mut v4l2_fmtdesc) -> Result<(), Errno> {
        let profile = &self.driver.profile;
        let video = matches!(
            ask.type_,
            V4L2_BUF_TYPE_VIDEO_CAPTURE
                | V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE
                | V4L2_BUF_TYPE_VIDEO_OUTPUT
                | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE
        );
        // The V4L2 core goes by the node's capabilities here: a type with another number of planes is none of its own.
        let planes = is_multiplanar(ask.type_) == profile.multiplanar;
        let own = self.queue_of_type(file, ask.type_).is_some();
        if !video || !planes || !(own || self.core_accepts(ask.type_)) {
            return Err(Errno::EINVAL);
        }
        let output = is_output(ask.type_);
        let coded = output && !profile.coded_formats.is_empty();
        let list = if coded { profile.coded_formats } else { profile.formats };
        let format = list.get(ask.index as usize).ok_or(Errno::EINVAL)?;
        let mut flags = if format.compressed { FormatFlags::COMPRESSED } else { FormatFlags::empty() };
        if profile.converts_colors && !output {
            flags |= format.conversions;
        }
        *ask = v4l2_fmtdesc {
            flags: flags.bits(),
            description: text(format.description),
            pixelformat: format.fourcc.0,
            // The core clears what is behind the type; the bus code stays on nodes of a media controller's pipeline.
            mbus_code: 0,
            reserved: [0; 3],
            ..*ask
        };
        Ok(())
    }

    /// The size of this number, or the one range.
    pub(super) fn enumerate_size(&self, ask: &mut v4l2_frmsizeenum) -> Result<(), Errno> {
        let profile = &self.driver.profile;
        let format = FourCc(ask.pixel_format);
        if profile.find(false, format).is_none() {
            return Err(Errno::EINVAL);
        }
        (ask.type_, ask.size) = match profile.sizes {
            Sizes::Discrete(_) => {
                let size = profile.sizes.listed(format).nth(ask.index as usize).ok_or(Errno::EINVAL)?;
                let discrete = v4l2_frmsize_discrete { width: size.width, height: size.height };
                (V4L2_FRMSIZE_TYPE_DISCRETE, v4l2_frmsizeenum_size::of_discrete(discrete))
            }
            Sizes::Range { .. } if ask.index > 0 => return Err(Errno::EINVAL),
            Sizes::Range { least, most, step, .. } => {
                let stepwise = v4l2_frmsize_stepwise {
                    min_width: least.0,
                    max_width: most.0,
                    step_width: step.0,
                    min_height: least.1,
                    max_height: most.1,
                    step_height: step.1,
                };
                (V4L2_FRMSIZE_TYPE_STEPWISE, v4l2_frmsizeenum_size::of_stepwise(stepwise))
            }
        };
        ask.reserved = [0; 2];
        Ok(())
    }

    /// Whether the driver lists sizes: capture nodes do.
    pub(super) fn lists_sizes(&self) -> bool {
        self.driver.profile.flow == Flow::Capture
    }
}
