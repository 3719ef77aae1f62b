//! A real node of the `vivid` driver, and its error injection.

use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Duration;

use vidbuf::FourCc;
use vidbuf::node::{ControlId, Controls as _};
use vidbuf::v4l2::BufferType;
use vidbuf_linux::{Device, Format, FrameInterval};

use crate::contract::connectors::{Connected, Signal};
use crate::contract::{Fault, Rig};
use crate::watched::{Ledger, Watched};

/// Control ids of the vivid driver (`vivid-ctrls.c`).
mod control {
    pub const STANDARD_SIGNAL_MODE: u32 = 0x00f0_f03c;
    pub const TIMINGS_SIGNAL_MODE: u32 = 0x00f0_f03e;
    pub const PERCENTAGE_DROPPED: u32 = 0x00f0_f040;
    pub const DISCONNECT: u32 = 0x00f0_f041;
    pub const BUFFER_ERROR: u32 = 0x00f0_f042;
    pub const REQBUFS_ERROR: u32 = 0x00f0_f043;
    pub const QBUF_ERROR: u32 = 0x00f0_f044;
    pub const STREAMON_ERROR: u32 = 0x00f0_f045;
    pub const FATAL_ERROR: u32 = 0x00f0_f046;
}

/// A vivid node.
pub struct Vivid {
    path: CString,
    buffer_type: BufferType,
    ledger: Arc<Ledger>,
}

impl Vivid {
    /// The node at `path`, of whatever type it says it is.
    pub fn new(path: &str) -> Result<Self, String> {
        let path = CString::new(path).map_err(|_| "a path with a NUL".to_string())?;
        let device = Device::open(path.as_c_str()).map_err(|error| format!("{path:?}: {error}"))?;
        let capabilities = device.capabilities().map_err(|error| error.to_string())?;
        let buffer_type = [
            (capabilities.captures(), BufferType::VideoCapture),
            (capabilities.captures_mplane(), BufferType::VideoCaptureMplane),
            (capabilities.outputs(), BufferType::VideoOutput),
            (capabilities.outputs_mplane(), BufferType::VideoOutputMplane),
        ]
        .into_iter()
        .find_map(|(can, buffer_type)| can.then_some(buffer_type))
        .ok_or_else(|| format!("{path:?} is no video node"))?;
        let vivid = Self { path, buffer_type, ledger: Arc::default() };
        vivid.make_quick(device);
        Ok(vivid)
    }

    /// Small pictures, many of them: an emulated processor fills them. A node that has no say in this keeps what it has.
    fn make_quick(&self, mut device: Device) {
        if let Ok(format) = device.format(self.buffer_type) {
            let mut small = Format::new(320, 180, format.pixel_format);
            small.num_planes = format.num_planes;
            let _ = device.set_format(self.buffer_type, &small);
        }
        let _ = device.set_frame_interval(self.buffer_type, FrameInterval { numerator: 1, denominator: 60 });
    }

    /// Its buffer type.
    pub fn buffer_type(&self) -> BufferType {
        self.buffer_type
    }

    /// Its path.
    pub fn path(&self) -> &CStr {
        &self.path
    }

    fn control(&self, id: u32, value: i32) -> bool {
        match Device::open(self.path()).and_then(|device| device.set_control(ControlId(id), value)) {
            Ok(_) => true,
            Err(error) => {
                eprintln!("control {id:#x} of {:?}: {error}", self.path);
                false
            }
        }
    }
}

impl Rig for Vivid {
    type Backend = Watched<Device>;
    type Node = Device;

    fn open(&self, blocking: bool) -> Self::Backend {
        let device = if blocking { Device::open(self.path()) } else { Device::open_nonblocking(self.path()) };
        match device {
            Ok(device) => Watched::new(device, self.ledger.clone()),
            Err(error) => panic!("{:?}: {error}", self.path),
        }
    }

    fn node(&self) -> Device {
        Device::open(self.path()).unwrap_or_else(|error| panic!("{:?}: {error}", self.path))
    }

    fn picture(&self) -> (FourCc, u32, u32) {
        let format = self.node().format(self.buffer_type).unwrap_or_else(|error| panic!("{:?}: {error}", self.path));
        (format.pixel_format, format.width, format.height)
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn inject(&self, fault: Fault) -> bool {
        match fault {
            Fault::RequestBuffers => self.control(control::REQBUFS_ERROR, 1),
            Fault::Enqueue => self.control(control::QBUF_ERROR, 1),
            Fault::StreamOn => self.control(control::STREAMON_ERROR, 1),
            Fault::FlaggedFrame => self.control(control::BUFFER_ERROR, 1),
            Fault::QueueError => self.control(control::FATAL_ERROR, 1),
            Fault::DropAll => self.control(control::PERCENTAGE_DROPPED, 100),
            Fault::DropNone => self.control(control::PERCENTAGE_DROPPED, 0),
            Fault::Unplug => self.control(control::DISCONNECT, 1),
            Fault::Interrupt => interrupt_soon(Duration::from_millis(100)),
        }
    }

    fn mappings(&self) -> usize {
        std::fs::read_to_string("/proc/self/maps").unwrap_or_default().matches("/dev/video").count()
    }

    fn least_payload(&self) -> usize {
        1000
    }
}

impl Connected for Vivid {
    fn buffer_type(&self) -> BufferType {
        self.buffer_type
    }

    fn signal(&self, hdmi: bool, signal: Signal) {
        let mode = match signal {
            Signal::AsSet => 0,
            Signal::None => 1,
            Signal::NoLock => 2,
            Signal::OutOfRange => 3,
        };
        let id = if hdmi { control::TIMINGS_SIGNAL_MODE } else { control::STANDARD_SIGNAL_MODE };
        assert!(self.control(id, mode), "{signal:?}");
    }
}

/// Has a signal delivered after `delay`, to a handler that does nothing and does not restart system calls.
pub fn interrupt_soon(delay: Duration) -> bool {
    extern "C" fn nothing(_: libc::c_int) {}
    let zero = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let once = libc::itimerval {
        it_interval: zero,
        it_value: libc::timeval { tv_sec: 0, tv_usec: delay.as_micros() as libc::suseconds_t },
    };
    // SAFETY: plain system calls on values that live here; the handler touches nothing.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
        libc::sigaction(libc::SIGALRM, &action, std::ptr::null_mut()) == 0
            && libc::setitimer(libc::ITIMER_REAL, &once, std::ptr::null_mut()) == 0
    }
}
