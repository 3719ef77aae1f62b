//! What is compared: C expressions with the number that this crate has for each.

use vidbuf_abi::ioctl::{ALIASES, TABLE};
use vidbuf_abi::layout::{Kind, Layout, Shape, Structure};
use vidbuf_abi::table;

/// One number.
pub struct Check {
    /// What it is the number of: a structure, `STRUCTURE.FIELD`, an ioctl, a constant.
    pub what: String,
    /// Which number of it.
    pub aspect: Aspect,
    /// The C expression.
    pub expression: String,
    /// What this crate has.
    pub expected: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    SizeOfStructure,
    Alignment,
    Offset,
    SizeOfField,
    Ioctl,
    Constant,
}

impl Check {
    fn new(aspect: Aspect, what: &str, expression: String, expected: usize) -> Self {
        Self { what: what.into(), aspect, expression, expected: expected as u64 }
    }

    pub fn constant(name: &str, expected: u64) -> Self {
        Self { what: name.into(), aspect: Aspect::Constant, expression: name.into(), expected }
    }

    pub fn is_offset(&self) -> bool {
        self.aspect == Aspect::Offset
    }

    pub fn is_alignment(&self) -> bool {
        self.aspect == Aspect::Alignment
    }

    /// The structure that it is about.
    pub fn structure(&self) -> &str {
        self.what.split('.').next().unwrap_or_default()
    }
}

/// `__attribute__((packed))` in the headers. Their fields lie where they would without it (64-bit ones at multiples of 4), so
/// that the Rust types may be aligned.
const PACKED: [&str; 20] = [
    "v4l2_plane_pix_format",
    "v4l2_pix_format_mplane",
    "v4l2_sdr_format",
    "v4l2_meta_format",
    "v4l2_ext_control",
    "v4l2_querymenu",
    "v4l2_event_vsync",
    "v4l2_bt_timings",
    "v4l2_dv_timings",
    "v4l2_bt_timings_cap",
    "v4l2_dbg_match",
    "v4l2_dbg_register",
    "v4l2_dbg_chip_info",
    "media_v2_entity",
    "media_v2_intf_devnode",
    "media_v2_interface",
    "media_v2_pad",
    "media_v2_link",
    "media_v2_topology",
    "uvc_meta_buf",
];

/// Everything that the tables have, for one layout.
pub fn all(layout: Layout) -> Vec<Check> {
    let mut checks = Vec::new();
    for structure in table::structures().filter(|structure| structure.shape == Shape::Structure) {
        let name = structure.name;
        let align = if PACKED.contains(&name) { 1 } else { structure.align(layout) };
        let size = structure.size(layout);
        checks.push(Check::new(Aspect::SizeOfStructure, name, format!("sizeof(struct {name})"), size));
        checks.push(Check::new(Aspect::Alignment, name, format!("_Alignof(struct {name})"), align));
        fields(&mut checks, layout, name, "", 0, structure);
    }
    for ioctl in TABLE {
        let expected = ioctl.number(layout) as usize;
        checks.push(Check::new(Aspect::Ioctl, ioctl.name, ioctl.name.into(), expected));
    }
    for (alias, name) in ALIASES {
        let ioctl = TABLE.iter().find(|ioctl| ioctl.name == *name).expect("an alias of an ioctl in the table");
        checks.push(Check::new(Aspect::Ioctl, alias, alias.to_string(), ioctl.number(layout) as usize));
    }
    checks.extend(table::constants().map(|constant| Check::constant(constant.name, constant.value)));
    checks
}

/// The fields below `path`, and those of unions and structures that have no name of their own in C.
fn fields(checks: &mut Vec<Check>, layout: Layout, name: &str, path: &str, begin: usize, structure: &Structure) {
    for (index, field) in structure.fields.iter().enumerate() {
        let offset = begin + structure.offset(layout, index);
        let path = format!("{path}{}", field.name);
        let inner = match field.kind {
            Kind::Structure(inner) => Some(inner),
            _ => None,
        };
        if let Some(inner) = inner.filter(|inner| inner.shape == Shape::AnonymousUnion) {
            let outer = path.len() - field.name.len();
            fields(checks, layout, name, &path[..outer], offset, inner);
            continue;
        }
        let what = format!("{name}.{path}");
        checks.push(Check::new(Aspect::Offset, &what, format!("__builtin_offsetof(struct {name}, {path})"), offset));
        // A C library may give 32-bit programs a `long` of nanoseconds beside 64-bit seconds, and padding. An array without
        // a length has no size in C.
        if field.count > 0
            && !(name == "timespec" && path == "tv_nsec" && matches!(layout, Layout::Bits32 | Layout::X86))
        {
            let expression = format!("sizeof(((struct {name} *)0)->{path})");
            checks.push(Check::new(Aspect::SizeOfField, &what, expression, field.size(layout)));
        }
        if let Some(inner) = inner.filter(|inner| inner.shape != Shape::Structure) {
            fields(checks, layout, name, &format!("{path}."), offset, inner);
        }
    }
}
