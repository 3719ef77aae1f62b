//! The format, size and rate that are nearest to what a program wants.

use core::fmt;

use super::{Format, Formats, FrameInterval, FrameIntervals};
use crate::error::Errno;
use crate::v4l2::{BufferType, FourCc};

/// Pictures that a program wants: [`set`](Self::set) sets what is nearest to them.
///
/// ```
/// use vidbuf::node::{Formats, Wanted};
/// use vidbuf::v4l2::BufferType;
/// use vidbuf::{Errno, FourCc};
///
/// fn set_up(camera: &mut impl Formats) -> Result<(), Errno> {
///     let wanted = Wanted::new(1280, 720, &[FourCc::YUYV, FourCc::MJPEG]).at(30);
///     let Some(got) = wanted.set(camera, BufferType::VideoCapture)? else { return Err(Errno::EINVAL) };
///     println!("{got}"); // e.g. "1280x720 MJPG at 30/s instead of YUYV"
///     if let Some(size) = got.size_traded() {
///         println!("no {:?}, but {:?}", size.wanted, size.got);
///     }
///     Ok(())
/// }
/// ```
///
/// # The nearest
///
/// Decided by the driver's lists, in this order:
///
/// 1. **Size**: the smallest sum of the differences in width and height; of two as near, the one with more pixels.
/// 2. **Rate**, if one is wanted: the smallest ratio between the two frame intervals, whichever is longer (15 and 60 are as near to 30
///    a second); of two as near, the faster.
/// 3. **Pixel format**: the one that stands first in the program's list.
///
/// What is left equal goes to the driver's first. A range has its nearest step; a driver's step of 0 is every size or interval in
/// between. Where a driver lists no sizes (ENOTTY), it is asked what it makes of the wanted one (TRY_FMT); where it lists no
/// intervals, its rate counts as further away than any that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted<'a> {
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Pixel formats that will do, the favourite first. None: the one that is set.
    pub formats: &'a [FourCc],
    /// Seconds that a frame takes; `None`: the driver's choice.
    pub interval: Option<FrameInterval>,
}

impl<'a> Wanted<'a> {
    /// Pictures of this size in one of these pixel formats, the favourite first (none: the one that is set), at any rate.
    pub const fn new(width: u32, height: u32, formats: &'a [FourCc]) -> Self {
        Self { width, height, formats, interval: None }
    }

    /// So many frames a second.
    #[must_use]
    pub const fn at(self, frames: u32) -> Self {
        self.with_interval(FrameInterval { numerator: 1, denominator: frames })
    }

    /// A frame takes so long. An interval with a 0 in it is no wish.
    #[must_use]
    pub const fn with_interval(self, interval: FrameInterval) -> Self {
        let interval = if interval.duration().is_some() { Some(interval) } else { None };
        Self { interval, ..self }
    }

    /// Sets the format and the frame interval that are nearest to what is wanted, and returns what is in use now, beside what
    /// was wanted. `None`: the node has none of the wanted pixel formats, and nothing was set.
    ///
    /// # Errors
    ///
    /// As [`Formats::set_format`], [`Formats::set_frame_interval`] and the lists. ENOTTY of the lists, of TRY_FMT and of S_PARM is
    /// none: what the driver does not have is not asked for.
    pub fn set<N: Formats>(&self, node: &mut N, buffer_type: BufferType) -> Result<Option<Negotiated<'a>>, Errno> {
        let Some(best) = choose(node, buffer_type, self)? else { return Ok(None) };
        let mut format = node.set_format(buffer_type, &Format::new(best.width, best.height, best.format))?;
        let mut interval = None;
        if let Some(wish) = self.interval {
            interval = optional(node.set_frame_interval(buffer_type, best.interval.unwrap_or(wish)))?;
            // Setting a rate may change the format (USB cameras).
            format = node.format(buffer_type)?;
        }
        Ok(Some(Negotiated { format, interval, wanted: *self }))
    }
}

/// Something that was not to be had as it was wanted.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Traded<T> {
    /// What the program asked for.
    pub wanted: T,
    /// What the driver has.
    pub got: T,
}

/// What is in use after [`Wanted::set`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Negotiated<'w> {
    /// The format in use.
    pub format: Format,
    /// The frame interval in use; `None` if none was wanted, or the driver has none (ENOTTY).
    pub interval: Option<FrameInterval>,
    /// What was wanted.
    pub wanted: Wanted<'w>,
}

impl Negotiated<'_> {
    /// Width and height, if others were wanted.
    pub const fn size_traded(&self) -> Option<Traded<(u32, u32)>> {
        let (wanted, got) = ((self.wanted.width, self.wanted.height), (self.format.width, self.format.height));
        if wanted.0 == got.0 && wanted.1 == got.1 { None } else { Some(Traded { wanted, got }) }
    }

    /// The pixel format, if the favourite is another.
    pub fn format_traded(&self) -> Option<Traded<FourCc>> {
        let (wanted, got) = (*self.wanted.formats.first()?, self.format.pixel_format);
        (wanted != got).then_some(Traded { wanted, got })
    }

    /// The frame interval, if another was wanted. `got` is 0/0 where the driver has none. Fractions of the same value are the same.
    pub fn interval_traded(&self) -> Option<Traded<FrameInterval>> {
        let wanted = self.wanted.interval?;
        let got = self.interval.unwrap_or(FrameInterval { numerator: 0, denominator: 0 });
        let product = |one: u32, other: u32| u64::from(one) * u64::from(other);
        let same = got.duration().is_some()
            && product(wanted.numerator, got.denominator) == product(got.numerator, wanted.denominator);
        (!same).then_some(Traded { wanted, got })
    }
}

/// The rate of an interval: `30/s`, `29.97/s`, `unknown rate`.
struct Rate(FrameInterval);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FrameInterval { numerator, denominator } = self.0;
        // Rounded to hundredths.
        let hundredths = (u64::from(denominator) * 100 + u64::from(numerator) / 2).checked_div(numerator.into());
        match hundredths {
            Some(hundredths) if denominator > 0 => match (hundredths / 100, hundredths % 100) {
                (whole, 0) => write!(f, "{whole}/s"),
                (whole, part) => write!(f, "{whole}.{part:02}/s"),
            },
            _ => f.write_str("unknown rate"),
        }
    }
}

impl fmt::Display for Negotiated<'_> {
    /// `1280x720 MJPG at 30/s instead of 1920x1080, YUYV, 60/s`: what was traded stands behind `instead of`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} {}", self.format.width, self.format.height, self.format.pixel_format)?;
        if let Some(interval) = self.interval {
            write!(f, " at {}", Rate(interval))?;
        }
        let mut before = " instead of ";
        if let Some(Traded { wanted: (width, height), .. }) = self.size_traded() {
            write!(f, "{before}{width}x{height}")?;
            before = ", ";
        }
        if let Some(format) = self.format_traded() {
            write!(f, "{before}{}", format.wanted)?;
            before = ", ";
        }
        if let Some(interval) = self.interval_traded() {
            write!(f, "{before}{}", Rate(interval.wanted))?;
        }
        Ok(())
    }
}

/// What a driver offers, and how far it is from what is wanted: compared field by field, the smaller the better.
#[derive(Clone, Copy)]
struct Candidate {
    format: FourCc,
    width: u32,
    height: u32,
    interval: Option<FrameInterval>,
    distance: (u64, u64, u64),
}

/// Nothing, where the driver does not have the call.
fn optional<T>(outcome: Result<T, Errno>) -> Result<Option<T>, Errno> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Errno::ENOTTY) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The nearest of what the driver lists. At most some thousand calls for each wanted format, however long the lists are.
fn choose<N: Formats>(node: &N, buffer_type: BufferType, wanted: &Wanted<'_>) -> Result<Option<Candidate>, Errno> {
    let mut best: Option<Candidate> = None;
    let current;
    let formats = match wanted.formats {
        [] => {
            current = [node.format(buffer_type)?.pixel_format];
            &current
        }
        formats => formats,
    };
    for &format in formats {
        if !is_offered(node, buffer_type, format)? {
            continue;
        }
        let Some((width, height)) = nearest_size(node, buffer_type, format, wanted)? else { continue };
        let by_size = distance_in_size((width, height), (wanted.width, wanted.height));
        // Its rates are of no interest when another format is nearer already.
        if best.is_some_and(|best| (best.distance.0, best.distance.1) < by_size) {
            continue;
        }
        let (interval, by_rate) = nearest_interval(node, format, (width, height), wanted.interval)?;
        let distance = (by_size.0, by_size.1, by_rate);
        if best.is_none_or(|best| distance < best.distance) {
            best = Some(Candidate { format, width, height, interval, distance });
        }
    }
    Ok(best)
}

/// Whether the driver lists this format, or lists none (ENOTTY).
fn is_offered<N: Formats>(node: &N, buffer_type: BufferType, format: FourCc) -> Result<bool, Errno> {
    for offered in node.formats(buffer_type) {
        match optional(offered)? {
            Some(offered) if offered.pixel_format == format => return Ok(true),
            Some(_) => {}
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// Differences, then the number of pixels, of which more are better.
fn distance_in_size((width, height): (u32, u32), wanted: (u32, u32)) -> (u64, u64) {
    let difference = u64::from(width.abs_diff(wanted.0)) + u64::from(height.abs_diff(wanted.1));
    (difference, u64::MAX - u64::from(width) * u64::from(height))
}

/// The nearest size in a format. `None`: the driver makes another format of it.
fn nearest_size<N: Formats>(
    node: &N,
    buffer_type: BufferType,
    format: FourCc,
    wanted: &Wanted<'_>,
) -> Result<Option<(u32, u32)>, Errno> {
    let mut best: Option<(u32, u32)> = None;
    let distance = |size| distance_in_size(size, (wanted.width, wanted.height));
    for size in node.sizes(format) {
        let Some(size) = optional(size)? else { break };
        let size = size.nearest(wanted.width, wanted.height);
        if best.is_none_or(|best| distance(size) < distance(best)) {
            best = Some(size);
        }
    }
    if best.is_some() {
        return Ok(best);
    }
    // A driver without a list, or with an empty one.
    let tried = match node.try_format(buffer_type, &Format::new(wanted.width, wanted.height, format)) {
        // A few drivers refuse formats that they do not have.
        Err(Errno::EINVAL) => return Ok(None),
        tried => optional(tried)?,
    };
    match tried {
        Some(tried) if tried.pixel_format != format => Ok(None),
        Some(tried) => Ok(Some((tried.width, tried.height))),
        None => Ok(Some((wanted.width, wanted.height))),
    }
}

/// The nearest interval, and how far it is.
fn nearest_interval<N: Formats>(
    node: &N,
    format: FourCc,
    (width, height): (u32, u32),
    wanted: Option<FrameInterval>,
) -> Result<(Option<FrameInterval>, u64), Errno> {
    let Some(wanted) = wanted else { return Ok((None, 0)) };
    let mut best = (None, u64::MAX);
    for listed in node.intervals(format, width, height) {
        let Some(listed) = optional(listed)? else { break };
        let interval = nearest_in(listed, wanted);
        let Some(far) = ratio(interval, wanted) else { continue };
        if far < best.1 {
            best = (Some(interval), far);
        }
    }
    Ok(best)
}

/// How far apart two intervals are: the ratio of the longer and the shorter, times 2^17, less a half for the shorter interval, which is
/// the faster rate. `None` for an interval of 0.
fn ratio(one: FrameInterval, wanted: FrameInterval) -> Option<u64> {
    let mut left = u64::from(one.numerator) * u64::from(wanted.denominator);
    let mut right = u64::from(wanted.numerator) * u64::from(one.denominator);
    if left == 0 || right == 0 {
        return None;
    }
    let is_slower = left > right;
    // Equal up to the last bit that a rate can have.
    while left.max(right) >> 46 > 0 {
        (left, right) = (left >> 1, right >> 1);
    }
    let (longer, shorter) = (left.max(right), left.min(right).max(1));
    Some(((longer << 16) / shorter).saturating_mul(2).saturating_add(is_slower.into()))
}

/// The nearest interval of a list's item.
fn nearest_in(listed: FrameIntervals, wanted: FrameInterval) -> FrameInterval {
    let (least, most, step) = match listed {
        FrameIntervals::Discrete(interval) => return interval,
        FrameIntervals::Range { least, most, step } => (least, most, step),
    };
    if !is_longer(wanted, least) {
        return least;
    }
    if !is_longer(most, wanted) {
        return most;
    }
    match step.filter(|step| step.duration().is_some()) {
        Some(step) => nearest_step(least, step, most, wanted).unwrap_or(wanted),
        None => wanted,
    }
}

fn is_longer(one: FrameInterval, other: FrameInterval) -> bool {
    let product = |one: u32, other: u32| u64::from(one) * u64::from(other);
    product(one.numerator, other.denominator) > product(other.numerator, one.denominator)
}

/// `least` and as many steps as come nearest to `wanted`, which is longer than `least`; `None` where the numbers become too large: the
/// driver rounds then.
fn nearest_step(
    least: FrameInterval,
    step: FrameInterval,
    most: FrameInterval,
    wanted: FrameInterval,
) -> Option<FrameInterval> {
    let wide = u64::from;
    // (wanted - least) / step, as one fraction.
    let over = (wide(wanted.numerator) * wide(least.denominator))
        .checked_sub(wide(least.numerator) * wide(wanted.denominator))?
        .checked_mul(wide(step.denominator))?;
    let under = (wide(wanted.denominator) * wide(least.denominator)).checked_mul(wide(step.numerator))?;
    let steps = over.checked_add(under / 2)?.checked_div(under)?;
    let at = |steps: u64| {
        let numerator = (wide(least.numerator) * wide(step.denominator))
            .checked_add(steps.checked_mul(wide(step.numerator) * wide(least.denominator))?)?;
        let denominator = wide(least.denominator) * wide(step.denominator);
        let divisor = greatest_divisor(numerator, denominator);
        let numerator = u32::try_from(numerator.checked_div(divisor)?).ok()?;
        let denominator = u32::try_from(denominator.checked_div(divisor)?).ok()?;
        Some(FrameInterval { numerator, denominator })
    };
    let nearest = at(steps)?;
    if is_longer(nearest, most) { at(steps.checked_sub(1)?) } else { Some(nearest) }
}

fn greatest_divisor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests;
