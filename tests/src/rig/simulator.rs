//! The simulator as a device under test.

use std::sync::atomic::{AtomicBool, Ordering};

use vidbuf_sim::{Event, Profile, Sim, SimErrno};

use crate::contract::{Fault, Rig};

/// Bytes that a simulated device has for buffers.
pub const MEMORY: usize = 16 << 20;

/// A simulated device with room for 64 buffers.
pub type Device = Sim<'static, 64>;

/// A blocking and a non-blocking device of one profile.
pub struct Simulated {
    blocking: &'static Device,
    non_blocking: &'static Device,
    /// Which one was opened last: faults are for it.
    last_blocks: AtomicBool,
}

impl Simulated {
    /// Devices of this profile, small pages or large. They live as long as the test's process.
    pub fn new(profile: Profile, page: usize) -> Self {
        let device = || Sim::sized(profile, vec![0; MEMORY].leak()).page_size(page).strict();
        Self {
            blocking: Box::leak(Box::new(device())),
            non_blocking: Box::leak(Box::new(device().non_blocking())),
            last_blocks: AtomicBool::new(true),
        }
    }

    fn last(&self) -> &Device {
        if self.last_blocks.load(Ordering::Relaxed) { self.blocking } else { self.non_blocking }
    }

    /// Rules broken so far.
    pub fn violations(&self) -> u32 {
        self.blocking.violations() + self.non_blocking.violations()
    }
}

impl Rig for Simulated {
    type Backend = &'static Device;

    fn open(&self, blocking: bool) -> Self::Backend {
        self.last_blocks.store(blocking, Ordering::Relaxed);
        let sim = if blocking { self.blocking } else { self.non_blocking };
        sim.reopen();
        sim
    }

    fn inject(&self, fault: Fault) -> bool {
        let sim = self.last();
        let refusal = Some(SimErrno::EINVAL);
        match fault {
            Fault::RequestBuffers => sim.inject(|inject| inject.queue_setup = refusal),
            Fault::Enqueue => sim.inject(|inject| inject.buffer_prepare = refusal),
            Fault::StreamOn => sim.inject(|inject| inject.start = refusal),
            Fault::FlaggedFrame => return sim.script([Event::Error]),
            Fault::QueueError => return sim.script([Event::QueueError]),
            Fault::DropAll => return sim.script([Event::Drop(1_000_000)]),
            Fault::DropNone => sim.clear_script(),
            Fault::Unplug => sim.unplug(),
            Fault::Interrupt => return sim.fail_call(1, SimErrno::EINTR),
        }
        true
    }

    fn mappings(&self) -> usize {
        self.blocking.mappings() + self.non_blocking.mappings()
    }

    fn least_payload(&self) -> usize {
        1000
    }
}
