//! A kernel made of bytes: `ioctl` of the C library, defined here, before the library's own.
//!
//! # Safety
//!
//! It reads and writes what the real call reads and writes: as many bytes as the call's number says, and the planes that a
//! `v4l2_buffer` points to. It reads by pointer and field by field, as QBUF is given fields without a value.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{c_int, c_ulong, c_void};
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};
use vidbuf_linux::Errno;

/// Bytes of a `v4l2_plane`.
const PLANE: usize = size_of::<v4l2_plane>();

/// Where a `v4l2_ext_controls` has its array, and bytes of an element.
const CONTROLS: usize = 24;
const ELEMENT: usize = 20;

type Driver<'a> = dyn FnMut(&mut Argument) + 'a;

#[derive(Default)]
struct World {
    driver: Option<&'static mut Driver<'static>>,
    calls: u32,
    /// What a driver found wrong; it cannot unwind through C.
    complaint: Option<Box<dyn Any + Send>>,
}

thread_local! {
    /// Answers this thread's calls.
    static WORLD: RefCell<World> = RefCell::default();
}

/// Runs `body` with all its ioctls answered by `driver`, and counts them.
pub fn answers<T>(mut driver: impl FnMut(&mut Argument), body: impl FnOnce() -> T) -> (T, u32) {
    let driver: &mut Driver<'_> = &mut driver;
    // SAFETY: only the lifetimes change, and the driver is out of the static again before this function ends.
    let driver = unsafe { std::mem::transmute::<&mut Driver<'_>, &'static mut Driver<'static>>(driver) };
    WORLD.set(World { driver: Some(driver), ..World::default() });
    let value = catch_unwind(AssertUnwindSafe(body));
    let World { calls, complaint, .. } = WORLD.take();
    match (complaint, value) {
        (Some(complaint), _) | (None, Err(complaint)) => resume_unwind(complaint),
        (None, Ok(value)) => (value, calls),
    }
}

/// What a program handed to the kernel.
pub struct Argument {
    descriptor: c_int,
    request: u32,
    bytes: *mut u8,
    errno: Option<Errno>,
}

impl Argument {
    /// The `N` of `_IOWR('V', N, ...)`.
    pub fn number(&self) -> u32 {
        assert_eq!(self.request >> 8 & 0xff, u32::from(b'V'));
        self.request & 0xff
    }

    /// Bytes of the structure.
    pub fn size(&self) -> usize {
        (self.request >> 16 & 0x3fff) as usize
    }

    pub fn descriptor(&self) -> c_int {
        self.descriptor
    }

    /// The number at this offset.
    pub fn get(&self, offset: usize) -> u32 {
        assert!(offset + 4 <= self.size());
        // SAFETY: within the structure, at a field that has a value.
        unsafe { self.bytes.add(offset).cast::<u32>().read() }
    }

    /// The numbers from this offset on.
    pub fn many<const N: usize>(&self, offset: usize) -> [u32; N] {
        std::array::from_fn(|index| self.get(offset + 4 * index))
    }

    /// Writes numbers from this offset on.
    pub fn put<const N: usize>(&mut self, offset: usize, numbers: [u32; N]) {
        self.bytes(offset, numbers.map(u32::to_ne_bytes).as_flattened());
    }

    /// Writes bytes from this offset on.
    pub fn bytes(&mut self, offset: usize, bytes: &[u8]) {
        assert!(offset + bytes.len() <= self.size());
        // SAFETY: within the structure.
        unsafe { self.bytes.add(offset).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    /// An element of the plane array of a `v4l2_buffer`: `m` points to as many as `length` has.
    fn planes(&self, plane: usize) -> *mut u8 {
        assert!([VIDIOC_QUERYBUF, VIDIOC_QBUF, VIDIOC_DQBUF].contains(&self.request));
        assert!(plane < self.get(offset_of!(v4l2_buffer, length)) as usize);
        // SAFETY: a field of the structure, then an element of the array.
        unsafe { self.bytes.add(offset_of!(v4l2_buffer, m)).cast::<*mut u8>().read().add(PLANE * plane) }
    }

    /// The number at this offset of a plane.
    pub fn of_plane(&self, plane: usize, offset: usize) -> u32 {
        assert!(offset + 4 <= PLANE);
        // SAFETY: within the plane.
        unsafe { self.planes(plane).add(offset).cast::<u32>().read() }
    }

    /// Writes the first numbers of a plane: `bytesused`, `length`, the two halves of the union, `data_offset`.
    pub fn plane<const N: usize>(&mut self, plane: usize, numbers: [u32; N]) {
        assert!(4 * N <= PLANE);
        // SAFETY: within the plane.
        unsafe { self.planes(plane).cast::<[u32; N]>().write(numbers) };
    }

    /// What the pointer at `pointer` in the structure leads to, from a byte on.
    fn pointed(&self, pointer: usize, offset: usize) -> *mut u8 {
        // SAFETY: a field of the structure, then the program's memory behind it.
        unsafe { self.bytes.add(pointer).cast::<*mut u8>().read_unaligned().add(offset) }
    }

    /// The bytes behind the pointer in an element of the array of VIDIOC_S_EXT_CTRLS and its siblings.
    pub fn value_of(&mut self, element: usize) -> *mut u8 {
        // SAFETY: a field of the element, which is packed.
        unsafe { self.pointed(CONTROLS, ELEMENT * element + 12).cast::<*mut u8>().read_unaligned() }
    }

    /// The number at this offset of such an element.
    pub fn of_element(&self, element: usize, offset: usize) -> u32 {
        assert!(offset + 4 <= ELEMENT);
        // SAFETY: within the array, at a field that has a value.
        unsafe { self.pointed(CONTROLS, ELEMENT * element + offset).cast::<u32>().read() }
    }

    /// Writes a number to such an element.
    pub fn put_element(&mut self, element: usize, offset: usize, number: u32) {
        assert!(offset + 4 <= ELEMENT);
        // SAFETY: within the array.
        unsafe { self.pointed(CONTROLS, ELEMENT * element + offset).cast::<u32>().write(number) }
    }

    /// The call fails.
    pub fn fail(&mut self, errno: Errno) {
        self.errno = Some(errno);
    }
}

/// # Safety
///
/// As for the C library's.
#[unsafe(no_mangle)]
unsafe extern "C" fn ioctl(descriptor: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    let mut argument = Argument { descriptor, request: request as u32, bytes: argument.cast(), errno: None };
    WORLD.with_borrow_mut(|world| {
        world.calls += 1;
        let Some(driver) = &mut world.driver else { return argument.fail(Errno::ENOTTY) };
        if let Err(complaint) = catch_unwind(AssertUnwindSafe(|| driver(&mut argument))) {
            world.complaint = Some(complaint);
            argument.fail(Errno::EIO);
        }
    });
    let Some(errno) = argument.errno else { return 0 };
    // SAFETY: this thread's errno.
    unsafe { *libc::__errno_location() = errno.raw() };
    -1
}
