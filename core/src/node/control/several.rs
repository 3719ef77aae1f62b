//! Calls on several controls at once, and which of them was refused.

use core::fmt;

use crate::error::{Errno, Error};

/// The most values of one call here; a kernel accepts 1024.
pub const MOST_CONTROLS: usize = 32;

/// Which value of a control is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Which {
    /// The value now (`V4L2_CTRL_WHICH_CUR_VAL`).
    Current,
    /// The value at first (`V4L2_CTRL_WHICH_DEF_VAL`).
    Default,
    /// The smallest (`V4L2_CTRL_WHICH_MIN_VAL`, newer than Linux 6.12: EINVAL before).
    Minimum,
    /// The largest (`V4L2_CTRL_WHICH_MAX_VAL`, newer than Linux 6.12: EINVAL before).
    Maximum,
}

/// What is done with several controls. For implementations of [`Controls`](crate::node::Controls).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ControlsCall {
    /// VIDIOC_G_EXT_CTRLS.
    Get(Which),
    /// VIDIOC_S_EXT_CTRLS.
    Set,
    /// VIDIOC_TRY_EXT_CTRLS.
    Try,
}

/// Why a call on several controls failed, and at which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ControlsError {
    /// The kernel's error number.
    pub errno: Errno,
    /// Which of the values was refused, from 0; `None` if it is not known, or was not about one of them.
    pub index: Option<usize>,
    /// Whether some controls may have been set before the one that was refused. If not, nothing has changed.
    pub changed: bool,
}

impl ControlsError {
    /// Of a call on `count` values that failed, with what the kernel wrote to `error_idx` (`count`, if it wrote nothing). For
    /// implementations of [`Controls`](crate::node::Controls).
    pub const fn new(call: ControlsCall, errno: Errno, error_idx: u32, count: usize) -> Self {
        let index = if (error_idx as usize) < count { Some(error_idx as usize) } else { None };
        // S_EXT_CTRLS first looks at all of them and reports `count`; an index is of one that failed while they were set.
        Self { errno, index, changed: matches!((call, index), (ControlsCall::Set, Some(1..))) }
    }
}

impl fmt::Display for ControlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index {
            write!(f, "value {index}: ")?;
        }
        self.errno.fmt(f)?;
        if self.changed { f.write_str("; some of those before it are set") } else { Ok(()) }
    }
}

impl core::error::Error for ControlsError {}

impl From<ControlsError> for Errno {
    fn from(error: ControlsError) -> Self {
        error.errno
    }
}

impl From<ControlsError> for Error {
    fn from(error: ControlsError) -> Self {
        error.errno.into()
    }
}
