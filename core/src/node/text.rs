//! Names that the kernel fills in.

use core::fmt;

/// A name of at most `N` bytes as the kernel gave it: ended by a NUL, or filling all the bytes.
///
/// [`Display`](fmt::Display) never fails: bytes that are not UTF-8 show as `U+FFFD`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    /// The name in these bytes, as a driver gave them.
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes before the first NUL.
    pub fn as_bytes(&self) -> &[u8] {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        self.0.get(..length).unwrap_or_default()
    }

    /// The name, if it is UTF-8.
    ///
    /// # Errors
    ///
    /// The bytes are something else; [`as_bytes`](Self::as_bytes) has them.
    pub fn to_str(&self) -> Result<&str, core::str::Utf8Error> {
        core::str::from_utf8(self.as_bytes())
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.as_bytes().utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Text<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Text;
    use std::string::ToString as _;

    #[test]
    fn name_ends_at_the_first_nul() {
        let text = Text::new(*b"vivid\0rubbish\0\0\0");
        assert_eq!((text.to_str(), text.as_bytes().len()), (Ok("vivid"), 5));
    }

    #[test]
    fn name_without_a_nul_fills_the_room() {
        assert_eq!(Text::new(*b"sixteen letters!").to_str(), Ok("sixteen letters!"));
    }

    #[test]
    fn bytes_of_no_encoding_are_shown_as_such() {
        let text = Text::new(*b"cam\xffera\0");
        assert!(text.to_str().is_err());
        assert_eq!(text.to_string(), "cam\u{fffd}era");
    }
}
