//! Names of pixel formats, as they are printed and as they are typed.

use vidbuf::FourCc;

/// The big-endian variant of a format (`v4l2_fourcc_be`).
const BIG_ENDIAN: u32 = 1 << 31;

/// The name of a pixel format, which [`parse`] reads: as the library prints it, or a number if some of it cannot be printed.
pub fn name(fourcc: FourCc) -> String {
    let printed = fourcc.to_string();
    if parse(&printed) == Ok(fourcc) { printed } else { format!("{:#010x}", fourcc.0) }
}

/// Names in a list, each as it is typed in a shell.
pub fn list(formats: impl IntoIterator<Item = FourCc>) -> String {
    let quoted = |name: String| match name.trim_end() {
        plain if plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => plain.to_string(),
        _ => format!("'{}'", name.replace('\'', "'\\''")),
    };
    formats.into_iter().map(|format| quoted(name(format))).collect::<Vec<_>>().join(" ")
}

/// Reads `YUYV`, `Y16` (spaces at the end may be missing), `Y16 -BE` or `Y16-BE` (big-endian), `0x32595559`.
pub fn parse(text: &str) -> Result<FourCc, String> {
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| digits.len() == 8) {
        return u32::from_str_radix(digits, 16).map(FourCc).map_err(|error| error.to_string());
    }
    let (letters, big_endian) = match text.strip_suffix("-BE") {
        Some(letters) if text.len() > 4 => (letters, BIG_ENDIAN),
        _ => (text, 0),
    };
    if letters.is_empty() || letters.len() > 4 || !letters.is_ascii() {
        return Err("a pixel format has one to four letters, such as YUYV, and may end with -BE".into());
    }
    let mut characters = [b' '; 4];
    for (to, from) in characters.iter_mut().zip(letters.bytes()) {
        *to = from;
    }
    Ok(FourCc(u32::from_le_bytes(characters) | big_endian))
}
