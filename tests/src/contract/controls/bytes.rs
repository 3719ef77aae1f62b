//! Text and arrays: set, read, and refused.

use super::*;

pub fn text_is_set_and_read<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let text = control(&node, TEXT)?;
    for value in ["ab", "abcd", "\u{e9}", "  "] {
        ok!(node.set_text(&text, value));
        let mut room = [0xff; 32];
        let read = ok!(node.bytes(&text, &mut room));
        ensure!(read == value.as_bytes(), "{read:?} in place of {value}");
    }
    Ok(())
}

pub fn text_of_another_length_is_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let text = control(&node, TEXT)?;
    ok!(node.set_text(&text, "abc"));
    for value in ["", "a", "abcde", "far too long for it"] {
        let refused = node.set_text(&text, value);
        ensure!(refused == Err(Errno::ERANGE), "{value:?}: {refused:?}");
    }
    ensure!(node.set_bytes(&text, &mut []) == Err(Errno::ERANGE), "no bytes");
    ensure!(ok!(node.bytes(&text, &mut [0; 5])) == b"abc", "it has changed");
    Ok(())
}

pub fn arrays_are_set_and_read<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let matrix = control(&node, MATRIX)?;
    ensure!((matrix.elems, matrix.nr_of_dims, matrix.dims) == (128, 2, [8, 16, 0, 0]), "{matrix:?}");
    // The first element is below the limits, the last above them.
    let mut bytes: Vec<u8> = (0..128_u16).flat_map(|value| (value * 99).to_ne_bytes()).collect();
    ok!(node.set_bytes(&matrix, &mut bytes));
    let numbers = |bytes: &[u8]| -> Vec<u16> {
        bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect()
    };
    let set = numbers(&bytes);
    ensure!(set[..3] == [16, 99, 198] && set[127] == 8192, "{set:?}");
    let mut room = [0; 300];
    let read = ok!(node.bytes(&matrix, &mut room));
    ensure!(numbers(read) == set, "{read:?}");
    let refused = node.set_bytes(&matrix, &mut [0; 255]);
    ensure!(refused == Err(Errno::EFAULT), "too few bytes: {refused:?}");
    ensure!(numbers(ok!(node.bytes(&matrix, &mut room))) == set, "it has changed");
    Ok(())
}

pub fn array_whose_length_can_be_set_has_it<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let array = control(&node, DYNAMIC)?;
    ensure!(array.flags.contains(ControlFlags::DYNAMIC_ARRAY) && array.dims[0] == 100, "{array:?}");
    for elements in [3, 100, 1] {
        let mut bytes = [20; 402];
        ok!(node.set_bytes(&array, &mut bytes[..elements * 4 + 2]));
        let now = control(&node, DYNAMIC)?;
        ensure!((now.elems as usize, now.size()) == (elements, Some(elements * 4)), "{now:?}");
        let mut room = [0; 404];
        let read = ok!(node.bytes(&array, &mut room)).len();
        ensure!(read == elements * 4, "{read} bytes of {elements} elements");
    }
    let refused = [node.set_bytes(&array, &mut [0; 404]), node.set_bytes(&array, &mut [0; 3])];
    ensure!(refused == [Err(Errno::ENOSPC), Err(Errno::EFAULT)], "{refused:?}");
    Ok(())
}

pub fn room_that_is_too_small_is_refused_with_the_size<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    for (id, needed) in [(MATRIX, 256), (DYNAMIC, 4), (TEXT, 5)] {
        let control = control(&node, id)?;
        let mut room = [0; 2];
        let mut values = [ControlValue::bytes(&control, &mut room).ok_or("no bytes")?];
        let refused = node.get_controls(Which::Current, &mut values);
        let errno = refused.map_err(|error| error.errno);
        ensure!(errno == Err(Errno::ENOSPC), "{id}: {errno:?}");
        ensure!(values[0].size() == Some(needed), "{id}: {:?}", values[0].size());
    }
    Ok(())
}
