//! How fast frames come: VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_G_PARM, VIDIOC_S_PARM.

use vidbuf::node::FrameInterval;
use vidbuf::{Errno, FourCc};
use vidbuf_abi::frame::{
    V4L2_CAP_TIMEPERFRAME, V4L2_FRMIVAL_TYPE_DISCRETE, V4L2_MODE_HIGHQUALITY, v4l2_captureparm, v4l2_fract,
    v4l2_frmivalenum, v4l2_frmivalenum_interval, v4l2_streamparm, v4l2_streamparm_parm,
};

use super::super::NodeOf;
use super::super::room::{QueueId, Rooms};
use crate::format::Format;
use crate::profile::{Flow, Rate};

fn to_kernel(interval: FrameInterval) -> v4l2_fract {
    v4l2_fract { numerator: interval.numerator, denominator: interval.denominator }
}

/// An interval as it is compared: `one` times `other`'s denominator, and the other way round.
fn cross(one: FrameInterval, other: FrameInterval) -> (u64, u64) {
    let product = |one: u32, other: u32| u64::from(one) * u64::from(other);
    (product(one.numerator, other.denominator), product(other.numerator, one.denominator))
}

/// In units of 100 ns, as USB cameras have it.
fn hundreds_of_ns(interval: FrameInterval) -> u64 {
    (u64::from(interval.numerator) * 10_000_000).checked_div(interval.denominator.into()).unwrap_or(u64::MAX)
}

impl<R: Rooms> NodeOf<R> {
    /// How long a frame takes, as VIDIOC_G_PARM reports and VIDIOC_S_PARM sets.
    pub fn frame_interval(&self) -> FrameInterval {
        self.driver.interval
    }

    /// Another interval, which need not be one of the driver's.
    pub fn set_frame_interval(&mut self, interval: FrameInterval) {
        self.driver.interval = interval;
    }

    /// The intervals of the format in use.
    fn intervals_now(&self) -> &'static [FrameInterval] {
        let Some(format) = self.format(QueueId::FIRST) else { return &[] };
        self.driver.profile.intervals_of(format.pixelformat, format.width, format.height)
    }

    /// A format was set: what becomes of the interval.
    pub(in super::super) fn interval_follows(&mut self, format: &Format) {
        let profile = &self.driver.profile;
        let list = profile.intervals_of(format.pixelformat, format.width, format.height);
        let interval = match profile.rate {
            _ if profile.flow != Flow::Capture => None,
            Rate::Elsewhere => None,
            // The same interval whatever the size, or the last that the new size has.
            Rate::NotLonger if list.contains(&self.driver.interval) => None,
            Rate::NotLonger if matches!(profile.sizes, crate::profile::Sizes::Range { .. }) => None,
            Rate::NotLonger => list.last(),
            Rate::Nearest => list.first(),
        };
        self.driver.interval = interval.copied().unwrap_or(self.driver.interval);
    }

    /// The interval of this number, of a format and exactly a size that the driver has.
    pub(super) fn enumerate_interval(&self, ask: &mut v4l2_frmivalenum) -> Result<(), Errno> {
        let format = FourCc(ask.pixel_format);
        if !self.has_size(format, ask.width, ask.height) {
            return Err(Errno::EINVAL);
        }
        let list = self.driver.profile.intervals_of(format, ask.width, ask.height);
        let interval = list.get(ask.index as usize).ok_or(Errno::EINVAL)?;
        ask.interval = v4l2_frmivalenum_interval::of_discrete(to_kernel(*interval));
        (ask.type_, ask.reserved) = (V4L2_FRMIVAL_TYPE_DISCRETE, [0; 2]);
        Ok(())
    }

    /// Whether there are VIDIOC_G_PARM and VIDIOC_S_PARM.
    pub(super) fn has_rate(&self) -> bool {
        self.driver.profile.rate != Rate::Elsewhere
    }

    /// EINVAL of a type that neither the node nor another of the driver has.
    fn check_type(&self, file: usize, buffer_type: u32) -> Result<bool, Errno> {
        let own = self.queue_of_type(file, buffer_type).is_some();
        if own || self.core_accepts(buffer_type) { Ok(own) } else { Err(Errno::EINVAL) }
    }

    /// The parameters of the node's own type. The fields of an output queue lie where those of a capture queue do.
    pub(super) fn get_parameters(&self, file: usize, ask: &mut v4l2_streamparm) -> Result<(), Errno> {
        if !self.check_type(file, ask.type_)? {
            return Err(Errno::EINVAL);
        }
        let capture = v4l2_captureparm {
            capability: V4L2_CAP_TIMEPERFRAME,
            timeperframe: to_kernel(self.driver.interval),
            readbuffers: self.driver.profile.read_buffers,
            ..v4l2_captureparm::default()
        };
        ask.parm = v4l2_streamparm_parm::of_capture(capture);
        Ok(())
    }

    /// Sets the interval that the driver makes of the given one. What the driver does not write is given back.
    pub(super) fn set_parameters(&mut self, file: usize, ask: &mut v4l2_streamparm) -> Result<(), Errno> {
        let own = self.check_type(file, ask.type_)?;
        let profile = &self.driver.profile;
        if profile.flow == Flow::Output {
            return Err(Errno::ENOTTY);
        }
        if !own {
            return Err(Errno::EINVAL);
        }
        let mut capture = ask.parm.capture();
        let wanted =
            FrameInterval { numerator: capture.timeperframe.numerator, denominator: capture.timeperframe.denominator };
        let list = self.intervals_now();
        let interval = match profile.rate {
            Rate::Elsewhere => return Err(Errno::ENOTTY),
            Rate::Nearest if self.is_streaming(QueueId::FIRST) => return Err(Errno::EBUSY),
            Rate::Nearest => {
                let wanted = hundreds_of_ns(wanted);
                list.iter().min_by_key(|interval| hundreds_of_ns(**interval).abs_diff(wanted))
            }
            Rate::NotLonger if wanted.denominator == 0 => list.last(),
            Rate::NotLonger => {
                let not_longer = |interval: &&FrameInterval| {
                    let (wanted, listed) = cross(wanted, **interval);
                    wanted >= listed
                };
                list.iter().find(not_longer).or(list.last())
            }
        };
        self.driver.interval = interval.copied().unwrap_or(self.driver.interval);
        capture.capability = V4L2_CAP_TIMEPERFRAME;
        capture.timeperframe = to_kernel(self.driver.interval);
        capture.capturemode &= V4L2_MODE_HIGHQUALITY;
        (capture.extendedmode, capture.readbuffers, capture.reserved) = (0, self.driver.profile.read_buffers, [0; 4]);
        ask.parm.set_capture(capture);
        Ok(())
    }
}
