//! Inputs, standards, timings, EDID, rectangles and priority: methods with the names, and with the documentation, of those of a device
//! on Linux.

use vidbuf::Errno;
use vidbuf::node::{
    CropLimits, EDID_BLOCK, EdidBlock, Input, Output, Priority, Rectangle, SelectionFlags, SelectionTarget,
    StandardDescription, Standards, Timings, TimingsRange, item, items,
};
use vidbuf::v4l2::BufferType;
use vidbuf_abi::input::{v4l2_input, v4l2_output, v4l2_standard};
use vidbuf_abi::ioctl::{
    VIDIOC_CROPCAP, VIDIOC_DV_TIMINGS_CAP, VIDIOC_ENUM_DV_TIMINGS, VIDIOC_ENUMINPUT, VIDIOC_ENUMOUTPUT, VIDIOC_ENUMSTD,
    VIDIOC_G_DV_TIMINGS, VIDIOC_G_EDID, VIDIOC_G_INPUT, VIDIOC_G_OUTPUT, VIDIOC_G_PRIORITY, VIDIOC_G_SELECTION,
    VIDIOC_G_STD, VIDIOC_QUERY_DV_TIMINGS, VIDIOC_QUERYSTD, VIDIOC_S_DV_TIMINGS, VIDIOC_S_EDID, VIDIOC_S_INPUT,
    VIDIOC_S_OUTPUT, VIDIOC_S_PRIORITY, VIDIOC_S_SELECTION, VIDIOC_S_STD,
};
use vidbuf_abi::selection::{v4l2_cropcap, v4l2_rect, v4l2_selection};
use vidbuf_abi::timings::{v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_edid, v4l2_enum_dv_timings};
use vidbuf_abi::value::Value;

use crate::file::SimFile;
use crate::kernel::timings::{from_kernel, range, to_kernel};
use crate::kernel::{DmaBuf, Foreign};

impl<const BUFFERS: usize, const QUEUES: usize> SimFile<'_, '_, BUFFERS, QUEUES> {
    /// `VIDIOC_ENUMINPUT`: the input number `index`; `None` after the last.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no inputs.
    pub fn input_description(&self, index: u32) -> Result<Option<Input>, Errno> {
        let returned = self.ask(VIDIOC_ENUMINPUT, v4l2_input { index, ..Default::default() });
        item(index, returned.map(|kernel| (kernel.index, input(&kernel))))
    }

    /// All inputs, one after the other.
    pub fn inputs(&self) -> impl Iterator<Item = Result<Input, Errno>> {
        items(|index| self.input_description(index))
    }

    /// `VIDIOC_G_INPUT`: the number of the input in use.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no inputs.
    pub fn input(&self) -> Result<u32, Errno> {
        self.ask(VIDIOC_G_INPUT, 0_u32)
    }

    /// `VIDIOC_S_INPUT`: selects an input, and the format of what arrives there.
    ///
    /// # Errors
    ///
    /// - EINVAL: there is no such input.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    pub fn set_input(&mut self, index: u32) -> Result<(), Errno> {
        self.ask(VIDIOC_S_INPUT, index).map(drop)
    }

    /// `VIDIOC_ENUMOUTPUT`: the output number `index`. No simulated driver has outputs: ENOTTY.
    ///
    /// # Errors
    ///
    /// As above.
    pub fn output_description(&self, index: u32) -> Result<Option<Output>, Errno> {
        let returned = self.ask(VIDIOC_ENUMOUTPUT, v4l2_output { index, ..Default::default() });
        item(index, returned.map(|kernel| (kernel.index, output(&kernel))))
    }

    /// All outputs, one after the other.
    pub fn outputs(&self) -> impl Iterator<Item = Result<Output, Errno>> {
        items(|index| self.output_description(index))
    }

    /// `VIDIOC_G_OUTPUT`: the number of the output in use.
    ///
    /// # Errors
    ///
    /// As [`output_description`](Self::output_description).
    pub fn output(&self) -> Result<u32, Errno> {
        self.ask(VIDIOC_G_OUTPUT, 0_u32)
    }

    /// `VIDIOC_S_OUTPUT`: selects an output.
    ///
    /// # Errors
    ///
    /// As [`output_description`](Self::output_description).
    pub fn set_output(&mut self, index: u32) -> Result<(), Errno> {
        self.ask(VIDIOC_S_OUTPUT, index).map(drop)
    }

    /// `VIDIOC_ENUMSTD`: the standard number `index` of the input in use; `None` after the last.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input has no standards. ENOTTY: no input has.
    pub fn standard_description(&self, index: u32) -> Result<Option<StandardDescription>, Errno> {
        let returned = self.ask(VIDIOC_ENUMSTD, v4l2_standard { index, ..Default::default() });
        item(index, returned.map(|kernel| (kernel.index, standard(&kernel))))
    }

    /// All standards, one after the other.
    pub fn standards(&self) -> impl Iterator<Item = Result<StandardDescription, Errno>> {
        items(|index| self.standard_description(index))
    }

    /// `VIDIOC_G_STD`: the standard in use.
    ///
    /// # Errors
    ///
    /// As [`standard_description`](Self::standard_description).
    pub fn standard(&self) -> Result<Standards, Errno> {
        self.ask(VIDIOC_G_STD, 0_u64).map(Standards::from_bits_retain)
    }

    /// `VIDIOC_S_STD`: sets a standard, and the format with it.
    ///
    /// # Errors
    ///
    /// - EINVAL: the input has none of these.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    /// - ENODATA: this input has no standards. ENOTTY: no input has.
    pub fn set_standard(&mut self, standards: Standards) -> Result<(), Errno> {
        self.ask(VIDIOC_S_STD, standards.bits()).map(drop)
    }

    /// `VIDIOC_QUERYSTD`: the standard of the signal; none without a signal.
    ///
    /// # Errors
    ///
    /// As [`standard_description`](Self::standard_description).
    pub fn query_standard(&self) -> Result<Standards, Errno> {
        self.ask(VIDIOC_QUERYSTD, 0_u64).map(Standards::from_bits_retain)
    }

    /// `VIDIOC_QUERY_DV_TIMINGS`: the timings of the signal that arrives now ([`Sim::cable`](crate::Sim::cable)).
    ///
    /// # Errors
    ///
    /// - ENOLINK: no cable or no signal, or no EDID by which the source sends one.
    /// - ENOLCK: a signal that the receiver cannot lock onto.
    /// - ERANGE: a signal outside of what the receiver can take.
    /// - ENODATA: this input has no timings. ENOTTY: no input has.
    pub fn query_dv_timings(&self) -> Result<Timings, Errno> {
        timings(&self.ask(VIDIOC_QUERY_DV_TIMINGS, v4l2_dv_timings::default())?)
    }

    /// `VIDIOC_G_DV_TIMINGS`: the timings that are set.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input has no timings. ENOTTY: no input has.
    pub fn dv_timings(&self) -> Result<Timings, Errno> {
        timings(&self.ask(VIDIOC_G_DV_TIMINGS, v4l2_dv_timings::default())?)
    }

    /// `VIDIOC_S_DV_TIMINGS`: sets timings, and the format with them.
    ///
    /// # Errors
    ///
    /// - EINVAL or ERANGE: the driver cannot have them.
    /// - EBUSY: buffers are allocated, or another file has a higher priority. Timings that are set already are no error.
    /// - ENODATA: this input has no timings. ENOTTY: no input has.
    pub fn set_dv_timings(&mut self, asked: &Timings) -> Result<Timings, Errno> {
        timings(&self.ask(VIDIOC_S_DV_TIMINGS, to_kernel(asked))?)
    }

    /// `VIDIOC_ENUM_DV_TIMINGS`: the timings number `index` of the driver's list; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`dv_timings`](Self::dv_timings).
    pub fn dv_timings_at(&self, index: u32) -> Result<Option<Timings>, Errno> {
        let asked = v4l2_enum_dv_timings { index, ..Default::default() };
        let returned = self.ask(VIDIOC_ENUM_DV_TIMINGS, asked);
        item(index, returned.and_then(|kernel| Ok((kernel.index, timings(&kernel.timings)?))))
    }

    /// All timings of the driver's list, one after the other.
    pub fn dv_timings_list(&self) -> impl Iterator<Item = Result<Timings, Errno>> {
        items(|index| self.dv_timings_at(index))
    }

    /// `VIDIOC_DV_TIMINGS_CAP`: which timings the driver can have.
    ///
    /// # Errors
    ///
    /// As [`dv_timings`](Self::dv_timings).
    pub fn dv_timings_range(&self) -> Result<TimingsRange, Errno> {
        range(&self.ask(VIDIOC_DV_TIMINGS_CAP, v4l2_dv_timings_cap::default())?).ok_or(Errno::EINVAL)
    }

    /// `VIDIOC_G_EDID`: reads blocks of the EDID from number `start_block` on, and returns how many were there; with no room and a
    /// `start_block` of 0, how many blocks there are.
    ///
    /// # Errors
    ///
    /// - ENODATA: no EDID is stored.
    /// - EINVAL: no such connector, `start_block` is behind the last block, or room for more than 256 blocks.
    /// - ENOTTY: the driver has no EDID.
    pub fn edid(&self, connector: u32, start_block: u32, blocks: &mut [EdidBlock]) -> Result<u32, Errno> {
        self.edid_call(VIDIOC_G_EDID, v4l2_edid { pad: connector, start_block, ..Default::default() }, blocks)
    }

    /// `VIDIOC_S_EDID`: sets the EDID of an input; without blocks, takes it away.
    ///
    /// # Errors
    ///
    /// - E2BIG: more than two blocks.
    /// - EINVAL: no such connector, or more than 256 blocks.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    /// - ENOTTY: the driver has no EDID.
    pub fn set_edid(&self, connector: u32, blocks: &mut [EdidBlock]) -> Result<(), Errno> {
        self.edid_call(VIDIOC_S_EDID, v4l2_edid { pad: connector, ..Default::default() }, blocks).map(drop)
    }

    fn edid_call(&self, number: u32, mut argument: v4l2_edid, blocks: &mut [EdidBlock]) -> Result<u32, Errno> {
        argument.blocks = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
        let mut bytes = [0; size_of::<v4l2_edid>()];
        argument.write(&mut bytes).ok_or(Errno::EFAULT)?;
        let mut room = Lent(blocks.as_flattened_mut());
        self.sim.state.with(|state| state.node.ioctl_with(self.file, number, &mut bytes, &mut [], &mut room))?;
        Ok(v4l2_edid::read(&bytes).ok_or(Errno::EFAULT)?.blocks)
    }

    /// `VIDIOC_G_SELECTION`: a crop or compose rectangle.
    ///
    /// # Errors
    ///
    /// - EINVAL: the driver has no such rectangle, or no queue of this type.
    /// - ENODATA: not on this input. ENOTTY: the driver has none.
    pub fn selection(&self, buffer_type: BufferType, target: SelectionTarget) -> Result<Rectangle, Errno> {
        let asked = v4l2_selection { type_: buffer_type as u32, target: target.0, ..Default::default() };
        Ok(rectangle(self.ask(VIDIOC_G_SELECTION, asked)?.r))
    }

    /// `VIDIOC_S_SELECTION`: sets a crop or compose rectangle and returns it as the driver has adjusted it.
    ///
    /// # Errors
    ///
    /// - ERANGE: no rectangle fits `flags`.
    /// - EINVAL: the driver has no such rectangle, cannot set it, or has no queue of this type.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    /// - ENODATA: not on this input. ENOTTY: the driver has none.
    pub fn set_selection(
        &self,
        buffer_type: BufferType,
        target: SelectionTarget,
        flags: SelectionFlags,
        rectangle: Rectangle,
    ) -> Result<Rectangle, Errno> {
        let Rectangle { left, top, width, height } = rectangle;
        let asked = v4l2_selection {
            type_: buffer_type as u32,
            target: target.0,
            flags: flags.bits(),
            r: v4l2_rect { left, top, width, height },
            ..Default::default()
        };
        Ok(self::rectangle(self.ask(VIDIOC_S_SELECTION, asked)?.r))
    }

    /// `VIDIOC_CROPCAP`: what can be cropped, and the shape of a pixel.
    ///
    /// # Errors
    ///
    /// As [`selection`](Self::selection).
    pub fn crop_limits(&self, buffer_type: BufferType) -> Result<CropLimits, Errno> {
        let asked = v4l2_cropcap { type_: buffer_type as u32, ..Default::default() };
        let limits = self.ask(VIDIOC_CROPCAP, asked)?;
        let aspect = (limits.pixelaspect.numerator, limits.pixelaspect.denominator);
        Ok(CropLimits::new(rectangle(limits.bounds), rectangle(limits.defrect), aspect))
    }

    /// `VIDIOC_G_PRIORITY`: the highest priority of all open files.
    ///
    /// # Errors
    ///
    /// - ENODEV: the device is gone.
    pub fn priority(&self) -> Result<Priority, Errno> {
        Priority::from_raw(self.ask(VIDIOC_G_PRIORITY, 0_u32)?).ok_or(Errno::EINVAL)
    }

    /// `VIDIOC_S_PRIORITY`: the priority of this open file.
    ///
    /// # Errors
    ///
    /// - EBUSY: another file has a higher one.
    pub fn set_priority(&self, priority: Priority) -> Result<(), Errno> {
        self.ask(VIDIOC_S_PRIORITY, priority as u32).map(drop)
    }
}

vidbuf_abi::connector_conversions!(conversions);
use conversions::{input, output, rectangle, standard};

/// Memory of the program that a call may reach: at address 0, as nothing else is there.
struct Lent<'l>(&'l mut [u8]);

impl Lent<'_> {
    fn at(&mut self, address: u64, length: usize) -> Result<&mut [u8], Errno> {
        let start = usize::try_from(address).map_err(|_| Errno::EFAULT)?;
        let end = start.checked_add(length).ok_or(Errno::EFAULT)?;
        self.0.get_mut(start..end).ok_or(Errno::EFAULT)
    }
}

impl Foreign for Lent<'_> {
    fn pin(&mut self, _: u64, _: u32, _: bool) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    fn dma_buf(&mut self, _: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        bytes.copy_from_slice(self.at(address, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.at(address, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}

const _: () = assert!(EDID_BLOCK == size_of::<EdidBlock>());

fn timings(kernel: &v4l2_dv_timings) -> Result<Timings, Errno> {
    from_kernel(kernel).ok_or(Errno::EINVAL)
}
