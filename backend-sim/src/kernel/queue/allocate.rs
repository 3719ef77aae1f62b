//! Making buffers, and freeing them: VIDIOC_REQBUFS, VIDIOC_CREATE_BUFS, VIDIOC_REMOVE_BUFS.

use core::ops::Range;

use vidbuf::Errno;
use vidbuf::backend::MAX_PLANES;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer as abi;

use crate::kernel::arena::{self, Arena};
use crate::kernel::driver::Driver;
use crate::profile::Cookies;

use super::Queue;
use super::slot::{BufferIndex, PlaneSlot, Slot, State};

/// Number of planes, and bytes of each.
pub type Sizes = (u32, [u32; MAX_PLANES]);

impl Queue {
    /// Whether there may be buffers of this memory.
    pub fn verify_memory(&self, driver: &Driver, memory: u32) -> Result<(), Errno> {
        let needed = match memory {
            abi::V4L2_MEMORY_MMAP => BufferCapabilities::MMAP,
            abi::V4L2_MEMORY_USERPTR => BufferCapabilities::USERPTR,
            abi::V4L2_MEMORY_DMABUF => BufferCapabilities::DMABUF,
            _ => return Err(Errno::EINVAL),
        };
        if !driver.profile.capabilities.contains(needed) {
            return Err(Errno::EINVAL);
        }
        if self.file_io { Err(Errno::EBUSY) } else { Ok(()) }
    }

    /// VIDIOC_REQBUFS below the ownership check; file I/O comes in here too.
    pub fn request(
        &mut self,
        driver: &mut Driver,
        arena: &mut Arena,
        memory: u32,
        flags: u32,
        count: u32,
    ) -> Result<u32, Errno> {
        if self.streaming || (self.sleeper && count > 0) {
            return Err(Errno::EBUSY);
        }
        let coherency = flags != 0;
        let other = self.memory != 0 && (self.memory != memory || self.non_coherent != coherency);
        if count == 0 || self.count != 0 || other {
            self.cancel();
            self.free(arena, 0..self.slots.len());
            self.busy = false;
            if count == 0 {
                return Ok(0);
            }
        }
        let floor = driver.request_floor();
        let mut wanted = count.max(floor).min(self.most(driver));
        self.memory = memory;
        self.non_coherent = coherency;
        let sizes = self.set_up(driver, &mut wanted, None).inspect_err(|_| self.memory = 0)?;
        let (first, made) = self.allocate(driver, arena, wanted, &sizes);
        if made == 0 {
            self.memory = 0;
            return Err(Errno::ENOMEM);
        }
        let enough = made >= floor && (made >= wanted || self.accepts_fewer(driver));
        if !enough {
            self.free(arena, first..first + made as usize);
            return Err(Errno::ENOMEM);
        }
        self.waiting_for_buffers = !self.is_output();
        self.busy = true;
        Ok(made)
    }

    /// VIDIOC_CREATE_BUFS below the ownership check.
    pub fn create(
        &mut self,
        driver: &mut Driver,
        arena: &mut Arena,
        (memory, flags): (u32, u32),
        count: u32,
        asked: Sizes,
    ) -> Result<(u32, u32), Errno> {
        let most = self.most(driver);
        let coherency = flags != 0;
        if self.count >= most {
            return Err(Errno::ENOBUFS);
        }
        let first_ever = self.count == 0;
        if first_ever {
            if self.sleeper {
                return Err(Errno::EBUSY);
            }
            self.memory = memory;
            self.waiting_for_buffers = !self.is_output();
            self.non_coherent = coherency;
        } else if self.memory != memory || self.non_coherent != coherency {
            return Err(Errno::EINVAL);
        }
        let mut wanted = count.min(most - self.count);
        let made = match self.set_up(driver, &mut wanted, Some(asked)) {
            Ok(sizes) => match self.allocate(driver, arena, wanted, &sizes) {
                (_, 0) => Err(Errno::ENOMEM),
                made => Ok(made),
            },
            Err(error) => Err(error),
        };
        let (first, made) = made.inspect_err(|_| {
            if first_ever {
                self.memory = 0;
            }
        })?;
        if made < wanted && !self.accepts_fewer(driver) {
            self.free(arena, first..first + made as usize);
            return Err(Errno::ENOMEM);
        }
        self.busy = true;
        Ok((first as u32, made))
    }

    /// VIDIOC_REMOVE_BUFS below the ownership check.
    pub fn remove(&mut self, driver: &Driver, arena: &mut Arena, index: u32, count: u32) -> Result<(), Errno> {
        if self.file_io {
            return Err(Errno::EBUSY);
        }
        if count > self.count || index > self.most(driver) - count {
            return Err(Errno::EINVAL);
        }
        let range = index as usize..(index + count) as usize;
        for slot in &self.slots[range.clone()] {
            match slot.state {
                State::Absent => return Err(Errno::EINVAL),
                State::Dequeued => {}
                _ => return Err(Errno::EBUSY),
            }
        }
        self.free(arena, range);
        Ok(())
    }

    /// Most buffers that there can be.
    pub fn most(&self, driver: &Driver) -> u32 {
        driver.max_buffers().min(self.slots.len() as u32)
    }

    /// Asks the driver's set-up again whether a smaller number will do.
    fn accepts_fewer(&self, driver: &Driver) -> bool {
        driver.kernel.separate_floor || self.count >= driver.profile.min_setup
    }

    /// The driver's queue set-up: how many, how many planes, how large. With `asked` (VIDIOC_CREATE_BUFS) it checks.
    fn set_up(&mut self, driver: &mut Driver, count: &mut u32, asked: Option<Sizes>) -> Result<Sizes, Errno> {
        if let Some(error) = driver.inject.queue_setup.take() {
            return Err(error);
        }
        let format = &self.format;
        let sizes = match asked {
            Some((planes, sizes)) => {
                let small = format.planes().iter().zip(sizes).any(|(plane, size)| size < plane.sizeimage);
                if planes != format.planes || small {
                    return Err(Errno::EINVAL);
                }
                (planes, sizes)
            }
            None => (format.planes, core::array::from_fn(|plane| format.plane[plane].sizeimage)),
        };
        if !driver.kernel.separate_floor && self.count + *count < driver.profile.min_setup {
            *count = driver.profile.min_setup - self.count;
        }
        Ok(sizes)
    }

    /// Makes up to `count` buffers in the first room that is long enough, else in a shorter one.
    fn allocate(&mut self, driver: &Driver, arena: &mut Arena, count: u32, sizes: &Sizes) -> (usize, u32) {
        let most = self.most(driver) as usize;
        let mut count = (count as usize).min(most - (self.count as usize).min(most));
        let first = loop {
            if count == 0 {
                return (0, 0);
            }
            let mut run = 0;
            let found = self.slots[..most].iter().position(|slot| {
                run = if slot.state == State::Absent { run + 1 } else { 0 };
                run == count
            });
            match found {
                Some(last) => break last + 1 - count,
                None => count -= 1,
            }
        };
        if let Some(limit) = driver.inject.allocation_limit {
            count = count.min(limit as usize);
        }
        let made = (first..first + count).take_while(|place| self.make(driver, arena, *place, sizes)).count();
        (first, made as u32)
    }

    /// Makes one buffer.
    fn make(&mut self, driver: &Driver, arena: &mut Arena, place: usize, &(planes, ref sizes): &Sizes) -> bool {
        let memory = self.memory;
        let mut slot = Slot { state: State::Dequeued, planes: planes.min(8) as u8, memory, ..Slot::ABSENT };
        #[expect(clippy::needless_range_loop, reason = "two arrays and the allocator go by the same number")]
        for plane in 0..usize::from(slot.planes) {
            slot.plane[plane] = PlaneSlot { length: sizes[plane], minimum: sizes[plane], ..PlaneSlot::EMPTY };
            if memory == abi::V4L2_MEMORY_MMAP {
                let whole = (sizes[plane] as usize).checked_next_multiple_of(driver.page);
                let Some(chunk) = whole.and_then(|length| arena.allocate(length)) else {
                    for made in &slot.plane[..plane] {
                        arena.release(made.chunk);
                    }
                    return false;
                };
                slot.plane[plane].chunk = chunk;
            }
        }
        if memory == abi::V4L2_MEMORY_MMAP {
            self.set_cookies(driver, place, &mut slot);
        }
        self.slots[place] = slot;
        self.count += 1;
        true
    }

    fn set_cookies(&self, driver: &Driver, place: usize, slot: &mut Slot) {
        let page = driver.page as u64;
        let mut sum = match place.checked_sub(1).map(|before| self.slots[before].planes()) {
            Some([.., last]) => (last.m + u64::from(last.length)).next_multiple_of(page),
            _ => 0,
        };
        for (number, plane) in slot.planes_mut().iter_mut().enumerate() {
            plane.m = match driver.kernel.cookies {
                Cookies::RunningSum => sum,
                Cookies::BitFields => (place as u64 * 8 + number as u64) * driver.cookie_step(),
            };
            sum = (sum + u64::from(plane.length)).next_multiple_of(page);
        }
    }

    /// The buffer and the plane that a cookie leads to.
    pub fn find_cookie(&self, driver: &Driver, cookie: u64) -> Option<(u16, u32)> {
        let plane = match driver.kernel.cookies {
            Cookies::RunningSum => self.slots.iter().flat_map(Slot::planes).find(|plane| plane.m == cookie)?,
            Cookies::BitFields => {
                // The kernel looks at the bits below 30 only.
                let number = (cookie & ((1 << 30) - 1)) / driver.cookie_step();
                self[self.find((number / 8) as u32)?].planes().get((number % 8) as usize)?
            }
        };
        Some((plane.chunk, plane.length))
    }

    /// Frees the buffers in a range of slots. Their memory lives on while it has another user.
    pub fn free(&mut self, arena: &mut Arena, range: Range<usize>) {
        for place in range.start..range.end.min(self.slots.len()) {
            let slot = &self[BufferIndex::at(place)];
            if slot.state == State::Absent {
                continue;
            }
            for plane in slot.planes().iter().filter(|plane| plane.chunk != arena::NONE) {
                arena.release(plane.chunk);
            }
            self.slots[place] = Slot::ABSENT;
            self.count -= 1;
        }
        if self.count == 0 {
            self.memory = 0;
        }
    }

    /// The owner's last close.
    pub fn release(&mut self, arena: &mut Arena) {
        self.cancel();
        self.file_io = false;
        self.file_io_at = None;
        self.busy = false;
        self.owner = None;
        self.free(arena, 0..self.slots.len());
    }
}
