//! Controls: brightness, exposure, and whatever else a driver lets a program set.

mod description;
mod id;
mod kind;
mod menu;
mod several;
mod spelling;
mod value;

pub use description::Control;
pub use id::ControlId;
pub use kind::{ControlFlags, ControlType};
pub use menu::{MenuItem, MenuLabel};
pub use several::{ControlsCall, ControlsError, MOST_CONTROLS, Which};
pub use spelling::Spelling;
pub use value::{ControlPayload, ControlValue};

use crate::error::Errno;

/// The most controls that a list has, and items of a menu that are asked for. vivid has about eighty controls, and menus of a hundred
/// items.
const MOST: usize = 1024;

/// The longest text that [`Controls::set_text`] sets, in bytes. The kernel's longest, of radio transmitters, have 64.
const LONGEST_TEXT: usize = 255;

/// A node with controls: a video node, or a subdevice node such as a sensor's, which has them in place of the video node where a
/// pipeline is set up through the media controller.
///
/// Controls may be read and set at any time, also while frames stream: [`Queue::backend`](crate::Queue::backend) of a streaming queue
/// is a reference to the device, and no call here takes it `&mut`.
///
/// ```
/// use vidbuf::node::{ControlId, Controls};
/// use vidbuf::{Backend, CaptureStream, Errno};
///
/// /// Makes the next frames brighter, by a tenth of what is possible.
/// fn brighten<B: Backend + Controls>(queue: &CaptureStream<B>) -> Result<(), Errno> {
///     let camera = queue.backend();
///     let Some(brightness) = camera.query_control(ControlId::BRIGHTNESS)? else { return Ok(()) };
///     let tenth = brightness.maximum.saturating_sub(brightness.minimum) / 10;
///     camera.set_value(&brightness, camera.value(&brightness)?.saturating_add(tenth))?;
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// All methods fail with
///
/// - ENOTTY: the node has no controls. Of a camera whose pipeline is set up through the media controller, the sensor's subdevice
///   node has them.
/// - ENODEV: the device is gone.
/// - EIO, EPIPE, ETIMEDOUT and the like: a camera did not do what its driver asked of it; USB cameras do so for some of their controls.
///
/// Those that read a value fail with
///
/// - EINVAL: there is no such control, or its value is of another kind.
/// - EACCES: it can only be set.
///
/// Those that set or try one fail with
///
/// - EINVAL: there is no such control, its value is of another kind, or it is a hole in a menu.
/// - EACCES: it can only be read; of uvcvideo also: it is INACTIVE.
/// - ERANGE: not an item of the menu, or a text of another length. Other numbers are brought into range.
/// - EBUSY: the driver holds it now, or another program has priority.
///
/// Kernel: `control.rst`, `extended-controls.rst`, `vidioc-queryctrl.rst`, `vidioc-g-ctrl.rst`, `vidioc-g-ext-ctrls.rst`.
pub trait Controls {
    /// `ioctl(fd, VIDIOC_QUERY_EXT_CTRL, &control)`, and VIDIOC_QUERYCTRL where there is none: the control with this number, as it is
    /// now; `None` if the node does not have it (EINVAL).
    #[doc(alias = "VIDIOC_QUERY_EXT_CTRL")]
    #[doc(alias = "VIDIOC_QUERYCTRL")]
    fn query_control(&self, id: ControlId) -> Result<Option<Control>, Errno>;

    /// The control with the next larger number, arrays and structures included (`V4L2_CTRL_FLAG_NEXT_CTRL`,
    /// `V4L2_CTRL_FLAG_NEXT_COMPOUND`), or whatever the driver returns for it; `None` after the last (EINVAL). The first one comes
    /// after `ControlId(0)`.
    fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno>;

    /// `ioctl(fd, VIDIOC_QUERYMENU, &item)`: the item of a menu with this number; `None` for a hole, for a number that is not between
    /// [`Control::minimum`] and [`Control::maximum`], and for a control that is no menu.
    #[doc(alias = "VIDIOC_QUERYMENU")]
    fn menu_item(&self, control: &Control, index: u32) -> Result<Option<MenuItem>, Errno>;

    /// `ioctl(fd, VIDIOC_G_CTRL, &control)`: the value of a control of 32 bits.
    #[doc(alias = "VIDIOC_G_CTRL")]
    fn control(&self, id: ControlId) -> Result<i32, Errno>;

    /// `ioctl(fd, VIDIOC_S_CTRL, &control)`: sets a control of 32 bits and returns the value that it has now.
    #[doc(alias = "VIDIOC_S_CTRL")]
    fn set_control(&self, id: ControlId, value: i32) -> Result<i32, Errno>;

    /// `ioctl(fd, VIDIOC_G_EXT_CTRLS, &controls)`, VIDIOC_S_EXT_CTRLS or VIDIOC_TRY_EXT_CTRLS, as the kernel does them. Programs call
    /// [`get_controls`](Self::get_controls), [`set_controls`](Self::set_controls) and [`try_controls`](Self::try_controls).
    ///
    /// More than [`MOST_CONTROLS`] values fail with EINVAL; no call is made then.
    fn call_controls(&self, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError>;

    /// All controls in the order of their numbers, the titles of classes included. An error is the last item. Ends on every driver: at
    /// one that does not go on, and after 1024.
    fn controls(&self) -> impl Iterator<Item = Result<Control, Errno>> {
        let mut last = Some(ControlId(0));
        let ask = move || {
            let found = self.next_control(last?).transpose()?;
            // What is no number of a control, or not a larger one, would begin the list again.
            let onward = |control: &Control| Some(control.id).filter(|id| Some(*id) > last && id.0 >> 28 == 0);
            last = found.as_ref().ok().and_then(onward);
            if found.is_ok() && last.is_none() { None } else { Some(found) }
        };
        core::iter::from_fn(ask).take(MOST)
    }

    /// The control that is called this, by its name or as `v4l2-ctl` spells it ([`Control::is_called`]), large and small letters alike;
    /// `None` if the node has none. Titles and what is DISABLED are passed over, and of two of the same name the first is found.
    ///
    /// ```
    /// use vidbuf::node::Controls;
    /// use vidbuf::Errno;
    ///
    /// fn set(camera: &impl Controls, name: &str, value: i64) -> Result<i64, Errno> {
    ///     let control = camera.find_control(name)?.ok_or(Errno::ENOENT)?;
    ///     camera.set_value(&control, value)
    /// }
    /// # fn call(camera: &impl Controls) { let _ = set(camera, "white_balance_automatic", 0); }
    /// ```
    fn find_control(&self, name: &str) -> Result<Option<Control>, Errno> {
        let mut controls = self.controls();
        let means = |control: &Control| {
            control.control_type != ControlType::CTRL_CLASS
                && !control.flags.contains(ControlFlags::DISABLED)
                && control.is_called(name)
        };
        controls.find(|control| control.as_ref().map_or(true, means)).transpose()
    }

    /// The items of a menu, without its holes; none of a control that is no menu. An error is the last item. Ends on every driver:
    /// at most 1024 numbers are asked for.
    fn menu(&self, control: &Control) -> impl Iterator<Item = Result<MenuItem, Errno>> {
        let (first, last) = (control.minimum.max(0), control.maximum.min(u32::MAX.into()));
        let mut indices = (first..=last).take(if control.is_menu() { MOST } else { 0 });
        let control = *control;
        core::iter::from_fn(move || {
            loop {
                // Between 0 and the largest of 32 bits.
                let item = self.menu_item(&control, indices.next()? as u32).transpose();
                if matches!(item, Some(Err(_))) {
                    indices = (first..=last).take(0);
                }
                if item.is_some() {
                    return item;
                }
            }
        })
    }

    /// The value of a control that is a number, of 32 bits or of 64. EINVAL if it is bytes.
    fn value(&self, control: &Control) -> Result<i64, Errno> {
        if control.has_payload() {
            return Err(Errno::EINVAL);
        }
        if control.control_type != ControlType::INTEGER64 {
            return self.control(control.id).map(|value| widened(control, value));
        }
        one(self, ControlsCall::Get(Which::Current), ControlValue::new_64(control.id, 0))
    }

    /// Sets a control that is a number, of 32 bits or of 64, and returns the value that it has now. EINVAL if it is bytes.
    fn set_value(&self, control: &Control, value: i64) -> Result<i64, Errno> {
        match ControlValue::number(control, value).ok_or(Errno::EINVAL)?.payload_mut() {
            ControlPayload::Integer(value) => self.set_control(control.id, *value).map(|set| widened(control, set)),
            _ => one(self, ControlsCall::Set, ControlValue::new_64(control.id, value)),
        }
    }

    /// The value that [`set_value`](Self::set_value) would set, without setting it. EINVAL if it is bytes.
    #[doc(alias = "VIDIOC_TRY_EXT_CTRLS")]
    fn try_value(&self, control: &Control, value: i64) -> Result<i64, Errno> {
        let value = ControlValue::number(control, value).ok_or(Errno::EINVAL)?;
        let is_wide = control.control_type == ControlType::INTEGER64;
        let tried = one(self, ControlsCall::Try, value)?;
        Ok(if is_wide { tried } else { widened(control, tried as i32) })
    }

    /// The value of a control that is bytes, in `room`: a text without its NUL, the elements of an array one after the other in the
    /// processor's byte order, a structure as the kernel has it. EINVAL if it is a number, ENOSPC if `room` is smaller than
    /// [`Control::size`].
    fn bytes<'r>(&self, control: &Control, room: &'r mut [u8]) -> Result<&'r [u8], Errno> {
        let mut values = [ControlValue::bytes(control, room).ok_or(Errno::EINVAL)?];
        self.call_controls(ControlsCall::Get(Which::Current), &mut values)?;
        let [value] = values;
        Ok(value.into_bytes())
    }

    /// Sets a control that is bytes; afterwards they are what the driver has made of them. A text ends with a NUL. EINVAL if it is
    /// a number, EFAULT if they are fewer than [`Control::size`]; of an array whose length can be set, as many as there are are set,
    /// and more than possible fail with ENOSPC.
    fn set_bytes(&self, control: &Control, bytes: &mut [u8]) -> Result<(), Errno> {
        let value = ControlValue::bytes(control, bytes).ok_or(Errno::EINVAL)?;
        Ok(self.call_controls(ControlsCall::Set, &mut [value])?)
    }

    /// Sets a control that is text. EINVAL if it is something else, or has a NUL inside; ERANGE if it is shorter or longer than the
    /// control can be, or than 255 bytes.
    fn set_text(&self, control: &Control, text: &str) -> Result<(), Errno> {
        if control.control_type != ControlType::STRING || control.is_array() || text.bytes().any(|byte| byte == 0) {
            return Err(Errno::EINVAL);
        }
        let mut room = [0; LONGEST_TEXT + 1];
        if text.len() > LONGEST_TEXT {
            return Err(Errno::ERANGE);
        }
        room.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        // With the NUL, which is there already.
        self.set_bytes(control, room.get_mut(..=text.len()).unwrap_or_default())
    }

    /// Reads several controls at once. If one cannot be read, the error names it (as far as each alone fails with the same number),
    /// and the values are not to be looked at.
    #[doc(alias = "VIDIOC_G_EXT_CTRLS")]
    fn get_controls(&self, which: Which, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        let call = ControlsCall::Get(which);
        let mut error = match self.call_controls(call, values) {
            Err(error) if error.index.is_none() => error,
            known => return known,
        };
        // The kernel names none where it looks before it reads.
        error.index = values
            .chunks_mut(1)
            .take(MOST_CONTROLS)
            .position(|value| self.call_controls(call, value).is_err_and(|alone| alone.errno == error.errno));
        Err(error)
    }

    /// Sets several controls at once, as one change for the driver where it can. Afterwards the values are those that the controls have.
    ///
    /// The driver looks at all of them first. If one is refused then, nothing has changed. If one is refused while they are set, those
    /// before it may be set already, and [`ControlsError::changed`] is true. The error names the refused one, for which this tries
    /// the values again ([`try_controls`](Self::try_controls)) where the kernel does not.
    #[doc(alias = "VIDIOC_S_EXT_CTRLS")]
    fn set_controls(&self, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        let mut error = match self.call_controls(ControlsCall::Set, values) {
            Err(error) if error.index.is_none() => error,
            known => return known,
        };
        error.index = match self.call_controls(ControlsCall::Try, values) {
            Err(tried) if tried.errno == error.errno => tried.index,
            // A try does not look at what the driver holds.
            _ if error.errno == Errno::EBUSY => values.iter().take(MOST_CONTROLS).position(|value| {
                let control = self.query_control(value.id());
                matches!(control, Ok(Some(control)) if control.flags.contains(ControlFlags::GRABBED))
            }),
            _ => None,
        };
        Err(error)
    }

    /// What [`set_controls`](Self::set_controls) would set, without setting it; the values are brought into range. The error names the
    /// one that is refused.
    #[doc(alias = "VIDIOC_TRY_EXT_CTRLS")]
    fn try_controls(&self, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        self.call_controls(ControlsCall::Try, values)
    }
}

/// A call on one number.
fn one<C: Controls + ?Sized>(controls: &C, call: ControlsCall, value: ControlValue<'_>) -> Result<i64, Errno> {
    let mut values = [value];
    controls.call_controls(call, &mut values)?;
    let [value] = values;
    value.as_number().ok_or(Errno::EINVAL)
}

/// A value of 32 bits as a number: bits have no sign.
fn widened(control: &Control, value: i32) -> i64 {
    if control.control_type == ControlType::BITMASK { i64::from(value as u32) } else { value.into() }
}

impl<C: Controls + ?Sized> Controls for &C {
    fn query_control(&self, id: ControlId) -> Result<Option<Control>, Errno> {
        (**self).query_control(id)
    }

    fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno> {
        (**self).next_control(after)
    }

    fn menu_item(&self, control: &Control, index: u32) -> Result<Option<MenuItem>, Errno> {
        (**self).menu_item(control, index)
    }

    fn control(&self, id: ControlId) -> Result<i32, Errno> {
        (**self).control(id)
    }

    fn set_control(&self, id: ControlId, value: i32) -> Result<i32, Errno> {
        (**self).set_control(id, value)
    }

    fn call_controls(&self, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        (**self).call_controls(call, values)
    }
}

#[cfg(test)]
mod tests;
