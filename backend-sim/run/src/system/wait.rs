//! Waiting for several descriptors at once.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{check, owned};

/// Descriptors that are waited for, each with a number.
#[derive(Debug)]
pub struct Waiting(OwnedFd);

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The descriptor's number.
    pub token: u64,
    /// Its other side is closed.
    pub ended: bool,
}

impl Waiting {
    /// None.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new() -> io::Result<Self> {
        // SAFETY: numbers only.
        owned(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }.into()).map(Self)
    }

    /// The descriptor, to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Adds a descriptor until it is closed. `only_end`: what can be read from it is of no interest.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn add(&self, fd: BorrowedFd<'_>, token: u64, only_end: bool) -> io::Result<()> {
        let events = if only_end { libc::EPOLLRDHUP } else { libc::EPOLLIN };
        let mut event = libc::epoll_event { events: events as u32, u64: token };
        // SAFETY: our own descriptors, and a structure that the kernel reads.
        check(unsafe { libc::epoll_ctl(self.0.as_raw_fd(), libc::EPOLL_CTL_ADD, fd.as_raw_fd(), &mut event) }.into())
            .map(drop)
    }

    /// Ends the waiting for a descriptor.
    pub fn remove(&self, fd: BorrowedFd<'_>) {
        // SAFETY: our own descriptors.
        unsafe { libc::epoll_ctl(self.0.as_raw_fd(), libc::EPOLL_CTL_DEL, fd.as_raw_fd(), core::ptr::null_mut()) };
    }

    /// Waits, or only looks. A few of those that are ready; the others come the next time.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn wait(&self, look_only: bool) -> io::Result<impl Iterator<Item = Ready>> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; 16];
        let timeout = if look_only { 0 } else { -1 };
        // SAFETY: our own descriptor, and room for so many.
        let count = unsafe { libc::epoll_wait(self.0.as_raw_fd(), events.as_mut_ptr(), events.len() as i32, timeout) };
        let count = match check(count.into()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            count => count?,
        };
        const ENDED: u32 = (libc::EPOLLHUP | libc::EPOLLRDHUP | libc::EPOLLERR) as u32;
        Ok(events
            .into_iter()
            .take(count as usize)
            .map(|event| Ready { token: event.u64, ended: { event.events } & ENDED != 0 }))
    }
}
