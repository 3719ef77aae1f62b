//! What a node is and how it is set, apart from its buffers: types and traits for programs that run on Linux and on a simulated
//! device.
//!
//! Each file has one thing that can be asked or set, as the kernel's documents have a page for it.

mod control;
mod interval;
mod list;
mod text;

pub use control::{
    Control, ControlFlags, ControlId, ControlPayload, ControlType, ControlValue, Controls, ControlsCall, ControlsError,
    MOST_CONTROLS, MenuItem, MenuLabel, Spelling, Which,
};
pub use interval::{FrameInterval, FrameIntervals, ListIntervals};
pub use list::{item, items};
pub use text::Text;
