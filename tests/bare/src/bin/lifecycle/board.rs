//! What the emulated boards differ in: where the program begins, and the timer.

#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "arm")]
pub use arm::{sleep, start_timer};
#[cfg(target_arch = "riscv32")]
mod riscv;
#[cfg(target_arch = "riscv32")]
pub use riscv::{sleep, start_timer};
