//! Which differences count.

use std::collections::BTreeSet;

use crate::check::{Aspect, Check};

/// Newer than the headers of Linux 6.12.
const NEWER: [&str; 17] = [
    "V4L2_FMTDESC_FLAG_ENUM_ALL",
    "V4L2_CTRL_WHICH_MIN_VAL",
    "V4L2_CTRL_WHICH_MAX_VAL",
    "V4L2_CTRL_TYPE_RECT",
    "V4L2_CTRL_FLAG_HAS_WHICH_MIN_MAX",
    "V4L2_PIX_FMT_Y16I",
    "V4L2_PIX_FMT_NV15",
    "V4L2_PIX_FMT_NV20",
    "V4L2_META_FMT_RPI_FE_CFG",
    "V4L2_META_FMT_RPI_FE_STATS",
    "MEDIA_BUS_FMT_RGB101010_1X7X5_SPWG",
    "MEDIA_BUS_FMT_RGB101010_1X7X5_JEIDA",
    "MEDIA_BUS_FMT_RGB202020_1X60",
    "MEDIA_BUS_FMT_SBGGR20_1X20",
    "MEDIA_BUS_FMT_SGBRG20_1X20",
    "MEDIA_BUS_FMT_SGRBG20_1X20",
    "MEDIA_BUS_FMT_SRGGB20_1X20",
];

pub struct Report {
    /// One sentence for each difference.
    pub findings: Vec<String>,
    /// How much was compared.
    pub summary: String,
}

/// `complete`: the headers are those of Linux 6.12 or newer, so that they have everything but [`NEWER`].
pub fn report(checks: &[Check], values: &[Option<u32>], complete: bool) -> Report {
    let pairs = || checks.iter().zip(values);
    let absent: Vec<&Check> = pairs().filter(|(_, value)| value.is_none()).map(|(check, _)| check).collect();
    // In older headers, a structure that lacks fields of today has a longer `reserved`, or is shorter.
    let incomplete: BTreeSet<&str> = absent.iter().map(|check| check.structure()).collect();
    let mut findings = Vec::new();
    for (check, value) in pairs() {
        match value {
            None if complete && !NEWER.contains(&&*check.what) => {
                findings.push(format!("{}: the headers do not have it", check.what));
            }
            Some(number) if u64::from(*number) != check.expected && (complete || !has_grown(check, &incomplete)) => {
                findings.push(difference(check, *number));
            }
            _ => {}
        }
    }
    if !complete && absent.len() * 10 > checks.len() {
        findings.push(format!("{} of {} numbers are not in these headers", absent.len(), checks.len()));
    }
    Report { findings, summary: summary(checks, values, &absent) }
}

fn has_grown(check: &Check, incomplete: &BTreeSet<&str>) -> bool {
    let field = check.what.rsplit('.').next().unwrap_or_default();
    (incomplete.contains(check.structure()) && field.starts_with("reserved"))
        || (incomplete.contains("v4l2_meta_format")
            && matches!(&*check.what, "v4l2_meta_format" | "v4l2_format.fmt.meta"))
}

fn difference(check: &Check, number: u32) -> String {
    let aspect = match check.aspect {
        Aspect::SizeOfStructure | Aspect::SizeOfField => "size of ",
        Aspect::Alignment => "alignment of ",
        Aspect::Offset => "offset of ",
        Aspect::Ioctl | Aspect::Constant => "",
    };
    let (what, expected) = (&check.what, check.expected);
    format!("{aspect}{what}: the headers have {number} ({number:#x}), this crate has {expected} ({expected:#x})")
}

fn summary(checks: &[Check], values: &[Option<u32>], absent: &[&Check]) -> String {
    let count = |aspect| {
        let is = |(check, value): &(&Check, &Option<u32>)| check.aspect == aspect && value.is_some();
        checks.iter().zip(values).filter(is).count()
    };
    let names: BTreeSet<&str> = absent.iter().map(|check| check.what.as_str()).collect();
    let mut summary = format!(
        "{} structures, {} fields, {} ioctls, {} constants, {} numbers",
        count(Aspect::SizeOfStructure),
        count(Aspect::Offset),
        count(Aspect::Ioctl),
        count(Aspect::Constant),
        values.iter().flatten().count(),
    );
    if !names.is_empty() {
        summary += &format!("; {} newer names are not in these headers", names.len());
    }
    summary
}
