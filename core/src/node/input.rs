//! Connectors: which input a picture comes from, which output it goes to.

use bitflags::bitflags;

use super::{Standards, Text};

/// One input of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Input {
    /// Its number.
    pub index: u32,
    /// Its name, for people.
    pub name: Text<32>,
    /// What kind it is.
    pub kind: InputKind,
    /// The tuner in front of it, if `kind` is [`InputKind::Tuner`].
    pub tuner: u32,
    /// The audio inputs that go with it, one bit for each.
    pub audio_inputs: u32,
    /// The standards that it can have; none unless `capabilities` has [`ConnectorCapabilities::STANDARDS`].
    pub standards: Standards,
    /// What is wrong with its signal, if it is the input in use. Of another input, it may be out of date.
    pub status: InputStatus,
    /// How it is set.
    pub capabilities: ConnectorCapabilities,
}

impl Input {
    /// A camera's input without a name, as a backend of your own may report it.
    pub const fn new(index: u32) -> Self {
        Self {
            index,
            name: Text::new([0; 32]),
            kind: InputKind::Camera,
            tuner: 0,
            audio_inputs: 0,
            standards: Standards::empty(),
            status: InputStatus::empty(),
            capabilities: ConnectorCapabilities::empty(),
        }
    }
}

/// What an input is (`V4L2_INPUT_TYPE_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum InputKind {
    /// A tuner with an antenna.
    Tuner,
    /// Any other picture: a sensor, composite, S-Video, HDMI.
    Camera,
    /// A touch sensor.
    Touch,
    /// A type of a newer kernel.
    Other(u32),
}

impl InputKind {
    /// From the kernel's number.
    pub const fn from_raw(number: u32) -> Self {
        match number {
            1 => Self::Tuner,
            2 => Self::Camera,
            3 => Self::Touch,
            other => Self::Other(other),
        }
    }
}

/// One output of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Output {
    /// Its number.
    pub index: u32,
    /// Its name, for people.
    pub name: Text<32>,
    /// What kind it is.
    pub kind: OutputKind,
    /// The modulator behind it, if `kind` is [`OutputKind::Modulator`].
    pub modulator: u32,
    /// The audio outputs that go with it, one bit for each.
    pub audio_outputs: u32,
    /// The standards that it can have; none unless `capabilities` has [`ConnectorCapabilities::STANDARDS`].
    pub standards: Standards,
    /// How it is set.
    pub capabilities: ConnectorCapabilities,
}

impl Output {
    /// An output without a name, as a backend of your own may report it.
    pub const fn new(index: u32) -> Self {
        Self {
            index,
            name: Text::new([0; 32]),
            kind: OutputKind::Analog,
            modulator: 0,
            audio_outputs: 0,
            standards: Standards::empty(),
            capabilities: ConnectorCapabilities::empty(),
        }
    }
}

/// What an output is (`V4L2_OUTPUT_TYPE_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OutputKind {
    /// A modulator.
    Modulator,
    /// Any other picture, HDMI too.
    Analog,
    /// An overlay over VGA.
    VgaOverlay,
    /// A type of a newer kernel.
    Other(u32),
}

impl OutputKind {
    /// From the kernel's number.
    pub const fn from_raw(number: u32) -> Self {
        match number {
            1 => Self::Modulator,
            2 => Self::Analog,
            3 => Self::VgaOverlay,
            other => Self::Other(other),
        }
    }
}

bitflags! {
    /// What is wrong with the signal of an input (`V4L2_IN_ST_*`); nothing if empty. Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct InputStatus: u32 {
        /// Switched off.
        const NO_POWER = 0x1;
        /// No signal.
        const NO_SIGNAL = 0x2;
        /// No color.
        const NO_COLOR = 0x4;
        /// Nothing is wrong: the picture is mirrored, left to right.
        const HFLIP = 0x10;
        /// Nothing is wrong: the picture is mirrored, top to bottom.
        const VFLIP = 0x20;
        /// No horizontal lock.
        const NO_H_LOCK = 0x100;
        /// The circuit that takes color out of weak signals is at work.
        const COLOR_KILL = 0x200;
        /// No vertical lock.
        const NO_V_LOCK = 0x400;
        /// No lock to a standard.
        const NO_STD_LOCK = 0x800;
        /// No lock of a digital signal.
        const NO_SYNC = 0x1_0000;
        /// No lock of the equalizer.
        const NO_EQU = 0x2_0000;
        /// No carrier.
        const NO_CARRIER = 0x4_0000;
        /// Copy protection was found.
        const MACROVISION = 0x100_0000;
        /// Access was denied.
        const NO_ACCESS = 0x200_0000;
        /// Nothing is wrong: the time constant is that of video recorders.
        const VTR = 0x400_0000;
        const _ = !0;
    }
}

impl InputStatus {
    /// Whether there is a signal that pictures can be made of, as far as the driver reports it.
    pub const fn has_signal(self) -> bool {
        let missing = Self::NO_POWER.union(Self::NO_SIGNAL).union(Self::NO_H_LOCK).union(Self::NO_V_LOCK);
        !self.intersects(missing.union(Self::NO_SYNC).union(Self::NO_CARRIER).union(Self::NO_ACCESS))
    }
}

bitflags! {
    /// How an input or output is set (`V4L2_IN_CAP_*`, `V4L2_OUT_CAP_*`, which have the same numbers). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct ConnectorCapabilities: u32 {
        /// By timings of a digital signal ([`Timings`](super::Timings)).
        const DV_TIMINGS = 0x2;
        /// By an analog standard ([`Standards`](super::Standards)).
        const STANDARDS = 0x4;
        /// By its native size ([`SelectionTarget::NATIVE_SIZE`](super::SelectionTarget::NATIVE_SIZE)).
        const NATIVE_SIZE = 0x8;
        const _ = !0;
    }
}

// defmt's own bitflags macro is for bitflags 1.
#[cfg(feature = "defmt")]
impl defmt::Format for InputStatus {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "InputStatus({=u32:#x})", self.bits());
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for ConnectorCapabilities {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ConnectorCapabilities({=u32:#x})", self.bits());
    }
}
