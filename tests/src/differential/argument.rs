//! Arguments of ioctls for people: the fields of their structures by name, and the bytes between them.

use std::fmt::{self, Debug, Formatter};

use vidbuf_abi::buffer::v4l2_plane;
use vidbuf_abi::control::v4l2_ext_control;
use vidbuf_abi::ioctl;
use vidbuf_abi::layout::{Field, Kind, Layout, Structure};
use vidbuf_abi::value::Value as _;

use super::operation::Ioctl;

/// The bytes of an element.
struct Element<'a>(Kind, &'a [u8]);

impl Debug for Element<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.0, self.1.len()) {
            (Kind::Structure(structure), _) => Fields(structure, self.1).fmt(f),
            (_, 1) => write!(f, "{:#x}", self.1[0]),
            (_, 2) => write!(f, "{:#x}", u16::get(self.1, 0)),
            (_, 4) => write!(f, "{:#x}", u32::get(self.1, 0)),
            _ => write!(f, "{:#x}", u64::get(self.1, 0)),
        }
    }
}

/// A structure: in short, the fields that are not zero; in full, each.
struct Fields<'a>(&'static Structure, &'a [u8]);

impl Debug for Fields<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(structure, bytes) = *self;
        if structure.is_union() {
            let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            return f.debug_list().entries(bytes[..used].chunks(4).map(Bytes)).finish();
        }
        let mut shown = f.debug_struct(structure.name);
        let mut end = 0;
        for (index, field) in structure.fields.iter().enumerate() {
            let at = structure.offset(Layout::TARGET, index);
            gap(&mut shown, &bytes[end..at]);
            end = at + field.size(Layout::TARGET);
            add(&mut shown, field, &bytes[at..end]);
        }
        gap(&mut shown, &bytes[end..]);
        shown.finish()
    }
}

fn add(shown: &mut fmt::DebugStruct<'_, '_>, field: &Field, bytes: &[u8]) {
    if bytes.iter().all(|byte| *byte == 0) {
        return;
    }
    let size = field.kind.size(Layout::TARGET);
    let elements: Vec<_> = bytes.chunks(size).map(|bytes| Element(field.kind, bytes)).collect();
    match elements.as_slice() {
        [one] => shown.field(field.name, one),
        several => shown.field(field.name, &several),
    };
}

/// Bytes that belong to no field.
fn gap(shown: &mut fmt::DebugStruct<'_, '_>, bytes: &[u8]) {
    if bytes.iter().any(|byte| *byte != 0) {
        shown.field("(between fields)", &Bytes(bytes));
    }
}

/// Bytes as they lie.
struct Bytes<'a>(&'a [u8]);

impl Debug for Bytes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Debug for Ioctl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { descriptor, number, argument, planes, memory, wake } = self;
        write!(f, "{} {number:#x} on {descriptor} ({wake:?}) ", self.name())?;
        let kind = ioctl::find(*number, Layout::TARGET).map(|ioctl| ioctl.argument);
        match kind {
            Some(kind) if kind.size(Layout::TARGET) == argument.len() => Element(kind, argument).fmt(f)?,
            _ => Bytes(argument).fmt(f)?,
        }
        let size = size_of::<v4l2_ext_control>();
        let used = memory.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        if used > 0 {
            let (array, rest) = memory.split_at((6 * size).min(memory.len()));
            let elements = array.chunks_exact(size).map(|bytes| Fields(v4l2_ext_control::STRUCTURE, bytes));
            f.debug_list().entries(elements).finish()?;
            let rest = rest.chunks(32).enumerate().filter(|(_, bytes)| bytes.iter().any(|byte| *byte != 0));
            f.debug_map().entries(rest.map(|(at, bytes)| (6 * size + at * 32, Bytes(bytes)))).finish()?;
        }
        if !planes.is_empty() {
            f.debug_list().entries(planes.iter().map(|plane| Plane(*plane))).finish()?;
        }
        Ok(())
    }
}

struct Plane(v4l2_plane);

impl Debug for Plane {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; size_of::<v4l2_plane>()];
        self.0.put(&mut bytes, 0);
        Fields(v4l2_plane::STRUCTURE, &bytes).fmt(f)
    }
}
