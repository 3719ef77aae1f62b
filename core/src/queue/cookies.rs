//! Whether the planes of a queue lie apart.
//!
//! QUERYBUF returns a cookie for each plane. Kernels before 6.8 return positions in a file of all planes; later ones a number
//! made from the indices of buffer and plane, a page apart however long the planes are (`__setup_offsets`, `vb2_core_mmap`);
//! a backend of another kind may return any number. In each case two planes with one cookie would be one memory with two owners.

use crate::backend::PlaneLayout;
use crate::error::DriverFault;
use crate::plane_count::MAX_PLANES;
use crate::queue::failure::{Details, Failure};
use crate::queue::slots::Slot;
use crate::queue_kind::{Planes, QueueKind};

/// Bytes of the smallest page; cookies are multiples of the page.
const SMALLEST_PAGE: u32 = 4096;

/// Fails when two planes would be mapped from the same memory, `planes` being how many each buffer has.
pub(crate) fn check<K: QueueKind>(slots: &[Slot<K>], planes: usize, details: &mut Details) -> Result<(), Failure> {
    // Known to be one where it is, for the sake of size.
    let planes = if <K::Planes as Planes>::MULTI { planes } else { 1 };
    for slot in slots {
        for other in slots {
            for pair in 0..planes * planes {
                let (from, to) = (pair / planes, pair % planes);
                let (Some(first), Some(second)) = (slot.planes().get(from), other.planes().get(to)) else { break };
                // How far they stand from each other among all planes that there could be.
                let steps =
                    other.index.wrapping_sub(slot.index).cast_signed() * MAX_PLANES as i32 + to as i32 - from as i32;
                if steps != 0 && begins_inside(first.layout, second.layout.offset, steps) {
                    let (index, other, offset) = (slot.index, other.index, second.layout.offset);
                    return Err(details.of(DriverFault::SharedCookie { index, other, offset }));
                }
            }
        }
    }
    Ok(())
}

/// Whether the plane at `offset`, so many `steps` behind the first, would be mapped from memory of the first.
fn begins_inside(first: PlaneLayout, offset: u32, steps: i32) -> bool {
    let distance = offset.wrapping_sub(first.offset);
    if distance == 0 {
        return true;
    }
    if distance >= first.length || !(distance | first.offset).is_multiple_of(SMALLEST_PAGE) {
        // Apart; or numbers that are no positions, and not the same.
        return false;
    }
    // Cookies that are made from indices are so many pages apart as there are places between them. A page is a power of 2.
    let mut apart = steps.wrapping_mul(SMALLEST_PAGE as i32);
    while apart > 0 && apart.cast_unsigned() < distance {
        apart = apart.wrapping_mul(2);
    }
    steps < 0 || apart.cast_unsigned() != distance
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::backend::PlaneLayout;
    use crate::error::{DriverFault, Error};
    use crate::queue::failure::detailed;
    use crate::queue::slots::Slot;
    use crate::queue_kind::{Capture, Kind, MultiPlanar};

    fn checked(cookies: &[[u32; 2]], length: u32) -> Result<(), Error> {
        let mut slots: heapless::Vec<Slot<Kind<Capture, MultiPlanar>>, 8> = heapless::Vec::new();
        for (index, offsets) in cookies.iter().enumerate() {
            let mut slot = Slot::new(index as u32);
            for (plane, offset) in slot.planes_mut().iter_mut().zip(offsets) {
                plane.layout = PlaneLayout { length, offset: *offset };
            }
            assert!(slots.push(slot).is_ok());
        }
        detailed(|details| check(&slots, 2, details))
    }

    #[test]
    fn positions_that_follow_each_other_lie_apart() {
        assert_eq!(checked(&[[0, 0x2000], [0x4000, 0x6000]], 0x1800), Ok(()));
        assert_eq!(checked(&[[0x6000, 0x4000], [0, 0x2000]], 0x2000), Ok(()));
    }

    #[test]
    fn cookies_from_indices_lie_apart_whatever_the_length() {
        let cookies = [[0, 0x1000], [0x8000, 0x9000], [0x10000, 0x11000]];
        assert_eq!(checked(&cookies, 460_800), Ok(()));
        // Pages of 16 KiB, and the capture queue of a memory-to-memory device.
        let cookies = cookies.map(|planes| planes.map(|offset| offset * 4 + (1 << 30)));
        assert_eq!(checked(&cookies, 460_800), Ok(()));
    }

    #[test]
    fn one_cookie_twice_and_positions_that_overlap_are_faults() {
        let same = DriverFault::SharedCookie { index: 0, other: 1, offset: 0x1000 };
        assert_eq!(checked(&[[0, 0x1000], [0x8000, 0x1000]], 0x800), Err(same.into()));
        let number = DriverFault::SharedCookie { index: 0, other: 1, offset: 2 };
        assert_eq!(checked(&[[1, 2], [3, 4]], 0x1000), Ok(()), "numbers that are no positions");
        assert_eq!(checked(&[[1, 2], [2, 4]], 0x1000), Err(number.into()));
        let within = DriverFault::SharedCookie { index: 0, other: 0, offset: 0 };
        assert_eq!(checked(&[[0, 0]], 1), Err(within.into()));
        let over = DriverFault::SharedCookie { index: 0, other: 1, offset: 0x3000 };
        assert_eq!(checked(&[[0, 0x2000], [0x3000, 0x8000]], 0x1001), Err(over.into()));
    }
}
