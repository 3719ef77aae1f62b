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

/// The peer's buffer for receiving: small, so that few bytes fill it.
const RECEIVES: i32 = 4096;

/// What lies unsent at the program's end: more than the peer takes by itself; one byte whose sending leaves its time in the error
/// queue, which shows as POLLERR; and as much once more. The peer has an error shown by reading up to that byte.
const FILLER: usize = 64 << 10;
const MARK: u8 = b'!';

/// `SOF_TIMESTAMPING_TX_SOFTWARE` (of one byte), `_SOFTWARE` and `_OPT_TSONLY` (of the socket).
const STAMPED: u32 = 0x2;
const STAMPS: u32 = 0x10 | 0x800;

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

/// A connection: the program's end, which shows nothing, and the runner's.
///
/// # Errors
///
/// What the kernel fails with, for example where `lo` is down.
pub fn pair(nonblocking: bool) -> io::Result<(OwnedFd, Peer)> {
    let listening = tcp()?;
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
    option(peer.as_fd(), libc::SOL_SOCKET, libc::SO_RCVBUF, &RECEIVES)?;
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
    option(program.as_fd(), libc::SOL_SOCKET, libc::SO_TIMESTAMPING, &STAMPS)?;
    set_writable(program.as_fd(), true);
    send(program.as_fd(), &[0; FILLER], 0);
    feed(program.as_fd());
    Ok((program, Peer(peer)))
}

/// Has one more error to show, and bytes behind it that lie unsent, so that the end is not ready for writing.
fn feed(end: BorrowedFd<'_>) {
    set_writable(end, true);
    send_stamped(end);
    send(end, &[0; FILLER], 0);
    set_writable(end, false);
}

/// Sends the byte whose time comes back.
fn send_stamped(end: BorrowedFd<'_>) {
    let mut byte = MARK;
    let mut part = libc::iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
    let mut control = [0u64; 3];
    // SAFETY: pointers to what lives here; the control message has room for a number.
    unsafe {
        let mut message: libc::msghdr = core::mem::zeroed();
        (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
        (message.msg_control, message.msg_controllen) = ((&raw mut control).cast(), size_of_val(&control));
        let header = libc::CMSG_FIRSTHDR(&message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SO_TIMESTAMPING;
        (*header).cmsg_len = libc::CMSG_LEN(4) as usize;
        libc::CMSG_DATA(header).cast::<u32>().write_unaligned(STAMPED);
        libc::sendmsg(end.as_raw_fd(), &message, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL);
    }
}

fn send(fd: BorrowedFd<'_>, bytes: &[u8], flags: i32) -> bool {
    let flags = flags | libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: our own descriptor and bytes.
    unsafe { libc::send(fd.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags) > 0 }
}

fn receive(fd: BorrowedFd<'_>, flags: i32) -> bool {
    let mut bytes = [0u8; 256];
    receive_into(fd, &mut bytes, flags).is_some()
}

fn receive_into<'b>(fd: BorrowedFd<'_>, bytes: &'b mut [u8], flags: i32) -> Option<&'b [u8]> {
    let flags = flags | libc::MSG_DONTWAIT;
    // SAFETY: our own descriptor and bytes.
    let count = unsafe { libc::recv(fd.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len(), flags) };
    bytes.get(..usize::try_from(count).ok().filter(|count| *count > 0)?)
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

    /// The program's end shows an error.
    pub fn set_error(&self) {
        let mut bytes = [0; 4096];
        let mut empty = 0;
        // What has not arrived yet does so in a moment; if it never does, the program sees no error.
        while empty < 1000 {
            match receive_into(self.fd(), &mut bytes, 0) {
                Some(bytes) if bytes.contains(&MARK) => return,
                Some(_) => empty = 0,
                None => {
                    empty += 1;
                    std::thread::yield_now();
                }
            }
        }
    }

    /// The program's end has something of priority.
    pub fn set_priority(&self) {
        send(self.fd(), b"p", libc::MSG_OOB);
    }
}

/// The program's end shows no error any more.
pub fn clear_error(end: BorrowedFd<'_>) {
    drain_times(end);
    feed(end);
    drain_times(end);
}

/// Empties the error queue.
fn drain_times(end: BorrowedFd<'_>) {
    let (mut data, mut control) = ([0u8; 64], [0u64; 64]);
    loop {
        let mut part = libc::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() };
        // SAFETY: pointers to what lives here.
        let received = unsafe {
            let mut message: libc::msghdr = core::mem::zeroed();
            (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
            (message.msg_control, message.msg_controllen) = ((&raw mut control).cast(), size_of_val(&control));
            libc::recvmsg(end.as_raw_fd(), &mut message, libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT)
        };
        if received < 0 {
            return;
        }
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
        let mut bytes = [0; 256];
        // What is less than there is room for is all.
        while receive_into(self.0.as_fd(), &mut bytes, 0).is_some_and(|bytes| bytes.len() == 256) {}
    }

    /// No error any more.
    pub fn clear_error(&self) {
        clear_error(self.0.as_fd());
    }

    /// Nothing of priority any more.
    pub fn clear_priority(&self) {
        receive(self.0.as_fd(), libc::MSG_OOB);
        // A read ends where the byte of priority was, even if there is more.
        while receive(self.0.as_fd(), 0) {}
        // Acknowledges them now: TCP lets only so many bytes of their own be on their way, and delays this by 40 milliseconds.
        let _ = option(self.0.as_fd(), libc::IPPROTO_TCP, libc::TCP_QUICKACK, &1);
    }

    /// Whether it is ready for writing.
    pub fn set_writable(&self, writable: bool) {
        set_writable(self.0.as_fd(), writable);
    }

    /// The device is gone: hung up, for good.
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

#[cfg(test)]
mod tests {
    use super::*;
    use libc::{POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI};
    use std::time::Duration;

    fn state(end: &OwnedFd) -> i16 {
        let mut poll = libc::pollfd { fd: end.as_raw_fd(), events: POLLIN | POLLOUT | POLLPRI, revents: 0 };
        // SAFETY: one structure.
        unsafe { libc::poll(&mut poll, 1, 0) };
        poll.revents
    }

    #[test]
    fn every_state_comes_alone_and_goes() {
        let (program, peer) = pair(false).unwrap();
        let end = End(program.try_clone().unwrap());
        for round in 0..50 {
            assert_eq!(state(&program), 0, "round {round}: nothing");
            peer.set_error();
            assert_eq!(state(&program), POLLERR, "round {round}: an error");
            end.clear_error();
            assert_eq!(state(&program), 0, "round {round}: no error");
            std::thread::sleep(Duration::from_millis(if round % 10 == 0 { 500 } else { 1 }));
            assert_eq!(state(&program), 0, "round {round}: no error, later");
            peer.set_readable();
            peer.set_readable();
            assert_eq!(state(&program), POLLIN, "round {round}: a frame");
            end.clear_readable();
            assert_eq!(state(&program), 0, "round {round}: no frame");
            peer.set_priority();
            assert_eq!(state(&program), POLLPRI, "round {round}: an event");
            end.clear_priority();
            assert_eq!(state(&program), 0, "round {round}: no event");
            end.set_writable(true);
            assert_eq!(state(&program), POLLOUT, "round {round}: a buffer");
            end.set_writable(false);
            assert_eq!(state(&program), 0, "round {round}: no buffer");
        }
        for round in 0..200 {
            peer.set_priority();
            assert_eq!(state(&program), POLLPRI, "round {round}: an event without frames");
            end.clear_priority();
            assert_eq!(state(&program), 0, "round {round}: no event without frames");
        }
        end.hang_up();
        assert_eq!(state(&program) & (POLLHUP | POLLERR), POLLHUP, "gone");
        peer.set_error();
        assert_eq!(state(&program) & (POLLHUP | POLLERR), POLLHUP | POLLERR, "gone, with an error");
    }
}
