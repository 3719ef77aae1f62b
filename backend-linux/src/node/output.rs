//! Which output a picture goes to.

use vidbuf::node::{Output, item, items};
use vidbuf_abi::input::v4l2_output;

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_output);

impl Device {
    /// `ioctl(fd, VIDIOC_ENUMOUTPUT, &output)`: the output number `index`, counted from 0; `None` after the last (EINVAL, or an output
    /// of another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENOTTY: the node has no outputs.
    ///
    /// # Kernel
    ///
    /// `vidioc-enumoutput.rst`.
    #[doc(alias = "VIDIOC_ENUMOUTPUT")]
    pub fn output_description(&self, index: u32) -> Result<Option<Output>, Errno> {
        let mut argument = v4l2_output { index, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUMOUTPUT, &mut argument);
        item(index, outcome.map(|()| (argument.index, super::connectors::output(&argument))))
    }

    /// All outputs, one after the other ([`output_description`](Self::output_description)). An error is the last item, and the list ends
    /// on every driver.
    pub fn outputs(&self) -> impl Iterator<Item = Result<Output, Errno>> + use<'_> {
        items(move |index| self.output_description(index))
    }

    /// `ioctl(fd, VIDIOC_G_OUTPUT, &index)`: returns the number of the output in use.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the node has no outputs.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-output.rst`.
    #[doc(alias = "VIDIOC_G_OUTPUT")]
    pub fn output(&self) -> Result<u32, Errno> {
        let mut index: i32 = 0;
        v4l2!(self, VIDIOC_G_OUTPUT, &mut index)?;
        Ok(index.cast_unsigned())
    }

    /// `ioctl(fd, VIDIOC_S_OUTPUT, &index)`: selects an output. Format, standard, timings and crop are those of the new output
    /// afterwards.
    ///
    /// # Errors
    ///
    /// - EINVAL: there is no such output.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-output.rst`.
    #[doc(alias = "VIDIOC_S_OUTPUT")]
    pub fn set_output(&mut self, index: u32) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_S_OUTPUT, &mut index.cast_signed())
    }
}
