//! Whether the planes of a queue lie apart.
//!
//! QUERYBUF returns a cookie for each plane. Kernels before 6.8 return positions in a file of all planes; later ones a number
//! made from the indices of buffer and plane, a page apart however long the planes are (`__setup_offsets`, `vb2_core_mmap`);
//! a backend of another kind may return any number. In each case two planes with one cookie would be one memory with two owners.

use crate::driver_fault::DriverFault;
use crate::kind::QueueKind;
use crate::slot::Slot;
use crate::types::{MAX_PLANES, PlaneLayout};

/// Bytes of the smallest page; cookies are multiples of the page.
const SMALLEST_PAGE: u32 = 4096;

/// Fails when two planes would be mapped from the same memory, `planes` being how many each buffer has.
#[inline(never)]
pub(crate) fn check<K: QueueKind>(slots: &[Slot<K>], planes: usize) -> Result<(), DriverFault> {
    for other in 0..slots.len() * planes {
        for one in 0..other {
            let (Some(first), Some(second)) = (layout(slots, planes, one), layout(slots, planes, other)) else { break };
            let steps = (place(other, planes) - place(one, planes)) as u32;
            let positions = first.offset % SMALLEST_PAGE == 0 && second.offset % SMALLEST_PAGE == 0;
            let shared = positions && overlap(first, second) && !from_indices(first.offset, second.offset, steps);
            if shared || first.offset == second.offset {
                let (index, other, offset) = ((one / planes) as u32, (other / planes) as u32, second.offset);
                return Err(DriverFault::SharedCookie { index, other, offset });
            }
        }
    }
    Ok(())
}

fn layout<K: QueueKind>(slots: &[Slot<K>], planes: usize, number: usize) -> Option<PlaneLayout> {
    let plane = slots.get(number / planes)?.planes().get(number % planes)?;
    Some(plane.layout)
}

/// Where a plane stands among all that there could be.
fn place(number: usize, planes: usize) -> usize {
    number / planes * MAX_PLANES + number % planes
}

/// Whether two planes overlap, the cookies being positions.
fn overlap(one: PlaneLayout, other: PlaneLayout) -> bool {
    let (low, high) = if one.offset <= other.offset { (one, other) } else { (other, one) };
    high.offset - low.offset < low.length
}

/// Whether two cookies are made from indices: so many pages apart as there are places between them.
fn from_indices(one: u32, other: u32, steps: u32) -> bool {
    let distance = other.wrapping_sub(one);
    let page = distance / steps;
    page >= SMALLEST_PAGE && page.is_power_of_two() && page * steps == distance
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::driver_fault::DriverFault;
    use crate::kind::{Capture, Kind, MultiPlanar};
    use crate::slot::Slot;
    use crate::types::PlaneLayout;

    fn checked(cookies: &[[u32; 2]], length: u32) -> Result<(), DriverFault> {
        let mut slots: heapless::Vec<Slot<Kind<Capture, MultiPlanar>>, 8> = heapless::Vec::new();
        for (index, offsets) in cookies.iter().enumerate() {
            let mut slot = Slot::new(index as u32);
            for (plane, offset) in slot.used_planes_mut(2).iter_mut().zip(offsets) {
                plane.layout = PlaneLayout { length, offset: *offset };
            }
            assert!(slots.push(slot).is_ok());
        }
        check(&slots, 2)
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
        assert_eq!(checked(&[[0, 0x1000], [0x8000, 0x1000]], 0x800), Err(same));
        let number = DriverFault::SharedCookie { index: 0, other: 1, offset: 2 };
        assert_eq!(checked(&[[1, 2], [3, 4]], 0x1000), Ok(()), "numbers that are no positions");
        assert_eq!(checked(&[[1, 2], [2, 4]], 0x1000), Err(number));
        let within = DriverFault::SharedCookie { index: 0, other: 0, offset: 0 };
        assert_eq!(checked(&[[0, 0]], 1), Err(within));
        let over = DriverFault::SharedCookie { index: 0, other: 1, offset: 0x3000 };
        assert_eq!(checked(&[[0, 0x2000], [0x3000, 0x8000]], 0x1001), Err(over));
    }
}
