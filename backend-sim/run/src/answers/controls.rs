//! A few controls, as programs like to find them. Their values are kept and reported; the picture stays what it is, or no program could
//! check it.

use vidbuf_sim::Errno;

/// One control.
pub struct Control {
    /// `V4L2_CID_*`.
    pub id: u32,
    /// `V4L2_CTRL_TYPE_*`.
    pub kind: u32,
    /// Its name.
    pub name: &'static str,
    /// Least and most.
    pub range: (i32, i32),
    /// Between two values.
    pub step: i32,
    /// At first.
    pub default: i32,
    /// `V4L2_CTRL_FLAG_*`.
    pub flags: u32,
    /// Names of the values, for menus.
    pub menu: &'static [&'static str],
}

/// `V4L2_CTRL_TYPE_*`.
pub mod kind {
    pub const INTEGER: u32 = 1;
    pub const BOOLEAN: u32 = 2;
    pub const MENU: u32 = 3;
    pub const BUTTON: u32 = 4;
    pub const CTRL_CLASS: u32 = 6;
}

/// `V4L2_CTRL_FLAG_*`.
pub mod flag {
    pub const READ_ONLY: u32 = 0x4;
    pub const SLIDER: u32 = 0x20;
    pub const WRITE_ONLY: u32 = 0x40;
    pub const EXECUTE_ON_WRITE: u32 = 0x200;
    pub const NEXT_COMPOUND: u32 = 0x4000_0000;
    pub const NEXT_CTRL: u32 = 0x8000_0000;
}

/// What every camera has, by number.
const COMMON: &[Control] = &[
    Control {
        id: 0x0098_0001,
        kind: kind::CTRL_CLASS,
        name: "User Controls",
        range: (0, 0),
        step: 0,
        default: 0,
        flags: flag::READ_ONLY | flag::WRITE_ONLY,
        menu: &[],
    },
    slider(0x0098_0900, "Brightness"),
    slider(0x0098_0901, "Contrast"),
    Control {
        id: 0x0098_0914,
        kind: kind::BOOLEAN,
        name: "Horizontal Flip",
        range: (0, 1),
        step: 1,
        default: 0,
        flags: 0,
        menu: &[],
    },
    Control {
        id: 0x0098_0918,
        kind: kind::MENU,
        name: "Power Line Frequency",
        range: (0, 2),
        step: 1,
        default: 1,
        flags: 0,
        menu: &["Disabled", "50 Hz", "60 Hz"],
    },
];

/// vivid's own, by which things go wrong: the same numbers and names.
const VIVID: &[Control] = &[
    Control {
        id: 0x00f0_0001,
        kind: kind::CTRL_CLASS,
        name: "Vivid Controls",
        range: (0, 0),
        step: 0,
        default: 0,
        flags: flag::READ_ONLY | flag::WRITE_ONLY,
        menu: &[],
    },
    Control {
        id: vivid::PERCENTAGE_DROPPED,
        kind: kind::INTEGER,
        name: "Percentage of Dropped Buffers",
        range: (0, 100),
        step: 1,
        default: 0,
        flags: 0,
        menu: &[],
    },
    button(vivid::DISCONNECT, "Disconnect"),
    button(vivid::BUFFER_ERROR, "Inject V4L2_BUF_FLAG_ERROR"),
    button(vivid::REQBUFS_ERROR, "Inject VIDIOC_REQBUFS Error"),
    button(vivid::QBUF_ERROR, "Inject VIDIOC_QBUF Error"),
    button(vivid::STREAMON_ERROR, "Inject VIDIOC_STREAMON Error"),
    button(vivid::FATAL_ERROR, "Inject Fatal Streaming Error"),
];

/// Numbers of vivid's controls.
pub mod vivid {
    pub const PERCENTAGE_DROPPED: u32 = 0x00f0_f040;
    pub const DISCONNECT: u32 = 0x00f0_f041;
    pub const BUFFER_ERROR: u32 = 0x00f0_f042;
    pub const REQBUFS_ERROR: u32 = 0x00f0_f043;
    pub const QBUF_ERROR: u32 = 0x00f0_f044;
    pub const STREAMON_ERROR: u32 = 0x00f0_f045;
    pub const FATAL_ERROR: u32 = 0x00f0_f046;
}

const fn button(id: u32, name: &'static str) -> Control {
    let flags = flag::WRITE_ONLY | flag::EXECUTE_ON_WRITE;
    Control { id, kind: kind::BUTTON, name, range: (0, 0), step: 0, default: 0, flags, menu: &[] }
}

const fn slider(id: u32, name: &'static str) -> Control {
    Control { id, kind: kind::INTEGER, name, range: (0, 255), step: 1, default: 128, flags: flag::SLIDER, menu: &[] }
}

/// Their values.
#[derive(Clone)]
pub struct Controls {
    list: Vec<(&'static Control, i32)>,
}

impl Controls {
    /// As they are at first. `vivid`: with those that it has for its faults.
    pub fn new(vivid: bool) -> Self {
        let more = if vivid { VIVID } else { &[] };
        Self { list: COMMON.iter().chain(more).map(|control| (control, control.default)).collect() }
    }

    /// What is at a place that was found.
    pub fn at(&self, place: usize) -> &'static Control {
        self.list[place].0
    }

    /// What was found.
    ///
    /// # Errors
    ///
    /// `EINVAL`: nothing.
    pub fn listed(&self, place: Option<usize>) -> Result<&'static Control, Errno> {
        place.map(|place| self.at(place)).ok_or(Errno::EINVAL)
    }

    /// Whether this is a class of controls.
    pub fn has_class(&self, class: u32) -> bool {
        self.list.iter().any(|(control, _)| control.kind == kind::CTRL_CLASS && control.id == class | 1)
    }

    /// The place of a control in the list.
    pub fn find(&self, id: u32) -> Option<usize> {
        self.list.iter().position(|(control, _)| control.id == id)
    }

    /// As [`find`](Self::find), with the `NEXT` bits of a query.
    pub fn query(&self, id: u32) -> Option<usize> {
        let plain = id & !(flag::NEXT_CTRL | flag::NEXT_COMPOUND);
        if plain == id {
            return self.find(id);
        }
        if id & flag::NEXT_CTRL == 0 {
            return None;
        }
        self.list.iter().position(|(control, _)| control.id > plain)
    }

    /// The value.
    pub fn get(&self, place: usize) -> Result<i32, Errno> {
        if self.list[place].0.flags & flag::WRITE_ONLY != 0 {
            return Err(Errno::EACCES);
        }
        Ok(self.list[place].1)
    }

    /// The value that setting this one would give.
    pub fn check(&self, place: usize, value: i32) -> Result<i32, Errno> {
        let control = self.at(place);
        let (least, most) = control.range;
        match control.kind {
            _ if control.flags & flag::READ_ONLY != 0 => Err(Errno::EACCES),
            kind::MENU if !(least..=most).contains(&value) => Err(Errno::ERANGE),
            kind::BUTTON => Ok(0),
            kind::BOOLEAN => Ok(i32::from(value != 0)),
            _ => Ok(value.clamp(least, most)),
        }
    }

    /// Sets a value that [`check`](Self::check) gave. True if it was another.
    pub fn set(&mut self, place: usize, value: i32) -> bool {
        core::mem::replace(&mut self.list[place].1, value) != value
    }
}
