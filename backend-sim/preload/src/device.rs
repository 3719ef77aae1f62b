//! One node: the model, and what the model leaves to its surroundings.

use core::time::Duration;

use vidbuf_sim::driver::Engine;
use vidbuf_sim::kernel::{Node, PlaneMemory, QueueId};
use vidbuf_sim::{Errno, Flow, Profile};

use crate::controls::Controls;
use crate::events::Events;
use crate::memory::Memory;
use crate::settings::{Setting, settings};

/// A node with room for the buffers of the largest queue that a profile has, and for as many open files as the model can
/// distinguish.
pub type Model = Node<64, 1, 256>;

/// A node.
pub struct Device {
    /// The model.
    pub node: Box<Model>,
    /// What it is called.
    pub setting: &'static Setting,
    /// Ends frames.
    pub engine: Engine<'static>,
    /// Buffer memory.
    pub memory: Memory,
    /// Controls.
    pub controls: Controls,
    /// Subscriptions and events.
    pub events: Events,
    /// Where pictures are drawn first.
    pub scratch: Vec<u8>,
}

impl Device {
    /// A node as the environment describes it.
    pub fn new(setting: &'static Setting) -> Self {
        let settings = settings();
        // SAFETY: asks for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) }.max(4096) as usize;
        let mut engine = Engine::new(Duration::from_nanos(settings.interval_ns));
        // What a program sends is not looked at.
        engine.set_pictures(setting.profile.flow != Flow::Output);
        Self {
            node: Box::new(Model::new(setting.profile, settings.kernel, page, settings.memory)),
            setting,
            engine,
            memory: Memory::new(),
            controls: Controls::new(),
            events: Events::new(),
            scratch: Vec::new(),
        }
    }

    /// The driver.
    pub fn profile(&self) -> &Profile {
        self.node.profile()
    }

    /// Whether what arrives at its inputs may change, which the model has; what others do with their one camera is this library's.
    pub fn has_signals(&self) -> bool {
        self.profile().timings.follows_source
    }

    /// Gives memory to the buffers from `first` on: `fresh` ones are new, others may have some.
    pub fn furnish(&mut self, first: u32, count: u32, fresh: bool) -> Result<(), Errno> {
        for index in first..first + count {
            for plane in 0..8 {
                let Some((PlaneMemory::Own(start), _)) = self.node.plane_bytes(QueueId::FIRST, index, plane) else {
                    break;
                };
                let Some((_, length)) = self.node.plane_memory(QueueId::FIRST, index, plane) else { break };
                if fresh || self.memory.get(start).is_none() {
                    self.memory.make(start, length)?;
                }
            }
        }
        Ok(())
    }

    /// Gives memory back that no buffer, mapping or export uses any more.
    pub fn sweep(&mut self) {
        let node = &self.node;
        self.memory.sweep(|start| node.is_allocated(start));
    }
}
