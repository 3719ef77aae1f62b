//! A driver with one thing changed.

use vidbuf::node::{EdidBlock, FrameInterval};

use super::{Connector, Flow, Profile, SimControl, Sizes, TimingsSupport};
use crate::format::PixelFormat;

impl Profile {
    /// The same driver, on its output side.
    #[must_use]
    pub const fn output(self) -> Self {
        Self { flow: Flow::Output, presets_bytesused: false, ..self }.without_inputs()
    }

    /// The same driver without calls on inputs.
    pub(super) const fn without_inputs(self) -> Self {
        Self { inputs: &[], timings: TimingsSupport::NONE, edid: &[], crops: false, ..self }
    }

    /// Other types of events, `V4L2_EVENT_*`, and how many of a subscription are kept.
    #[must_use]
    pub const fn events(self, events: &'static [(u32, u8)]) -> Self {
        Self { events, ..self }
    }

    /// Other inputs, at most four.
    #[must_use]
    pub const fn inputs(self, inputs: &'static [Connector]) -> Self {
        Self { inputs, ..self }
    }

    /// Other timings of digital inputs.
    #[must_use]
    pub const fn timings(self, timings: TimingsSupport) -> Self {
        Self { timings, ..self }
    }

    /// Another EDID at first, of at most two blocks.
    #[must_use]
    pub const fn edid(self, edid: &'static [EdidBlock]) -> Self {
        Self { edid, ..self }
    }

    /// The same driver with another number of planes in its interface.
    #[must_use]
    pub const fn multiplanar(self, multiplanar: bool) -> Self {
        Self { multiplanar, ..self }
    }

    /// A number of buffers that must be queued before the driver starts.
    #[must_use]
    pub const fn min_queued(self, buffers: u32) -> Self {
        Self { min_queued: buffers, ..self }
    }

    /// A least number of buffers that `VIDIOC_REQBUFS` allocates.
    #[must_use]
    pub const fn min_requested(self, buffers: u32) -> Self {
        Self { min_requested: buffers, min_setup: buffers, ..self }
    }

    /// A number of buffers that the driver does not give back.
    #[must_use]
    pub const fn keeps(self, buffers: u32) -> Self {
        Self { keeps: buffers, ..self }
    }

    /// Other sizes.
    #[must_use]
    pub const fn sizes(self, sizes: Sizes) -> Self {
        Self { sizes, ..self }
    }

    /// Other intervals.
    #[must_use]
    pub const fn intervals(self, intervals: &'static [FrameInterval]) -> Self {
        Self { intervals, ..self }
    }

    /// Other controls, in the order of their numbers.
    #[must_use]
    pub const fn controls(self, controls: &'static [SimControl]) -> Self {
        Self { controls, ..self }
    }

    /// Other formats; the first is the default.
    #[must_use]
    pub const fn formats(self, formats: &'static [PixelFormat]) -> Self {
        Self { formats, ..self }
    }
}
