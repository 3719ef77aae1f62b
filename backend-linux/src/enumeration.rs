//! Lists that a driver gives out one item at a time, by a number that counts from 0. They end, whatever the driver returns.

use vidbuf_abi::format::v4l2_fmtdesc;
use vidbuf_abi::frame::v4l2_frmsizeenum;

use crate::Errno;
use crate::format::{FormatDescription, FrameSize};

/// The most items that are asked for. The longest known list, vivid's pixel formats, has fewer than a hundred.
const MOST: u32 = 1024;

/// What ENUM_FMT returned for number `index`; `None` if there is no such format.
pub(crate) fn format(index: u32, outcome: Result<v4l2_fmtdesc, Errno>) -> Result<Option<FormatDescription>, Errno> {
    let answer = end_at_invalid(outcome)?;
    // A driver that puts another number in has ignored the one it was given.
    Ok(answer.filter(|answer| answer.index == index).as_ref().map(FormatDescription::from_kernel))
}

/// What ENUM_FRAMESIZES returned for number `index`; `None` if there is no such size.
pub(crate) fn size(index: u32, outcome: Result<v4l2_frmsizeenum, Errno>) -> Result<Option<FrameSize>, Errno> {
    let answer = end_at_invalid(outcome)?.filter(|answer| answer.index == index);
    let size = answer.as_ref().map(FrameSize::from_kernel);
    // `vidioc-enum-framesizes.rst`: only index 0 is valid for ranges.
    Ok(size.filter(|size| index == 0 || matches!(size, FrameSize::Discrete { .. })))
}

/// EINVAL ends an enumeration.
fn end_at_invalid<T>(outcome: Result<T, Errno>) -> Result<Option<T>, Errno> {
    match outcome {
        Ok(item) => Ok(Some(item)),
        Err(Errno::EINVAL) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks for item 0, 1 and so on; ends after the last, after an error, or after [`MOST`]. An item that repeats the one before is
/// left out: some cameras list a format twice, and a driver that ignores the number lists one for ever.
pub(crate) fn items<T: Copy + PartialEq>(
    ask: impl Fn(u32) -> Result<Option<T>, Errno>,
) -> impl Iterator<Item = Result<T, Errno>> {
    let mut indices = 0..MOST;
    let mut last = None;
    core::iter::from_fn(move || {
        loop {
            let item = ask(indices.next()?).transpose();
            if !matches!(item, Some(Ok(_))) {
                indices = 0..0;
            } else if item == last {
                continue;
            }
            last = item;
            return item;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Errno, MOST, format, items, size};
    use core::cell::Cell;
    use std::vec::Vec;
    use vidbuf_abi::format::v4l2_fmtdesc;
    use vidbuf_abi::frame::{v4l2_frmsize_stepwise, v4l2_frmsizeenum, v4l2_frmsizeenum_size};

    fn described(index: u32, pixelformat: u32) -> Result<v4l2_fmtdesc, Errno> {
        Ok(v4l2_fmtdesc { index, pixelformat, ..v4l2_fmtdesc::default() })
    }

    fn sized(index: u32, type_: u32, first: u32) -> Result<v4l2_frmsizeenum, Errno> {
        let (min_width, min_height) = (first, first);
        let range = v4l2_frmsize_stepwise {
            min_width,
            max_width: first,
            step_width: first,
            min_height,
            max_height: first,
            step_height: first,
        };
        let size = v4l2_frmsizeenum_size::of_stepwise(range);
        Ok(v4l2_frmsizeenum { index, type_, size, ..v4l2_frmsizeenum::default() })
    }

    /// The pixel formats that a driver of this kind lists, and how often it was asked.
    fn formats(driver: impl Fn(u32) -> Result<v4l2_fmtdesc, Errno>) -> (Vec<Result<u32, Errno>>, u32) {
        let calls = Cell::new(0);
        let list = items(|index| {
            calls.set(calls.get() + 1);
            format(index, driver(index))
        });
        (list.map(|item| item.map(|item| item.pixel_format.0)).collect(), calls.get())
    }

    #[test]
    fn list_ends_after_the_last_item_and_after_an_error() {
        let good = |index| if index < 3 { described(index, 7 + index) } else { Err(Errno::EINVAL) };
        assert_eq!(formats(good), ([Ok(7), Ok(8), Ok(9)].to_vec(), 4));
        let gone = |index| if index < 2 { described(index, 7 + index) } else { Err(Errno::ENODEV) };
        assert_eq!(formats(gone), ([Ok(7), Ok(8), Err(Errno::ENODEV)].to_vec(), 3));
    }

    #[test]
    fn driver_that_ignores_the_index_lists_one_item() {
        // It puts the index back, as the kernel's core does for it, or its own.
        assert_eq!(formats(|index| described(index, 7)), ([Ok(7)].to_vec(), MOST));
        assert_eq!(formats(|_| described(0, 7)), ([Ok(7)].to_vec(), 2));
        // The last item for ever.
        assert_eq!(formats(|index| described(index, index.min(2))).0, [Ok(0), Ok(1), Ok(2)]);
    }

    #[test]
    fn repeated_format_hides_nothing_behind_it() {
        let twice = |index: u32| if index < 6 { described(index, index / 2) } else { Err(Errno::EINVAL) };
        assert_eq!(formats(twice).0, [Ok(0), Ok(1), Ok(2)]);
    }

    #[test]
    fn driver_that_never_ends_is_cut_off() {
        let (list, calls) = formats(|index| described(index, index));
        assert_eq!((list.len(), calls), (MOST as usize, MOST));
    }

    #[test]
    fn range_of_sizes_has_number_0_only() {
        // Discrete sizes, then the two kinds of range; also numbers that no kernel has.
        for (type_, all) in [(1, MOST as usize), (2, 1), (3, 1), (0, 1), (99, 1)] {
            let list = items(|index| size(index, sized(index, type_, index)));
            assert_eq!(list.count(), all, "type {type_}");
        }
    }
}
