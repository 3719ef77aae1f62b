//! The machine as a backend: every call of a thread is a place where others can go on.
//!
//! # Safety
//!
//! Regions lie in the machine's own memory; see there who writes it.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::time::Duration;

use vidbuf::Backend;
use vidbuf::backend::{Dequeued, Enqueue, Granted, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, Field, QueueType};
use vidbuf_sim::Errno;
use vidbuf_sim::kernel::abi::buffer::{v4l2_buffer, v4l2_requestbuffers};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};
use vidbuf_sim::kernel::abi::value::Value as _;
use vidbuf_sim::kernel::{Protection, QueueId, Returned};

use crate::choice::Operation;
use crate::machine::{Call, Machine, Place};
use crate::seen::Broken;

/// The machine's device, open. There is one of each machine ([`Machine::open`]).
pub struct Open<'m>(&'m Machine);

impl Machine {
    /// The device is opened, once.
    pub fn open(&self) -> Open<'_> {
        Open(self)
    }

    /// QBUF has returned. Until the driver has no buffer at all, or the program asks for it, no `dequeue` need try what the
    /// driver has refused.
    fn answered(&self, index: u8, is_dequeuing: bool, outcome: Result<(), Errno>) {
        let asked = self.doing.get().contains(&Some(Operation::RequeueDropped));
        let refused = outcome == Err(Errno::EINVAL) && is_dequeuing && !asked;
        let mut passed_over = self.passed_over.get();
        passed_over[usize::from(index)] = refused;
        self.passed_over.set(passed_over);
        self.note();
    }
}

impl Open<'_> {
    /// DQBUF, with its sleep.
    fn take_finished(&self, raw: &mut v4l2_buffer) -> Result<(), Errno> {
        let mut argument = [0; size_of::<v4l2_buffer>()];
        raw.write(&mut argument).ok_or(Errno::EFAULT)?;
        self.sleep_until_finished(&mut argument)?;
        *raw = v4l2_buffer::read(&argument).ok_or(Errno::EFAULT)?;
        Ok(())
    }

    fn sleep_until_finished(&self, argument: &mut [u8]) -> Result<(), Errno> {
        let machine = self.0;
        let returned = machine.node.borrow_mut().ioctl(machine.file, VIDIOC_DQBUF, argument, &mut [])?;
        if returned == Returned::Done {
            return Ok(());
        }
        if machine.running().is_some_and(|(_, past)| !past.some) {
            // Nobody could have known better: nothing was with the driver, and nobody was about to change that.
            machine.breaks(Broken::Asleep);
        }
        machine.node.borrow_mut().set_sleeper(QueueId::FIRST, true);
        let outcome = loop {
            if let Err(signal) = machine.interrupt(Place::Asleep) {
                machine.node.borrow_mut().interrupt_dequeue(machine.file, argument);
                break Err(signal);
            }
            // The one that sleeps is this one.
            machine.node.borrow_mut().set_sleeper(QueueId::FIRST, false);
            match machine.node.borrow_mut().resume_dequeue(machine.file, argument, &mut []) {
                Ok(Returned::WouldSleep) => {}
                Ok(_) => break Ok(()),
                Err(error) => break Err(error),
            }
            machine.node.borrow_mut().set_sleeper(QueueId::FIRST, true);
        };
        machine.node.borrow_mut().set_sleeper(QueueId::FIRST, false);
        outcome
    }
}

/// A buffer as a program fills it in before a call.
fn buffer_of(queue: QueueType, index: u32) -> v4l2_buffer {
    v4l2_buffer { index, type_: queue.buffer_type as u32, memory: queue.memory as u32, ..Default::default() }
}

/// In two bytes, of which a state has many.
fn number(errno: Errno) -> u16 {
    errno.raw() as u16
}

// SAFETY: regions lie in the machine's own memory, at addresses that last as long as it; the node gives each plane of each
// buffer memory of its own. What is written while a program has a buffer is the fault that the model has to find.
unsafe impl Backend for Open<'_> {
    type Dequeued = Dequeued;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        let (buffer_type, memory) = (queue.buffer_type as u32, queue.memory as u32);
        let mut request = v4l2_requestbuffers { count, type_: buffer_type, memory, ..Default::default() };
        self.0.node.borrow_mut().call(self.0.file, VIDIOC_REQBUFS, &mut request, &mut [])?;
        Ok(Granted::new(request.count, BufferCapabilities::empty(), true))
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        let mut buffer = buffer_of(queue, index);
        self.0.node.borrow_mut().call(self.0.file, VIDIOC_QUERYBUF, &mut buffer, &mut [])?;
        if let [plane] = planes {
            *plane = PlaneLayout { length: buffer.length, offset: buffer.m.offset() };
        }
        Ok(1)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        let mut node = self.0.node.borrow_mut();
        let mapping = node.map(self.0.file, plane.offset.into(), plane.length.into(), Protection::SHARED)?;
        let (start, bytes) = node.mapped_memory(mapping).ok_or(Errno::EINVAL)?;
        let region = self.0.memory.get(start..start + bytes).ok_or(Errno::ENOMEM)?;
        let address = NonNull::new(UnsafeCell::raw_get(region.as_ptr())).ok_or(Errno::ENOMEM)?;
        Ok(Region { address, length: plane.length as usize })
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        let start = region.address.as_ptr() as usize - self.0.memory.as_ptr() as usize;
        let mut node = self.0.node.borrow_mut();
        let mapping = node.mapping_at(start).0.ok_or(Errno::EINVAL)?;
        node.unmap(mapping)
    }

    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        let machine = self.0;
        let index = buffer.index as u8;
        machine.enqueues(index);
        let passed_over = machine.passed_over.get();
        let is_dequeuing = machine.running().is_some_and(|(operation, _)| operation == Some(Operation::Dequeue));
        if is_dequeuing && passed_over[buffer.index as usize] {
            machine.breaks(Broken::TriedAgain);
        }
        let mut outcome = machine.interrupt(Place::BeforeEnqueue(index));
        if machine.refused(Call::Enqueue) {
            outcome = Err(Errno::EINTR);
        }
        let outcome = outcome.and_then(|()| {
            let mut raw = buffer_of(queue, buffer.index);
            machine.node.borrow_mut().call(machine.file, VIDIOC_QBUF, &mut raw, &mut []).map(drop)
        });
        machine.answered(index, is_dequeuing, outcome);
        machine.after(Place::AfterEnqueue(index, outcome.err().map_or(0, number)));
        outcome
    }

    fn dequeue<'r>(
        &self,
        queue: QueueType,
        _: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        let machine = self.0;
        let mut raw = buffer_of(queue, 0);
        let outcome = machine.interrupt(Place::BeforeDequeue).and_then(|()| self.take_finished(&mut raw));
        if outcome.is_ok() {
            machine.finished.borrow_mut().retain(|index| u32::from(*index) != raw.index);
            machine.gets(raw.sequence);
            machine.note();
        }
        machine.after(Place::AfterDequeue(outcome.map(|()| raw.index as u8).map_err(number)));
        outcome?;
        let mut answer = Dequeued::default();
        answer.index = raw.index;
        answer.sequence = raw.sequence;
        answer.flags = BufferFlags::from_bits_retain(raw.flags);
        answer.field = Field(raw.field);
        answer.planes = 1;
        answer.payloads[0].bytesused = raw.bytesused;
        Ok(room.write(answer))
    }

    fn stream_on(&self, queue: QueueType) -> Result<(), Errno> {
        if self.0.refused(Call::StreamOn) {
            return Err(Errno::EIO);
        }
        let mut buffer_type = queue.buffer_type as u32;
        self.0.node.borrow_mut().call(self.0.file, VIDIOC_STREAMON, &mut buffer_type, &mut []).map(drop)
    }

    fn stream_off(&self, queue: QueueType) -> Result<(), Errno> {
        if self.0.refused(Call::StreamOff) {
            return Err(Errno::EIO);
        }
        let mut buffer_type = queue.buffer_type as u32;
        self.0.node.borrow_mut().call(self.0.file, VIDIOC_STREAMOFF, &mut buffer_type, &mut [])?;
        self.0.finished.borrow_mut().clear();
        self.0.failed.set(false);
        self.0.note();
        Ok(())
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, Errno> {
        Ok(Wake::Ready)
    }

    fn is_nonblocking(&self) -> bool {
        self.0.node.borrow().is_nonblocking(self.0.file).unwrap_or(false)
    }
}
