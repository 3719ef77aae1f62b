//! Names of controls as people type them.

use core::fmt::{self, Write as _};

/// A name as `v4l2-ctl` spells it: `white_balance_automatic` for "White Balance, Automatic".
#[derive(Clone, Copy, Debug)]
pub struct Spelling<'a>(pub(super) &'a [u8]);

impl Spelling<'_> {
    /// Letters and digits in lower case; whatever is between two of them is one underscore.
    fn characters(&self) -> impl Iterator<Item = u8> {
        let mut bytes = self.0.iter().copied().skip_while(|byte| !byte.is_ascii_alphanumeric()).peekable();
        core::iter::from_fn(move || {
            let byte = bytes.next()?;
            if byte.is_ascii_alphanumeric() {
                return Some(byte.to_ascii_lowercase());
            }
            while bytes.next_if(|byte| !byte.is_ascii_alphanumeric()).is_some() {}
            bytes.peek().map(|_| b'_')
        })
    }

    /// Whether both are spelt the same. A name without letters and digits is like none.
    pub(super) fn is_like(&self, other: Self) -> bool {
        self.characters().next().is_some() && self.characters().eq(other.characters())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Spelling<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0);
    }
}

impl fmt::Display for Spelling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.characters().try_for_each(|byte| f.write_char(byte.into()))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Spelling;
    use std::string::ToString as _;

    #[test]
    fn names_are_spelt_as_v4l2_ctl_does() {
        let table: [(&[u8], &str); 7] = [
            (b"White Balance, Automatic", "white_balance_automatic"),
            (b"white_balance_automatic", "white_balance_automatic"),
            (b"  S-Video 000-0 Is Connected To ", "s_video_000_0_is_connected_to"),
            (b"U8 2x3x4x5 Array", "u8_2x3x4x5_array"),
            (b"Caf\xc3\xa9 (16-235)", "caf_16_235"),
            (b"", ""),
            (b"\xff\xfe ,-", ""),
        ];
        for (name, spelt) in table {
            assert_eq!(Spelling(name).to_string(), spelt);
        }
    }

    #[test]
    fn both_spellings_are_alike_and_no_name_is_like_an_empty_one() {
        let like = |one: &str, other: &str| Spelling(one.as_bytes()).is_like(Spelling(other.as_bytes()));
        assert!(like("White Balance, Automatic", "white_balance_automatic"));
        assert!(like("GAIN", "gain"));
        assert!(!like("Gain", "Gain, Automatic"));
        assert!(!like("", "") && !like(", ", "-"));
    }
}
