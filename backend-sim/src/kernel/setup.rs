//! What the driver says when buffers are allocated, and its formats.

use vidbuf::{FourCc, MAX_PLANES};

use crate::errno::SimErrno;
use crate::format::{Format, PixelFormat};
use crate::profile::Profile;

use super::{File, Node, abi};

/// The format that a queue has at first.
pub(crate) fn first_format(profile: &Profile, output: bool, width: u32, height: u32) -> Format {
    let coded = is_coded(profile, output);
    let list = if coded { profile.coded_formats } else { profile.formats };
    let pixels = list.first().unwrap_or(&PixelFormat::YUYV);
    make(profile, pixels, width, height, [0; 3])
}

fn is_coded(profile: &Profile, output: bool) -> bool {
    output && !profile.coded_formats.is_empty()
}

fn make(profile: &Profile, pixels: &PixelFormat, width: u32, height: u32, lines: [u32; 3]) -> Format {
    let offsets = profile.data_offsets && profile.multiplanar;
    Format::new(pixels, width, height, lines, profile.line_alignment, offsets)
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_G_FMT`.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EINVAL`: no queue of this type.
    pub fn get_format(&self, file: File, buffer_type: u32) -> Result<Format, SimErrno> {
        let file = self.enter(file)?;
        let queue = self.format_queue(file, buffer_type)?;
        Ok(self.queues[queue].format)
    }

    /// The queue of a format call. A type that the driver only has on its other nodes is no such call.
    fn format_queue(&self, file: usize, buffer_type: u32) -> Result<usize, SimErrno> {
        let missing = if self.core_knows(buffer_type) { SimErrno::ENOTTY } else { SimErrno::EINVAL };
        self.queue_of_type(file, buffer_type).ok_or(missing)
    }

    /// `VIDIOC_TRY_FMT`: the nearest format that the driver has.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EINVAL`: no queue of this type.
    pub fn try_format(
        &self,
        file: File,
        buffer_type: u32,
        pixelformat: FourCc,
        width: u32,
        height: u32,
        bytesperline: [u32; 3],
    ) -> Result<Format, SimErrno> {
        let file = self.enter(file)?;
        let queue = self.format_queue(file, buffer_type)?;
        let output = self.queues[queue].is_output();
        let coded = is_coded(&self.profile, output);
        let pixels = self.profile.find(coded, pixelformat);
        let fallback = if coded { self.profile.coded_formats.first() } else { self.profile.formats.first() };
        let pixels = pixels.or(fallback).unwrap_or(&PixelFormat::YUYV);
        let side = |pixels: u32| pixels.clamp(16, Profile::LARGEST).next_multiple_of(2);
        let (width, height) = (side(width), side(height));
        Ok(make(&self.profile, pixels, width, height, bytesperline))
    }

    /// `VIDIOC_S_FMT`.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EINVAL`: no queue of this type.
    /// - `EBUSY`: buffers exist, even if the format is the same.
    pub fn set_format(
        &mut self,
        file: File,
        buffer_type: u32,
        pixelformat: FourCc,
        width: u32,
        height: u32,
        bytesperline: [u32; 3],
    ) -> Result<Format, SimErrno> {
        self.check_priority(self.enter(file)?)?;
        let format = self.try_format(file, buffer_type, pixelformat, width, height, bytesperline)?;
        let queue = self.queue_of_type(file.index(), buffer_type).ok_or(SimErrno::EINVAL)?;
        self.become_active(queue, file.index())?;
        if self.queues[queue].busy {
            let now = &self.queues[queue].format;
            let same = (now.width, now.height, now.pixelformat) == (format.width, format.height, format.pixelformat);
            if same && self.profile.repeats_format {
                return Ok(format);
            }
            return Err(SimErrno::EBUSY);
        }
        self.queues[queue].format = format;
        Ok(format)
    }

    /// The driver's queue set-up: how many, how many planes, how large. With `asked` (`VIDIOC_CREATE_BUFS`) it checks.
    pub(super) fn queue_setup(
        &mut self,
        queue: usize,
        count: &mut u32,
        asked: Option<(u32, [u32; MAX_PLANES])>,
    ) -> Result<(u32, [u32; MAX_PLANES]), SimErrno> {
        if let Some(error) = self.inject.queue_setup.take() {
            return Err(error);
        }
        let state = &self.queues[queue];
        let format = &state.format;
        let answer = match asked {
            Some((planes, sizes)) => {
                let small = format.planes().iter().zip(sizes).any(|(plane, size)| size < plane.sizeimage);
                if planes != format.planes || small {
                    return Err(SimErrno::EINVAL);
                }
                (planes, sizes)
            }
            None => (format.planes, core::array::from_fn(|plane| format.plane[plane].sizeimage)),
        };
        if !self.kernel.separate_floor && state.count + *count < self.profile.min_setup {
            *count = self.profile.min_setup - state.count;
        }
        Ok(answer)
    }

    /// `capabilities` of REQBUFS and CREATE_BUFS; `flags` reduced to what the queue honours.
    pub(super) fn capabilities(&self, memory: u32, flags: u32) -> (u32, u32) {
        use vidbuf::BufferCapabilities as Caps;
        let mut caps = self.profile.capabilities | Caps::ORPHANED_BUFS;
        if self.kernel.removes && self.profile.removes {
            caps |= Caps::REMOVE_BUFS;
        }
        let hints = caps.contains(Caps::MMAP_CACHE_HINTS) && memory == abi::MEMORY_MMAP;
        (caps.bits(), if hints { flags & 1 } else { 0 })
    }

    /// Most buffers that a queue can have.
    pub fn max_buffers(&self) -> u32 {
        let most = if self.kernel.tells_maximum { self.profile.max_buffers } else { 32 };
        most.min(BUFFERS as u32)
    }
}
