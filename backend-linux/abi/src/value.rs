//! Numbers, arrays and structures in bytes of the target's own layout, without `unsafe`.

use crate::layout::{Kind, Shape, Structure};

/// What a kernel structure is made of: integers, arrays of them, and structures.
///
/// Reading and writing go field by field, so that the bytes between fields are never looked at and never written. Compiled,
/// it is a copy.
pub trait Value: Copy + 'static {
    /// What it is, as data; of an array, what its elements are.
    const KIND: Kind;
    /// How many elements it has.
    const COUNT: usize = 1;
    /// All zero, as a constant.
    const ZERO: Self;

    /// All zero, made in place. A structure's `ZERO` would be copied from an image of zeroes in the program; its `default`
    /// is this.
    fn zero() -> Self;

    /// The value at the beginning of `bytes`; `None` if they are too few.
    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() >= size_of::<Self>()).then(|| Self::get(bytes, 0))
    }

    /// Writes the value to the beginning of `bytes`; `None` if they are too few, and then nothing is written.
    #[inline]
    fn write(self, bytes: &mut [u8]) -> Option<()> {
        (bytes.len() >= size_of::<Self>()).then(|| self.put(bytes, 0))
    }

    /// The value at `at`; zero where the bytes end too early.
    fn get(bytes: &[u8], at: usize) -> Self;

    /// Writes the value at `at`; not at all where the bytes end too early.
    fn put(self, bytes: &mut [u8], at: usize);
}

macro_rules! integers {
    ($($type:ty: $kind:ident),+) => {
        $(
            impl Value for $type {
                const KIND: Kind = Kind::$kind;
                const ZERO: Self = 0;

                #[inline(always)]
                fn zero() -> Self {
                    0
                }

                #[inline(always)]
                fn get(bytes: &[u8], at: usize) -> Self {
                    match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
                        Some(chunk) => Self::from_ne_bytes(*chunk),
                        None => 0,
                    }
                }

                #[inline(always)]
                fn put(self, bytes: &mut [u8], at: usize) {
                    if let Some(chunk) = bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
                        *chunk = self.to_ne_bytes();
                    }
                }
            }
        )+
    };
}
integers!(u8: U8, u16: U16, u32: U32, i32: I32, u64: U64, i64: I64, usize: Word);

impl<T: Value, const N: usize> Value for [T; N] {
    const KIND: Kind = T::KIND;
    const COUNT: usize = T::COUNT * N;
    const ZERO: Self = [T::ZERO; N];

    #[inline(always)]
    fn zero() -> Self {
        [T::zero(); N]
    }

    #[inline(always)]
    fn get(bytes: &[u8], at: usize) -> Self {
        core::array::from_fn(|index| T::get(bytes, at + index * size_of::<T>()))
    }

    #[inline(always)]
    fn put(self, bytes: &mut [u8], at: usize) {
        for (index, element) in self.into_iter().enumerate() {
            element.put(bytes, at + index * size_of::<T>());
        }
    }
}

/// The argument of an ioctl that has none.
impl Value for () {
    const KIND: Kind = Kind::Structure(&Structure { name: "", shape: Shape::Part, fields: &[], packed: 1 });
    const ZERO: Self = ();

    fn zero() -> Self {}

    fn get(_: &[u8], _: usize) -> Self {}

    fn put(self, _: &mut [u8], _: usize) {}
}
