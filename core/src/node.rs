//! What a node is and how it is set, apart from its buffers: types and traits for programs that run on Linux and on a simulated
//! device.
//!
//! Each file has one thing that can be asked or set, as the kernel's documents have a page for it.

mod capability;
mod control;
mod description;
mod format;
mod formats;
mod interval;
mod list;
mod negotiate;
mod open;
mod size;
mod text;

pub use capability::{Capabilities, CapabilityFlags, QueryCapabilities};
pub use control::{
    Control, ControlFlags, ControlId, ControlPayload, ControlType, ControlValue, Controls, ControlsCall, ControlsError,
    MOST_CONTROLS, MenuItem, MenuLabel, Spelling, Which,
};
pub use description::{FormatDescription, FormatFlags};
pub use format::{Format, PlaneFormat};
pub use formats::Formats;
pub use interval::{FrameInterval, FrameIntervals, ListIntervals};
pub use list::{item, items};
pub use negotiate::{Negotiated, Traded, Wanted};
pub use open::Open;
pub use size::FrameSize;
pub use text::Text;
