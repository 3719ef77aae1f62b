//! Sleeping and waking.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use super::node::{Node, UNICAM, VIVID};

fn poll(node: &Node, timeout: i32) -> (i32, i16) {
    let mut fd = libc::pollfd { fd: node.fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one descriptor.
    let ready = unsafe { libc::poll(&mut fd, 1, timeout) };
    (ready, fd.revents)
}

pub fn poll_follows_the_queue() {
    let node = Node::open(UNICAM);
    assert_eq!(poll(&node, 1000), (1, libc::POLLERR), "nothing is allocated");
    node.request(3).unwrap();
    node.stream_on().unwrap();
    assert_eq!(poll(&node, 1000), (1, libc::POLLERR), "streaming, and nothing was queued");
    node.queue(0).unwrap();
    let before = std::time::Instant::now();
    assert_eq!(poll(&node, 50), (0, 0), "one buffer is held back");
    assert!(before.elapsed() >= Duration::from_millis(50));
    node.queue(1).unwrap();
    assert_eq!(poll(&node, -1), (1, libc::POLLIN));
    node.dequeue().unwrap();
    node.stream_off().unwrap();
    assert_eq!(poll(&node, 1000), (1, libc::POLLERR));
}

fn wait(epoll: i32, timeout: i32) -> Vec<(u32, u64)> {
    let mut events = [libc::epoll_event { events: 0, u64: 0 }; 4];
    // SAFETY: room for four.
    let count = unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), 4, timeout) };
    assert!(count >= 0, "epoll_wait: {}", std::io::Error::last_os_error());
    events[..count as usize].iter().map(|event| (event.events, event.u64)).collect()
}

fn control(epoll: i32, operation: i32, fd: i32, events: i32, data: u64) -> i32 {
    let mut event = libc::epoll_event { events: events as u32, u64: data };
    // SAFETY: one event.
    if unsafe { libc::epoll_ctl(epoll, operation, fd, &mut event) } == 0 { 0 } else { super::node::errno() }
}

pub fn epoll_mixes_descriptors() {
    let node = Node::open(VIVID);
    node.request(2).unwrap();
    // SAFETY: makes descriptors, which this process keeps.
    let (epoll, pipe) = unsafe {
        let mut pipe = [0; 2];
        assert_eq!(libc::pipe(pipe.as_mut_ptr()), 0);
        (libc::epoll_create1(libc::EPOLL_CLOEXEC), pipe)
    };
    let readable = libc::EPOLLIN as u32;
    assert_eq!(control(epoll, libc::EPOLL_CTL_MOD, node.fd(), libc::EPOLLIN, 7), libc::ENOENT);
    assert_eq!(control(epoll, libc::EPOLL_CTL_ADD, node.fd(), libc::EPOLLIN, 7), 0);
    assert_eq!(control(epoll, libc::EPOLL_CTL_ADD, node.fd(), libc::EPOLLIN, 7), libc::EEXIST);
    assert_eq!(control(epoll, libc::EPOLL_CTL_ADD, pipe[0], libc::EPOLLIN, 8), 0);
    assert_eq!(wait(epoll, -1), [(libc::EPOLLERR as u32, 7)], "not streaming");
    node.queue(0).unwrap();
    node.stream_on().unwrap();
    assert_eq!(wait(epoll, -1), [(readable, 7)]);
    node.dequeue().unwrap();
    assert_eq!(wait(epoll, 20), [], "nothing is queued");
    std::thread::scope(|scope| {
        // SAFETY: writes one byte.
        scope.spawn(|| unsafe { libc::write(pipe[1], c"x".as_ptr().cast(), 1) });
        assert_eq!(wait(epoll, -1), [(readable, 8)]);
    });
    assert_eq!(control(epoll, libc::EPOLL_CTL_DEL, pipe[0], 0, 0), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| node.queue(1).unwrap());
        assert_eq!(wait(epoll, -1), [(readable, 7)], "another thread queued a buffer");
    });
    drop(node);
    assert_eq!(wait(epoll, 20), [], "closed");
}

static HANDLED: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_signal: i32) {
    HANDLED.fetch_add(1, Ordering::SeqCst);
}

fn handle(signal: i32, flags: i32) {
    // SAFETY: zeroes are a valid structure; the handler only counts.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = count as extern "C" fn(i32) as usize;
        action.sa_flags = flags;
        assert_eq!(libc::sigaction(signal, &action, std::ptr::null_mut()), 0);
    }
}

/// Sleeps in DQBUF with nothing queued while `disturb` is repeated until it returns.
fn sleep_and(node: &Node, disturb: impl Fn(libc::pthread_t) + Sync) -> Option<i32> {
    let awake = AtomicBool::new(false);
    // SAFETY: asks which thread this is.
    let sleeper = unsafe { libc::pthread_self() };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !awake.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
                disturb(sleeper);
            }
        });
        let outcome = node.dequeue().err();
        awake.store(true, Ordering::SeqCst);
        outcome
    })
}

pub fn signals_end_a_sleep() {
    let node = Node::open(VIVID);
    node.request(2).unwrap();
    node.stream_on().unwrap();
    // SAFETY: sends a signal to a thread that waits for the sender.
    let signal = |thread| assert_eq!(unsafe { libc::pthread_kill(thread, libc::SIGUSR1) }, 0);
    handle(libc::SIGUSR1, 0);
    assert_eq!(sleep_and(&node, signal), Some(libc::EINTR));
    handle(libc::SIGUSR1, libc::SA_RESTART);
    HANDLED.store(0, Ordering::SeqCst);
    let woken =
        sleep_and(
            &node,
            |thread| {
                if HANDLED.load(Ordering::SeqCst) < 5 { signal(thread) } else { node.stream_off().unwrap() }
            },
        );
    assert_eq!(woken, Some(libc::EINVAL), "restarted five times, then STREAMOFF");
}

pub fn stream_off_wakes() {
    let node = Node::open(VIVID);
    node.request(2).unwrap();
    node.stream_on().unwrap();
    assert_eq!(sleep_and(&node, |_| node.stream_off().unwrap()), Some(libc::EINVAL));
}
