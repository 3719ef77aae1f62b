//! What arrives at an input, and when that changes.

use core::time::Duration;

use vidbuf::node::Timings;

use crate::driver::script::nanos;
use crate::sim::Sim;

/// What arrives at an input with timings or standards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Cable {
    /// A signal with the timings, or of the standard, that are set.
    #[default]
    AsSet,
    /// A signal with these timings: one of [`timings`](crate::timings), or of your own.
    Sends(&'static Timings),
    /// A signal that the receiver cannot lock onto: ENOLCK.
    NoLock,
    /// A signal outside of what the receiver can take: ERANGE.
    OutOfRange,
    /// No cable, or nothing sent: ENOLINK.
    Out,
}

impl<const BUFFERS: usize, const QUEUES: usize> Sim<'_, BUFFERS, QUEUES> {
    /// Changes what arrives at the input in use, now. Programs that have subscribed to changes of the source get an event, unless it is
    /// so already. No effect on a camera's input.
    ///
    /// ```
    /// use vidbuf::node::{Events, Subscription};
    /// use vidbuf_sim::{Cable, Errno, Profile, Sim, timings};
    ///
    /// let mut memory = vec![0; 8 << 20];
    /// let sim = Sim::new(Profile::HDMI_BRIDGE, &mut memory);
    /// let mut bridge = sim.open()?;
    /// // Until it has an EDID, no source sends anything.
    /// bridge.set_edid(0, &mut [[0; 128]])?;
    /// bridge.subscribe(Subscription::SOURCE_CHANGE)?;
    /// sim.cable(Cable::Out);
    /// assert_eq!(bridge.query_dv_timings(), Err(Errno::ENOLINK));
    /// sim.cable(Cable::Sends(&timings::P1280X720));
    /// assert!(bridge.event()?.is_some_and(|event| event.is_source_change()));
    /// let seen = bridge.query_dv_timings()?;
    /// let set = bridge.set_dv_timings(&seen)?;
    /// assert_eq!((set.width, set.height, set.refresh_millihertz()), (1280, 720, Some(60_000)));
    /// # Ok::<(), Errno>(())
    /// ```
    pub fn cable(&self, cable: Cable) {
        self.state.with(|state| {
            let input = state.node.input();
            state.node.set_cable(input, cable);
        });
    }

    /// The same after this much time, whether the device streams or not. False if eight changes are planned already.
    pub fn cable_after(&self, after: Duration, cable: Cable) -> bool {
        self.state.with(|state| {
            let at = state.node.now_ns().saturating_add(nanos(after));
            state.engine.plan_cable(at, cable)
        })
    }
}
