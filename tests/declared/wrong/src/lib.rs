//! A [`Link`] to nothing.

bitflags::bitflags! {
    /// Two bits.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Bits: u8 {
        /// The first.
        const FIRST = 1;
        /// The second.
        const SECOND = 2;
    }
}

/// Whether it is the first alone.
pub fn is_first(bits: Bits) -> bool {
    bitflags::bitflags_match!(bits, {
        Bits::FIRST => true,
        _ => false,
    })
}

/// A let chain.
pub fn first(numbers: &[u8]) -> u8 {
    if let Some(number) = numbers.first()
        && *number > 0
    {
        *number
    } else {
        1
    }
}

#[cfg(all(feature = "one", feature = "other"))]
compile_error!("both features");
