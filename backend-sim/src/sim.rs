//! [`Sim`]: the device that a test holds in its hand.

use core::time::Duration;

use vidbuf::FourCc;

use crate::errno::SimErrno;
use crate::format::Format;
use crate::kernel::{Inject, Node};
use crate::lock::Lock;
use crate::memory::Memory;
use crate::picture::Picture;
use crate::plan::{Odds, Plan};
use crate::profile::{Flow, Kernel, Profile};
use crate::recording::Recording;
use crate::report::{Sent, Violation};
use crate::script::{Event, Lie, nanos};
use crate::source::{Player, Source};
use crate::state::{Settings, State};
use crate::trace::{Call, Record};

/// A simulated V4L2 device in borrowed memory, with a clock of its own and a script.
///
/// The test keeps it, to look at it and to make it misbehave. A program [opens](Self::open) it: the open file, a
/// [`SimFile`](crate::SimFile), is the [`Backend`](vidbuf::Backend) of a queue.
///
/// ```
/// use vidbuf::{CaptureQueue, Request};
/// use vidbuf_sim::{Event, Profile, Sim};
///
/// let mut memory = vec![0; 4 << 20];
/// let sim = Sim::new(Profile::VIVID, &mut memory);
/// let queue = CaptureQueue::<_>::new(sim.open()?).start(Request::up_to(4)).unwrap();
/// sim.script([Event::Frame, Event::Drop(2), Event::Error]);
///
/// let first = queue.dequeue().unwrap().unwrap();
/// assert!(sim.picture(first.sequence()).is_in(0, first.bytes().unwrap()));
/// drop(first);
/// let second = queue.dequeue().unwrap();
/// # let _ = second;
/// # Ok::<(), vidbuf_sim::SimErrno>(())
/// ```
///
/// Nothing ever sleeps: a blocking call moves the clock to the moment when it can return. One that would wait for
/// ever fails with [`SimErrno::WOULD_SLEEP_FOREVER`]. On a non-blocking file a dequeue that fails because no frame is there (and
/// a poll that times out at once) lets a sixteenth of a frame time pass, so that a loop that only polls comes to an end.
pub struct Sim<'m, const BUFFERS: usize = 32, const QUEUES: usize = 1> {
    pub(crate) state: Lock<State<'m, BUFFERS, QUEUES>>,
}

impl<'m> Sim<'m> {
    /// A device of this profile with room for 32 buffers, made of as many bytes as `memory` has.
    pub fn new(profile: Profile, memory: &'m mut [u8]) -> Self {
        Self::sized(profile, memory)
    }
}

impl<'m, const BUFFERS: usize, const QUEUES: usize> Sim<'m, BUFFERS, QUEUES> {
    const FITS: () = assert!(QUEUES == 1 || QUEUES == 2, "QUEUES is 1, or 2 for a memory-to-memory device");

    /// As [`Sim::new`], with room for `BUFFERS` buffers: `Sim::<4>::sized(...)` where memory is scarce. A memory-to-memory
    /// device ([`Profile::CODEC`]) needs two queues: `Sim::<32, 2>::sized(...)`.
    pub fn sized(profile: Profile, memory: &'m mut [u8]) -> Self {
        let () = Self::FITS;
        let settings = Settings {
            profile,
            kernel: Kernel::V6_12,
            page: 4096,
            pixelformat: None,
            bytesperline: [0; 3],
            recorded: None,
            interval_ns: 33_333_333,
            pictures: true,
            poison: true,
            strict: false,
        };
        Self { state: Lock::new(State::new(settings, Memory::new(memory))) }
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        let state = self.state.get_mut();
        change(&mut state.settings);
        state.rebuild();
        self
    }

    /// Another kernel; Linux 6.12 if not called.
    #[must_use]
    pub fn kernel(self, kernel: Kernel) -> Self {
        self.set(|settings| settings.kernel = kernel)
    }

    /// Another format and size; adjusted to what the driver has, as VIDIOC_S_FMT does.
    #[must_use]
    pub fn format(self, pixelformat: FourCc, width: u32, height: u32) -> Self {
        self.set(|settings| {
            settings.pixelformat = Some(pixelformat);
            settings.profile.size = (width, height);
        })
    }

    /// Bytes from one line to the next in each memory plane; the least there can be if not called.
    #[must_use]
    pub fn bytesperline(self, bytes: [u32; 3]) -> Self {
        self.set(|settings| settings.bytesperline = bytes)
    }

    /// Page size; 4096 if not called, 16384 on a Raspberry Pi 5. Buffers begin on a page, so small memory wants small pages
    /// (down to 16 bytes).
    #[must_use]
    pub fn page_size(self, bytes: usize) -> Self {
        self.set(|settings| settings.page = bytes.clamp(16, 1 << 16).next_power_of_two())
    }

    /// Time between frames; a thirtieth of a second if not called.
    #[must_use]
    pub fn frame_interval(self, interval: Duration) -> Self {
        self.set(|settings| settings.interval_ns = nanos(interval).max(1))
    }

    /// Draws no pictures and takes no checksums, for tests that only care for the order of things.
    #[must_use]
    pub fn without_pictures(self) -> Self {
        self.set(|settings| settings.pictures = false)
    }

    /// Leaves memory as it is instead of filling it with [`POISON_ENQUEUED`](crate::POISON_ENQUEUED) and
    /// [`POISON_UNMAPPED`](crate::POISON_UNMAPPED).
    #[must_use]
    pub fn without_poison(self) -> Self {
        self.set(|settings| settings.poison = false)
    }

    /// Refuses with EINVAL what is a [`Violation`], also where the kernel would let it pass.
    #[must_use]
    pub fn strict(self) -> Self {
        self.set(|settings| settings.strict = true)
    }

    /// Keeps the trace in this room, instead of the 32 latest calls.
    #[must_use]
    pub fn trace_into(mut self, room: &'m mut [Record]) -> Self {
        self.state.get_mut().trace.lend(room);
        self
    }

    /// Lets chance decide over frames and calls that the script says nothing about: the same seed, the same faults.
    ///
    /// What becomes of a frame depends on the seed and the odds only, not on how often the program calls; which calls are
    /// interrupted depends on the order of calls as well.
    ///
    /// ```
    /// use vidbuf::{CaptureQueue, Request};
    /// use vidbuf_sim::{Mishap, Odds, Profile, Sim};
    ///
    /// let lost = |seed| {
    ///     let mut memory = vec![0; 4 << 20];
    ///     let sim = Sim::new(Profile::VIVID, &mut memory).seeded(seed, Odds::NONE.with(Mishap::Lost, 200));
    ///     let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    ///     core::array::from_fn::<_, 100, _>(|_| queue.dequeue().unwrap().unwrap().lost_before())
    /// };
    /// assert_eq!(lost(1), lost(1));
    /// assert_ne!(lost(1), lost(2));
    /// ```
    #[must_use]
    pub fn seeded(mut self, seed: u64, odds: Odds) -> Self {
        self.state.get_mut().source = Source::Plan(Plan::new(seed, odds));
        self
    }

    /// Does what a real device did: frames come when they came, with the same sequence numbers, flags, fields, payloads and
    /// timestamps (counted from the start of the stream). The format is the recording's, and so is the kind of timestamp.
    ///
    /// Each start of the stream plays the recording's next stream; after its last line the source is silent. A frame that
    /// comes while the program holds every buffer is lost. The script's events change what becomes of recorded frames.
    /// [`Recording`] has an example.
    #[must_use]
    pub fn replay(mut self, recording: &Recording<'m>) -> Self {
        self.state.get_mut().source = Source::Recording(Player::new(recording.happenings()));
        let (multiplanar, timestamp_flags) = (recording.is_multiplanar(), recording.timestamp_flags());
        self.set(|settings| {
            settings.recorded = Some(*recording.format());
            settings.profile.flow = Flow::Capture;
            settings.profile.multiplanar = multiplanar;
            settings.profile.timestamp_flags = timestamp_flags;
        })
    }

    // What follows works while a file is open.

    /// What the driver does with its next frames, after what is already planned. False if the script is full
    /// ([`SCRIPT`](crate::SCRIPT) events); the rest is not planned then.
    pub fn script(&self, events: impl IntoIterator<Item = Event>) -> bool {
        self.state.with(|state| events.into_iter().all(|event| state.script.push(event).is_ok()))
    }

    /// Forgets all planned events, lies and faults.
    pub fn clear_script(&self) {
        self.state.with(|state| state.script.clear());
    }

    /// Makes the next answer of that kind a lie. False if there are too many already.
    pub fn lie(&self, lie: Lie) -> bool {
        self.state.with(|state| state.script.lie(lie).is_ok())
    }

    /// Fails the `nth` call of this kind from now on (1 is the next) before it does anything. `ENODEV` unplugs the device.
    pub fn fail(&self, call: Call, nth: u32, errno: SimErrno) -> bool {
        self.state.with(|state| state.script.fail(Some(call), nth, 1, errno))
    }

    /// Fails this many calls of this kind in a row, beginning with the next.
    pub fn fail_next(&self, call: Call, times: u32, errno: SimErrno) -> bool {
        self.state.with(|state| state.script.fail(Some(call), 1, times, errno))
    }

    /// Fails the `nth` call from now on, of whatever kind (1 is the next) before it does anything.
    pub fn fail_call(&self, nth: u32, errno: SimErrno) -> bool {
        self.state.with(|state| state.script.fail(None, nth, 1, errno))
    }

    /// How many faults have struck.
    pub fn faults_struck(&self) -> u32 {
        self.state.with(|state| state.script.struck)
    }

    /// Failures inside the driver, and how much it allocates: see [`Inject`].
    pub fn inject(&self, change: impl FnOnce(&mut Inject)) {
        let mut inject = self.state.with(|state| *state.node.inject());
        change(&mut inject);
        self.state.with(|state| *state.node.inject() = inject);
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
        self.state.with(|state| (0..QUEUES).map(|queue| state.node.count(queue)).sum())
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
        self.state.with(|state| state.sent.total)
    }

    /// The `back`-th last of them, 0 is the last; 32 are kept.
    pub fn latest_sent(&self, back: usize) -> Option<Sent> {
        self.state.with(|state| state.sent.latest(back))
    }

    /// The format of the queue; of a memory-to-memory device, that of its pictures.
    pub fn current_format(&self) -> Format {
        self.state.with(|state| *state.node.format(state.main_queue()).unwrap_or(&Format::NONE))
    }

    /// `VIDIOC_S_FMT` by another program, which opens the device for it: another format and size, adjusted to what the driver
    /// has. [`SimFile::set_format`](crate::SimFile::set_format) is the program's own.
    ///
    /// # Errors
    ///
    /// As opening the device; `EBUSY` while buffers are allocated.
    pub fn set_format(&self, pixelformat: FourCc, width: u32, height: u32) -> Result<Format, SimErrno> {
        self.open()?.set_format(pixelformat, width, height)
    }

    /// Width and height of what the source sends, as a driver tells them by `VIDIOC_QUERY_DV_TIMINGS`: the format's, unless
    /// there was an [`Event::SourceChange`].
    pub fn source_size(&self) -> (u32, u32) {
        self.state.with(|state| {
            let format = state.node.format(state.main_queue()).unwrap_or(&Format::NONE);
            state.source_size.unwrap_or((format.width, format.height))
        })
    }

    /// What the frame with this sequence number looks like.
    pub fn picture(&self, sequence: u32) -> Picture {
        Picture::new(&self.current_format(), sequence)
    }

    /// A look at the node. Do not call the simulator from inside.
    pub fn node<R>(&self, look: impl FnOnce(&Node<BUFFERS, QUEUES>) -> R) -> R {
        self.state.with(|state| look(&state.node))
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> core::fmt::Debug for Sim<'_, BUFFERS, QUEUES> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (name, buffers, now) =
            self.state.with(|state| (state.settings.profile.name, state.node.count(0), state.node.now_ns()));
        f.debug_struct("Sim").field("driver", &name).field("buffers", &buffers).field("now_ns", &now).finish()
    }
}
