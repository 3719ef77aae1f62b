//! Any program against any driver: bytes become calls of the public API, and what the simulated driver does meanwhile: lies,
//! frames of every kind, failing calls, unplug. Whatever happens:
//!
//! - nothing panics, and nothing sleeps for ever;
//! - no buffer has two owners, and the queue's count of who holds what is right;
//! - a frame's bytes stay as they were for as long as the program has it, and lie inside their plane;
//! - when all is let go, nothing is mapped or allocated, and the program never did what a program must not do.
//!
//! With `TRACE=1` in the environment the latest calls of a run are told before it is judged.
#![no_main]

mod capture;
#[path = "../choices.rs"]
mod choices;
mod ledger;
mod mischief;
mod output;

use libfuzzer_sys::fuzz_target;
use vidbuf::FourCc;
use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf_sim::{Kernel, Profile, Sim, SimFile, Violation};

use choices::Choices;
use mischief::Driver;

/// A device with room for so many buffers; queues have room for fewer.
pub type Device<'m> = Sim<'m, 8>;
/// The device as a program opens it.
pub type Open<'s, 'm> = SimFile<'s, 'm, 8>;

fuzz_target!(|bytes: &[u8]| {
    let mut memory = vec![0; 1 << 15];
    let mut choices = Choices::new(bytes);
    let (output, multiplanar) = (choices.flag(), choices.flag());
    let profile = match multiplanar {
        true => Profile::VIVID_MULTIPLANAR,
        false => choices.of(&[Profile::VIVID, Profile::UNICAM, Profile::RP1_CFE, Profile::UVC, Profile::LOOPBACK]),
    };
    let sim = Device::sized(if output { profile.output() } else { profile }, &mut memory)
        .kernel(choices.of(&[Kernel::V6_1, Kernel::V6_12]))
        .page_size(64)
        .format(choices.of(&[FourCc::YUYV, FourCc::GREY, FourCc::NV12M, FourCc::MJPEG]), 16, 8);
    let nonblocking = choices.flag();
    let mut driver = Driver::new(&sim, nonblocking, choices);
    match (output, multiplanar) {
        (false, false) => capture::play::<SinglePlanar>(&mut driver),
        (false, true) => capture::play::<MultiPlanar>(&mut driver),
        (true, false) => output::play::<SinglePlanar>(&mut driver),
        (true, true) => output::play::<MultiPlanar>(&mut driver),
    }
    if std::env::var_os("TRACE").is_some() {
        (0..32).rev().filter_map(|back| sim.traced(back)).for_each(|call| eprintln!("{call}"));
    }
    // The queue is gone, dropped without a fault pending. A refused munmap excuses what comes after: a mapping keeps its
    // buffer, and the file open. Nobody maps a plane that was never told of.
    if !driver.unmapping_failed {
        assert_eq!(sim.mappings(), 0, "still mapped");
        let excused = |violation| driver.hid_planes && matches!(violation, Violation::EnqueueUnmapped { .. });
        let violation = (0..).map_while(|number| sim.violation(number)).find(|violation| !excused(*violation));
        assert_eq!(violation, None);
        assert_eq!(sim.buffers(), 0, "still allocated");
    }
});
