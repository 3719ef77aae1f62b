//! What a node is and how it is set, apart from its buffers: types and traits for programs that run on Linux and on a simulated
//! device.
//!
//! Each file has one thing that can be asked or set, as the kernel's documents have a page for it.

mod capability;
mod control;
mod description;
mod edid;
mod event;
mod format;
mod formats;
mod input;
mod interval;
mod list;
mod negotiate;
mod open;
mod priority;
mod selection;
mod size;
mod standard;
mod text;
mod timings;

pub use capability::{Capabilities, CapabilityFlags, QueryCapabilities};
pub use control::{
    Control, ControlFlags, ControlId, ControlPayload, ControlType, ControlValue, Controls, ControlsCall, ControlsError,
    MOST_CONTROLS, MenuItem, MenuLabel, Spelling, Which,
};
pub use description::{FormatDescription, FormatFlags};
pub use edid::{EDID_BLOCK, EdidBlock, edid_checksum};
pub use event::{
    ControlChange, ControlChanges, Event, EventData, EventType, Events, FrameWait, SourceChanges, Subscription,
    SubscriptionFlags,
};
pub use format::{Format, PlaneFormat};
pub use formats::Formats;
pub use input::{ConnectorCapabilities, Input, InputKind, InputStatus, Output, OutputKind};
pub use interval::{FrameInterval, FrameIntervals, ListIntervals};
pub use list::{item, items};
pub use negotiate::{Negotiated, Traded, Wanted};
pub use open::Open;
pub use priority::Priority;
pub use selection::{CropLimits, Rectangle, SelectionFlags, SelectionTarget};
pub use size::FrameSize;
pub use standard::{StandardDescription, Standards};
pub use text::Text;
pub use timings::{Blanking, Polarities, Timings, TimingsCapabilities, TimingsFlags, TimingsRange, TimingsStandards};
