//! Inputs of a driver, as data.

use vidbuf::node::{Timings, TimingsRange};

/// The most inputs that a profile may have; more are left out.
pub(crate) const INPUTS: usize = 4;

/// An input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Connector {
    /// Its name, of which the kernel shows 31 bytes.
    pub name: &'static str,
    /// What it is.
    pub kind: ConnectorKind,
    /// The audio inputs that go with it, one bit for each. They are not modelled.
    pub audio_inputs: u32,
}

/// What an input is, and how its signal is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ConnectorKind {
    /// A sensor: neither standards nor timings.
    Camera,
    /// A tuner, with standards. Its frequency is not modelled.
    Tuner,
    /// Composite or S-Video, with standards.
    Analog,
    /// HDMI and the like, with timings and an EDID.
    Digital,
}

impl Connector {
    /// An input of this kind.
    pub const fn new(name: &'static str, kind: ConnectorKind) -> Self {
        Self { name, kind, audio_inputs: 0 }
    }

    /// The same with audio inputs.
    #[must_use]
    pub const fn audio_inputs(self, audio_inputs: u32) -> Self {
        Self { audio_inputs, ..self }
    }

    pub(crate) const fn has_standards(&self) -> bool {
        matches!(self.kind, ConnectorKind::Tuner | ConnectorKind::Analog)
    }

    pub(crate) const fn has_timings(&self) -> bool {
        matches!(self.kind, ConnectorKind::Digital)
    }
}

/// Which timings a driver can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct TimingsSupport {
    /// Those that `VIDIOC_ENUM_DV_TIMINGS` lists.
    pub list: &'static [Timings],
    /// What `VIDIOC_DV_TIMINGS_CAP` returns.
    pub range: TimingsRange,
    /// The timings at first.
    pub first: Timings,
    /// Whether everything in the range can be set, and what is outside fails with ERANGE (receivers); otherwise what is listed, and the
    /// rest fails with EINVAL (vivid, which in addition accepts what the formulas CVT and GTF make).
    pub takes_range: bool,
    /// Whether the receiver stops when its signal goes, and starts only with the format of what is sent. vivid goes on with what is set.
    pub follows_source: bool,
}

impl TimingsSupport {
    /// None at all.
    pub const NONE: Self = Self {
        list: &[],
        range: TimingsRange::new((0, 0), (0, 0), (0, 0)),
        first: crate::timings::P640X480,
        takes_range: false,
        follows_source: false,
    };

    /// Timings of a receiver that takes whatever is in this range, beginning with `first`, and lists what is known.
    pub const fn of_receiver(list: &'static [Timings], range: TimingsRange, first: Timings) -> Self {
        Self { list, range, first, takes_range: true, follows_source: true }
    }
}
