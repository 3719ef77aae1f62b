//! Timings that sources send, for [`Cable::Sends`](crate::Cable::Sends) and a profile's list.

use vidbuf::node::{Blanking, Polarities, Timings, TimingsFlags, TimingsStandards};

/// Both pulses.
const POSITIVE: Polarities = Polarities::VERTICAL_POSITIVE.union(Polarities::HORIZONTAL_POSITIVE);

const fn blanking([front_porch, sync, back_porch]: [u32; 3]) -> Blanking {
    Blanking { front_porch, sync, back_porch }
}

const fn television(
    size: (u32, u32),
    clock: u64,
    horizontal: [u32; 3],
    vertical: [u32; 3],
    positive: bool,
    vic: u8,
) -> Timings {
    let mut timings = Timings::progressive(size.0, size.1, clock, blanking(horizontal), blanking(vertical));
    timings.standards = TimingsStandards::CEA861;
    timings.flags = TimingsFlags::IS_CE_VIDEO.union(TimingsFlags::HAS_CEA861_VIC);
    timings.cea861_vic = vic;
    if positive {
        timings.polarities = POSITIVE;
    }
    timings
}

/// 640x480 at 59.94 Hz, as computers and television have it.
pub const P640X480: Timings = {
    let mut timings = television((640, 480), 25_175_000, [16, 96, 48], [10, 2, 33], false, 1);
    timings.standards = TimingsStandards::CEA861.union(TimingsStandards::DMT);
    timings.flags = TimingsFlags::HAS_CEA861_VIC;
    timings
};

/// 720x480 at 59.94 Hz.
pub const P720X480: Timings = {
    let mut timings = television((720, 480), 27_000_000, [16, 62, 60], [9, 6, 30], false, 2);
    timings.flags = timings.flags.union(TimingsFlags::HAS_PICTURE_ASPECT);
    timings.picture_aspect = (4, 3);
    timings
};

/// 720x576 at 50 Hz.
pub const P720X576: Timings = {
    let mut timings = television((720, 576), 27_000_000, [12, 64, 68], [5, 5, 39], false, 17);
    timings.flags = timings.flags.union(TimingsFlags::HAS_PICTURE_ASPECT);
    timings.picture_aspect = (4, 3);
    timings
};

/// 1280x720 at 50 Hz.
pub const P1280X720_50: Timings = television((1280, 720), 74_250_000, [440, 40, 220], [5, 5, 20], true, 19);

/// 1280x720 at 60 Hz.
pub const P1280X720: Timings = {
    let mut timings = television((1280, 720), 74_250_000, [110, 40, 220], [5, 5, 20], true, 4);
    timings.flags = timings.flags.union(TimingsFlags::CAN_REDUCE_FPS);
    timings
};

/// 1920x1080 at 50 Hz.
pub const P1920X1080_50: Timings = television((1920, 1080), 148_500_000, [528, 44, 148], [4, 5, 36], true, 31);

/// 1920x1080 at 60 Hz.
pub const P1920X1080: Timings = {
    let mut timings = television((1920, 1080), 148_500_000, [88, 44, 148], [4, 5, 36], true, 16);
    timings.standards = TimingsStandards::CEA861.union(TimingsStandards::DMT);
    timings.flags = timings.flags.union(TimingsFlags::CAN_REDUCE_FPS);
    timings
};

/// 800x600 at 60 Hz, as computers have it.
pub const P800X600: Timings = {
    let mut timings = Timings::progressive(800, 600, 40_000_000, blanking([40, 128, 88]), blanking([1, 4, 23]));
    timings.standards = TimingsStandards::DMT;
    timings.polarities = POSITIVE;
    timings
};

/// 1024x768 at 60 Hz, as computers have it.
pub const P1024X768: Timings = {
    let mut timings = Timings::progressive(1024, 768, 65_000_000, blanking([24, 136, 160]), blanking([3, 6, 29]));
    timings.standards = TimingsStandards::DMT;
    timings
};

/// Every one of them, television first.
pub const ALL: &[Timings] =
    &[P640X480, P720X480, P720X576, P1280X720_50, P1280X720, P1920X1080_50, P1920X1080, P800X600, P1024X768];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn rates_are_those_of_their_names() {
        let rates = ALL.iter().map(|timings| timings.refresh_millihertz().expect("a rate"));
        assert!(rates.eq([59_940, 59_940, 50_000, 50_000, 60_000, 50_000, 60_000, 60_317, 60_004]));
    }
}
