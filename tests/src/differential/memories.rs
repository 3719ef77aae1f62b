//! Memory that is not the node's own: the program's, and another device's. The same for both sides.

use std::rc::Rc;

use vidbuf_sim::SimErrno;
use vidbuf_sim::kernel::{Buffer, DmaBuf, ExportBuffer, Foreign, OpenMode, Plane, RequestBuffers};

use super::kernel::Real;
use super::operation::{Call, FormatCall, Picture};
use super::world::World;

/// Where the program's memory lies: always there, so that addresses in a sequence mean the same when it is replayed.
pub const START: u64 = 0x5000_0000_0000;
/// Bytes of it that may be written; as many again may only be read, and behind that there is nothing.
pub const LENGTH: u64 = 16 << 20;
/// The descriptors of the other device's buffers: always these.
pub const FIRST_DESCRIPTOR: i32 = 200;

/// The program's memory, and what is known of the other device's.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    sizes: Rc<Vec<u64>>,
}

impl Memories {
    /// Makes the memory, and has `lender` (a node of another device) export two buffers.
    pub fn new(lender: &str) -> Result<Self, String> {
        map(START, LENGTH, libc::PROT_READ | libc::PROT_WRITE)?;
        map(START + LENGTH, LENGTH, libc::PROT_READ)?;
        let sizes = lend(lender).map_err(|error| format!("{lender} exports no buffers: errno {error}"))?;
        Ok(Self { sizes: Rc::new(sizes) })
    }

    /// Dma-bufs there are.
    pub fn dma_bufs(&self) -> usize {
        self.sizes.len()
    }
}

fn map(address: u64, length: u64, protection: i32) -> Result<(), String> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
    // SAFETY: new memory where there is none; nothing in this program looks into it.
    let got = unsafe { libc::mmap(address as *mut libc::c_void, length as usize, protection, flags, -1, 0) };
    let taken = std::io::Error::last_os_error().raw_os_error() == Some(libc::EEXIST);
    if got as u64 == address || taken { Ok(()) } else { Err(format!("no memory at {address:#x}")) }
}

/// Allocates two buffers and exports every plane, under fixed numbers. They outlive the node's descriptor.
fn lend(path: &str) -> Result<Vec<u64>, i32> {
    let mut real = Real::new(path).map_err(|_| libc::EINVAL)?;
    real.open(0, OpenMode::READ_WRITE)?;
    let buffer_type = real.buffer_type()?;
    // Larger than any picture of a sequence; one plane.
    let pixelformat = u32::from_le_bytes(*b"YUYV");
    let mut picture = Picture { buffer_type, width: 640, height: 360, pixelformat, ..Picture::default() };
    real.format(0, FormatCall::Set, &mut picture)?;
    real.request(0, &mut RequestBuffers { count: 2, buffer_type, memory: 1, ..Default::default() })?;
    let mut sizes = Vec::new();
    for index in 0..2 {
        let (mut buffer, mut planes) = (Buffer::new(index, buffer_type, 1), [Plane::default(); 8]);
        buffer.length = 8;
        real.buffer(0, Call::QueryBuffer, &mut buffer, &mut planes)?;
        let multiplanar = matches!(buffer_type, 9 | 10);
        let count = if multiplanar { buffer.length as usize } else { 1 };
        for (plane, described) in planes.iter().take(count).enumerate() {
            let length = if multiplanar { described.length } else { buffer.length };
            real.export(0, 0, &ExportBuffer { buffer_type, index, plane: plane as u32, flags: 0o2, fd: 0 })?;
            real.move_export(0, FIRST_DESCRIPTOR + sizes.len() as i32)?;
            sizes.push(u64::from(length).next_multiple_of(4096));
        }
    }
    Ok(sizes)
}

impl Foreign for Memories {
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), SimErrno> {
        let end = START + if write { LENGTH } else { 2 * LENGTH };
        let inside = address >= START && address.checked_add(u64::from(length)).is_some_and(|last| last <= end);
        if inside { Ok(()) } else { Err(SimErrno::EFAULT) }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, SimErrno> {
        let number = descriptor.checked_sub(FIRST_DESCRIPTOR).and_then(|number| usize::try_from(number).ok());
        let size = number.and_then(|number| self.sizes.get(number)).ok_or(SimErrno::EINVAL)?;
        Ok(DmaBuf { id: descriptor as u32, size: *size })
    }
}
