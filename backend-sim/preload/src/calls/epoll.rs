//! epoll. The kernel watches everything except nodes, which are looked at here in every wait. A node is reported for as long as
//! it is ready, also with EPOLLET; a program has to cope with that anyway.

use core::ffi::c_int;
use std::collections::BTreeMap;

use super::poll::{deadline, left, look, soonest};
use crate::clock::now_ns;
use crate::errno::{answer, last, set};
use crate::next;
use crate::table::{Entry, Open, is_ours};
use crate::world::world;
use vidbuf_sim::Errno;

/// One node that is watched.
struct Watched {
    fd: c_int,
    events: u32,
    data: u64,
}

/// Who watches what.
pub struct Epolls {
    list: BTreeMap<c_int, Vec<Watched>>,
}

impl Epolls {
    /// No call, no events.
    pub const fn new() -> Self {
        Self { list: BTreeMap::new() }
    }

    /// An instance is closed.
    pub fn forget(&mut self, epoll: c_int) {
        self.list.remove(&epoll);
    }

    /// A node is closed.
    pub fn forget_watched(&mut self, fd: c_int) {
        for watched in self.list.values_mut() {
            watched.retain(|watched| watched.fd != fd);
        }
    }

    fn change(&mut self, epoll: c_int, operation: c_int, fd: c_int, event: Option<(u32, u64)>) -> Result<(), Errno> {
        let list = self.list.entry(epoll).or_default();
        let place = list.iter().position(|watched| watched.fd == fd);
        match (operation, place, event) {
            (libc::EPOLL_CTL_ADD, None, Some((events, data))) => list.push(Watched { fd, events, data }),
            (libc::EPOLL_CTL_ADD, Some(_), Some(_)) => return Err(Errno::EEXIST),
            (libc::EPOLL_CTL_MOD, Some(place), Some((events, data))) => list[place] = Watched { fd, events, data },
            (libc::EPOLL_CTL_DEL, Some(place), _) => drop(list.remove(place)),
            (libc::EPOLL_CTL_MOD | libc::EPOLL_CTL_DEL, None, _) => return Err(Errno::ENOENT),
            (libc::EPOLL_CTL_ADD | libc::EPOLL_CTL_MOD, _, None) => return Err(Errno::EFAULT),
            _ => return Err(Errno::EINVAL),
        }
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, event: *mut libc::epoll_event) -> c_int {
    let is_node = is_ours(fd) && world().table.node(fd).is_some();
    if !is_node {
        // SAFETY: the caller's.
        return unsafe { next::epoll_ctl(epoll, operation, fd, event) };
    }
    // Whether it is an epoll instance at all, the kernel knows: it has a number of none for such a one.
    // SAFETY: takes nothing out of an instance that does not have it.
    if unsafe { next::epoll_ctl(epoll, libc::EPOLL_CTL_DEL, fd, core::ptr::null_mut()) } != 0
        && matches!(last().raw(), libc::EBADF | libc::EINVAL)
    {
        return -1;
    }
    // SAFETY: the caller's. Packed on x86, so it is read as a whole.
    let event = if event.is_null() { None } else { Some(unsafe { event.read_unaligned() }) };
    let event = event.map(|event| (event.events, event.u64));
    let mut world = world();
    let outcome = world.epolls.change(epoll, operation, fd, event);
    if outcome.is_ok() {
        world.table.enter(epoll, Entry::Epoll);
        world.waiters.ring();
    }
    answer(outcome.map(|()| 0))
}

/// Adds ready nodes to the result.
fn look_at_nodes(
    world: &mut crate::lock::Guard<crate::world::World>,
    epoll: c_int,
    answers: &mut [libc::epoll_event],
) -> (usize, Vec<Open>) {
    let watched = world.epolls.list.get(&epoll).map_or(&[][..], Vec::as_slice);
    let watched: Vec<(c_int, u32, u64)> = watched.iter().map(|one| (one.fd, one.events, one.data)).collect();
    let mut nodes = Vec::new();
    let mut ready = 0;
    for (fd, events, data) in watched {
        // Used up by EPOLLONESHOT, it has no events left but its flags; nothing is reported then, not even errors.
        let asked = events & 0xffff;
        let Some(open) = world.table.node(fd) else { continue };
        nodes.push(open);
        if events & libc::EPOLLONESHOT as u32 != 0 && asked == 0 {
            continue;
        }
        let bits = look(world, open, asked as i16) as u16;
        if bits != 0
            && let Some(place) = answers.get_mut(ready)
        {
            *place = libc::epoll_event { events: u32::from(bits), u64: data };
            ready += 1;
            if events & libc::EPOLLONESHOT as u32 != 0
                && let Some(one) = world.epolls.list.get_mut(&epoll).and_then(|all| all.iter_mut().find(|w| w.fd == fd))
            {
                one.events &= !0xffff;
            }
        }
    }
    (ready, nodes)
}

fn wait(epoll: c_int, answers: &mut [libc::epoll_event], until: Option<u64>, mask: Option<&libc::sigset_t>) -> c_int {
    let mut world = world();
    loop {
        let (mut ready, nodes) = look_at_nodes(&mut world, epoll, answers);
        let room = &mut answers[ready..];
        if !room.is_empty() {
            // SAFETY: room for so many; it does not wait.
            let others =
                unsafe { next::epoll_pwait(epoll, room.as_mut_ptr(), room.len() as c_int, 0, core::ptr::null()) };
            if others < 0 && ready == 0 {
                return -1;
            }
            ready += others.max(0) as usize;
        }
        if ready > 0 || until.is_some_and(|until| until <= now_ns()) {
            return ready as c_int;
        }
        let due = soonest(&world, nodes.iter().map(|open| open.device));
        let timer = match world.waiters.take(due) {
            Ok(timer) => timer,
            Err(errno) => {
                set(errno.raw());
                return -1;
            }
        };
        let mut fds = [epoll, timer].map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 });
        let left = left(until);
        let outcome = world.unlocked(|before| {
            let time = left.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
            // SAFETY: descriptors, time and mask live until it returns.
            unsafe { next::ppoll(fds.as_mut_ptr(), 2, time, mask.unwrap_or(before)) }
        });
        let errno = last();
        world.waiters.give_back(timer);
        if outcome < 0 {
            set(errno.raw());
            return -1;
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn epoll_pwait(
    epoll: c_int,
    events: *mut libc::epoll_event,
    most: c_int,
    timeout: c_int,
    mask: *const libc::sigset_t,
) -> c_int {
    if !is_ours(epoll) || most <= 0 || events.is_null() {
        // SAFETY: the caller's.
        return unsafe { next::epoll_pwait(epoll, events, most, timeout, mask) };
    }
    // SAFETY: the program passes room for so many.
    let answers = unsafe { core::slice::from_raw_parts_mut(events, most as usize) };
    let until = u64::try_from(timeout).ok().map(|milliseconds| now_ns() + milliseconds * 1_000_000);
    // SAFETY: the caller's.
    wait(epoll, answers, until, unsafe { mask.as_ref() })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn epoll_wait(
    epoll: c_int,
    events: *mut libc::epoll_event,
    most: c_int,
    timeout: c_int,
) -> c_int {
    // SAFETY: the caller's.
    unsafe { epoll_pwait(epoll, events, most, timeout, core::ptr::null()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn epoll_pwait2(
    epoll: c_int,
    events: *mut libc::epoll_event,
    most: c_int,
    timeout: *const libc::timespec,
    mask: *const libc::sigset_t,
) -> c_int {
    // SAFETY: the caller's. Milliseconds, rounded up.
    unsafe {
        let until = deadline(timeout);
        let milliseconds = until.map_or(-1, |until| until.saturating_sub(now_ns()).div_ceil(1_000_000) as c_int);
        epoll_pwait(epoll, events, most, milliseconds, mask)
    }
}
