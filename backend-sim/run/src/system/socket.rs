//! The descriptor that a program gets for an open node: one end of a TCP connection over `lo`, which is ready when its peer has it so.
//!
//! A TCP socket can show every state that a node has, each alone, and each can be taken back. Its writing side is kept full, so that it
//! is not ready for writing unless that is meant. The last close resets the connection, which the peer sees at once: it is exact
//! whatever the program does with its descriptors, as long as the runner keeps none itself.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{check, owned};

/// Smallest and largest buffer for sending: full, and not full.
const FULL: i32 = 1;
const ROOM: i32 = 1 << 20;

/// The runner's end.
#[derive(Debug)]
pub struct Peer(OwnedFd);

fn option<T>(fd: BorrowedFd<'_>, level: i32, name: i32, value: &T) -> io::Result<()> {
    let length = size_of::<T>() as libc::socklen_t;
    // SAFETY: our own descriptor, and a value of this length.
    check(unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, core::ptr::from_ref(value).cast(), length) }.into())
        .map(drop)
}

fn address(
    fd: BorrowedFd<'_>,
    get: unsafe extern "C" fn(i32, *mut libc::sockaddr, *mut libc::socklen_t) -> i32,
) -> io::Result<libc::sockaddr_in> {
    // SAFETY: plain integers, for which zero is a value.
    let mut address: libc::sockaddr_in = unsafe { core::mem::zeroed() };
    let mut length = size_of::<libc::sockaddr_in>() as libc::socklen_t;
    // SAFETY: our own descriptor, and room for an address.
    check(unsafe { get(fd.as_raw_fd(), (&raw mut address).cast(), &mut length) }.into())?;
    Ok(address)
}

fn tcp() -> io::Result<OwnedFd> {
    // SAFETY: numbers only.
    owned(unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0) }.into())
}

/// A connection: the program's end, not ready for anything, and the runner's.
///
/// # Errors
///
/// What the kernel fails with, for example where `lo` is down.
pub fn pair(nonblocking: bool) -> io::Result<(OwnedFd, Peer)> {
    let listening = tcp()?;
    option(listening.as_fd(), libc::SOL_SOCKET, libc::SO_SNDBUF, &FULL)?;
    let mut place = libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: 0,
        sin_addr: libc::in_addr { s_addr: u32::from(std::net::Ipv4Addr::LOCALHOST).to_be() },
        sin_zero: [0; 8],
    };
    let length = size_of::<libc::sockaddr_in>() as libc::socklen_t;
    // SAFETY: our own descriptor, and an address of this length.
    unsafe {
        check(libc::bind(listening.as_raw_fd(), (&raw const place).cast(), length).into())?;
        check(libc::listen(listening.as_raw_fd(), 1).into())?;
    }
    place = address(listening.as_fd(), libc::getsockname)?;
    let peer = tcp()?;
    option(peer.as_fd(), libc::SOL_SOCKET, libc::SO_RCVBUF, &FULL)?;
    // SAFETY: our own descriptor, and an address of this length.
    check(unsafe { libc::connect(peer.as_raw_fd(), (&raw const place).cast(), length) }.into())?;
    let own = address(peer.as_fd(), libc::getsockname)?;
    let program = loop {
        let flags = libc::SOCK_CLOEXEC | if nonblocking { libc::SOCK_NONBLOCK } else { 0 };
        // SAFETY: our own descriptor; the address is not asked for.
        let accepted = owned(
            unsafe { libc::accept4(listening.as_raw_fd(), core::ptr::null_mut(), core::ptr::null_mut(), flags) }.into(),
        )?;
        // The port was open to everybody on this machine for a moment.
        let from = address(accepted.as_fd(), libc::getpeername)?;
        if from.sin_port == own.sin_port {
            break accepted;
        }
    };
    for end in [program.as_fd(), peer.as_fd()] {
        option(end, libc::IPPROTO_TCP, libc::TCP_NODELAY, &1i32)?;
        // The last close resets the connection.
        option(end, libc::SOL_SOCKET, libc::SO_LINGER, &libc::linger { l_onoff: 1, l_linger: 0 })?;
    }
    // A program that reads what is no device for reading does not sleep for ever.
    let moment = libc::timeval { tv_sec: 0, tv_usec: 1 };
    option(program.as_fd(), libc::SOL_SOCKET, libc::SO_RCVTIMEO, &moment)?;
    for length in [4096, 1] {
        while send(program.as_fd(), &[0; 4096][..length], 0) {}
    }
    Ok((program, Peer(peer)))
}

fn send(fd: BorrowedFd<'_>, bytes: &[u8], flags: i32) -> bool {
    let flags = flags | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: our own descriptor and bytes.
    unsafe { libc::send(fd.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags) > 0 }
}

fn receive(fd: BorrowedFd<'_>, flags: i32) -> bool {
    let mut bytes = [0u8; 256];
    let flags = flags | libc::MSG_DONTWAIT;
    // SAFETY: our own descriptor and bytes.
    unsafe { libc::recv(fd.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), flags) > 0 }
}

impl Peer {
    /// The descriptor, to wait for its end.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// The program's end is ready for reading, once more: an edge each time.
    pub fn set_readable(&self) {
        send(self.fd(), b"r", 0);
    }

    /// The program's end has something of priority.
    pub fn set_priority(&self) {
        send(self.fd(), b"p", libc::MSG_OOB);
    }
}

/// Whether the program's end is ready for writing.
pub fn set_writable(end: BorrowedFd<'_>, writable: bool) {
    // It is ours for the moment: this cannot fail.
    let _ = option(end, libc::SOL_SOCKET, libc::SO_SNDBUF, if writable { &ROOM } else { &FULL });
}

/// What can be done with a borrowed copy of the program's end.
#[derive(Debug)]
pub struct End(pub OwnedFd);

impl End {
    /// Not ready for reading any more.
    pub fn clear_readable(&self) {
        while receive(self.0.as_fd(), 0) {}
    }

    /// Nothing of priority any more.
    pub fn clear_priority(&self) {
        receive(self.0.as_fd(), libc::MSG_OOB);
    }

    /// Whether it is ready for writing.
    pub fn set_writable(&self, writable: bool) {
        set_writable(self.0.as_fd(), writable);
    }

    /// The device is gone: ready for everything, hung up.
    pub fn hang_up(&self) {
        // SAFETY: our own descriptor.
        unsafe { libc::shutdown(self.0.as_raw_fd(), libc::SHUT_RDWR) };
    }

    /// Whether `O_NONBLOCK` is set.
    pub fn is_nonblocking(&self) -> bool {
        // SAFETY: our own descriptor.
        unsafe { libc::fcntl(self.0.as_raw_fd(), libc::F_GETFL) & libc::O_NONBLOCK != 0 }
    }
}
