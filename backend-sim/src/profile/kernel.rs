//! Kernels, as far as their buffers go, as data.

/// How mmap cookies are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Cookies {
    /// The sum of the page-rounded lengths of the planes before.
    RunningSum,
    /// Index and plane as bit fields above the page bits.
    BitFields,
}

/// A kernel, as far as its buffers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Kernel {
    /// `(major << 16) | (minor << 8)`.
    pub version: u32,
    /// How mmap cookies are made.
    pub cookies: Cookies,
    /// Queues may have more than 32 buffers, and `VIDIOC_CREATE_BUFS` returns how many.
    pub tells_maximum: bool,
    /// `VIDIOC_REQBUFS` has a floor of its own, at least one above the number needed to start.
    pub separate_floor: bool,
    /// `VIDIOC_REMOVE_BUFS` exists.
    pub removes: bool,
    /// A dma-buf that several planes use is attached once, and planes are looked at before any is attached.
    pub attaches_once: bool,
    /// The program's memory need not be writable to be captured into.
    pub forces_pins: bool,
    /// A `read` that finds buffers allocated takes their owner away.
    pub reads_disown: bool,
    /// Drivers still have video overlay, for which there is no queue.
    pub overlays: bool,
    /// Any file's close empties a queue without an owner.
    pub close_empties_ownerless: bool,
    /// [`Ownership::Active`](super::Ownership::Active) drivers use the helpers as everybody else does.
    pub helpers_everywhere: bool,
    /// vivid's EDID cannot be taken away while buffers are allocated, as it cannot be changed.
    pub keeps_edid_while_busy: bool,
}

impl Kernel {
    /// Linux 6.1 (Debian 12, Raspberry Pi OS Bookworm).
    pub const V6_1: Self = Self {
        version: 0x6_0100,
        cookies: Cookies::RunningSum,
        tells_maximum: false,
        separate_floor: false,
        removes: false,
        attaches_once: false,
        forces_pins: true,
        reads_disown: false,
        overlays: true,
        close_empties_ownerless: false,
        helpers_everywhere: false,
        keeps_edid_while_busy: false,
    };
    /// Linux 6.12 (Debian 13, Raspberry Pi OS Trixie).
    pub const V6_12: Self = Self {
        version: 0x6_0c00,
        cookies: Cookies::BitFields,
        tells_maximum: true,
        separate_floor: true,
        removes: true,
        attaches_once: true,
        forces_pins: false,
        reads_disown: true,
        overlays: false,
        close_empties_ownerless: true,
        helpers_everywhere: false,
        keeps_edid_while_busy: true,
    };
    /// Linux 6.19.
    pub const V6_19: Self = Self { version: 0x6_1300, helpers_everywhere: true, ..Self::V6_12 };
}
