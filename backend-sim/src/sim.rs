//! [`Sim`]: the device that a test holds in its hand.

use core::time::Duration;

use vidbuf::FourCc;

use crate::driver::plan::Odds;
use crate::kernel::{QueueId, Room};
use crate::lock::Lock;
use crate::memory::Memory;
use crate::profile::{Kernel, Profile};
use crate::recording::Recording;
use crate::state::{Settings, State};
use crate::trace::Record;

/// Files that can be open at once.
pub(crate) const FILES: usize = 8;

/// A simulated V4L2 device in borrowed memory, with a clock of its own and a script.
///
/// The test keeps it, to look at it and to make it misbehave. A program [opens](Self::open) it: the open file, a
/// [`SimFile`](crate::SimFile), is the [`Backend`](vidbuf::Backend) of a queue.
///
/// ```
/// use vidbuf::{Queue, Request};
/// use vidbuf_sim::{Event, Profile, Sim};
///
/// let mut memory = vec![0; 4 << 20];
/// let sim = Sim::new(Profile::VIVID, &mut memory);
/// let queue = Queue::capture(sim.open()?).start(Request::up_to(4)).unwrap();
/// sim.script([Event::Frame, Event::Drop(2), Event::Error]);
///
/// let first = queue.dequeue().unwrap().unwrap();
/// assert!(sim.picture(first.sequence()).is_in(0, first.bytes().unwrap()));
/// drop(first);
/// let second = queue.dequeue().unwrap();
/// # let _ = second;
/// # Ok::<(), vidbuf_sim::Errno>(())
/// ```
///
/// Nothing ever sleeps: a blocking call moves the clock to the moment when it can return. One that would wait for
/// ever fails with [`EDEADLK`](crate::Errno::EDEADLK). On a non-blocking file a dequeue that fails because no frame is there (and
/// a poll that times out at once) lets a sixteenth of a frame time pass, so that a loop that only polls comes to an end.
pub struct Sim<'m, const BUFFERS: usize = 32, const QUEUES: usize = 1> {
    pub(crate) state: Lock<State<'m, Room<BUFFERS, QUEUES, FILES>>>,
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
        Self::on(profile, Memory::new(memory))
    }

    fn on(profile: Profile, memory: Memory<'m>) -> Self {
        let () = Self::FITS;
        let settings = Settings {
            profile,
            kernel: Kernel::V6_12,
            page: 4096,
            pixelformat: None,
            bytesperline: [0; 3],
            recorded: None,
            poison: true,
            strict: false,
            hook: None,
        };
        Self { state: Lock::new(State::new(settings, memory)) }
    }

    /// As [`Sim::new`] and [`sized`](Self::sized), with memory of its own, so many bytes: for a struct, and for a test that does not want to
    /// keep both. Freed with the device. Feature `alloc`.
    ///
    /// A struct that also keeps the queue needs a device that lives as long as the program:
    ///
    /// ```
    /// use vidbuf::{CaptureStream, Queue, Request};
    /// use vidbuf_sim::{Event, Profile, Sim, SimFile};
    ///
    /// struct Bench {
    ///     sim: &'static Sim<'static>,
    ///     camera: CaptureStream<SimFile<'static, 'static>>,
    /// }
    ///
    /// let sim: &'static Sim = Box::leak(Sim::boxed(Profile::WEBCAM, 8 << 20));
    /// let bench = Bench { sim, camera: Queue::capture(sim.open()?).start(Request::up_to(4)).unwrap() };
    /// bench.sim.script([Event::Drop(1)]);
    /// assert_eq!(bench.camera.dequeue().unwrap().unwrap().sequence(), 1);
    /// # Ok::<(), vidbuf_sim::Errno>(())
    /// ```
    #[cfg(feature = "alloc")]
    #[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
    pub fn boxed(profile: Profile, bytes: usize) -> alloc::boxed::Box<Self>
    where
        'm: 'static,
    {
        alloc::boxed::Box::new(Self::on(profile, Memory::owned(bytes)))
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

    /// Time between frames; a thirtieth of a second if not called. VIDIOC_S_PARM may change it
    /// ([`Formats::set_frame_interval`](vidbuf::node::Formats::set_frame_interval)).
    #[must_use]
    pub fn frame_interval(mut self, interval: Duration) -> Self {
        self.state.get_mut().engine.set_interval(interval);
        self.set(|_| ())
    }

    /// Draws no pictures and takes no checksums, for tests that only care for the order of things.
    #[must_use]
    pub fn without_pictures(mut self) -> Self {
        self.state.get_mut().engine.set_pictures(false);
        self
    }

    /// Leaves memory as it is instead of filling it with [`POISON_ENQUEUED`](crate::POISON_ENQUEUED) and
    /// [`POISON_UNMAPPED`](crate::POISON_UNMAPPED).
    #[must_use]
    pub fn without_poison(self) -> Self {
        self.set(|settings| settings.poison = false)
    }

    /// Refuses with EINVAL what is a [`Violation`](crate::Violation), also where the kernel would let it pass.
    #[must_use]
    pub fn strict(self) -> Self {
        self.set(|settings| settings.strict = true)
    }

    /// Lets other threads go on where this one would wait for them: `hook` is called when a blocking VIDIOC_DQBUF, or a poll with
    /// a time-out, finds that the driver can do nothing because the program holds its buffers; then the call looks again. After
    /// 100,000 times it fails with [`EDEADLK`](crate::Errno::EDEADLK), or the time-out passes, as it does at once without a hook.
    ///
    /// So a program whose threads give frames back runs on virtual time. On a host `std::thread::yield_now` is the hook.
    ///
    /// ```
    /// use vidbuf::{Queue, Request};
    /// use vidbuf_sim::{Profile, Sim};
    ///
    /// let mut memory = vec![0; 1 << 20];
    /// let sim = Sim::new(Profile::VIVID, &mut memory).yield_with(std::thread::yield_now);
    /// let queue = Queue::capture(sim.open()?).start(Request::exactly(4)).unwrap();
    /// std::thread::scope(|scope| {
    ///     for number in 0..100 {
    ///         let frame = queue.dequeue().unwrap().unwrap();
    ///         assert_eq!(frame.sequence(), number);
    ///         scope.spawn(|| frame.requeue().unwrap());
    ///     }
    /// });
    /// # Ok::<(), vidbuf_sim::Errno>(())
    /// ```
    #[must_use]
    pub fn yield_with(self, hook: fn()) -> Self {
        self.set(|settings| settings.hook = Some(hook))
    }

    /// Keeps the trace in this room, instead of the 32 latest calls.
    #[must_use]
    pub fn trace_into(mut self, room: &'m mut [Record]) -> Self {
        self.state.get_mut().trace.lend(room);
        self
    }

    /// Lets chance decide over frames and calls that are not in the script: the same seed, the same faults.
    ///
    /// What becomes of a frame depends on the seed and the odds only, not on how often the program calls; which calls are
    /// interrupted depends on the order of calls as well.
    ///
    /// ```
    /// use vidbuf::{Queue, Request};
    /// use vidbuf_sim::{Mishap, Odds, Profile, Sim};
    ///
    /// let lost = |seed| {
    ///     let mut memory = vec![0; 4 << 20];
    ///     let sim = Sim::new(Profile::VIVID, &mut memory).seeded(seed, Odds::NONE.with(Mishap::Lost, 200));
    ///     let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    ///     core::array::from_fn::<_, 100, _>(|_| queue.dequeue().unwrap().unwrap().lost_before())
    /// };
    /// assert_eq!(lost(1), lost(1));
    /// assert_ne!(lost(1), lost(2));
    /// ```
    #[must_use]
    pub fn seeded(mut self, seed: u64, odds: Odds) -> Self {
        self.state.get_mut().engine.seed(seed, odds);
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
        self.state.get_mut().engine.replay(recording);
        self.set(|settings| {
            settings.recorded = Some(*recording.format());
            settings.profile = recording.profile(settings.profile);
        })
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> core::fmt::Debug for Sim<'_, BUFFERS, QUEUES> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (name, buffers, now) = self
            .state
            .with(|state| (state.settings.profile.name, state.node.count(QueueId::FIRST), state.node.now_ns()));
        f.debug_struct("Sim").field("driver", &name).field("buffers", &buffers).field("now_ns", &now).finish()
    }
}
