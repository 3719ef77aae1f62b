//! Opening a device that may be unplugged, and planning when it is back.

use core::time::Duration;

use vidbuf::node::Open;
use vidbuf::{Clock, Errno};

use crate::driver::script::nanos;
use crate::file::SimFile;
use crate::kernel::Rooms;
use crate::sim::Sim;
use crate::state::State;

/// What a program that opens the device knows of its being there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Presence {
    /// It was unplugged when it was looked for last.
    seen_gone: bool,
    /// When it is plugged in again.
    back_ns: Option<u64>,
}

impl<R: Rooms> State<'_, R> {
    /// Plugs the device in if it is time to.
    fn come_back(&mut self) {
        if self.presence.back_ns.is_some_and(|back| back <= self.node.now_ns()) {
            self.presence.back_ns = None;
            if self.node.is_unplugged() {
                self.node.replug();
                self.follow_driver();
            }
        }
    }

    /// Whether it was unplugged or plugged in since this was asked last.
    fn has_changed(&mut self) -> bool {
        let gone = self.node.is_unplugged();
        core::mem::replace(&mut self.presence.seen_gone, gone) != gone
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Sim<'_, BUFFERS, QUEUES> {
    /// Plugs the device in again when this much time has passed, as [`replug`](Self::replug) does, if it is unplugged then. A program that
    /// [waits for it](Open::open_until) finds it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use vidbuf::node::Open as _;
    /// use vidbuf_sim::{Profile, Sim};
    ///
    /// let mut memory = vec![0; 1 << 20];
    /// let sim = &Sim::new(Profile::WEBCAM, &mut memory);
    /// sim.unplug();
    /// sim.replug_in(Duration::from_secs(3));
    /// let now = sim.now();
    /// assert!(sim.open_until(now + Duration::from_secs(1))?.is_none());
    /// assert!(sim.open_until(now + Duration::from_secs(10))?.is_some());
    /// assert_eq!(sim.now(), now + Duration::from_secs(3));
    /// # Ok::<(), vidbuf_sim::Errno>(())
    /// ```
    pub fn replug_in(&self, after: Duration) {
        self.state.with(|state| {
            state.presence.back_ns = Some(state.node.now_ns().saturating_add(nanos(after)));
        });
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Clock for &Sim<'_, BUFFERS, QUEUES> {
    /// The device's virtual time.
    fn now(&self) -> Duration {
        Sim::now(self)
    }
}

impl<'s, 'm, const BUFFERS: usize, const QUEUES: usize> Open for &'s Sim<'m, BUFFERS, QUEUES> {
    type Camera = SimFile<'s, 'm, BUFFERS, QUEUES>;

    /// Blocking, as [`Sim::open`].
    fn open(&self) -> Result<Self::Camera, Errno> {
        self.state.with(|state| {
            state.come_back();
            state.has_changed();
        });
        Sim::open(self)
    }

    /// Lets time pass: until the device comes back as [`Sim::replug_in`] has planned, or until the deadline.
    fn wait_for_change(&self, deadline: Duration) -> Result<bool, Errno> {
        self.state.with(|state| {
            state.come_back();
            if state.has_changed() {
                return Ok(true);
            }
            let deadline = nanos(deadline);
            let until = state.presence.back_ns.map_or(deadline, |back| back.min(deadline));
            if until > state.node.now_ns() {
                state.run_until(until);
            }
            state.come_back();
            Ok(state.has_changed())
        })
    }
}
