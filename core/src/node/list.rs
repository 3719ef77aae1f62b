//! Lists that a driver gives out one item at a time, by a number that counts from 0. They end, whatever the driver returns.

use crate::error::Errno;

/// The most items that are asked for. The longest known list, vivid's pixel formats, has fewer than a hundred.
const MOST: u32 = 1024;

/// Item number `index` as the driver returned it, with the number that is in it now. `None` if there is no such item: EINVAL, or
/// another number, of a driver that has ignored the one that it was given. For implementations of the traits here.
pub fn item<T>(index: u32, outcome: Result<(u32, T), Errno>) -> Result<Option<T>, Errno> {
    match outcome {
        Ok((number, item)) => Ok((number == index).then_some(item)),
        Err(Errno::EINVAL) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks for item 0, 1 and so on; ends after the last, after an error, or after 1024. An item that repeats the one before is
/// left out: some cameras list a format twice, and a driver that ignores the number lists one for ever.
pub fn items<T: Copy + PartialEq>(
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
    extern crate std;

    use super::{Errno, MOST, item, items};
    use core::cell::Cell;
    use std::vec::Vec;

    /// An item, and the number in it.
    fn described(number: u32, format: u32) -> Result<(u32, u32), Errno> {
        Ok((number, format))
    }

    /// What a driver of this kind lists, and how often it was asked.
    fn formats(driver: impl Fn(u32) -> Result<(u32, u32), Errno>) -> (Vec<Result<u32, Errno>>, u32) {
        let calls = Cell::new(0);
        let list = items(|index| {
            calls.set(calls.get() + 1);
            item(index, driver(index))
        });
        (list.collect(), calls.get())
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
}
