//! Calls about the node that are to fail: a USB camera asks its device for a format, and the device may not reply.

use vidbuf::Errno;

use crate::kernel::Rooms;
use crate::sim::Sim;
use crate::state::State;

/// Kinds of calls that can be planned to fail at once.
const KINDS: usize = 8;

/// Calls to come that fail.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    number: u32,
    times: u32,
    errno: Errno,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Refusals(heapless::Vec<Refusal, KINDS>);

impl Refusals {
    /// The error of a call that is to fail.
    fn strike(&mut self, number: u32) -> Option<Errno> {
        let at = self.0.iter().position(|refusal| refusal.number == number)?;
        let refusal = self.0.get_mut(at)?;
        let errno = refusal.errno;
        refusal.times -= 1;
        if refusal.times == 0 {
            // In order: a later plan for the same call comes next.
            self.0.remove(at);
        }
        Some(errno)
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<R: Rooms> State<'_, R> {
    /// The beginning of a call about the node.
    pub(super) fn refuse(&mut self, number: u32) -> Result<(), Errno> {
        let Some(errno) = self.refusals.strike(number) else { return Ok(()) };
        if errno == Errno::ENODEV {
            self.node.unplug();
            self.follow_driver();
        }
        Err(errno)
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Sim<'_, BUFFERS, QUEUES> {
    /// Fails the next so many ioctls with this number of [`abi::ioctl`](crate::kernel::abi::ioctl) that are not about buffers, made through
    /// the traits of `vidbuf::node`, after what is already planned for it. `ENODEV` unplugs the device. False if eight plans are
    /// waiting already, and for 0 times.
    ///
    /// ```
    /// use vidbuf::node::{Format, Formats as _};
    /// use vidbuf::v4l2::BufferType;
    /// use vidbuf::{Errno, FourCc};
    /// use vidbuf_sim::kernel::abi::ioctl::VIDIOC_S_FMT;
    /// use vidbuf_sim::{Profile, Sim};
    ///
    /// let mut memory = vec![0; 1 << 20];
    /// let sim = Sim::new(Profile::WEBCAM, &mut memory);
    /// // A USB camera that does not reply, once.
    /// sim.fail_ioctl(VIDIOC_S_FMT, 1, Errno::EIO);
    /// let (mut camera, vga) = (sim.open()?, Format::new(640, 480, FourCc::YUYV));
    /// assert_eq!(camera.set_format(BufferType::VideoCapture, &vga), Err(Errno::EIO));
    /// assert!(camera.set_format(BufferType::VideoCapture, &vga).is_ok());
    /// # Ok::<(), Errno>(())
    /// ```
    pub fn fail_ioctl(&self, number: u32, times: u32, errno: Errno) -> bool {
        let refusal = Refusal { number, times, errno };
        times > 0 && self.state.with(|state| state.refusals.0.push(refusal).is_ok())
    }
}
