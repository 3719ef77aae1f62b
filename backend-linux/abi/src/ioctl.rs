//! Ioctls: their numbers for this target as constants, and a table of them for every layout.
//!
//! A number holds the size of the structure: a program of another layout calls the same ioctl by another number, and a kernel
//! (or a simulator, or a tracer) finds out from the number which layout the argument has.
//!
//! ```
//! use vidbuf_abi::ioctl::{VIDIOC_DQBUF, find};
//! use vidbuf_abi::layout::Layout;
//!
//! let dqbuf = find(VIDIOC_DQBUF, Layout::TARGET).unwrap();
//! assert_eq!(dqbuf.name, "VIDIOC_DQBUF");
//! assert_eq!(dqbuf.number(Layout::Bits64), 0xc058_5611);
//! assert_eq!(dqbuf.number(Layout::Bits32), 0xc050_5611);
//! assert_eq!(dqbuf.number(Layout::Bits32Time32), 0xc044_5611);
//! assert_eq!(dqbuf.number(Layout::X86), 0xc04c_5611);
//! ```
//!
//! Kernel: `include/uapi/asm-generic/ioctl.h`.

use crate::layout::{Kind, Layout, Structure};
use crate::value::Value;

mod table;
pub use table::*;

/// Which way the argument of an ioctl goes. The names are a program's: what it reads, the kernel writes. An ioctl's
/// number has two bits for it: a later version adds no variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `_IO`: no argument.
    None,
    /// `_IOR`: the kernel fills it.
    Read,
    /// `_IOW`: the kernel only looks at it.
    Write,
    /// `_IOWR`: the kernel looks at it and fills it.
    ReadWrite,
}

/// One ioctl.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ioctl {
    /// The kernel's name.
    pub name: &'static str,
    /// Which way the argument goes.
    pub direction: Direction,
    /// The letter that numbers of one interface have in common: `b'V'` for V4L2.
    pub group: u8,
    /// The number within the group.
    pub index: u8,
    /// What the argument is.
    pub argument: Kind,
}

impl Ioctl {
    /// An ioctl whose argument points to a `T`.
    pub const fn new<T: Value>(name: &'static str, direction: Direction, group: u8, index: u8) -> Self {
        Self { name, direction, group, index, argument: T::KIND }
    }

    /// Bytes of the argument.
    pub const fn size(&self, layout: Layout) -> usize {
        self.argument.size(layout)
    }

    /// The number by which a program of this layout calls it.
    ///
    /// The bits are those of this target's kernel: MIPS, PowerPC and SPARC have others than the rest.
    pub const fn number(&self, layout: Layout) -> u32 {
        let (bits, shift) = match (self.direction, OLD_ENCODING) {
            (Direction::None, false) => (0, 30),
            (Direction::Write, false) => (1, 30),
            (Direction::Read, false) => (2, 30),
            (Direction::ReadWrite, false) => (3, 30),
            (Direction::None, true) => (1, 29),
            (Direction::Read, true) => (2, 29),
            (Direction::Write, true) => (4, 29),
            (Direction::ReadWrite, true) => (6, 29),
        };
        bits << shift | (self.size(layout) as u32) << 16 | (self.group as u32) << 8 | self.index as u32
    }

    /// The structure that the argument is; `None` for a number, and where there is none.
    pub const fn structure(&self) -> Option<&'static Structure> {
        match self.argument {
            Kind::Structure(structure) if !structure.fields.is_empty() => Some(structure),
            _ => None,
        }
    }

    /// Whether the kernel copies the argument back to the program also when the call fails (flag `INFO_FL_ALWAYS_COPY` of
    /// `v4l2_ioctls`): a call on several controls reports there which one was refused, and one on an EDID how many blocks there are.
    pub const fn is_always_copied_back(&self) -> bool {
        const G_EXT_CTRLS: u8 = VIDIOC_G_EXT_CTRLS as u8;
        const S_EXT_CTRLS: u8 = VIDIOC_S_EXT_CTRLS as u8;
        const TRY_EXT_CTRLS: u8 = VIDIOC_TRY_EXT_CTRLS as u8;
        const G_EDID: u8 = VIDIOC_G_EDID as u8;
        const S_EDID: u8 = VIDIOC_S_EDID as u8;
        self.group == b'V' && matches!(self.index, G_EXT_CTRLS | S_EXT_CTRLS | TRY_EXT_CTRLS | G_EDID | S_EDID)
    }

    /// Whether 32-bit programs with 32-bit time call it by another number than those with 64-bit time.
    pub const fn has_time(&self) -> bool {
        self.size(Layout::Bits32) != self.size(Layout::Bits32Time32)
    }
}

const OLD_ENCODING: bool = cfg!(any(
    target_arch = "mips",
    target_arch = "mips32r6",
    target_arch = "mips64",
    target_arch = "mips64r6",
    target_arch = "powerpc",
    target_arch = "powerpc64",
    target_arch = "sparc",
    target_arch = "sparc64",
));

/// The ioctl that a program of this layout calls by this number.
pub fn find(number: u32, layout: Layout) -> Option<&'static Ioctl> {
    TABLE.iter().find(|ioctl| ioctl.number(layout) == number)
}

/// The ioctl that a 32-bit program calls by this number, and which width of time it has, from the number. `layout` is
/// [`Layout::Bits32`] or [`Layout::X86`].
pub fn find_either_time(number: u32, layout: Layout) -> Option<(&'static Ioctl, Layout)> {
    [layout, layout.time32()].into_iter().find_map(|layout| Some((find(number, layout)?, layout)))
}
