//! A V4L2 device node for programs that open one: the simulator behind `open`, `ioctl`, `mmap`, `poll` and their like.
//!
//! Preload this library into a program, name a node in the environment, and what the program does with that node goes to
//! [`vidbuf_sim::kernel::Node`]. Every buffer call is made there; this library holds what a kernel has around it:
//! descriptors, memory, time, waiting, formats' names, controls and events. `README.md` shows how to use it.
//!
//! Symbols are replaced with plain functions where the C library has variadic ones (`open`, `ioctl`, `fcntl`): on the
//! 64-bit Linux targets this is built for, integer arguments of both go into the same registers.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

mod calls;
mod clock;
mod controls;
mod device;
mod errno;
mod events;
mod exports;
mod foreign;
mod ioctl;
mod lock;
mod memory;
mod next;
mod paths;
mod regions;
mod settings;
mod table;
mod user;
mod waiters;
mod world;
