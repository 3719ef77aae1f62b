//! The program: a child under the filter, whose listener the runner has.

use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use crate::filter::Instruction;

use super::listener::Listener;
use super::signals::Signals;
use super::{check, owned};

/// The program's process.
#[derive(Debug)]
pub struct Child {
    /// Its number.
    pub process: i32,
}

/// Statuses of a shell: the program is there and cannot be run; it is not there.
const CANNOT_RUN: i32 = 126;
const NOT_FOUND: i32 = 127;
/// What the child ends with if it has no filter; the parent reports why.
const NO_FILTER: i32 = 125;

/// Starts a program, with one more variable in its environment. Returns when its filter is at work.
///
/// # Errors
///
/// What the kernel fails with: `EINVAL` or `ENOSYS` without user notification, `EPERM` where a container forbids it, `EBUSY` inside
/// another supervisor.
pub fn spawn(
    program: &[OsString],
    (name, value): (&str, &OsStr),
    filter: &[Instruction],
    signals: &Signals,
) -> io::Result<(Child, Listener)> {
    let words: Vec<CString> = program
        .iter()
        .map(|word| CString::new(word.as_bytes()))
        .collect::<Result<_, _>>()
        .map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    let (ours, theirs) = channel()?;
    // Daemons of the program become our children, so that their memory can be reached.
    // SAFETY: numbers only. The runner has one thread, so the child may do whatever it likes.
    let process = unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        check(libc::fork().into())? as i32
    };
    if process == 0 {
        drop(ours);
        signals.restore();
        // SAFETY: the child has one thread.
        unsafe { std::env::set_var(name, value) };
        run(&words, filter, theirs);
    }
    drop(theirs);
    match take(&ours)? {
        Ok(listener) => Ok((Child { process }, Listener::new(listener))),
        Err(error) => {
            let mut status = 0;
            // SAFETY: our own child, and room for its status.
            unsafe { libc::waitpid(process, &mut status, 0) };
            Err(io::Error::from_raw_os_error(error))
        }
    }
}

fn channel() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut pair = [0; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: room for two descriptors.
    check(unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, pair.as_mut_ptr()) }.into())?;
    Ok((owned(pair[0].into())?, owned(pair[1].into())?))
}

/// Sets the filter, for good. Returns its listener.
fn install(filter: &[Instruction]) -> io::Result<OwnedFd> {
    let filter = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
    // SAFETY: numbers, and a filter that lives here.
    unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
        owned(libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &filter))
    }
}

/// Whether a filter could be set: a child tries.
///
/// # Errors
///
/// As [`spawn`].
pub fn attempt(filter: &[Instruction]) -> io::Result<()> {
    let process = super::fork()?;
    if process == 0 {
        super::exit(install(filter).err().and_then(|error| error.raw_os_error()).unwrap_or(0));
    }
    let mut status = 0;
    // SAFETY: our own child, and room for its status.
    check(unsafe { libc::waitpid(process, &mut status, 0) }.into())?;
    match libc::WEXITSTATUS(status) {
        0 => Ok(()),
        number => Err(io::Error::from_raw_os_error(number)),
    }
}

/// In the child: sets the filter, hands its listener over, becomes the program.
fn run(words: &[CString], filter: &[Instruction], channel: OwnedFd) -> ! {
    match install(filter) {
        Ok(listener) => give(&channel, 0, Some(&listener)),
        Err(error) => {
            give(&channel, error.raw_os_error().unwrap_or(libc::EIO), None);
            // SAFETY: ends the child.
            unsafe { libc::_exit(NO_FILTER) }
        }
    }
    drop(channel);
    let mut pointers: Vec<_> = words.iter().map(|word| word.as_ptr()).collect();
    pointers.push(core::ptr::null());
    // SAFETY: strings that end with a zero, and a list that ends with none.
    unsafe { libc::execvp(pointers[0], pointers.as_ptr()) };
    let error = io::Error::last_os_error();
    eprintln!("vidbuf-sim: {}: {error}", words[0].to_string_lossy());
    let missing = error.kind() == io::ErrorKind::NotFound;
    // SAFETY: ends the child.
    unsafe { libc::_exit(if missing { NOT_FOUND } else { CANNOT_RUN }) }
}

/// Room for a control message with one descriptor.
#[repr(align(8))]
struct Control([u8; 24]);

/// Sends an error number (0: none) and a descriptor.
fn give(channel: &OwnedFd, error: i32, descriptor: Option<&OwnedFd>) {
    let mut bytes = error.to_ne_bytes();
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let mut control = Control([0; 24]);
    // SAFETY: pointers to what lives here; the control message has room for one descriptor.
    unsafe {
        let mut message: libc::msghdr = core::mem::zeroed();
        (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
        if let Some(descriptor) = descriptor {
            (message.msg_control, message.msg_controllen) = ((&raw mut control.0).cast(), control.0.len());
            let header = libc::CMSG_FIRSTHDR(&message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(4) as usize;
            libc::CMSG_DATA(header).cast::<i32>().write_unaligned(descriptor.as_raw_fd());
        }
        libc::sendmsg(channel.as_raw_fd(), &message, 0);
    }
}

/// Receives what [`give`] sent: a descriptor, or an error number.
fn take(channel: &OwnedFd) -> io::Result<Result<OwnedFd, i32>> {
    let mut bytes = [0; 4];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let mut control = Control([0; 24]);
    // SAFETY: pointers to what lives here; a descriptor that arrives is ours.
    unsafe {
        let mut message: libc::msghdr = core::mem::zeroed();
        (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
        (message.msg_control, message.msg_controllen) = ((&raw mut control.0).cast(), control.0.len());
        let length = check(libc::recvmsg(channel.as_raw_fd(), &mut message, libc::MSG_CMSG_CLOEXEC) as i64)?;
        let header = libc::CMSG_FIRSTHDR(&message);
        match (length, header.is_null()) {
            (4, false) => Ok(Ok(owned(libc::CMSG_DATA(header).cast::<i32>().read_unaligned().into())?)),
            (4, true) => Ok(Err(i32::from_ne_bytes(bytes))),
            // The child ended before.
            _ => Err(io::Error::from_raw_os_error(libc::ECHILD)),
        }
    }
}

impl Child {
    /// Sends it a signal.
    pub fn signal(&self, signal: i32) {
        // SAFETY: numbers only. Until its status is collected, the number is its own.
        unsafe { libc::kill(self.process, signal) };
    }

    /// A child that has ended: the program, or a daemon of its. `wait`: for the next that does.
    pub fn collect(&self, wait: bool) -> Option<(i32, Ended)> {
        let mut status = 0;
        let options = libc::__WALL | if wait { 0 } else { libc::WNOHANG };
        // SAFETY: room for the status.
        let process = unsafe { libc::waitpid(-1, &mut status, options) };
        let ended = if libc::WIFSIGNALED(status) {
            Ended::Killed(libc::WTERMSIG(status))
        } else {
            Ended::Exited(libc::WEXITSTATUS(status))
        };
        (process > 0).then_some((process, ended))
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Killed(i32),
}

impl Ended {
    /// Ends this process the same way.
    pub fn imitate(self) -> ! {
        match self {
            Self::Exited(status) => std::process::exit(status),
            Self::Killed(signal) => {
                // SAFETY: numbers, and a structure that lives here. The program's core is dumped already, if any.
                unsafe {
                    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
                    libc::setrlimit(libc::RLIMIT_CORE, &none);
                    libc::signal(signal, libc::SIG_DFL);
                    let mut set = core::mem::zeroed();
                    libc::sigemptyset(&mut set);
                    libc::sigaddset(&mut set, signal);
                    libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, core::ptr::null_mut());
                    libc::raise(signal);
                }
                std::process::exit(128 + signal)
            }
        }
    }
}
