//! RISC-V: the machine timer of QEMU's `virt` board.
#![allow(unsafe_code)]

use riscv::interrupt::Interrupt;
use riscv_rt::{core_interrupt, entry};

/// 64 bits each: the time, in tenths of a microsecond, and when the interrupt comes next.
const MTIME: *const u32 = 0x0200_bff8 as *const u32;
const MTIMECMP: *mut u32 = 0x0200_4000 as *mut u32;

#[entry]
fn main() -> ! {
    crate::run()
}

/// Has an interrupt come many times a frame, from now on.
pub fn start_timer() {
    next_tick();
    // SAFETY: the handler below is there, and shares nothing with the program but what a critical section guards.
    unsafe {
        riscv::interrupt::enable_interrupt(Interrupt::MachineTimer);
        riscv::interrupt::enable();
    }
}

/// Until the next interrupt.
pub fn sleep() {
    riscv::asm::wfi();
}

fn next_tick() {
    // SAFETY: the board has these registers at these addresses. The upper halves stay 0 in the first seven minutes.
    unsafe {
        MTIMECMP.add(1).write_volatile(0);
        MTIMECMP.write_volatile(MTIME.read_volatile() + 5_000);
    }
}

#[core_interrupt(Interrupt::MachineTimer)]
fn tick() {
    next_tick();
    crate::tick();
}
