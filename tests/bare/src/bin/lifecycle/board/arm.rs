//! Cortex-M: the system timer.

use cortex_m::peripheral::{Peripherals, syst::SystClkSource};
use cortex_m_rt::{entry, exception};

#[entry]
fn main() -> ! {
    crate::run()
}

/// Has an interrupt come many times a frame, from now on.
pub fn start_timer() {
    if let Some(mut peripherals) = Peripherals::take() {
        peripherals.SYST.set_clock_source(SystClkSource::Core);
        peripherals.SYST.set_reload(9_999);
        peripherals.SYST.clear_current();
        peripherals.SYST.enable_counter();
        peripherals.SYST.enable_interrupt();
    }
}

/// Until the next interrupt.
pub fn sleep() {
    cortex_m::asm::wfi();
}

#[exception]
fn SysTick() {
    crate::tick();
}
