//! Any answers of a kernel: `vidbuf-linux` as it is, in front of a kernel that is made of bytes.
//!
//! The crate's own calls go through the C library here (feature `use-libc`), and this program brings the C library's `ioctl`
//! and `ppoll` itself ([`kernel`]): every call of the crate is answered by an error number, or by a structure full of whatever
//! comes. `mmap` is the real one, on a file that is large enough for every offset and length that fits the structures. So
//! what is tried is the code that runs on a kernel, parsing and all, without a door of its own.
//!
//! Nothing panics, nothing is read outside of what was mapped (AddressSanitizer watches), no buffer has two owners, and
//! every answer can be told in words.
#![no_main]

#[path = "../choices.rs"]
mod choices;
mod kernel;
mod lifecycle;
mod queries;

use libfuzzer_sys::fuzz_target;
use vidbuf::{MultiPlanar, SinglePlanar};
use vidbuf_linux::Device;

use choices::Choices;

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::new(bytes);
    let what = choices.up_to(5);
    let Some(file) = kernel::file() else { return };
    // SAFETY: the file was made just now, nobody else has it.
    let device = unsafe { Device::from_fd(file) };
    kernel::answers_with(choices, || match what {
        0 | 1 => queries::ask(device),
        2 => lifecycle::capture::<SinglePlanar>(device),
        3 => lifecycle::capture::<MultiPlanar>(device),
        4 => lifecycle::output::<SinglePlanar>(device),
        _ => lifecycle::output::<MultiPlanar>(device),
    });
});
