//! What the lock guards: the node, its clock, its script and its memory.

use core::time::Duration;

use vidbuf_abi::format::{v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::ioctl::VIDIOC_S_FMT;

use crate::driver::Engine;
use crate::format::Format;
use crate::kernel::{File, NodeOf, OpenMode, QueueId, Rooms};
use crate::memory::Memory;
use crate::node::{Presence, Refusals};
use crate::profile::{Kernel, Profile};
use crate::report::{Violation, Violations};
use crate::sleep::Signals;
use crate::trace::{Answer, Call, Trace};
use vidbuf::Errno;
use vidbuf::node::FrameInterval;

/// Byte that a capture buffer is filled with when it is handed to the driver.
pub const POISON_ENQUEUED: u8 = 0xa5;
/// Byte that a region is filled with when it is unmapped.
pub const POISON_UNMAPPED: u8 = 0xde;

/// Choices made before the first call.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub profile: Profile,
    pub kernel: Kernel,
    pub page: usize,
    pub pixelformat: Option<vidbuf::FourCc>,
    pub bytesperline: [u32; 3],
    /// A recording's format, whether or not the driver has it.
    pub recorded: Option<Format>,
    pub poison: bool,
    pub strict: bool,
    /// Lets other threads go on.
    pub hook: Option<fn()>,
}

pub(crate) struct State<'m, R> {
    pub settings: Settings,
    pub node: NodeOf<R>,
    pub memory: Memory<'m>,
    pub engine: Engine<'m>,
    pub trace: Trace<'m>,
    pub violations: Violations,
    pub signals: Signals,
    pub presence: Presence,
    pub refusals: Refusals,
}

/// So many nanoseconds as a fraction of seconds: one of 1 where it is one.
fn interval(nanoseconds: u64) -> FrameInterval {
    const SECOND: u64 = 1_000_000_000;
    let nanoseconds = nanoseconds.max(1);
    let rate = SECOND / nanoseconds;
    if SECOND.checked_div(rate) == Some(nanoseconds) {
        return FrameInterval { numerator: 1, denominator: rate as u32 };
    }
    let (mut divisor, mut rest) = (nanoseconds, SECOND);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let numerator = u32::try_from(nanoseconds / divisor).unwrap_or(u32::MAX);
    FrameInterval { numerator, denominator: (SECOND / divisor) as u32 }
}

impl<'m, R: Rooms> State<'m, R> {
    pub fn new(settings: Settings, memory: Memory<'m>) -> Self {
        let node = NodeOf::new(settings.profile, settings.kernel, settings.page, memory.length());
        let mut state = Self {
            settings,
            node,
            memory,
            engine: Engine::new(Duration::from_nanos(33_333_333)),
            trace: Trace::new(),
            violations: Violations::default(),
            signals: Signals::default(),
            presence: Presence::default(),
            refusals: Refusals::default(),
        };
        state.rebuild();
        state
    }

    /// Makes the node anew after a setting changed.
    pub fn rebuild(&mut self) {
        let settings = &self.settings;
        self.memory.align(settings.page);
        self.node = NodeOf::new(settings.profile, settings.kernel, settings.page, self.memory.length());
        self.node.set_now_ns(1_000_000_000);
        let ((width, height), bytesperline) = (settings.profile.size, settings.bytesperline);
        let recorded = settings.recorded;
        let pixels = settings.pixelformat.or(settings.profile.formats.first().map(|format| format.fourcc));
        // Opening fails only for a memory-to-memory device without room for its two queues, which keeps its first format.
        if let (Some(pixels), Ok(file)) = (pixels, self.node.open(OpenMode::READ_WRITE)) {
            // One pair: a codec's room has no more.
            for queue in [QueueId::FIRST, self.node.main_queue()] {
                // Cannot fail: nothing is allocated and the type is the node's own.
                let _ = self.set_format(file, queue, pixels, (width, height), bytesperline);
            }
            let _ = self.node.close(file);
        }
        if let Some(format) = recorded {
            self.node.adopt_format(QueueId::FIRST, format);
        }
        self.node.set_frame_interval(interval(self.engine.interval_ns()));
    }

    /// A call may have changed how long a frame takes: frames come so from now on.
    pub fn follow_interval(&mut self) {
        let before = interval(self.engine.interval_ns());
        let now = self.node.frame_interval();
        if let (true, Some(duration)) = (now != before, now.duration()) {
            self.engine.set_interval(duration);
        }
    }

    /// VIDIOC_S_FMT.
    pub fn set_format(
        &mut self,
        file: File,
        queue: QueueId,
        pixelformat: vidbuf::FourCc,
        (width, height): (u32, u32),
        bytesperline: [u32; 3],
    ) -> Result<Format, Errno> {
        let mut given = v4l2_format { type_: self.node.buffer_type(queue), ..Default::default() };
        if self.settings.profile.multiplanar {
            let mut pix = v4l2_pix_format_mplane {
                pixelformat: pixelformat.0,
                width,
                height,
                num_planes: 3,
                ..Default::default()
            };
            for (plane, bytes) in pix.plane_fmt.iter_mut().zip(bytesperline) {
                plane.bytesperline = bytes;
            }
            given.fmt.set_pix_mp(pix);
        } else {
            let [bytesperline, ..] = bytesperline;
            let pix = v4l2_pix_format { pixelformat: pixelformat.0, width, height, bytesperline, ..Default::default() };
            given.fmt.set_pix(pix);
        }
        self.node.call(file, VIDIOC_S_FMT, &mut given, &mut [])?;
        Ok(*self.node.format(queue).unwrap_or(&Format::NONE))
    }

    /// The beginning of every call: counts it, and lets a scripted fault strike.
    #[inline(always)]
    pub fn begin(&mut self, call: Call, file: File, buffer_type: Option<u32>) -> Result<(), Errno> {
        self.trace.count(call);
        self.engine.strike(&mut self.node, call, file, buffer_type)
    }

    /// The end of every call.
    #[inline(always)]
    pub fn end(&mut self, call: Call, argument: u64, answer: Answer) {
        self.trace.push(self.node.now_ns(), call, argument, answer);
    }

    /// Remembers a violation; strict simulators refuse it as well.
    pub fn break_rule(&mut self, violation: Violation) -> Result<(), Errno> {
        self.violate(violation);
        if self.settings.strict { Err(Errno::EINVAL) } else { Ok(()) }
    }

    pub fn violate(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// When something happens that a sleeper would notice; `None`: never.
    pub fn next_noticeable(&self) -> Option<u64> {
        self.engine.next_ns(&self.node)
    }

    /// Lets time pass up to `until`.
    pub fn run_until(&mut self, until: u64) {
        self.engine.run_until(&mut self.node, &mut self.memory, until);
        self.signals.pass(self.node.now_ns());
    }

    /// Looks whether the driver was started or stopped by the last call.
    pub fn follow_driver(&mut self) {
        self.engine.follow(&self.node);
    }
}
