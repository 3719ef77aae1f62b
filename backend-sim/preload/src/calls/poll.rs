//! poll and ppoll, and the waiting that select and epoll share with them.

use core::ffi::c_int;

use vidbuf_sim::kernel::QueueId;

use crate::clock::now_ns;
use crate::errno::{last, set};
use crate::lock::Guard;
use crate::next;
use crate::table::{Open, is_ours};
use crate::world::{World, world};

const PRI: i16 = libc::POLLPRI;

/// What poll reports of a node now.
pub fn look(world: &mut Guard<World>, open: Open, events: i16) -> i16 {
    let device = world.device(open.device);
    let before = device.node.is_started(QueueId::FIRST);
    let mut bits = device.node.poll(open.file, events as u16) as i16;
    if events & PRI != 0 && device.events.pending(open.file) {
        bits |= PRI;
    }
    // Polling a node with read() starts it, with buffers that need memory.
    if device.node.is_started(QueueId::FIRST) != before {
        // Without memory there are no pictures; read() will fail.
        let _ = device.furnish(0, device.node.count(QueueId::FIRST), false);
        world.changed(open.device);
    }
    bits
}

/// When one of these nodes does something next.
pub fn soonest(world: &World, nodes: impl Iterator<Item = usize>) -> Option<u64> {
    nodes.filter_map(|device| world.devices[device].due()).min()
}

/// What is left of a time-out.
pub fn left(deadline: Option<u64>) -> Option<libc::timespec> {
    deadline.map(|deadline| {
        let left = deadline.saturating_sub(now_ns());
        libc::timespec { tv_sec: (left / 1_000_000_000) as i64, tv_nsec: (left % 1_000_000_000) as i64 }
    })
}

/// `ppoll` on descriptors of which at least one is a node of ours. `deadline` is on CLOCK_MONOTONIC, none is for ever.
pub fn wait(fds: &mut [libc::pollfd], deadline: Option<u64>, mask: Option<&libc::sigset_t>) -> c_int {
    let mut world = world();
    let nodes: Vec<Option<Open>> = fds.iter().map(|fd| world.table.node(fd.fd)).collect();
    // The kernel looks at the others, and at our timer.
    let mut others: Vec<libc::pollfd> = fds.to_vec();
    for (other, node) in others.iter_mut().zip(&nodes) {
        if node.is_some() {
            other.fd = -1;
        }
    }
    others.push(libc::pollfd { fd: -1, events: libc::POLLIN, revents: 0 });
    let timer_place = others.len() - 1;
    loop {
        let mut ready = 0;
        for (fd, node) in fds.iter_mut().zip(&nodes) {
            if let Some(open) = node {
                fd.revents = look(&mut world, *open, fd.events);
                ready += c_int::from(fd.revents != 0);
            }
        }
        let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let last_look = ready > 0 || deadline.is_some_and(|deadline| deadline <= now_ns());
        let due = soonest(&world, nodes.iter().flatten().map(|open| open.device));
        let timer = if last_look { Ok(-1) } else { world.waiters.take(due) };
        let timer = match timer {
            Ok(timer) => timer,
            Err(errno) => {
                set(errno.raw());
                return -1;
            }
        };
        others[timer_place].fd = timer;
        let left = if last_look { Some(now) } else { left(deadline) };
        let outcome = world.unlocked(|before| {
            let time = left.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
            let mask = if last_look { None } else { Some(mask.unwrap_or(before)) };
            let mask = mask.map_or(core::ptr::null(), core::ptr::from_ref);
            // SAFETY: descriptors, time and mask live until it returns.
            unsafe { next::ppoll(others.as_mut_ptr(), others.len() as libc::nfds_t, time, mask) }
        });
        let errno = last();
        if timer >= 0 {
            world.waiters.give_back(timer);
        }
        if outcome < 0 {
            set(errno.raw());
            return -1;
        }
        let mut other_ready = 0;
        for ((fd, other), node) in fds.iter_mut().zip(&others).zip(&nodes) {
            if node.is_none() {
                fd.revents = other.revents;
                other_ready += c_int::from(fd.revents != 0);
            }
        }
        if last_look || other_ready > 0 {
            return ready + other_ready;
        }
    }
}

/// Whether one of the descriptors is a node of ours.
fn any_ours(fds: &[libc::pollfd]) -> bool {
    fds.iter().any(|fd| is_ours(fd.fd)) && {
        let world = world();
        fds.iter().any(|fd| world.table.node(fd.fd).is_some())
    }
}

unsafe fn slice<'a>(fds: *mut libc::pollfd, count: libc::nfds_t) -> &'a mut [libc::pollfd] {
    if fds.is_null() || count == 0 || count > 65536 {
        return &mut [];
    }
    // SAFETY: the program passes so many.
    unsafe { core::slice::from_raw_parts_mut(fds, count as usize) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn poll(fds: *mut libc::pollfd, count: libc::nfds_t, timeout: c_int) -> c_int {
    // SAFETY: the caller's.
    let slice = unsafe { slice(fds, count) };
    if !any_ours(slice) {
        // SAFETY: the caller's.
        return unsafe { next::poll(fds, count, timeout) };
    }
    let deadline = u64::try_from(timeout).ok().map(|milliseconds| now_ns() + milliseconds * 1_000_000);
    wait(slice, deadline, None)
}

/// When a relative time-out is over; `None`: never.
pub unsafe fn deadline(timeout: *const libc::timespec) -> Option<u64> {
    // SAFETY: the caller's promise: what is not null is a time.
    let time = unsafe { timeout.as_ref() }?;
    Some(
        now_ns().saturating_add((time.tv_sec as u64).saturating_mul(1_000_000_000)).saturating_add(time.tv_nsec as u64),
    )
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ppoll(
    fds: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: *const libc::timespec,
    mask: *const libc::sigset_t,
) -> c_int {
    // SAFETY: the caller's.
    let slice = unsafe { slice(fds, count) };
    if !any_ours(slice) {
        // SAFETY: the caller's.
        return unsafe { next::ppoll(fds, count, timeout, mask) };
    }
    // SAFETY: the caller's.
    unsafe { wait(slice, deadline(timeout), mask.as_ref()) }
}

// What fortified programs call: the last argument is the size of the array.

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __poll_chk(
    fds: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: c_int,
    _room: usize,
) -> c_int {
    // SAFETY: the caller's.
    unsafe { poll(fds, count, timeout) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __ppoll_chk(
    fds: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: *const libc::timespec,
    mask: *const libc::sigset_t,
    _room: usize,
) -> c_int {
    // SAFETY: the caller's.
    unsafe { ppoll(fds, count, timeout, mask) }
}
