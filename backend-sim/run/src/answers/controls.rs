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
    pub const CTRL_CLASS: u32 = 6;
}

/// `V4L2_CTRL_FLAG_*`.
pub mod flag {
    pub const READ_ONLY: u32 = 0x4;
    pub const SLIDER: u32 = 0x20;
    pub const WRITE_ONLY: u32 = 0x40;
    pub const NEXT_COMPOUND: u32 = 0x4000_0000;
    pub const NEXT_CTRL: u32 = 0x8000_0000;
}

/// All of them, by number.
pub const LIST: [Control; 5] = [
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

const fn slider(id: u32, name: &'static str) -> Control {
    Control { id, kind: kind::INTEGER, name, range: (0, 255), step: 1, default: 128, flags: flag::SLIDER, menu: &[] }
}

/// Their values.
#[derive(Clone)]
pub struct Controls {
    values: [i32; LIST.len()],
}

impl Controls {
    /// As they are at first.
    pub fn new() -> Self {
        Self { values: LIST.map(|control| control.default) }
    }

    /// The place of a control in the list.
    pub fn find(id: u32) -> Option<usize> {
        LIST.iter().position(|control| control.id == id)
    }

    /// As [`find`](Self::find), with the `NEXT` bits of a query.
    pub fn query(id: u32) -> Option<usize> {
        let plain = id & !(flag::NEXT_CTRL | flag::NEXT_COMPOUND);
        if plain == id {
            return Self::find(id);
        }
        if id & flag::NEXT_CTRL == 0 {
            return None;
        }
        LIST.iter().position(|control| control.id > plain)
    }

    /// The value.
    pub fn get(&self, place: usize) -> Result<i32, Errno> {
        if LIST[place].flags & flag::WRITE_ONLY != 0 {
            return Err(Errno::EACCES);
        }
        Ok(self.values[place])
    }

    /// The value that setting this one would give.
    pub fn check(place: usize, value: i32) -> Result<i32, Errno> {
        let control = &LIST[place];
        let (least, most) = control.range;
        match control.kind {
            _ if control.flags & flag::READ_ONLY != 0 => Err(Errno::EACCES),
            kind::MENU if !(least..=most).contains(&value) => Err(Errno::ERANGE),
            kind::BOOLEAN => Ok(i32::from(value != 0)),
            _ => Ok(value.clamp(least, most)),
        }
    }

    /// Sets a value that [`check`](Self::check) gave. True if it was another.
    pub fn set(&mut self, place: usize, value: i32) -> bool {
        core::mem::replace(&mut self.values[place], value) != value
    }
}
