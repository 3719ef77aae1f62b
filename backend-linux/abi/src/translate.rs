//! Copies a structure from the layout of one kind of program to that of another.
//!
//! Integers keep their value; an address or a time that becomes wider is filled up, one that becomes narrower loses its upper
//! half. What an address points to is not looked at: an array of planes is translated for itself, element by element.
//!
//! Unions are copied from their beginning, which is right for every union that holds one number (an offset, an address or a
//! descriptor share their lowest bytes on little-endian processors) and for every union whose members have the same layout
//! everywhere. It is not right for the addresses in a `v4l2_window` (an overlay's format), and the address in a
//! `v4l2_ext_control` of a 32-bit program is in the first 4 bytes only: the rest is what the program left there.
//!
//! ```
//! use vidbuf_abi::buffer::{v4l2_buffer, v4l2_timeval};
//! use vidbuf_abi::layout::Layout;
//! use vidbuf_abi::translate::translate;
//! use vidbuf_abi::value::Value;
//!
//! // What a 32-bit program with 32-bit time receives.
//! let buffer = v4l2_buffer { index: 3, timestamp: v4l2_timeval { tv_sec: 12, tv_usec: 34 }, ..v4l2_buffer::ZERO };
//! let mut own = [0; size_of::<v4l2_buffer>()];
//! buffer.write(&mut own).unwrap();
//! let mut narrow = [0; 68];
//! translate(v4l2_buffer::STRUCTURE, Layout::TARGET, &own, Layout::Bits32Time32, &mut narrow).unwrap();
//! assert_eq!(narrow[0], 3);
//! assert_eq!((narrow[20], narrow[24]), (12, 34));
//!
//! let mut back = [0; size_of::<v4l2_buffer>()];
//! translate(v4l2_buffer::STRUCTURE, Layout::Bits32Time32, &narrow, Layout::TARGET, &mut back).unwrap();
//! assert_eq!(v4l2_buffer::read(&back), Some(buffer));
//! ```

use crate::layout::{Kind, Layout, Structure};

/// Copies `structure` from the beginning of `source` to the beginning of `target`. `None`, and nothing copied, if either is
/// too short. Bytes between the fields stay as they are.
pub fn translate(structure: &Structure, from: Layout, source: &[u8], to: Layout, target: &mut [u8]) -> Option<()> {
    let source = source.get(..structure.size(from))?;
    let target = target.get_mut(..structure.size(to))?;
    if structure.is_union() {
        copy(source, target, Kind::U8);
        return Some(());
    }
    for (index, field) in structure.fields.iter().enumerate() {
        let source = source.get(structure.offset(from, index)..)?;
        let target = target.get_mut(structure.offset(to, index)..)?;
        let (wide, narrow) = (field.kind.size(from), field.kind.size(to));
        for element in 0..field.count {
            let source = source.get(element * wide..(element + 1) * wide)?;
            let target = target.get_mut(element * narrow..(element + 1) * narrow)?;
            match field.kind {
                Kind::Structure(inner) => translate(inner, from, source, to, target)?,
                number => copy(source, target, number),
            }
        }
    }
    Some(())
}

/// Copies a number, or bytes, to a place that may have another width.
fn copy(source: &[u8], target: &mut [u8], kind: Kind) {
    let negative =
        matches!(kind, Kind::Time) && source.get(most_significant(source.len())).is_some_and(|byte| byte & 0x80 != 0);
    target.fill(if negative { 0xff } else { 0 });
    let common = source.len().min(target.len());
    // The lowest bytes come first, or last.
    let (from, to) = match kind {
        Kind::U8 => (0, 0),
        _ if cfg!(target_endian = "big") => (source.len() - common, target.len() - common),
        _ => (0, 0),
    };
    if let (Some(source), Some(target)) = (source.get(from..from + common), target.get_mut(to..to + common)) {
        target.copy_from_slice(source);
    }
}

const fn most_significant(length: usize) -> usize {
    if cfg!(target_endian = "big") { 0 } else { length.saturating_sub(1) }
}
