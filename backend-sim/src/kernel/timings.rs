//! Timings between the types of programs and the kernel's structure.

use vidbuf::node::Timings;
use vidbuf_abi::timings::v4l2_dv_timings;

vidbuf_abi::timings_conversions!(conversions);
use conversions::fill;
pub(crate) use conversions::{from_kernel, range};

/// As the kernel writes them.
pub(crate) fn to_kernel(timings: &Timings) -> v4l2_dv_timings {
    let mut kernel = v4l2_dv_timings::default();
    fill(timings, &mut kernel);
    kernel
}

#[cfg(test)]
mod tests {
    use super::{from_kernel, to_kernel};

    #[test]
    fn every_number_comes_back() {
        for timings in crate::timings::ALL {
            assert_eq!(from_kernel(&to_kernel(timings)), Some(*timings));
        }
        let mut unknown = to_kernel(&crate::timings::P640X480);
        unknown.type_ = 1;
        assert_eq!(from_kernel(&unknown), None);
    }
}
