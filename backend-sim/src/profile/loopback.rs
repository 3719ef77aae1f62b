//! A driver without videobuf2.

use vidbuf::node::CapabilityFlags;
use vidbuf::v4l2::BufferCapabilities;

use super::Profile;

impl Profile {
    /// A driver without videobuf2 that writes into buffers which the program holds, as v4l2loopback does: at most two buffers, no
    /// capabilities, no kind of timestamp, sequence numbers that are all 0. Of its other departures from videobuf2 none is modelled.
    pub const LOOPBACK: Self = Self {
        name: "v4l2 loopback",
        card: "Dummy video device",
        bus_info: "platform:v4l2loopback-000",
        node_capabilities: CapabilityFlags::empty(),
        other_nodes: CapabilityFlags::empty(),
        passes: &[],
        capabilities: BufferCapabilities::MMAP,
        read_write: false,
        min_requested: 1,
        min_setup: 0,
        max_buffers: 2,
        timestamp_flags: 0,
        presets_bytesused: false,
        data_offsets: false,
        creates: false,
        prepares: false,
        exports: false,
        removes: false,
        replugs: false,
        exclusive: false,
        size: (640, 480),
        converts_colors: false,
        controls: &[],
        events: &[],
        ..Self::VIVID.without_inputs()
    };
}
