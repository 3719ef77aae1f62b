//! A pixel format's name.

use core::fmt;
use core::str::FromStr;

/// A pixel format's four characters (`V4L2_PIX_FMT_*`), little-endian as the kernel stores them.
///
/// ```
/// use vidbuf::FourCc;
/// assert_eq!(FourCc::YUYV, FourCc::new(*b"YUYV"));
/// assert_eq!(FourCc::YUYV.0, 0x5659_5559);
/// assert_eq!(FourCc::Y16.to_string(), "Y16 ");
/// ```
///
/// # As text
///
/// It is printed as the kernel prints it: four characters, and `-BE` behind them for the big-endian variant (bit 31). Characters
/// that cannot be printed make it a number, `0x1ad0e5c1`. Parsing takes everything that is printed, and text without the spaces
/// at the end, so that each format has a name that can be typed.
///
/// ```
/// use vidbuf::FourCc;
/// assert_eq!("MJPG".parse(), Ok(FourCc::MJPEG));
/// assert_eq!("Y16".parse(), Ok(FourCc::Y16));
/// assert_eq!("Y16-BE".parse(), Ok(FourCc::Y16_BE));
/// assert_eq!(FourCc::Y16_BE.to_string(), "Y16 -BE");
/// assert!("YUYV2".parse::<FourCc>().is_err());
/// ```
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct FourCc(pub u32);

/// The bit of a big-endian variant.
const BIG_ENDIAN: u32 = 1 << 31;

impl FourCc {
    /// From four ASCII characters.
    pub const fn new(characters: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(characters))
    }

    /// The big-endian variant (`v4l2_fourcc_be`) of four ASCII characters.
    pub const fn big_endian(characters: [u8; 4]) -> Self {
        Self(Self::new(characters).0 | BIG_ENDIAN)
    }

    /// Whether this is the big-endian variant (bit 31, `v4l2_fourcc_be`).
    pub const fn is_big_endian(self) -> bool {
        self.0 & BIG_ENDIAN != 0
    }

    /// Whether pixels are red, green and blue (raw ones of a sensor included), or hue, saturation and value; not Y'CbCr, grey
    /// or compressed.
    pub const fn is_rgb_or_hsv(self) -> bool {
        match (self.0 & !BIG_ENDIAN).to_le_bytes() {
            // RGB1, RGBO, RGBP, BGR3, HSV4, and so on.
            [b'R', b'G', b'B', _] | [b'B', b'G', b'R', _] | [b'H', b'S', b'V', _] | [b'R', b'4', b'4', b'4'] => true,
            // AR12, BX24, RA30, GA12: 16 and 32 bits, letters in the order of a register.
            [b'A' | b'X', b'R' | b'B', b'1', b'2' | b'5']
            | [b'R' | b'B', b'A' | b'X', b'1', b'5']
            | [b'R', b'A' | b'X', b'1', b'2']
            | [b'G', b'A', b'1', b'2']
            | [b'B', b'X', b'1', b'2']
            | [b'A' | b'X', b'R' | b'B', b'2', b'4']
            | [b'R' | b'B', b'A' | b'X', b'2', b'4']
            | [b'R', b'A' | b'X', b'3', b'0']
            | [b'A', b'R', b'3', b'0']
            | [b'B', b'3' | b'4', b'1', b'2'] => true,
            _ => self.is_bayer(),
        }
    }

    /// Whether these are the pixels of a sensor below a Bayer filter.
    pub const fn is_bayer(self) -> bool {
        matches!(
            &self.0.to_le_bytes(),
            b"BA81"
                | b"GBRG"
                | b"GRBG"
                | b"RGGB"
                | b"BYR2"
                | b"BD10"
                | [b'B' | b'G' | b'R', b'G' | b'B' | b'R', b'1', b'0' | b'2' | b'4' | b'6']
                | [b'B', b'A', b'1', b'0' | b'2']
                | [b'p', b'B' | b'G' | b'g' | b'R', b'A' | b'C' | b'E', b'A' | b'C' | b'E']
                | [b'a' | b'b', b'B' | b'G' | b'g' | b'R', b'A', b'8']
                | [b'P', b'C', b'1' | b'2', b'R' | b'G' | b'g' | b'B']
        )
    }
}

/// One of the four characters that can be printed.
const fn is_printable(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte == b' '
}

impl fmt::Display for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let characters = (self.0 & !BIG_ENDIAN).to_le_bytes();
        if !characters.iter().all(|byte| is_printable(*byte)) {
            return write!(f, "{:#010x}", self.0);
        }
        for byte in characters {
            f.write_char(byte.into())?;
        }
        if self.is_big_endian() { f.write_str("-BE") } else { Ok(()) }
    }
}

impl fmt::Debug for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FourCc({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FourCc {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "FourCc({=[u8]:a})", self.0.to_le_bytes());
    }
}

/// A text is not the name of a pixel format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ParseFourCcError;

impl fmt::Display for ParseFourCcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pixel format has one to four letters, such as YUYV, and may end with -BE; or it is a number such as 0x56595559")
    }
}

impl core::error::Error for ParseFourCcError {}

impl FromStr for FourCc {
    type Err = ParseFourCcError;

    fn from_str(text: &str) -> Result<Self, ParseFourCcError> {
        if let Some(digits) = text.strip_prefix("0x").filter(|digits| digits.len() == 8) {
            // A sign is no digit.
            let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
            return digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).map(Self).ok_or(ParseFourCcError);
        }
        let (letters, big_endian) = match text.strip_suffix("-BE") {
            Some(letters) if text.len() > 4 => (letters, BIG_ENDIAN),
            _ => (text, 0),
        };
        if letters.is_empty() || letters.len() > 4 || !letters.bytes().all(is_printable) {
            return Err(ParseFourCcError);
        }
        let mut characters = [b' '; 4];
        for (to, from) in characters.iter_mut().zip(letters.bytes()) {
            *to = from;
        }
        Ok(Self(Self::new(characters).0 | big_endian))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::super::pixel_formats::ALL;
    use super::{FourCc, ParseFourCcError};
    use std::string::ToString as _;

    #[test]
    fn every_format_with_a_name_is_printed_and_parsed_again() {
        for (name, format) in ALL {
            let text = format.to_string();
            assert_eq!(text.parse(), Ok(*format), "{name}");
            assert_eq!(text.trim_end().parse(), Ok(*format), "{name}");
            assert!(!text.starts_with("0x"), "{name}");
        }
        assert!(ALL.len() > 200, "{}", ALL.len());
    }

    #[test]
    fn every_number_is_printed_and_parsed_again() {
        let mut number = 1_u32;
        for _ in 0..100_000 {
            // xorshift32: it meets every kind of byte.
            number ^= number << 13;
            number ^= number >> 17;
            number ^= number << 5;
            let printable = FourCc(number & 0x5f5f_5f5f | 0x2020_2020 | number & 1 << 31);
            for format in [FourCc(number), printable] {
                assert_eq!(format.to_string().parse(), Ok(format), "{number:#x}");
            }
        }
        for (number, text) in [(0, "0x00000000"), (u32::MAX, "0xffffffff"), (0x4542_2d41, "A-BE")] {
            assert_eq!((FourCc(number).to_string().as_str(), text.parse()), (text, Ok(FourCc(number))));
        }
    }

    #[test]
    fn other_text_is_no_format() {
        for text in [
            "",
            "-BE-BE-BE",
            "YUYV2",
            "YUYVV-BE",
            "0xyuyvyuyv",
            "0x+1234567",
            "Y\u{fc}16",
            "------BE",
            "Y\u{7f}",
            "a\tb",
        ] {
            assert_eq!(text.parse::<FourCc>(), Err(ParseFourCcError), "{text}");
        }
    }

    #[test]
    fn kinds_of_formats_are_told_apart_by_their_names() {
        for (name, format) in ALL {
            let digits =
                |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(char::is_numeric));
            let bayer = ["SBGGR", "SGBRG", "SGRBG", "SRGGB"].into_iter().any(digits)
                || name.starts_with("PISP_COMP") && !name.ends_with("MONO");
            let letters = name.trim_end_matches(|letter: char| letter.is_numeric() || letter == '_');
            let letters = letters
                .strip_suffix(char::is_alphabetic)
                .filter(|_| name.ends_with("555X") || name.ends_with("565X"))
                .unwrap_or(letters);
            let letters = letters.trim_end_matches(char::is_numeric);
            let rgb = matches!(
                letters,
                "RGB" | "BGR" | "ARGB" | "XRGB" | "RGBA" | "RGBX" | "ABGR" | "XBGR" | "BGRA" | "BGRX" | "HSV"
            );
            assert_eq!(format.is_bayer(), bayer, "{name} {format}");
            assert_eq!(format.is_rgb_or_hsv(), rgb || bayer, "{name} {format}");
        }
    }
}
