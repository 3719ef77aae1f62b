//! What the lock guards: the node, its clock, its script and its memory.

use vidbuf_abi::format::{v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::ioctl::VIDIOC_S_FMT;

use crate::format::Format;
use crate::kernel::{File, NodeOf, OpenMode, Rooms};
use crate::memory::Memory;
use crate::profile::{Flow, Kernel, Profile};
use crate::report::{SentRing, Violation, Violations};
use crate::script::{Event, Script};
use crate::sleep::Signals;
use crate::source::Source;
use crate::trace::{Answer, Call, Trace};
use vidbuf::Errno;

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
    pub interval_ns: u64,
    pub pictures: bool,
    pub poison: bool,
    pub strict: bool,
    /// Lets other threads go on.
    pub hook: Option<fn()>,
}

pub(crate) struct State<'m, R> {
    pub settings: Settings,
    pub node: NodeOf<R>,
    pub memory: Memory<'m>,
    pub script: Script,
    pub trace: Trace<'m>,
    pub violations: Violations,
    pub sent: SentRing,
    /// What decides over frames that are not in the script.
    pub source: Source<'m>,
    pub signals: Signals,
    /// What the source sends, if it has changed: width and height.
    pub source_size: Option<(u32, u32)>,
    /// When the next frame ends, for a driver that runs.
    pub(crate) next_ns: u64,
    /// When the driver was started.
    pub(crate) started_ns: u64,
    pub(crate) running: bool,
}

impl<'m, R: Rooms> State<'m, R> {
    pub fn new(settings: Settings, memory: Memory<'m>) -> Self {
        let node = NodeOf::new(settings.profile, settings.kernel, settings.page, memory.length());
        let mut state = Self {
            settings,
            node,
            memory,
            script: Script::default(),
            trace: Trace::new(),
            violations: Violations::default(),
            sent: SentRing::default(),
            source: Source::Steady,
            signals: Signals::default(),
            source_size: None,
            next_ns: 0,
            started_ns: 0,
            running: false,
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
            for queue in 0..self.node.queue_count() {
                // Cannot fail: nothing is allocated and the type is the node's own.
                let _ = self.set_format(file, queue, pixels, (width, height), bytesperline);
            }
            let _ = self.node.close(file);
        }
        if let Some(format) = recorded {
            self.node.adopt_format(0, format);
        }
    }

    /// VIDIOC_S_FMT.
    pub fn set_format(
        &mut self,
        file: File,
        queue: usize,
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
    pub fn begin(&mut self, call: Call) -> Result<(), Errno> {
        self.trace.count(call);
        if self.script.has_faults() || !self.source.is_steady() { self.strike(call) } else { Ok(()) }
    }

    #[cold]
    fn strike(&mut self, call: Call) -> Result<(), Errno> {
        match self.script.strike(call).or_else(|| self.source.strike(call)) {
            Some(errno) => {
                if errno == Errno::ENODEV {
                    self.node.unplug();
                }
                Err(errno)
            }
            None => Ok(()),
        }
    }

    /// The end of every call.
    #[inline(always)]
    pub fn end(&mut self, call: Call, argument: u64, answer: Answer) {
        self.trace.push(self.node.now_ns(), call, argument, answer);
    }

    pub fn violate(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Whether frames go in and come out: every open file has two queues.
    pub fn is_codec(&self) -> bool {
        self.settings.profile.flow == Flow::MemoryToMemory
    }

    /// The queue of the pictures: the only one, or the capture queue of a memory-to-memory device.
    pub fn main_queue(&self) -> usize {
        usize::from(self.is_codec())
    }

    /// Whether the driver would finish a buffer at its next frame. A codec needs one of each queue.
    pub fn can_complete(&self) -> bool {
        self.node.can_complete(0) && (!self.is_codec() || self.node.can_complete(1))
    }

    /// Looks whether the driver was started or stopped by the last call, and sets its clock.
    pub fn follow_driver(&mut self) {
        let started = self.node.is_started(0) && self.node.is_started(self.main_queue());
        if started && !self.running {
            self.started_ns = self.node.now_ns();
            self.next_ns = self.started_ns.saturating_add(self.settings.interval_ns);
            self.source.start();
        }
        if !started && self.running && self.script.events.front() == Some(&Event::StallForever) {
            // Until the stream is started again: it ends with the stream.
            self.script.events.pop_front();
        }
        self.running = started;
    }

    /// Whether the source sends another size than the format has: a driver refuses to start then.
    pub fn has_another_source(&self) -> bool {
        let format = self.node.format(self.main_queue()).map(|format| (format.width, format.height));
        self.source_size.is_some_and(|size| Some(size) != format)
    }
}
