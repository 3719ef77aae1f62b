//! Guests: emulated machines with a real kernel and real V4L2 drivers, in which a command is run.

pub mod boot;
pub mod build;
pub mod driver;
pub mod image;
pub mod initramfs;
pub mod judge;
pub mod kind;
pub mod modules;
