//! Names of pixel formats and rates, as they are printed and typed.

use vidbuf::FourCc;
use vidbuf::node::FrameInterval;

/// Names in a list, each as it is typed in a shell.
pub fn list(formats: impl IntoIterator<Item = FourCc>) -> String {
    let quoted = |name: String| match name.trim_end() {
        plain if plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => plain.to_string(),
        _ => format!("'{}'", name.replace('\'', "'\\''")),
    };
    formats.into_iter().map(|format| quoted(format.to_string())).collect::<Vec<_>>().join(" ")
}

/// Frames a second: `30`, `29.97`, `?`.
pub fn rate(interval: FrameInterval) -> String {
    if interval.duration().is_none() {
        return "?".into();
    }
    let rate = format!("{:.2}", f64::from(interval.denominator) / f64::from(interval.numerator));
    rate.trim_end_matches('0').trim_end_matches('.').into()
}
