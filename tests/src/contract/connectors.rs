//! What a node and a simulated file have in common without a trait of the library: the same methods, by their names.

use vidbuf::node::{
    CropLimits, EdidBlock, Events, Input, Output, Priority, Rectangle, SelectionFlags, SelectionTarget,
    StandardDescription, Standards, Timings, TimingsRange,
};
use vidbuf::v4l2::BufferType;
use vidbuf::{Clock, Errno};

use super::Rig;

/// A list that ends with its first error.
pub type List<T> = Result<Vec<T>, Errno>;

macro_rules! connectors {
    (
        {$($method:ident($($argument:ident: $type:ty),*) -> $result:ty;)+}
        mut {$($setter:ident($given:ident: $of:ty) -> $set:ty;)+}
    ) => {
        /// Inputs, outputs and their signals.
        #[allow(missing_docs)]
        pub trait Connectors {
            $(fn $method(&self $(, $argument: $type)*) -> Result<$result, Errno>;)+
            $(fn $setter(&mut self, $given: $of) -> Result<$set, Errno>;)+
            fn inputs(&self) -> List<Input>;
            fn outputs(&self) -> List<Output>;
            fn standards(&self) -> List<StandardDescription>;
            fn dv_timings_list(&self) -> List<Timings>;
        }

        /// Has a type's own methods answer for the trait.
        macro_rules! delegate {
            ($node:ty) => {
                impl Connectors for $node {
                    $(fn $method(&self $(, $argument: $type)*) -> Result<$result, Errno> {
                        <$node>::$method(self $(, $argument)*)
                    })+

                    $(fn $setter(&mut self, $given: $of) -> Result<$set, Errno> {
                        <$node>::$setter(self, $given)
                    })+

                    fn inputs(&self) -> List<Input> {
                        <$node>::inputs(self).collect()
                    }

                    fn outputs(&self) -> List<Output> {
                        <$node>::outputs(self).collect()
                    }

                    fn standards(&self) -> List<StandardDescription> {
                        <$node>::standards(self).collect()
                    }

                    fn dv_timings_list(&self) -> List<Timings> {
                        <$node>::dv_timings_list(self).collect()
                    }
                }
            };
        }
    };
}

connectors! {
    {
        input_description(index: u32) -> Option<Input>;
        input() -> u32;
        output_description(index: u32) -> Option<Output>;
        output() -> u32;
        standard_description(index: u32) -> Option<StandardDescription>;
        standard() -> Standards;
        query_standard() -> Standards;
        dv_timings() -> Timings;
        query_dv_timings() -> Timings;
        dv_timings_at(index: u32) -> Option<Timings>;
        dv_timings_range() -> TimingsRange;
        edid(connector: u32, start_block: u32, blocks: &mut [EdidBlock]) -> u32;
        set_edid(connector: u32, blocks: &mut [EdidBlock]) -> ();
        selection(buffer_type: BufferType, target: SelectionTarget) -> Rectangle;
        set_selection(buffer_type: BufferType, target: SelectionTarget, flags: SelectionFlags, rectangle: Rectangle) -> Rectangle;
        crop_limits(buffer_type: BufferType) -> CropLimits;
        priority() -> Priority;
        set_priority(priority: Priority) -> ();
    }
    mut {
        set_input(index: u32) -> ();
        set_output(index: u32) -> ();
        set_standard(standards: Standards) -> ();
        set_dv_timings(timings: &Timings) -> Timings;
    }
}

delegate!(vidbuf_linux::Device);
delegate!(vidbuf_sim::SimFile<'static, 'static, 64>);

/// What arrives at an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A signal with the timings, or of the standard, that are set.
    AsSet,
    /// No cable.
    None,
    /// A signal that cannot be locked onto.
    NoLock,
    /// A signal outside of what the receiver can take.
    OutOfRange,
}

/// A device with several inputs under test: a sensor, a tuner or S-Video, and HDMI, whose signals change on demand.
pub trait Connected: Rig<Node: Connectors + Events + Clock, Backend: Events> {
    /// The number of an input like a webcam's: neither standards nor timings.
    const CAMERA: u32 = 0;
    /// The number of an input with standards, whose signal can change.
    const ANALOG: u32 = 2;
    /// The number of the input with timings.
    const HDMI: u32 = 3;
    /// The most blocks of an EDID.
    const MOST_BLOCKS: usize = 2;

    /// The buffer type of its queue.
    fn buffer_type(&self) -> BufferType;

    /// Changes the signal of the input with timings, if `hdmi`, or else of the one with standards. It is the input in use.
    fn signal(&self, hdmi: bool, signal: Signal);
}
