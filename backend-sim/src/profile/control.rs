//! Controls of drivers, as data.

mod receiver;
mod vivid;
mod webcam;

use vidbuf::node::{ControlFlags, ControlId, ControlType};

pub(super) use receiver::RECEIVER;
pub(super) use vivid::{VIVID, VIVID_OUTPUT};
pub(super) use webcam::WEBCAM;

/// A decoder's: the fewest buffers that it needs.
pub(super) const CODEC: &[SimControl] = &[
    SimControl::title(ControlId::MIN_BUFFERS_FOR_CAPTURE, "User Controls"),
    SimControl::integer(ControlId::MIN_BUFFERS_FOR_CAPTURE, "Min Number of Capture Buffers", (1, 1), 1, 1)
        .with_flags(ControlFlags::READ_ONLY),
];

/// A control of a driver ([`Profile::controls`](crate::Profile::controls)).
///
/// ```
/// use vidbuf::node::{ControlFlags, ControlId, Controls};
/// use vidbuf_sim::{Profile, Sim, SimControl};
///
/// const CONTROLS: &[SimControl] = &[
///     SimControl::integer(ControlId::BRIGHTNESS, "Brightness", (0, 255), 1, 128),
///     SimControl::menu(ControlId::TEST_PATTERN, "Test Pattern", &["Disabled", "Bars"], 0),
///     SimControl::boolean(ControlId::PRIVACY, "Privacy", false).with_flags(ControlFlags::READ_ONLY),
/// ];
/// let mut memory = vec![0; 1 << 20];
/// let sim = Sim::new(Profile::VIVID.controls(CONTROLS), &mut memory);
/// let camera = sim.open()?;
/// assert_eq!(camera.set_control(ControlId::BRIGHTNESS, 1000), Ok(255));
/// assert_eq!(camera.find_control("test_pattern")?.unwrap().maximum, 1);
/// # Ok::<(), vidbuf_sim::Errno>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimControl {
    /// Which one. A list is in the order of these numbers.
    pub id: ControlId,
    /// What its value is; of an array, what each element is.
    pub control_type: ControlType,
    /// Its name, at most 31 bytes.
    pub name: &'static str,
    /// The smallest value; of text, the fewest bytes.
    pub minimum: i64,
    /// The largest value; of text, the most bytes; of bits, all that may be set.
    pub maximum: i64,
    /// From one value to the next.
    pub step: u64,
    /// The value at first, of an array that of each element. A text begins as spaces.
    pub default: i64,
    /// How it behaves. HAS_PAYLOAD, and what [`follows`](Self::follows) makes of it, are added.
    pub flags: ControlFlags,
    /// Elements in each dimension of an array. Of one with the flag DYNAMIC_ARRAY, the most; it begins with one element.
    pub dims: &'static [u32],
    /// Items of a menu.
    pub menu: SimMenu,
    /// Width and height at first, of an [`AREA`](ControlType::AREA).
    pub area: (u32, u32),
    /// The control that sets this one by itself.
    pub follows: Option<Follows>,
    /// GRABBED while the driver runs.
    pub grabbed_while_streaming: bool,
    /// From which kernel on the driver has it, and from which on no more: `(major << 16) | (minor << 8)`.
    pub kernels: (u32, u32),
}

/// Items of a menu, from number 0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SimMenu {
    /// It is no menu.
    None,
    /// Names; an empty one is a hole.
    Names(&'static [&'static str]),
    /// Numbers, and which of them are holes, as bits.
    Numbers(&'static [i64], u64),
}

/// An automatic mode, with the control that it sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Follows {
    /// The control with the mode. This one is INACTIVE unless that one is manual.
    pub automatic: ControlId,
    /// Its value that is manual.
    pub manual: i64,
    /// What becomes of this one in between.
    pub otherwise: Otherwise,
}

/// What becomes of a control while another one sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Otherwise {
    /// It can be set, without effect until the mode is manual.
    Kept,
    /// It is VOLATILE: the seconds of the device's clock, as vivid has it. What is set is dropped.
    Volatile,
    /// Setting it fails with EACCES, as uvcvideo has it.
    Refused,
}

impl SimControl {
    const EVERY_KERNEL: (u32, u32) = (0, u32::MAX);

    /// A control of this type, without limits, flags or default.
    pub const fn new(id: ControlId, control_type: ControlType, name: &'static str) -> Self {
        Self {
            id,
            control_type,
            name,
            minimum: 0,
            maximum: 0,
            step: 0,
            default: 0,
            flags: ControlFlags::empty(),
            dims: &[],
            menu: SimMenu::None,
            area: (1, 1),
            follows: None,
            grabbed_while_streaming: false,
            kernels: Self::EVERY_KERNEL,
        }
    }

    /// The title of the class that this control is of.
    pub const fn title(id: ControlId, name: &'static str) -> Self {
        let title = ControlId(id.class() | 1);
        let flags = ControlFlags::READ_ONLY.union(ControlFlags::WRITE_ONLY);
        Self { flags, ..Self::new(title, ControlType::CTRL_CLASS, name) }
    }

    /// A number between two, which are part of the range.
    pub const fn integer(id: ControlId, name: &'static str, range: (i64, i64), step: u64, default: i64) -> Self {
        Self { step, default, ..Self::new(id, ControlType::INTEGER, name).between(range) }
    }

    /// 0 or 1.
    pub const fn boolean(id: ControlId, name: &'static str, default: bool) -> Self {
        Self { step: 1, default: default as i64, ..Self::new(id, ControlType::BOOLEAN, name).between((0, 1)) }
    }

    /// A menu of names; an empty one is a hole.
    pub const fn menu(id: ControlId, name: &'static str, items: &'static [&'static str], default: i64) -> Self {
        let range = (0, items.len() as i64 - 1);
        let menu = SimMenu::Names(items);
        Self { step: 1, default, menu, ..Self::new(id, ControlType::MENU, name).between(range) }
    }

    /// A button.
    pub const fn button(id: ControlId, name: &'static str) -> Self {
        let flags = ControlFlags::WRITE_ONLY.union(ControlFlags::EXECUTE_ON_WRITE);
        Self { flags, ..Self::new(id, ControlType::BUTTON, name) }
    }

    /// Bits: those that may be set, and those that are at first.
    pub const fn bitmask(id: ControlId, name: &'static str, bits: u32, default: u32) -> Self {
        Self { default: default as i64, ..Self::new(id, ControlType::BITMASK, name).between((0, bits as i64)) }
    }

    /// The same with other limits.
    #[must_use]
    pub const fn between(self, (minimum, maximum): (i64, i64)) -> Self {
        Self { minimum, maximum, ..self }
    }

    /// The same with more flags.
    #[must_use]
    pub const fn with_flags(self, flags: ControlFlags) -> Self {
        Self { flags: self.flags.union(flags), ..self }
    }

    /// An array of it.
    #[must_use]
    pub const fn array(self, dims: &'static [u32]) -> Self {
        Self { dims, ..self }
    }

    /// The same, set by another one.
    #[must_use]
    pub const fn follows(self, automatic: ControlId, manual: i64, otherwise: Otherwise) -> Self {
        Self { follows: Some(Follows { automatic, manual, otherwise }), ..self }
    }

    /// The same, on kernels from one on, up to another without it.
    #[must_use]
    pub const fn on_kernels(self, since: u32, until: u32) -> Self {
        Self { kernels: (since, until), ..self }
    }

    /// The same, GRABBED while the driver runs.
    #[must_use]
    pub const fn grabbed_while_streaming(self) -> Self {
        Self { grabbed_while_streaming: true, ..self }
    }

    /// Whether it is listed among arrays and structures.
    pub(crate) const fn is_compound(&self) -> bool {
        self.control_type.is_compound() || !self.dims.is_empty()
    }

    /// Whether its value is behind a pointer.
    pub(crate) fn has_payload(&self) -> bool {
        self.is_compound() || self.is_text()
    }

    pub(crate) fn is_text(&self) -> bool {
        self.control_type == ControlType::STRING
    }

    /// Whether VIDIOC_G_CTRL and VIDIOC_S_CTRL have it.
    pub(crate) fn is_int(&self) -> bool {
        !self.has_payload() && self.control_type != ControlType::INTEGER64
    }

    pub(crate) const fn is_dynamic(&self) -> bool {
        self.flags.contains(ControlFlags::DYNAMIC_ARRAY)
    }

    /// Bytes of an element; of a text, of the longest with its NUL.
    pub(crate) fn elem_size(&self) -> u32 {
        match self.control_type {
            ControlType::U8 => 1,
            ControlType::U16 => 2,
            ControlType::INTEGER64 | ControlType::AREA => 8,
            // No text is longer than what a node keeps.
            ControlType::STRING => self.maximum.clamp(0, 1 << 16) as u32 + 1,
            _ => 4,
        }
    }

    /// The most elements that it has.
    pub(crate) fn most_elems(&self) -> u32 {
        self.dims.iter().fold(1, |elements: u32, length| elements.saturating_mul(*length))
    }
}
