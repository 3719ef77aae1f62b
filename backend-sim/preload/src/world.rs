//! Everything, under one lock.

use std::sync::Once;

use crate::calls::epoll::Epolls;
use crate::device::Device;
use crate::errno::last;
use crate::exports::Exports;
use crate::lock::{Guard, Lock};
use crate::next;
use crate::regions::{Mapped, Regions};
use crate::settings::settings;
use crate::table::Table;
use crate::waiters::Waiters;
use vidbuf_sim::Errno;

/// Everything.
pub struct World {
    /// The nodes, in the order of the settings.
    pub devices: Vec<Device>,
    /// Descriptors.
    pub table: Table,
    /// Exported buffers.
    pub exports: Exports,
    /// Mappings.
    pub regions: Regions,
    /// Sleeping threads.
    pub waiters: Waiters,
    /// Who watches nodes with epoll.
    pub epolls: Epolls,
}

static WORLD: Lock<World> = Lock::new(World {
    devices: Vec::new(),
    table: Table::new(),
    exports: Exports::new(),
    regions: Regions::new(),
    waiters: Waiters::new(),
    epolls: Epolls::new(),
});

/// Takes the lock.
pub fn world() -> Guard<World> {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        let nodes = &settings().nodes;
        crate::table::belongs_here();
        WORLD.lock().devices.extend(nodes.iter().map(Device::new));
        // SAFETY: functions that may be called at any time. A child process has the world as it was, and the lock open.
        unsafe { libc::pthread_atfork(Some(before_fork), Some(after_fork), Some(in_child)) };
    });
    WORLD.lock()
}

extern "C" fn before_fork() {
    WORLD.acquire();
}

extern "C" fn after_fork() {
    WORLD.release();
}

extern "C" fn in_child() {
    crate::table::belongs_here();
    WORLD.release();
}

impl World {
    /// A node that all due frames have happened on.
    pub fn device(&mut self, device: usize) -> &mut Device {
        let device = &mut self.devices[device];
        device.catch_up(&self.exports);
        device
    }

    /// Something about a node changed: the driver may have been started, and sleepers look again.
    pub fn changed(&mut self, device: usize) {
        self.devices[device].follow(crate::clock::now_ns());
        self.waiters.ring();
    }

    /// Mappings are gone.
    pub fn unmapped(&mut self, gone: Vec<Mapped>) {
        for mapped in gone {
            match mapped {
                Mapped::Plane(device, mapping) => {
                    // It was alive: this table has each mapping once.
                    let _ = self.devices[device].node.unmap(mapping);
                    self.devices[device].sweep();
                    self.changed(device);
                }
                Mapped::Export(id) => self.exports.drop_user(id),
            }
        }
        self.settle_exports();
    }

    /// Ends exports that are not used.
    pub fn settle_exports(&mut self) {
        let devices = &mut self.devices;
        while let Some(unused) = self.exports.take_unused(|id| devices.iter().any(|device| device.node.is_attached(id)))
        {
            devices[unused.device].node.release_export(unused.export);
            devices[unused.device].sweep();
        }
    }
}

/// Sleeps until `due`, or until another thread does something. A signal whose handler does not restart calls ends it with EINTR.
pub fn sleep(world: &mut Guard<World>, due: Option<u64>) -> Result<(), Errno> {
    let timer = world.waiters.take(due)?;
    let outcome = world.interruptible(|| {
        let mut times = 0u64;
        // A signal that comes just before this call has run its handler already and does not end it.
        // SAFETY: our own timer, and room for its result.
        match unsafe { next::read(timer, (&raw mut times).cast(), 8) } {
            -1 => Err(last()),
            _ => Ok(()),
        }
    });
    world.waiters.give_back(timer);
    outcome
}
