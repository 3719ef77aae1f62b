//! The simulator as a device under test.

use std::sync::Arc;
use std::time::Duration;

use vidbuf::FourCc;
use vidbuf::v4l2::BufferType;
use vidbuf_sim::{Cable, Errno, Event, Profile, Sim, SimFile};

use crate::contract::connectors::{Connected, Signal};
use crate::contract::{Fault, Rig};
use crate::watched::{Ledger, Watched};

/// Bytes that a simulated device has for buffers.
pub const MEMORY: usize = 16 << 20;

/// A simulated device with room for 64 buffers.
pub type Device = Sim<'static, 64>;

/// A simulated device.
pub struct Simulated {
    device: &'static Device,
    buffer_type: BufferType,
    ledger: Arc<Ledger>,
}

impl Simulated {
    /// A device of this profile, with small pages or large. It lives as long as the test's process.
    pub fn new(profile: Profile, page: usize) -> Self {
        let device = Sim::sized(profile, vec![0; MEMORY].leak()).page_size(page).strict();
        let device = device.yield_with(std::thread::yield_now);
        let buffer_type = if profile.multiplanar { BufferType::VideoCaptureMplane } else { BufferType::VideoCapture };
        Self { device: Box::leak(Box::new(device)), buffer_type, ledger: Arc::default() }
    }

    /// Rules broken so far.
    pub fn violations(&self) -> u32 {
        self.device.violations()
    }
}

impl Rig for Simulated {
    type Backend = Watched<SimFile<'static, 'static, 64>>;
    type Node = SimFile<'static, 'static, 64>;

    fn open(&self, blocking: bool) -> Self::Backend {
        let open = || if blocking { self.device.open() } else { self.device.open_nonblocking() };
        let file = open().unwrap_or_else(|_| {
            // Unplugged by the case before.
            self.device.replug();
            open().expect("the device is back")
        });
        Watched::new(file, self.ledger.clone())
    }

    fn node(&self) -> Self::Node {
        self.device.open().unwrap_or_else(|_| {
            self.device.replug();
            self.device.open().expect("the device is back")
        })
    }

    fn picture(&self) -> (FourCc, u32, u32) {
        let format = self.device.current_format();
        (format.pixelformat, format.width, format.height)
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn inject(&self, fault: Fault) -> bool {
        let sim = self.device;
        let refusal = Some(Errno::EINVAL);
        match fault {
            Fault::RequestBuffers => sim.inject(|inject| inject.queue_setup = refusal),
            Fault::Enqueue => sim.inject(|inject| inject.buffer_prepare = refusal),
            Fault::StreamOn => sim.inject(|inject| inject.start = refusal),
            Fault::FlaggedFrame => return sim.script([Event::Error]),
            Fault::QueueError => return sim.script([Event::QueueError]),
            Fault::DropAll => return sim.script([Event::Drop(1_000_000)]),
            Fault::DropNone => sim.clear_script(),
            Fault::Unplug => sim.unplug(),
            Fault::Interrupt => sim.signal_in(Duration::from_millis(100)),
        }
        true
    }

    fn mappings(&self) -> usize {
        self.device.mappings()
    }

    fn frame_time(&self) -> Duration {
        // Its time is virtual: nobody has to wait for a frame.
        Duration::ZERO
    }

    fn least_payload(&self) -> usize {
        1000
    }
}

impl Connected for Simulated {
    fn buffer_type(&self) -> BufferType {
        self.buffer_type
    }

    fn signal(&self, _hdmi: bool, signal: Signal) {
        self.device.cable(match signal {
            Signal::AsSet => Cable::AsSet,
            Signal::None => Cable::Out,
            Signal::NoLock => Cable::NoLock,
            Signal::OutOfRange => Cable::OutOfRange,
        });
    }
}
