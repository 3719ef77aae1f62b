//! Which input a picture comes from.

use vidbuf::node::{Input, item, items};
use vidbuf_abi::input::v4l2_input;

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_input);

impl Device {
    /// `ioctl(fd, VIDIOC_ENUMINPUT, &input)`: the input number `index`, counted from 0; `None` after the last (EINVAL, or an input of
    /// another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENOTTY: the node has no inputs.
    ///
    /// # Kernel
    ///
    /// `vidioc-enuminput.rst`.
    #[doc(alias = "VIDIOC_ENUMINPUT")]
    pub fn input_description(&self, index: u32) -> Result<Option<Input>, Errno> {
        let mut argument = v4l2_input { index, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUMINPUT, &mut argument);
        item(index, outcome.map(|()| (argument.index, super::connectors::input(&argument))))
    }

    /// All inputs, one after the other ([`input_description`](Self::input_description)). An error is the last item, and the list ends on
    /// every driver.
    pub fn inputs(&self) -> impl Iterator<Item = Result<Input, Errno>> + use<'_> {
        items(move |index| self.input_description(index))
    }

    /// `ioctl(fd, VIDIOC_G_INPUT, &index)`: returns the number of the input in use.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the node has no inputs.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-input.rst`.
    #[doc(alias = "VIDIOC_G_INPUT")]
    pub fn input(&self) -> Result<u32, Errno> {
        let mut index: i32 = 0;
        v4l2!(self, VIDIOC_G_INPUT, &mut index)?;
        Ok(index.cast_unsigned())
    }

    /// `ioctl(fd, VIDIOC_S_INPUT, &index)`: selects an input. Format, frame interval, standard, timings and crop are those of the new
    /// input afterwards.
    ///
    /// # Errors
    ///
    /// - EINVAL: there is no such input.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-input.rst`.
    #[doc(alias = "VIDIOC_S_INPUT")]
    pub fn set_input(&mut self, index: u32) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_S_INPUT, &mut index.cast_signed())
    }
}
