//! How a structure lies in memory, for each kind of program that a kernel serves.
//!
//! A [`Structure`] lists its fields; sizes and offsets are computed from that list for any [`Layout`], by the rules of C.
//! For the target's own layout the result is compared with what the compiler made of the Rust type, at compile time; for the
//! others, `tests/headers.rs` compares it with what a C compiler makes of the kernel's headers.

/// What decides where the fields of a structure lie: the width of a pointer, the alignment of a 64-bit number, the width of
/// a time.
///
/// A 64-bit kernel serves 64-bit and 32-bit programs, and knows from the number of an ioctl which layout the argument has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// 64-bit programs.
    Bits64,
    /// 32-bit programs with 64-bit time, where 64-bit numbers are aligned to 8: Arm and most others.
    Bits32,
    /// The same with 32-bit time: all that Linux knew before 5.6.
    Bits32Time32,
    /// 32-bit x86 programs with 64-bit time: 64-bit numbers are aligned to 4.
    X86,
    /// The same with 32-bit time.
    X86Time32,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 5] = [Self::Bits64, Self::Bits32, Self::Bits32Time32, Self::X86, Self::X86Time32];

    /// The layout that this program is compiled for, which the Rust structures have. On 32-bit targets: with 64-bit time.
    pub const TARGET: Self = if size_of::<usize>() == 8 {
        Self::Bits64
    } else if align_of::<u64>() == 4 {
        Self::X86
    } else {
        Self::Bits32
    };

    /// Bytes of a pointer, and of an `unsigned long`.
    pub const fn word(self) -> usize {
        match self {
            Self::Bits64 => 8,
            _ => 4,
        }
    }

    /// Bytes of a second, and of a microsecond or nanosecond beside it.
    pub const fn time(self) -> usize {
        match self {
            Self::Bits32Time32 | Self::X86Time32 => 4,
            _ => 8,
        }
    }

    /// The same kind of program with 32-bit time. 64-bit programs have none.
    pub const fn time32(self) -> Self {
        match self {
            Self::Bits64 => Self::Bits64,
            Self::Bits32 | Self::Bits32Time32 => Self::Bits32Time32,
            Self::X86 | Self::X86Time32 => Self::X86Time32,
        }
    }

    /// What a number of `size` bytes is aligned to.
    const fn align(self, size: usize) -> usize {
        match self {
            Self::X86 | Self::X86Time32 if size == 8 => 4,
            _ => size,
        }
    }
}

const _: () = assert!(matches!(size_of::<usize>(), 4 | 8) && matches!(align_of::<u64>(), 4 | 8));

/// The type of a field.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `__u8`, `char`.
    U8,
    /// `__u16`.
    U16,
    /// `__u32`, `enum`.
    U32,
    /// `__s32`, `int`.
    I32,
    /// `__u64`.
    U64,
    /// `__s64`.
    I64,
    /// `unsigned long` or a pointer: 4 or 8 bytes.
    Word,
    /// Seconds, or a part of a second: 4 or 8 bytes, signed.
    Time,
    /// A structure or union.
    Structure(&'static Structure),
}

impl Kind {
    /// Bytes in memory.
    pub const fn size(self, layout: Layout) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 | Self::I32 => 4,
            Self::U64 | Self::I64 => 8,
            Self::Word => layout.word(),
            Self::Time => layout.time(),
            Self::Structure(structure) => structure.size(layout),
        }
    }

    /// What it is aligned to.
    pub const fn align(self, layout: Layout) -> usize {
        match self {
            Self::Structure(structure) => structure.align(layout),
            number => layout.align(number.size(layout)),
        }
    }
}

/// One field of a [`Structure`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The kernel's name.
    pub name: &'static str,
    /// Its type, or that of its elements.
    pub kind: Kind,
    /// Elements of an array (of an array of arrays, all of them); otherwise 1.
    pub count: usize,
}

impl Field {
    /// Bytes in memory.
    pub const fn size(&self, layout: Layout) -> usize {
        self.kind.size(layout) * self.count
    }
}

/// What the kernel's headers call a [`Structure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// `struct NAME`.
    Structure,
    /// The type of a field, without a name of its own there.
    Part,
    /// A union without a name of its own there: its fields lie upon each other.
    Union,
    /// A union without a name whose fields are, in C, fields of the structure that it is in.
    AnonymousUnion,
}

/// A structure of the kernel as data: what its fields are called, and where they lie.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Structure {
    /// The kernel's name; for what has none there, this crate's.
    pub name: &'static str,
    /// What it is in the kernel's headers.
    pub shape: Shape,
    /// The fields, in the order of memory. A union's lie upon each other.
    pub fields: &'static [Field],
    /// No field is aligned to more than this: what `__attribute__((packed))` comes to.
    pub packed: usize,
}

impl Structure {
    /// Bytes in memory.
    pub const fn size(&self, layout: Layout) -> usize {
        let (mut end, mut most, mut index) = (0, 1, 0);
        while index < self.fields.len() {
            let align = self.field_align(layout, index);
            let begin = if self.is_union() { 0 } else { aligned(end, align) };
            let field_end = begin + self.fields[index].size(layout);
            end = if field_end > end { field_end } else { end };
            most = if align > most { align } else { most };
            index += 1;
        }
        aligned(end, most)
    }

    /// What it is aligned to.
    pub const fn align(&self, layout: Layout) -> usize {
        let (mut most, mut index) = (1, 0);
        while index < self.fields.len() {
            let align = self.field_align(layout, index);
            most = if align > most { align } else { most };
            index += 1;
        }
        most
    }

    /// Where field `index` begins; beyond the last field, where that ends.
    pub const fn offset(&self, layout: Layout, index: usize) -> usize {
        if self.is_union() {
            return 0;
        }
        let (mut end, mut at) = (0, 0);
        while at < self.fields.len() {
            let begin = self.begin(layout, end, at);
            if at == index {
                return begin;
            }
            end = begin + self.fields[at].size(layout);
            at += 1;
        }
        end
    }

    /// Where field `index` begins if the one before it ends at `end`. Who goes through all fields asks this: `offset` begins anew each
    /// time, and the compiler, which computes what is asserted, is slow at that.
    pub(crate) const fn begin(&self, layout: Layout, end: usize, index: usize) -> usize {
        if self.is_union() { 0 } else { aligned(end, self.field_align(layout, index)) }
    }

    /// Whether the fields lie upon each other.
    pub const fn is_union(&self) -> bool {
        matches!(self.shape, Shape::Union | Shape::AnonymousUnion)
    }

    /// The field of this name, and where it begins.
    pub fn field(&self, layout: Layout, name: &str) -> Option<(usize, &'static Field)> {
        let index = self.fields.iter().position(|field| field.name == name)?;
        Some((self.offset(layout, index), &self.fields[index]))
    }

    const fn field_align(&self, layout: Layout, index: usize) -> usize {
        let align = self.fields[index].kind.align(layout);
        if align < self.packed { align } else { self.packed }
    }
}

/// The next multiple of a power of two.
const fn aligned(end: usize, align: usize) -> usize {
    (end + align - 1) & !(align - 1)
}
