//! select and pselect, by way of poll.

use core::ffi::c_int;

use super::poll::{deadline, left, wait};
use crate::next;
use crate::table::is_ours;
use crate::world::world;

const READ: i16 = libc::POLLIN | libc::POLLRDNORM | libc::POLLRDBAND;
const WRITE: i16 = libc::POLLOUT | libc::POLLWRNORM | libc::POLLWRBAND;
/// What each of the three sets asks for, and which events match it.
const KINDS: [(i16, i16); 3] =
    [(READ, READ | libc::POLLHUP | libc::POLLERR), (WRITE, WRITE | libc::POLLERR), (libc::POLLPRI, libc::POLLPRI)];

type Sets = [*mut libc::fd_set; 3];

/// Whether `fd` is in a set that may not be there.
unsafe fn is_in(set: *mut libc::fd_set, fd: c_int) -> bool {
    // SAFETY: the caller's promise: what is not null is a set; `fd` is below FD_SETSIZE.
    !set.is_null() && unsafe { libc::FD_ISSET(fd, set) }
}

unsafe fn collect(count: c_int, sets: &Sets) -> Vec<libc::pollfd> {
    let one = |fd| {
        let wanted = sets.iter().zip(KINDS).fold(0, |events, (set, (wanted, _))| {
            // SAFETY: `select`'s own arguments.
            if unsafe { is_in(*set, fd) } { events | wanted } else { events }
        });
        (wanted != 0).then_some(libc::pollfd { fd, events: wanted, revents: 0 })
    };
    (0..count.min(libc::FD_SETSIZE as c_int)).filter_map(one).collect()
}

/// Writes the result into the sets; `select` returns how many bits that are.
unsafe fn distribute(fds: &[libc::pollfd], sets: &Sets) -> c_int {
    let mut bits = 0;
    for fd in fds {
        for (set, (wanted, answers)) in sets.iter().zip(KINDS) {
            if fd.events & wanted == 0 {
                continue;
            }
            // SAFETY: the descriptor was found in this set. A bit of `events` may stem from this set only.
            unsafe {
                if fd.revents & answers != 0 {
                    bits += 1;
                } else {
                    libc::FD_CLR(fd.fd, *set);
                }
            }
        }
    }
    bits
}

/// Whether a node is in one of the sets; most programs have none.
unsafe fn any_ours(count: c_int, sets: &Sets) -> bool {
    let mut marked = (0..count.min(libc::FD_SETSIZE as c_int)).filter(|fd| {
        // SAFETY: `select`'s own arguments.
        is_ours(*fd) && sets.iter().any(|set| unsafe { is_in(*set, *fd) })
    });
    marked.any(|fd| world().table.node(fd).is_some())
}

unsafe fn run(count: c_int, sets: &Sets, until: Option<u64>, mask: Option<&libc::sigset_t>) -> c_int {
    // SAFETY: `select`'s own arguments.
    unsafe {
        let mut fds = collect(count, sets);
        if wait(&mut fds, until, mask) < 0 { -1 } else { distribute(&fds, sets) }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn select(
    count: c_int,
    read: *mut libc::fd_set,
    write: *mut libc::fd_set,
    except: *mut libc::fd_set,
    timeout: *mut libc::timeval,
) -> c_int {
    let sets = [read, write, except];
    // SAFETY: the caller's.
    unsafe {
        if !any_ours(count, &sets) {
            return next::select(count, read, write, except, timeout);
        }
        let time = timeout.as_ref().map(|t| libc::timespec { tv_sec: t.tv_sec, tv_nsec: t.tv_usec * 1000 });
        let until = deadline(time.as_ref().map_or(core::ptr::null(), core::ptr::from_ref));
        let answer = run(count, &sets, until, None);
        // Linux reports what is left.
        if let (Some(timeout), Some(left)) = (timeout.as_mut(), left(until)) {
            *timeout = libc::timeval { tv_sec: left.tv_sec, tv_usec: left.tv_nsec / 1000 };
        }
        answer
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pselect(
    count: c_int,
    read: *mut libc::fd_set,
    write: *mut libc::fd_set,
    except: *mut libc::fd_set,
    timeout: *const libc::timespec,
    mask: *const libc::sigset_t,
) -> c_int {
    let sets = [read, write, except];
    // SAFETY: the caller's.
    unsafe {
        if !any_ours(count, &sets) {
            return next::pselect(count, read, write, except, timeout, mask);
        }
        run(count, &sets, deadline(timeout), mask.as_ref())
    }
}
