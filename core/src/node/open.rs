//! Opening a camera that may not be there yet.

use core::time::Duration;

use crate::clock::Clock;
use crate::error::Errno;

/// Where a camera is opened, now or later: on Linux the one with a name or a place (`vidbuf_linux::find`), on the simulator the
/// device itself.
///
/// ```
/// use core::time::Duration;
/// use vidbuf::node::Open;
/// use vidbuf::{Backend, Error, Queue, Recovery, Request};
///
/// /// Takes frames for ever; when the camera is unplugged, waits until it is back.
/// fn doorbell<P: Open<Camera: Backend>>(place: &P) -> Result<(), Error> {
///     loop {
///         let minute = place.now() + Duration::from_secs(60);
///         let Some(camera) = place.open_until(minute)? else { continue };
///         let queue = Queue::capture(camera).start(Request::up_to(4))?;
///         loop {
///             match queue.dequeue() {
///                 Ok(Some(frame)) => println!("frame {}", frame.sequence()),
///                 Ok(None) => {}
///                 Err(error) if error.recovery() == Recovery::Reopen => break,
///                 Err(error) => return Err(error),
///             }
///         }
///     }
/// }
/// ```
pub trait Open: Clock {
    /// The open device.
    type Camera;

    /// Opens it.
    ///
    /// # Errors
    ///
    /// - ENOENT, ENODEV, ENXIO: it is not there (any more).
    /// - EBUSY, EACCES, and whatever else opening fails with.
    fn open(&self) -> Result<Self::Camera, Errno>;

    /// Sleeps until something has changed about which devices there are, or until `deadline`; true for a change. It may return
    /// true without one.
    ///
    /// A change since the last [`open`](Self::open) counts, so that nothing is missed between the two.
    ///
    /// # Errors
    ///
    /// - EINTR: a signal.
    fn wait_for_change(&self, deadline: Duration) -> Result<bool, Errno>;

    /// Opens it, if need be when it is back; `None` if it is not there before `deadline` ([`Clock::now`]).
    ///
    /// A device that has just been plugged in may refuse for a moment, while its permissions are set: EACCES is waited out as
    /// its absence is.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), without ENOENT, ENODEV, ENXIO and EACCES; and as [`wait_for_change`](Self::wait_for_change).
    fn open_until(&self, deadline: Duration) -> Result<Option<Self::Camera>, Errno> {
        loop {
            match self.open() {
                Ok(camera) => return Ok(Some(camera)),
                Err(Errno::ENOENT | Errno::ENODEV | Errno::ENXIO | Errno::EACCES) => {}
                Err(error) => return Err(error),
            }
            if self.now() >= deadline || !self.wait_for_change(deadline)? {
                return Ok(None);
            }
        }
    }
}
