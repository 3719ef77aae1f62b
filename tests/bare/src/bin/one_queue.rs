//! What a queue takes: one instantiation, and nothing else in the program. Linked, measured, never run.
//!
//! The device behind it is nothing but addresses, so all code in the file is the lifecycle, the loop of the firmware that uses
//! it, and the door between them and the addresses. Section `.sizes` tells how many bytes of memory a queue has.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::time::Duration;

use vidbuf::backend::{DequeuedBuffer, Enqueue, Granted, PlaneCount, PlaneLayout, PlanePayload, Region, Wake};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue, Streaming};
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, Field, QueueType, Timestamp};
use vidbuf::{Backend, Errno, Error, Request};

unsafe extern "C" {
    safe fn device_request(count: u32) -> i32;
    safe fn device_query(index: u32, length: &mut u32, offset: &mut u32) -> i32;
    safe fn device_map(offset: u32, length: u32) -> Option<NonNull<u8>>;
    safe fn device_unmap(address: NonNull<u8>, length: usize) -> i32;
    safe fn device_enqueue(index: u32) -> i32;
    safe fn device_dequeue(answer: &mut Answer) -> i32;
    safe fn device_stream(on: bool) -> i32;
    safe fn device_wait(milliseconds: i32) -> i32;
    /// What the firmware does with a frame; 0 to go on.
    safe fn look(first: *const u8, length: usize) -> u32;
}

#[repr(C)]
#[derive(Default)]
struct Answer {
    index: u32,
    sequence: u32,
    bytesused: u32,
    flags: u32,
    microseconds: u64,
}

impl DequeuedBuffer for Answer {
    fn index(&self) -> u32 {
        self.index
    }
    fn flags(&self) -> BufferFlags {
        BufferFlags::from_bits_retain(self.flags)
    }
    fn field(&self) -> Field {
        Field::NONE
    }
    fn sequence(&self) -> u32 {
        self.sequence
    }
    fn timestamp(&self) -> Timestamp {
        Timestamp { seconds: 0, microseconds: self.microseconds as i64 }
    }
    fn bytesused(&self) -> u32 {
        self.bytesused
    }
    fn planes(&self) -> u32 {
        1
    }
    unsafe fn payload(&self, _: usize) -> PlanePayload {
        PlanePayload { bytesused: self.bytesused, data_offset: 0 }
    }
}

struct Door;

fn checked(answer: i32) -> Result<u32, Errno> {
    u32::try_from(answer).map_err(|_| Errno::from_raw(-answer).unwrap_or(Errno::EIO))
}

// Not inlined, so that its code can be told from the lifecycle's.
// SAFETY: never run.
unsafe impl Backend for Door {
    type Dequeued = Answer;

    #[inline(never)]
    fn request_buffers(&self, _: QueueType, count: u32) -> Result<Granted, Errno> {
        Ok(Granted::new(checked(device_request(count))?, BufferCapabilities::empty(), true))
    }

    #[inline(never)]
    fn query_buffer(&self, _: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        for layout in planes {
            checked(device_query(index, &mut layout.length, &mut layout.offset))?;
        }
        Ok(1)
    }

    #[inline(never)]
    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        let address = device_map(plane.offset, plane.length).ok_or(Errno::ENOMEM)?;
        Ok(Region { address, length: plane.length as usize })
    }

    #[inline(never)]
    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        checked(device_unmap(region.address, region.length)).map(|_| ())
    }

    #[inline(never)]
    unsafe fn enqueue(&self, _: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        checked(device_enqueue(buffer.index)).map(|_| ())
    }

    #[inline(never)]
    fn dequeue<'r>(&self, _: QueueType, _: PlaneCount, room: &'r mut MaybeUninit<Answer>) -> Result<&'r Answer, Errno> {
        let answer = room.write(Answer::default());
        checked(device_dequeue(answer))?;
        Ok(answer)
    }

    #[inline(never)]
    fn stream_on(&self, _: QueueType) -> Result<(), Errno> {
        checked(device_stream(true)).map(|_| ())
    }

    #[inline(never)]
    fn stream_off(&self, _: QueueType) -> Result<(), Errno> {
        checked(device_stream(false)).map(|_| ())
    }

    #[inline(never)]
    fn wait(&self, _: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno> {
        let milliseconds = timeout.map_or(-1, |timeout| timeout.as_millis() as i32);
        checked(device_wait(milliseconds)).map(|ready| if ready == 0 { Wake::TimedOut } else { Wake::Ready })
    }
}

type Single = CaptureQueue<Door, Streaming, 4>;
type Multi = CaptureMplaneQueue<Door, Streaming, 4>;

/// The size of this symbol is the size of a queue.
#[used]
#[unsafe(link_section = ".sizes")]
#[unsafe(no_mangle)]
static SINGLE_PLANAR_QUEUE: [u8; size_of::<Single>()] = [0; size_of::<Single>()];
/// The size of this symbol is the size of a queue whose buffers may have eight planes.
#[used]
#[unsafe(link_section = ".sizes")]
#[unsafe(no_mangle)]
static MULTI_PLANAR_QUEUE: [u8; size_of::<Multi>()] = [0; size_of::<Multi>()];

/// All of the lifecycle: up, frames with a time-out, down.
#[unsafe(no_mangle)]
pub extern "C" fn firmware() -> u32 {
    frames().unwrap_or(u32::MAX)
}

fn frames() -> Result<u32, Error> {
    let queue = CaptureQueue::<_, _, 4>::new(Door).start(Request::up_to(4).at_least(2))?;
    let mut lost = 0;
    loop {
        let Some(frame) = queue.dequeue_timeout(Duration::from_secs(1))? else { continue };
        lost += frame.lost_before().unwrap_or(0);
        let bytes = frame.bytes()?;
        let done = look(bytes.as_ptr(), bytes.len());
        frame.requeue()?;
        if done != 0 {
            break;
        }
    }
    queue.stop()?;
    Ok(lost)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
