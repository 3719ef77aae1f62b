//! Changes of which nodes there are.

use core::mem::MaybeUninit;
use core::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

use super::folder::{DEV, number};
use crate::Errno;
use crate::errno::errno;

/// Notices when video nodes appear in `/dev`, go, or get other permissions (inotify). For event loops, it has a descriptor that
/// becomes readable.
///
/// ```no_run
/// use vidbuf_linux::find::Watch;
///
/// let watch = Watch::new()?;
/// loop {
///     // Look for the camera.
///     watch.wait(None)?;
/// }
/// # Ok::<(), vidbuf_linux::Errno>(())
/// ```
#[derive(Debug)]
pub struct Watch {
    descriptor: OwnedFd,
}

/// Bytes for changes that are read at once: one has at most 272.
const CHANGES: usize = 1024;

impl Watch {
    /// `inotify_init1`, `inotify_add_watch("/dev")`: begins to watch.
    ///
    /// # Errors
    ///
    /// - EMFILE: too many watches of this user (`/proc/sys/fs/inotify/max_user_instances`), or files of this process.
    /// - ENOSPC: too many watched folders of this user. ENOSYS: a kernel without inotify.
    pub fn new() -> Result<Self, Errno> {
        let descriptor = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).map_err(errno)?;
        // udev sets group and permissions after the node has appeared.
        let changes = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO
            | WatchFlags::ATTRIB;
        inotify::add_watch(&descriptor, DEV, changes | WatchFlags::ONLYDIR).map_err(errno)?;
        Ok(Self { descriptor })
    }

    /// Whether something has changed about video nodes since this was asked last, or since the watch began. Does not wait.
    ///
    /// # Errors
    ///
    /// None that is expected.
    pub fn changed(&self) -> Result<bool, Errno> {
        let mut room = [MaybeUninit::uninit(); CHANGES];
        let mut changes = Reader::new(self.descriptor.as_fd(), &mut room);
        let mut changed = false;
        loop {
            match changes.next() {
                // Too many to keep: what was lost may have been about nodes.
                Ok(change) if change.events().contains(ReadFlags::QUEUE_OVERFLOW) => changed = true,
                Ok(change) => changed |= change.file_name().is_some_and(|name| number(name).is_some()),
                Err(rustix::io::Errno::AGAIN) => return Ok(changed),
                Err(error) => return Err(errno(error)),
            }
        }
    }

    /// Waits until something changes about video nodes, at most for `timeout` (`None`: for ever). True for a change, false for
    /// the time-out.
    ///
    /// # Errors
    ///
    /// - EINTR: a signal.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<bool, Errno> {
        let clock = crate::clock::now;
        let deadline = timeout.map(|timeout| clock().saturating_add(timeout));
        loop {
            if self.changed()? {
                return Ok(true);
            }
            let left = deadline.map(|deadline| deadline.saturating_sub(clock()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(false);
            }
            // Other files of /dev change as well; then this is another round.
            let left = left.map(crate::wait::timespec);
            poll(&mut [PollFd::new(&self.descriptor, PollFlags::IN)], left.as_ref()).map_err(errno)?;
        }
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

impl AsRawFd for Watch {
    fn as_raw_fd(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }
}
