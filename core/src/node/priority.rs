//! Whose calls count when several programs have a node open.

/// `enum v4l2_priority`: calls that change something fail with EBUSY on a file whose priority is not the highest of all open files.
/// The values are the kernel's, and a later version adds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u32)]
pub enum Priority {
    /// For programs that run in the background, such as those that read teletext.
    Background = 1,
    /// What a file has when it is opened.
    Interactive = 2,
    /// For programs that no other may disturb, such as recorders.
    Record = 3,
}

impl Priority {
    /// From the kernel's number; `None` for 0 (no open file has a priority) and for others.
    pub const fn from_raw(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::Background),
            2 => Some(Self::Interactive),
            3 => Some(Self::Record),
            _ => None,
        }
    }
}
