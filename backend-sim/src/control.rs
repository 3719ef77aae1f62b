//! What a test does with a [`Sim`] while a program has it open: makes it misbehave, and looks at it.

use core::time::Duration;

use vidbuf::node::ControlId;
use vidbuf::{Errno, FourCc};

use crate::driver::picture::Picture;
use crate::driver::script::{Event, Lie, SCRIPT, nanos};
use crate::format::Format;
use crate::kernel::{self, Inject};
use crate::report::{Sent, Violation};
use crate::sim::Sim;
use crate::trace::{Call, Record};

impl<const BUFFERS: usize, const QUEUES: usize> Sim<'_, BUFFERS, QUEUES> {
    /// What the driver does with its next frames, after what is already planned. False if the script is full
    /// ([`SCRIPT`](crate::SCRIPT) events); the rest is not planned then.
    pub fn script(&self, events: impl IntoIterator<Item = Event>) -> bool {
        // Taken out of the caller's iterator before the lock: what that does may be a call of this simulator. One more than
        // there is room for shows that there are too many.
        let events: heapless::Vec<Event, { SCRIPT + 1 }> = events.into_iter().take(SCRIPT + 1).collect();
        self.state.with(|state| events.iter().all(|event| state.engine.script([*event])))
    }

    /// Forgets all planned events, lies, faults and signals.
    pub fn clear_script(&self) {
        self.state.with(|state| {
            state.engine.clear_script();
            state.refusals.clear();
            state.signals.plan(None, 0);
        });
    }

    /// Makes the driver report this, once, in place of what is so. False if there are too many already.
    pub fn lie(&self, lie: Lie) -> bool {
        self.state.with(|state| state.engine.lie(lie))
    }

    /// Fails the `nth` call of this kind from now on (1 is the next) before it does anything. `ENODEV` unplugs the device, and
    /// `EIO` of VIDIOC_DQBUF stays until the stream is stopped, as [`Event::QueueError`] does.
    pub fn fail(&self, call: Call, nth: u32, errno: Errno) -> bool {
        self.state.with(|state| state.engine.fail(Some(call), nth, 1, errno))
    }

    /// Fails this many calls of this kind in a row, beginning with the next.
    pub fn fail_next(&self, call: Call, times: u32, errno: Errno) -> bool {
        self.state.with(|state| state.engine.fail(Some(call), 1, times, errno))
    }

    /// Fails the `nth` call from now on, of whatever kind (1 is the next) before it does anything.
    pub fn fail_call(&self, nth: u32, errno: Errno) -> bool {
        self.state.with(|state| state.engine.fail(None, nth, 1, errno))
    }

    /// How many faults have struck.
    pub fn faults_struck(&self) -> u32 {
        self.state.with(|state| state.engine.faults_struck())
    }

    /// Failures inside the driver, and how much it allocates: see [`Inject`].
    pub fn inject(&self, change: impl FnOnce(&mut Inject)) {
        let before = self.state.with(|state| *state.node.inject());
        let mut after = before;
        change(&mut after);
        self.state.with(|state| state.node.inject().adopt(&before, &after));
    }

    /// The device changes a control by itself, as automatic exposure and buttons on a camera do. False if it has no such control, or its
    /// value is not one that the control can have. Files that subscribed to it have an event. For a control that fails, see [`Inject::control`].
    pub fn change_control(&self, id: ControlId, value: i64) -> bool {
        self.state.with(|state| state.node.change_control(id, value))
    }

    /// A signal arrives when this much time has passed; it takes the place of one that was planned before.
    ///
    /// As the kernel's signals do, it ends what sleeps at that moment: VIDIOC_DQBUF, and a poll without a time-out, fail with EINTR.
    /// A poll with a time-out goes on and ends when it would have. If nothing sleeps, the signal has no effect.
    ///
    /// ```
    /// use std::time::Duration;
    /// use vidbuf::{Queue, Request};
    /// use vidbuf_sim::{Event, Profile, Sim};
    ///
    /// let mut memory = vec![0; 1 << 20];
    /// let sim = Sim::new(Profile::VIVID, &mut memory);
    /// sim.script([Event::StallForever]);
    /// let queue = Queue::capture(sim.open()?).start(Request::exactly(4)).unwrap();
    /// sim.signal_in(Duration::from_millis(250));
    /// let began = sim.now();
    /// assert!(queue.dequeue_timeout(Duration::from_millis(500)).unwrap().is_none());
    /// assert_eq!((sim.now() - began, sim.signals()), (Duration::from_millis(500), 1));
    /// # Ok::<(), vidbuf_sim::Errno>(())
    /// ```
    pub fn signal_in(&self, after: Duration) {
        self.state.with(|state| {
            let next = state.node.now_ns().saturating_add(nanos(after));
            state.signals.plan(Some(next), 0);
        });
    }

    /// Signals arrive at this distance, as a timer sends them; with [`Duration::ZERO`] none any more. See
    /// [`signal_in`](Self::signal_in).
    pub fn signal_every(&self, interval: Duration) {
        self.state.with(|state| {
            let interval = nanos(interval);
            let next = (interval > 0).then(|| state.node.now_ns().saturating_add(interval));
            state.signals.plan(next, interval);
        });
    }

    /// How many of these signals have arrived.
    pub fn signals(&self) -> u32 {
        self.state.with(|state| state.signals.arrived)
    }

    /// Unplugs the device.
    pub fn unplug(&self) {
        self.state.with(|state| {
            state.node.unplug();
            state.follow_driver();
        });
    }

    /// Plugs the device in again, after unplugging it if it is there: it can be opened. For files that were open before, it
    /// stays gone, and their buffers are freed; mapped memory lives on until it is unmapped. (A device that is as vivid, which a
    /// close brings back, needs this only while a file is open.)
    pub fn replug(&self) {
        self.state.with(|state| {
            state.node.replug();
            state.follow_driver();
        });
    }

    /// Lets time pass.
    pub fn advance(&self, duration: Duration) {
        self.state.with(|state| {
            let until = state.node.now_ns().saturating_add(nanos(duration));
            state.run_until(until);
        });
    }

    /// The device's clock, which timestamps are read from.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.state.with(|state| state.node.now_ns()))
    }

    /// How often a call was made.
    pub fn calls(&self, call: Call) -> u32 {
        self.state.with(|state| state.trace.counted(call))
    }

    /// How many calls were made.
    pub fn total_calls(&self) -> u32 {
        self.state.with(|state| state.trace.total)
    }

    /// The `back`-th last call, 0 is the last; `None` if there was none or it is forgotten.
    pub fn traced(&self, back: u32) -> Option<Record> {
        self.state.with(|state| state.trace.latest(back))
    }

    /// Live mappings.
    pub fn mappings(&self) -> usize {
        self.state.with(|state| state.node.mappings())
    }

    /// Buffers allocated.
    pub fn buffers(&self) -> u32 {
        self.state.with(|state| state.node.queue_ids().map(|queue| state.node.count(queue)).sum())
    }

    /// How many things the program did that it should not have.
    pub fn violations(&self) -> u32 {
        self.state.with(|state| state.violations.total)
    }

    /// The `number`-th of them, from 0; the first 16 are kept.
    pub fn violation(&self, number: usize) -> Option<Violation> {
        self.state.with(|state| state.violations.get(number))
    }

    /// How many output buffers the device has taken.
    pub fn sent(&self) -> u32 {
        self.state.with(|state| state.engine.sent())
    }

    /// The `back`-th last of them, 0 is the last; 32 are kept.
    pub fn latest_sent(&self, back: usize) -> Option<Sent> {
        self.state.with(|state| state.engine.latest_sent(back))
    }

    /// The format of the queue; of a memory-to-memory device, that of its pictures.
    pub fn current_format(&self) -> Format {
        self.state.with(|state| *state.node.format(state.node.main_queue()).unwrap_or(&Format::NONE))
    }

    /// `VIDIOC_S_FMT` by another program, which opens the device for it: another format and size, adjusted to what the driver
    /// has. [`Formats::set_format`](vidbuf::node::Formats::set_format) of the open file is the program's own.
    ///
    /// # Errors
    ///
    /// As opening the device; `EBUSY` while buffers are allocated.
    pub fn set_format(&self, pixelformat: FourCc, width: u32, height: u32) -> Result<Format, Errno> {
        let other = self.open()?;
        self.state.with(|state| {
            let queue = state.node.main_queue();
            let format = state.set_format(other.file, queue, pixelformat, (width, height), [0; 3])?;
            state.follow_interval();
            Ok(format)
        })
    }

    /// Width and height of what the source sends, as a driver reports them by `VIDIOC_QUERY_DV_TIMINGS`: the format's, unless
    /// there was an [`Event::SourceChange`].
    pub fn source_size(&self) -> (u32, u32) {
        self.state.with(|state| {
            let format = state.node.format(state.node.main_queue()).unwrap_or(&Format::NONE);
            state.node.source_size().unwrap_or((format.width, format.height))
        })
    }

    /// What the frame with this sequence number looks like.
    pub fn picture(&self, sequence: u32) -> Picture {
        Picture::new(&self.current_format(), sequence)
    }

    /// Where a buffer of the queue is, as the driver has it; of a memory-to-memory device, of its capture queue.
    pub fn buffer_state(&self, index: u32) -> kernel::State {
        self.state.with(|state| state.node.state(state.node.main_queue(), index))
    }

    /// Whether the queue streams; of a memory-to-memory device, its capture queue.
    pub fn is_streaming(&self) -> bool {
        self.state.with(|state| state.node.is_streaming(state.node.main_queue()))
    }

    /// Whether the device is unplugged.
    pub fn is_unplugged(&self) -> bool {
        self.state.with(|state| state.node.is_unplugged())
    }
}
