//! Inputs: which is in use, and what is set of each.

use heapless::Vec;
use vidbuf::Errno;
use vidbuf::node::{ControlId, EdidBlock, Rectangle, Standards, Timings, TimingsFlags};
use vidbuf::v4l2::Field;
use vidbuf_abi::color::{V4L2_COLORSPACE_REC709, V4L2_COLORSPACE_SMPTE170M, V4L2_COLORSPACE_SRGB};

use crate::cable::Cable;
use crate::format::{Format, PixelFormat};
use crate::profile::{Connector, INPUTS, Profile};

use super::NodeOf;
use super::room::{QueueId, Rooms};

/// The most blocks of an EDID: what vivid has room for at first.
pub(super) const EDID_BLOCKS: usize = 2;

/// What is set of a node's inputs.
#[derive(Clone, Debug)]
pub(super) struct Inputs {
    /// The one in use.
    pub current: u32,
    /// Of each input.
    pub standards: [Standards; INPUTS],
    /// Of each input.
    pub cables: [Cable; INPUTS],
    /// Of the digital input.
    pub timings: Timings,
    /// Of the digital input.
    pub edid: Vec<EdidBlock, EDID_BLOCKS>,
    /// The size of a camera's pictures, while another input is in use.
    camera: (u32, u32),
    /// vivid's control for the colour space of what it draws, which it sets with the signal.
    colours: u32,
    /// What is taken of the source.
    pub crop: Rectangle,
    /// Where it is placed.
    pub compose: Rectangle,
}

impl Inputs {
    pub fn new(profile: &Profile) -> Self {
        let mut edid = Vec::new();
        for block in profile.edid {
            // What is too much is left out.
            let _ = edid.push(*block);
        }
        Self {
            current: 0,
            standards: [Standards::NTSC_M; INPUTS],
            cables: [Cable::AsSet; INPUTS],
            timings: profile.timings.first,
            edid,
            camera: profile.size,
            colours: V4L2_COLORSPACE_SRGB,
            crop: Rectangle::default(),
            compose: Rectangle::default(),
        }
    }

    pub fn cable(&self) -> Cable {
        self.cables.get(self.current as usize).copied().unwrap_or_default()
    }

    pub fn standard(&self) -> Standards {
        self.standards.get(self.current as usize).copied().unwrap_or_default()
    }
}

impl Profile {
    /// The input with this number.
    pub(super) fn input(&self, number: u32) -> Option<&'static Connector> {
        self.inputs.get(..INPUTS.min(self.inputs.len()))?.get(number as usize)
    }
}

impl<R: Rooms> NodeOf<R> {
    /// The number of the input in use.
    pub fn input(&self) -> u32 {
        self.inputs.current
    }

    /// The input in use, if the node has inputs.
    pub(super) fn current_input(&self) -> Option<&'static Connector> {
        self.driver.profile.input(self.inputs.current)
    }

    /// Whether the input in use has timings.
    pub(super) fn is_digital(&self) -> bool {
        self.current_input().is_some_and(Connector::has_timings)
    }

    /// Whether the input in use has standards.
    pub(super) fn is_analog(&self) -> bool {
        self.current_input().is_some_and(Connector::has_standards)
    }

    /// Whether buffers are allocated on the node's queue.
    pub(super) fn has_buffers(&self) -> bool {
        self.get(QueueId::FIRST).is_some_and(|queue| queue.busy)
    }

    /// Whether a receiver has nothing to receive: no frame ends.
    #[inline(always)]
    pub(crate) fn is_silent(&self) -> bool {
        self.driver.profile.timings.follows_source && self.is_cut_off()
    }

    #[cold]
    #[inline(never)]
    fn is_cut_off(&self) -> bool {
        let gone = !matches!(self.inputs.cable(), Cable::AsSet | Cable::Sends(_)) || self.inputs.edid.is_empty();
        self.is_digital() && gone
    }

    /// Changes what arrives at an input. An event of the source, unless it was so already.
    pub fn set_cable(&mut self, input: u32, cable: Cable) {
        let of_signal = self.driver.profile.input(input).is_some_and(|one| one.has_timings() || one.has_standards());
        let Some(own) = self.inputs.cables.get_mut(input as usize).filter(|_| of_signal) else { return };
        if core::mem::replace(own, cable) == cable {
            return;
        }
        match cable {
            Cable::Sends(timings) if self.driver.profile.timings.follows_source => {
                self.driver.source_size = Some((timings.width, timings.height));
            }
            Cable::AsSet => self.driver.source_size = None,
            _ => {}
        }
        if input == self.inputs.current && self.driver.profile.timings.follows_source {
            // What a driver has no control for is not reported.
            self.change_control(ControlId::DV_RX_POWER_PRESENT, (cable != Cable::Out).into());
        }
        self.source_changed(input);
    }

    /// What the source of the digital input sends.
    ///
    /// # Errors
    ///
    /// Those of `VIDIOC_QUERY_DV_TIMINGS`.
    pub(super) fn detected(&self) -> Result<Timings, Errno> {
        if self.inputs.edid.is_empty() {
            return Err(Errno::ENOLINK);
        }
        match self.inputs.cable() {
            Cable::Out => Err(Errno::ENOLINK),
            Cable::NoLock => Err(Errno::ENOLCK),
            Cable::OutOfRange => Err(Errno::ERANGE),
            Cable::Sends(timings) => Ok(*timings),
            Cable::AsSet => match self.driver.source_size {
                // A script's `Event::SourceChange`: of the size only, the rest is found in the list.
                Some(size) if size != (self.inputs.timings.width, self.inputs.timings.height) => {
                    let list = self.driver.profile.timings.list;
                    let found = list.iter().find(|timings| (timings.width, timings.height) == size);
                    found.copied().ok_or(Errno::ERANGE)
                }
                _ => Ok(self.inputs.timings),
            },
        }
    }

    /// Size of the pictures that arrive at the input in use.
    pub(super) fn arriving_size(&self) -> (u32, u32) {
        if self.is_digital() {
            (self.inputs.timings.width, self.inputs.timings.height)
        } else if self.is_analog() {
            (720, self.inputs.standard().visible_lines().unwrap_or(576))
        } else {
            self.inputs.camera
        }
    }

    /// Another input, standard or timings: the format has the size of what arrives, and all of it is taken.
    pub(super) fn adopt_input(&mut self) {
        let (width, height) = self.arriving_size();
        self.inputs.crop = Rectangle::of_size(width, height);
        self.inputs.compose = self.inputs.crop;
        self.set_size(width, height);
        let rate = match self.inputs.standard().visible_lines() {
            _ if !self.is_analog() => 0,
            Some(480) => 30,
            _ => 25,
        };
        if let Some(queue) = self.get_mut(QueueId::FIRST) {
            queue.timecode_rate = rate;
        }
        if self.is_digital() {
            self.set_colours(self.inputs.timings.flags.contains(TimingsFlags::IS_CE_VIDEO));
        }
    }

    /// The colours of television or of a computer. To vivid, other colours are another source, at every input.
    fn set_colours(&mut self, television: bool) {
        let (width, height) = self.arriving_size();
        let colours = match (television, width == 720 && height <= 576) {
            (false, _) => V4L2_COLORSPACE_SRGB,
            (true, true) => V4L2_COLORSPACE_SMPTE170M,
            (true, false) => V4L2_COLORSPACE_REC709,
        };
        if core::mem::replace(&mut self.inputs.colours, colours) == colours || !self.driver.profile.crops {
            return;
        }
        for input in 0..self.driver.profile.inputs.len() as u32 {
            self.source_changed(input);
        }
    }

    /// A format of this size, with the pixels that it had.
    pub(super) fn set_size(&mut self, width: u32, height: u32) {
        let profile = &self.driver.profile;
        let Some(now) = self.get(QueueId::FIRST).map(|queue| queue.format.pixelformat) else { return };
        let pixels = profile.find(false, now).or(profile.formats.first()).unwrap_or(&PixelFormat::YUYV);
        let offsets = profile.data_offsets && profile.multiplanar;
        let mut format = Format::new(pixels, width, height, [0; 3], profile.line_alignment, offsets);
        if self.is_analog() {
            format.field = Field::INTERLACED.0;
        }
        if let Some(queue) = self.get_mut(QueueId::FIRST) {
            queue.format = format;
        }
    }

    /// Another input is in use.
    pub(super) fn switch_input(&mut self, input: u32) {
        if !self.is_digital()
            && !self.is_analog()
            && let Some(queue) = self.get(QueueId::FIRST)
        {
            self.inputs.camera = (queue.format.width, queue.format.height);
        }
        self.inputs.current = input;
        self.adopt_input();
        // vivid goes by the timings of the input before, which are television's at first.
        self.set_colours(self.is_digital() || self.is_analog());
    }
}
