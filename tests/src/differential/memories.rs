//! Memory that is not the node's own: the program's, and another device's. The same for both sides.

use std::rc::Rc;

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_exportbuffer, v4l2_plane, v4l2_requestbuffers};
use vidbuf_abi::ioctl::{VIDIOC_EXPBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_S_FMT};
use vidbuf_abi::value::Value as _;
use vidbuf_sim::Errno;
use vidbuf_sim::kernel::{DmaBuf, Foreign, OpenMode};

use super::kernel::Real;
use super::operation::Ioctl;
use super::subject::format;
use super::system::{self, check};

/// Where the program's memory lies: always there, so that addresses in a sequence mean the same when it is replayed.
pub const START: u64 = 0x5000_0000_0000;
/// Bytes of it that may be written; as many again may only be read, and behind that there is nothing.
pub const LENGTH: u64 = 16 << 20;
/// The descriptors of the other device's buffers: always these.
pub const FIRST_DESCRIPTOR: i32 = 200;

/// Where the memory lies that the argument of a call points to: one page, with nothing behind it.
pub const POINTED: u64 = 0x5100_0000_0000;
/// Bytes of it.
pub const POINTED_LENGTH: usize = 4096;

/// Fills the memory that an argument points to.
pub fn put_pointed(memory: &[u8]) {
    let length = memory.len().min(POINTED_LENGTH);
    // SAFETY: `Memories::new` has mapped as many bytes there before there is a node, and nobody has a reference to them.
    unsafe { (POINTED as *mut u8).copy_from_nonoverlapping(memory.as_ptr(), length) };
}

/// Reads it.
pub fn get_pointed(memory: &mut [u8]) {
    let length = memory.len().min(POINTED_LENGTH);
    // SAFETY: as above.
    unsafe { (POINTED as *const u8).copy_to_nonoverlapping(memory.as_mut_ptr(), length) };
}

/// The program's memory, and what is known of the other device's.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    sizes: Rc<Vec<u64>>,
    /// What the argument of a call points to.
    pub pointed: Vec<u8>,
}

impl Memories {
    /// Makes the memory, and has `lender` (a node of another device) export two buffers.
    pub fn new(lender: &str) -> Result<Self, String> {
        map(START, LENGTH, libc::PROT_READ | libc::PROT_WRITE)?;
        map(START + LENGTH, LENGTH, libc::PROT_READ)?;
        map(POINTED, POINTED_LENGTH as u64, libc::PROT_READ | libc::PROT_WRITE)?;
        let sizes = lend(lender).map_err(|error| format!("{lender} exports no buffers: errno {error}"))?;
        Ok(Self { sizes: Rc::new(sizes), pointed: Vec::new() })
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
    let fd = real.open_node(OpenMode::READ_WRITE)?;
    real.set_control(true)?;
    let type_ = real.type_of_node()?;
    // Larger than any picture of a sequence; one plane.
    system::call(fd, VIDIOC_S_FMT, &mut format(type_, (640, 360), *b"YUYV"))?;
    system::call(fd, VIDIOC_REQBUFS, &mut v4l2_requestbuffers { count: 2, type_, memory: 1, ..Default::default() })?;
    let mut sizes = Vec::new();
    for index in 0..2 {
        let buffer = v4l2_buffer { index, type_, memory: 1, length: 8, ..Default::default() };
        let (mut ioctl, mut planes) = (Ioctl::new(0, VIDIOC_QUERYBUF, buffer), [v4l2_plane::ZERO; 8]);
        system::ioctl(fd, VIDIOC_QUERYBUF, &mut ioctl.argument, &mut planes)?;
        let buffer = v4l2_buffer::get(&ioctl.argument, 0);
        let lengths = match system::is_multiplanar(type_) {
            true => planes.iter().take(buffer.length as usize).map(|plane| plane.length).collect(),
            false => vec![buffer.length],
        };
        for (plane, length) in (0..).zip(lengths) {
            let mut export = v4l2_exportbuffer { type_, index, plane, flags: 0o2, ..Default::default() };
            system::call(fd, VIDIOC_EXPBUF, &mut export)?;
            // SAFETY: plain system calls on descriptors.
            check(unsafe { libc::dup2(export.fd, FIRST_DESCRIPTOR + sizes.len() as i32) })?;
            // SAFETY: as above; it is forgotten here.
            check(unsafe { libc::close(export.fd) })?;
            sizes.push(u64::from(length).next_multiple_of(4096));
        }
    }
    // SAFETY: as above.
    check(unsafe { libc::close(fd) })?;
    Ok(sizes)
}

impl Memories {
    fn pointed_at(&mut self, address: u64, length: usize) -> Result<&mut [u8], Errno> {
        // A call with no bytes to copy looks at no address.
        if length == 0 {
            return Ok(&mut []);
        }
        let start = address.checked_sub(POINTED).and_then(|start| usize::try_from(start).ok()).ok_or(Errno::EFAULT)?;
        self.pointed.get_mut(start..).and_then(|rest| rest.get_mut(..length)).ok_or(Errno::EFAULT)
    }
}

/// Whether it is what an argument points to, of which each side has a copy.
fn in_page(address: u64) -> bool {
    (POINTED..=POINTED + POINTED_LENGTH as u64).contains(&address)
}

impl Foreign for Memories {
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), Errno> {
        let end = START + if write { LENGTH } else { 2 * LENGTH };
        let inside = address >= START && address.checked_add(u64::from(length)).is_some_and(|last| last <= end);
        if inside { Ok(()) } else { Err(Errno::EFAULT) }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, Errno> {
        let number = descriptor.checked_sub(FIRST_DESCRIPTOR).and_then(|number| usize::try_from(number).ok());
        let size = number.and_then(|number| self.sizes.get(number)).ok_or(Errno::EINVAL)?;
        Ok(DmaBuf { id: descriptor as u32, size: *size })
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        if in_page(address) {
            bytes.copy_from_slice(self.pointed_at(address, bytes.len())?);
            return Ok(());
        }
        self.pin(address, bytes.len() as u32, false)?;
        // SAFETY: `pin` has found all of it in the memory of `new`, which is never unmapped, and which nothing borrows.
        unsafe { std::ptr::copy_nonoverlapping(address as *const u8, bytes.as_mut_ptr(), bytes.len()) };
        Ok(())
    }

    /// The real node writes the program's memory afterwards; here it is only found that it can.
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        if in_page(address) {
            self.pointed_at(address, bytes.len())?.copy_from_slice(bytes);
            return Ok(());
        }
        self.pin(address, bytes.len() as u32, true)
    }
}
