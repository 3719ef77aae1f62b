//! VIDIOC_G_SELECTION, VIDIOC_S_SELECTION, VIDIOC_G_CROP, VIDIOC_S_CROP, VIDIOC_CROPCAP, as vivid has them: it crops, scales and composes.

use vidbuf::Errno;
use vidbuf::node::{Rectangle, SelectionFlags, SelectionTarget};
use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT,
    V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
};
use vidbuf_abi::frame::v4l2_fract;
use vidbuf_abi::selection::{v4l2_crop, v4l2_cropcap, v4l2_rect, v4l2_selection};

use super::super::NodeOf;
use super::super::room::{QueueId, Rooms};

/// vivid's largest picture, and how far it enlarges.
const MOST: (u32, u32) = (4096, 2160);
const ZOOM: u32 = 4;
/// vivid's smallest picture.
const LEAST: u32 = 16;

fn to_kernel(rectangle: Rectangle) -> v4l2_rect {
    let Rectangle { left, top, width, height } = rectangle;
    v4l2_rect { left, top, width, height }
}

/// The one-planar name of a type; both are accepted.
const fn single_planar(type_: u32) -> u32 {
    match type_ {
        V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE => V4L2_BUF_TYPE_VIDEO_CAPTURE,
        V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE => V4L2_BUF_TYPE_VIDEO_OUTPUT,
        other => other,
    }
}

/// Moves a rectangle into another one, at least as large.
fn inside(rectangle: Rectangle, bounds: Rectangle) -> Rectangle {
    let (width, height) = (rectangle.width.min(bounds.width), rectangle.height.min(bounds.height));
    let most_left = bounds.left.saturating_add_unsigned(bounds.width - width);
    let most_top = bounds.top.saturating_add_unsigned(bounds.height - height);
    let (left, top) = (rectangle.left.clamp(bounds.left, most_left), rectangle.top.clamp(bounds.top, most_top));
    Rectangle { left, top, width, height }
}

/// One side as vivid rounds it: even, upwards unless it may not be larger.
fn rounded(length: u32, most: u32, flags: SelectionFlags) -> Result<u32, Errno> {
    let mut length = length & 0xffff;
    if !flags.contains(SelectionFlags::LE) {
        length = (length + 1).max(2);
    }
    if !flags.contains(SelectionFlags::GE) {
        length = length.min(most);
    }
    length &= !1;
    if (2..=most).contains(&length) { Ok(length) } else { Err(Errno::ERANGE) }
}

/// A rectangle as vivid adjusts it, before it looks at the source.
fn adjusted(asked: v4l2_rect, flags: SelectionFlags) -> Result<Rectangle, Errno> {
    let (width, height) = (rounded(asked.width, MOST.0, flags)?, rounded(asked.height, MOST.1, flags)?);
    let edge = |edge: i32, most: u32| (edge.max(0) & 0xfffe).min(most.cast_signed());
    let (left, top) = (edge(asked.left, MOST.0 - width), edge(asked.top, MOST.1 - height));
    let exactly = flags.contains(SelectionFlags::GE | SelectionFlags::LE);
    if exactly && (asked.width, asked.height) != (width, height) {
        return Err(Errno::ERANGE);
    }
    Ok(Rectangle { left, top, width, height })
}

impl<R: Rooms> NodeOf<R> {
    /// The whole picture of the queue's format.
    fn whole_format(&self) -> Rectangle {
        self.get(QueueId::FIRST)
            .map_or(Rectangle::default(), |queue| Rectangle::of_size(queue.format.width, queue.format.height))
    }

    fn check_selection(&self, type_: u32) -> Result<(), Errno> {
        if single_planar(type_) != V4L2_BUF_TYPE_VIDEO_CAPTURE {
            return Err(Errno::EINVAL);
        }
        if self.is_digital() || self.is_analog() { Ok(()) } else { Err(Errno::ENODATA) }
    }

    fn source_rectangle(&self) -> Rectangle {
        let (width, height) = self.arriving_size();
        Rectangle::of_size(width, height)
    }

    pub(super) fn get_selection(&self, selection: &mut v4l2_selection) -> Result<(), Errno> {
        self.check_selection(selection.type_)?;
        let rectangle = match SelectionTarget(selection.target) {
            SelectionTarget::CROP => self.inputs.crop,
            SelectionTarget::CROP_DEFAULT | SelectionTarget::CROP_BOUNDS => self.source_rectangle(),
            SelectionTarget::COMPOSE => inside(self.inputs.compose, self.whole_format()),
            SelectionTarget::COMPOSE_DEFAULT => self.whole_format(),
            SelectionTarget::COMPOSE_BOUNDS => Rectangle::of_size(MOST.0 * ZOOM, MOST.1 * ZOOM),
            _ => return Err(Errno::EINVAL),
        };
        (selection.r, selection.reserved) = (to_kernel(rectangle), [0; 9]);
        Ok(())
    }

    pub(super) fn set_selection(&mut self, selection: &mut v4l2_selection) -> Result<(), Errno> {
        self.check_selection(selection.type_)?;
        let flags = SelectionFlags::from_bits_retain(selection.flags);
        let target = SelectionTarget(selection.target);
        let source = self.source_rectangle();
        let at_least = |rectangle: Rectangle, width: u32, height: u32| Rectangle {
            width: rectangle.width.max(width),
            height: rectangle.height.max(height),
            ..rectangle
        };
        match target {
            SelectionTarget::CROP => {
                let crop = inside(at_least(adjusted(selection.r, flags)?, LEAST, LEAST), source);
                // What is placed is at least a quarter of what is taken.
                let now = self.whole_format();
                let format = at_least(now, crop.width / ZOOM, crop.height / ZOOM);
                if format != now {
                    if self.has_buffers() {
                        return Err(Errno::EBUSY);
                    }
                    self.set_size(format.width, format.height);
                }
                let compose = at_least(self.inputs.compose, crop.width / ZOOM, crop.height / ZOOM);
                let most = Rectangle::of_size(crop.width * ZOOM, crop.height * ZOOM);
                let compose = Rectangle {
                    width: compose.width.min(most.width),
                    height: compose.height.min(most.height),
                    ..compose
                };
                (self.inputs.crop, self.inputs.compose) = (crop, inside(compose, format));
                selection.r = to_kernel(crop);
            }
            SelectionTarget::COMPOSE => {
                let asked = at_least(adjusted(selection.r, flags)?, LEAST, LEAST);
                let most = Rectangle::of_size(source.width * ZOOM, source.height * ZOOM);
                let compose =
                    Rectangle { width: asked.width.min(most.width), height: asked.height.min(most.height), ..asked };
                let compose = inside(compose, self.whole_format());
                let crop = at_least(self.inputs.crop, compose.width / ZOOM, compose.height / ZOOM);
                let crop = Rectangle {
                    width: crop.width.min(compose.width * ZOOM),
                    height: crop.height.min(compose.height * ZOOM),
                    ..crop
                };
                (self.inputs.crop, self.inputs.compose) = (inside(crop, source), compose);
                selection.r = to_kernel(compose);
            }
            _ => return Err(Errno::EINVAL),
        }
        selection.reserved = [0; 9];
        Ok(())
    }

    /// The selection that the core makes of the older calls.
    fn crop_of(crop: &v4l2_crop) -> v4l2_selection {
        v4l2_selection { type_: crop.type_, target: SelectionTarget::CROP.0, r: crop.c, ..Default::default() }
    }

    pub(super) fn get_crop(&self, crop: &mut v4l2_crop) -> Result<(), Errno> {
        let mut selection = Self::crop_of(crop);
        self.get_selection(&mut selection)?;
        crop.c = selection.r;
        Ok(())
    }

    /// The program is not given the rectangle that was set.
    pub(super) fn set_crop(&mut self, crop: &v4l2_crop) -> Result<(), Errno> {
        self.set_selection(&mut Self::crop_of(crop))
    }

    /// The core makes it of two selections, and asks the driver for the shape of a pixel.
    pub(super) fn crop_limits(&self, limits: &mut v4l2_cropcap) -> Result<(), Errno> {
        let type_ = limits.type_;
        *limits = v4l2_cropcap { type_, ..Default::default() };
        self.check_selection(type_)?;
        let source = self.source_rectangle();
        limits.pixelaspect = match (source.width, source.height) {
            (720, 480) => v4l2_fract { numerator: 11, denominator: 10 },
            (720, 576) => v4l2_fract { numerator: 54, denominator: 59 },
            _ => v4l2_fract { numerator: 1, denominator: 1 },
        };
        (limits.bounds, limits.defrect) = (to_kernel(source), to_kernel(source));
        Ok(())
    }
}
