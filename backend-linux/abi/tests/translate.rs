//! Every structure, from every layout to every other: each field arrives where it belongs.

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane, v4l2_timespec};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QUERYCAP, find, find_either_time};
use vidbuf_abi::layout::{Kind, Layout, Structure};
use vidbuf_abi::table;
use vidbuf_abi::translate::translate;
use vidbuf_abi::value::Value;

/// Calls `visit` with the place and size of each number in both layouts; of a union, of its bytes.
fn numbers(
    structure: &Structure,
    (from, at_from): (Layout, usize),
    (to, at_to): (Layout, usize),
    visit: &mut impl FnMut(usize, usize, usize, usize),
) {
    if structure.is_union() {
        for byte in 0..structure.size(from).min(structure.size(to)) {
            visit(at_from + byte, 1, at_to + byte, 1);
        }
        return;
    }
    for (index, field) in structure.fields.iter().enumerate() {
        let (size_from, size_to) = (field.kind.size(from), field.kind.size(to));
        for element in 0..field.count {
            let at_from = at_from + structure.offset(from, index) + element * size_from;
            let at_to = at_to + structure.offset(to, index) + element * size_to;
            match field.kind {
                Kind::Structure(inner) => numbers(inner, (from, at_from), (to, at_to), visit),
                _ => visit(at_from, size_from, at_to, size_to),
            }
        }
    }
}

/// A small positive number of 1 to 8 bytes.
fn write_number(bytes: &mut [u8], number: u8) {
    bytes.fill(0);
    let lowest = if cfg!(target_endian = "big") { bytes.len() - 1 } else { 0 };
    bytes[lowest] = number;
}

fn read_number(bytes: &[u8]) -> u64 {
    let join = |number, byte: &u8| number << 8 | u64::from(*byte);
    if cfg!(target_endian = "big") { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
}

#[test]
fn every_field_arrives_in_every_layout() {
    let mut compared = 0;
    for structure in table::structures() {
        for from in Layout::ALL {
            for to in Layout::ALL {
                let mut source = vec![0xee; structure.size(from)];
                let mut next = 0_u8;
                numbers(structure, (from, 0), (to, 0), &mut |at, size, _, _| {
                    next = next % 100 + 1;
                    write_number(&mut source[at..at + size], next);
                });
                let mut target = vec![0xdd; structure.size(to)];
                translate(structure, from, &source, to, &mut target).unwrap();
                let mut next = 0_u8;
                numbers(structure, (from, 0), (to, 0), &mut |_, _, at, size| {
                    next = next % 100 + 1;
                    let found = read_number(&target[at..at + size]);
                    assert_eq!(found, u64::from(next), "{} from {from:?} to {to:?} at {at}", structure.name);
                    compared += 1;
                });
            }
        }
    }
    assert!(compared > 50_000, "{compared}");
}

#[test]
fn bytes_that_are_too_few_are_left_alone() {
    let source = [1; 88];
    let mut target = [7; 80];
    let structure = v4l2_buffer::STRUCTURE;
    assert_eq!(translate(structure, Layout::Bits64, &source[..87], Layout::Bits32, &mut target), None);
    assert_eq!(translate(structure, Layout::Bits64, &source, Layout::Bits32, &mut target[..79]), None);
    assert_eq!(target, [7; 80]);
}

#[test]
fn a_time_keeps_its_sign_and_an_address_has_none() {
    let time = v4l2_timespec { tv_sec: -2, tv_nsec: 5 };
    let mut own = [0; 16];
    time.write(&mut own).unwrap();
    let (mut narrow, mut back) = ([0; 8], [0; 16]);
    translate(v4l2_timespec::STRUCTURE, Layout::TARGET, &own, Layout::X86Time32, &mut narrow).unwrap();
    assert_eq!(i32::get(&narrow, 0), -2);
    translate(v4l2_timespec::STRUCTURE, Layout::X86Time32, &narrow, Layout::TARGET, &mut back).unwrap();
    assert_eq!(v4l2_timespec::read(&back), Some(time));

    let mut narrow = [0_u8; 60];
    0xffff_f000_u32.put(&mut narrow, 8);
    let mut wide = [0xaa_u8; 64];
    translate(v4l2_plane::STRUCTURE, Layout::Bits32, &narrow, Layout::Bits64, &mut wide).unwrap();
    assert_eq!(u64::get(&wide, 8), if cfg!(target_endian = "big") { 0xffff_f000 << 32 } else { 0xffff_f000 });
}

#[test]
fn reading_and_writing_leave_gaps_alone() {
    let mut bytes = [0x55; size_of::<v4l2_buffer>()];
    v4l2_buffer::ZERO.write(&mut bytes).unwrap();
    let gaps = bytes.iter().filter(|byte| **byte == 0x55).count();
    let fields: usize = v4l2_buffer::STRUCTURE.fields.iter().map(|field| field.size(Layout::TARGET)).sum();
    assert_eq!(gaps, bytes.len() - fields);
    assert_eq!(v4l2_buffer::read(&bytes), Some(v4l2_buffer::ZERO));
    assert_eq!(v4l2_buffer::read(&bytes[1..]), None);
    assert_eq!(v4l2_buffer::ZERO.write(&mut bytes[1..]), None);
}

#[test]
fn a_number_names_the_ioctl_and_the_layout() {
    let (dqbuf, layout) = find_either_time(0xc044_5611, Layout::Bits32).unwrap();
    assert_eq!((dqbuf.name, layout, dqbuf.size(layout)), ("VIDIOC_DQBUF", Layout::Bits32Time32, 68));
    assert!(dqbuf.has_time());
    let (querycap, layout) = find_either_time(VIDIOC_QUERYCAP, Layout::X86).unwrap();
    assert_eq!((querycap.name, layout), ("VIDIOC_QUERYCAP", Layout::X86));
    assert!(!querycap.has_time());
    assert!(find(VIDIOC_DQBUF + 1, Layout::TARGET).is_none());
}

#[test]
fn structures_and_fields_are_found_by_name() {
    let (at, field) = v4l2_buffer::STRUCTURE.field(Layout::Bits64, "memory").unwrap();
    assert_eq!((at, field.size(Layout::Bits64)), (60, 4));
    assert!(v4l2_buffer::STRUCTURE.field(Layout::Bits64, "type").is_some());
    assert!(v4l2_buffer::STRUCTURE.field(Layout::Bits64, "type_").is_none());
    assert_eq!(table::structures().filter(|structure| structure.name == "v4l2_buffer").count(), 1);
    assert_eq!(table::unions().filter(|union| union.name == "v4l2_buffer_m").count(), 1);
    assert!(table::constants().any(|constant| (constant.name, constant.value) == ("V4L2_BUF_FLAG_LAST", 0x10_0000)));
}
