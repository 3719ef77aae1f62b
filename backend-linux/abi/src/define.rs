//! The macros that the tables are written in: each makes code and data out of the same lines.

/// Structures. `struct` has a name in the kernel's headers, `part` has none there, `packed` is a `struct` whose 64-bit
/// numbers are aligned to 4.
///
/// Each line makes a field of the Rust type and a field of its [`Structure`](crate::layout::Structure); that both lie at the
/// same place is asserted.
macro_rules! structures {
    ($(
        $(#[$meta:meta])*
        $shape:ident $name:ident { $($field:ident: $type:ty, $doc:literal;)+ }
    )+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[allow(non_camel_case_types, non_snake_case)]
            pub struct $name { $(#[doc = $doc] pub $field: $type,)+ }
            $crate::define::described!($name, stringify!($name), $shape, $($field: $type),+);
        )+
        pub(crate) const STRUCTURES: &[&$crate::layout::Structure] = &[$($name::STRUCTURE),+];
    };
}
pub(crate) use structures;

/// Unions: `union NAME(ALIGNMENT, BYTES)`, or `anonymous`. A line has the names of the functions that read a member, write it,
/// and make a union of it.
///
/// A union is kept as bytes, with the alignment that the kernel's has: any bytes are a value of any member, so that neither
/// reading nor writing needs `unsafe`.
macro_rules! unions {
    ($(
        $(#[$meta:meta])*
        $shape:ident $name:ident($align:ty, $bytes:expr) { $($get:ident $set:ident $of:ident: $type:ty, $doc:literal;)+ }
    )+) => {
        $(
            $(#[$meta])*
            #[repr(C)]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[allow(non_camel_case_types)]
            pub struct $name {
                align: [$align; 0],
                /// All bytes of it, whichever member they belong to.
                pub bytes: [u8; $bytes],
            }

            impl $name {
                /// What it is called, and what its members are.
                pub const STRUCTURE: &'static $crate::layout::Structure = &$crate::layout::Structure {
                    name: stringify!($name),
                    shape: $crate::define::shape!($shape),
                    fields: &[$($crate::define::field!($get: $type)),+],
                    packed: <$align as $crate::value::Value>::KIND.size($crate::layout::Layout::Bits64),
                };

                /// All zero, as a constant.
                pub const ZERO: Self = Self { align: [], bytes: [0; $bytes] };

                $(
                    #[doc = $doc]
                    #[inline(always)]
                    pub fn $get(&self) -> $type {
                        $crate::value::Value::get(&self.bytes, 0)
                    }

                    #[doc = concat!("Writes `", stringify!($get), "`; the bytes beyond it stay as they are.")]
                    #[inline(always)]
                    pub fn $set(&mut self, value: $type) {
                        $crate::value::Value::put(value, &mut self.bytes, 0);
                    }

                    #[doc = concat!("Zeroes with `", stringify!($get), "` written upon them.")]
                    #[inline(always)]
                    pub fn $of(value: $type) -> Self {
                        let mut union = <Self as $crate::value::Value>::zero();
                        union.$set(value);
                        union
                    }
                )+
            }

            impl Default for $name {
                #[inline(always)]
                fn default() -> Self {
                    $crate::value::Value::zero()
                }
            }

            impl $crate::value::Value for $name {
                const KIND: $crate::layout::Kind = $crate::layout::Kind::Structure(Self::STRUCTURE);
                const ZERO: Self = Self::ZERO;

                #[inline(always)]
                fn zero() -> Self {
                    Self { align: [], bytes: [0; $bytes] }
                }

                #[inline(always)]
                fn get(bytes: &[u8], at: usize) -> Self {
                    Self { align: [], bytes: $crate::value::Value::get(bytes, at) }
                }

                #[inline(always)]
                fn put(self, bytes: &mut [u8], at: usize) {
                    self.bytes.put(bytes, at);
                }
            }

            const _: () = {
                assert!($name::STRUCTURE.size($crate::layout::Layout::TARGET) == size_of::<$name>());
                assert!($name::STRUCTURE.align($crate::layout::Layout::TARGET) == align_of::<$name>());
            };
        )+
        pub(crate) const UNIONS: &[&$crate::layout::Structure] = &[$($name::STRUCTURE),+];
    };
}
pub(crate) use unions;

/// What a Rust type with these fields is as data, and that both agree.
macro_rules! described {
    ($name:ident, $kernel_name:expr, $shape:ident, $($field:ident: $type:ty),+) => {
        impl $name {
            /// What it is called, and what its fields are.
            pub const STRUCTURE: &'static $crate::layout::Structure = &$crate::layout::Structure {
                name: $kernel_name,
                shape: $crate::define::shape!($shape),
                fields: &[$($crate::define::field!($field: $type)),+],
                packed: $crate::define::packed!($shape),
            };

            /// All zero, as a constant.
            pub const ZERO: Self = Self { $($field: <$type as $crate::value::Value>::ZERO),+ };
        }

        impl Default for $name {
            #[inline(always)]
            fn default() -> Self {
                $crate::value::Value::zero()
            }
        }

        impl $crate::value::Value for $name {
            const KIND: $crate::layout::Kind = $crate::layout::Kind::Structure(Self::STRUCTURE);
            const ZERO: Self = Self::ZERO;

            #[inline(always)]
            fn zero() -> Self {
                Self { $($field: $crate::value::Value::zero()),+ }
            }

            #[inline(always)]
            fn get(bytes: &[u8], at: usize) -> Self {
                Self { $($field: $crate::value::Value::get(bytes, at + core::mem::offset_of!(Self, $field))),+ }
            }

            #[inline(always)]
            fn put(self, bytes: &mut [u8], at: usize) {
                $(
                    let field = self.$field;
                    $crate::value::Value::put(field, bytes, at + core::mem::offset_of!(Self, $field));
                )+
            }
        }

        const _: () = {
            let (structure, target) = ($name::STRUCTURE, $crate::layout::Layout::TARGET);
            assert!(structure.size(target) == size_of::<$name>());
            let (mut index, mut end) = (0, 0);
            $(
                assert!(structure.begin(target, end, index) == core::mem::offset_of!($name, $field));
                assert!(structure.fields[index].size(target) == size_of::<$type>());
                end = core::mem::offset_of!($name, $field) + size_of::<$type>();
                index += 1;
            )+
            assert!(index == structure.fields.len() && end <= size_of::<$name>());
        };
    };
}
pub(crate) use described;

macro_rules! field {
    (tv_sec: $type:ty) => {
        $crate::layout::Field { name: "tv_sec", kind: $crate::layout::Kind::Time, count: 1 }
    };
    (tv_usec: $type:ty) => {
        $crate::layout::Field { name: "tv_usec", kind: $crate::layout::Kind::Time, count: 1 }
    };
    (tv_nsec: $type:ty) => {
        $crate::layout::Field { name: "tv_nsec", kind: $crate::layout::Kind::Time, count: 1 }
    };
    ($field:ident: $type:ty) => {
        $crate::layout::Field {
            name: $crate::define::kernel_name(stringify!($field)),
            kind: <$type as $crate::value::Value>::KIND,
            count: <$type as $crate::value::Value>::COUNT,
        }
    };
}
pub(crate) use field;

macro_rules! shape {
    (part) => {
        $crate::layout::Shape::Part
    };
    (union) => {
        $crate::layout::Shape::Union
    };
    (anonymous) => {
        $crate::layout::Shape::AnonymousUnion
    };
    ($structure:ident) => {
        $crate::layout::Shape::Structure
    };
}
pub(crate) use shape;

macro_rules! packed {
    (packed) => {
        4
    };
    ($other:ident) => {
        8
    };
}
pub(crate) use packed;

/// Constants of one type, under the kernel's names, and a list of them.
macro_rules! constants {
    ($type:ty: $($name:ident = $value:expr, $doc:literal;)+) => {
        $(#[doc = $doc] #[allow(non_upper_case_globals)] pub const $name: $type = $value;)+
        pub(crate) const CONSTANTS: &[$crate::table::Constant] =
            &[$($crate::table::Constant { name: stringify!($name), value: $name as u64 }),+];
    };
}
pub(crate) use constants;

/// A keyword of Rust that is a field in C is written with `_` at its end.
pub(crate) const fn kernel_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [start @ .., b'_'] => name.split_at(start.len()).0,
        _ => name,
    }
}
