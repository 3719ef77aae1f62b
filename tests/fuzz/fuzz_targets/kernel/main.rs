//! Any answers of a kernel: `vidbuf-linux` as it is, in front of a kernel that is made of bytes.
//!
//! The crate's own calls go through the C library here (feature `use-libc`), and this program brings the C library's `ioctl`
//! and `ppoll` itself ([`kernel`]): every call of the crate is answered by an error number, or by a structure full of whatever
//! comes. `mmap` is the real one, on a file that is large enough for every offset and length that fits the structures. So
//! what is tried is the code that runs on a kernel, parsing and all, without a door of its own.
//!
//! What no program can check, the kernel keeps when it says so ([`book`]): it writes a buffer only while it has it. When it
//! does not say so it writes anywhere. Inside of a QBUF other threads may dequeue.
//!
//! Nothing panics, nothing is read outside of what was mapped (AddressSanitizer watches), no buffer has two owners, and
//! every answer can be told in words.
#![no_main]

mod book;
#[path = "../choices.rs"]
mod choices;
mod kernel;
mod lifecycle;
mod queries;

use std::os::fd::AsRawFd as _;

use libfuzzer_sys::fuzz_target;
use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf_linux::Device;

use choices::Choices;

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::new(bytes);
    let what = choices.up_to(5);
    let Some(file) = kernel::file() else { return };
    let (number, consent) = (file.as_raw_fd(), choices.flag());
    // SAFETY: the file was made just now, nobody else has it.
    let mut device = unsafe { Device::from_fd(file) };
    if consent {
        // SAFETY: the kernel here keeps the promises that it is said to keep (`book`).
        device = unsafe { device.assume_exclusive_buffers() };
    }
    kernel::answers_with(choices, number, consent, || match what {
        0 | 1 => queries::ask(device),
        2 => lifecycle::capture::<SinglePlanar>(device),
        3 => lifecycle::capture::<MultiPlanar>(device),
        4 => lifecycle::output::<SinglePlanar>(device),
        _ => lifecycle::output::<MultiPlanar>(device),
    });
});
