//! A thread that sleeps in VIDIOC_DQBUF of the real node while the sequence goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread::JoinHandle;

use super::operation::Ioctl;
use super::world::Answer;
use super::{signal, system};

/// The thread, and its call.
pub struct Sleeper {
    /// The call; its descriptor must not be closed meanwhile.
    pub ioctl: Ioctl,
    thread: JoinHandle<Answer>,
    id: Arc<AtomicI32>,
}

impl Sleeper {
    /// Starts the thread, and waits until it sleeps or is done.
    pub fn start(fd: i32, ioctl: Ioctl) -> Self {
        let id = Arc::new(AtomicI32::new(0));
        let (told, mut call) = (Arc::clone(&id), ioctl.clone());
        signal::handle(libc::SIGUSR1);
        let thread = std::thread::spawn(move || {
            signal::block(libc::SIGALRM);
            // SAFETY: asks for a number.
            told.store(unsafe { libc::gettid() }, Ordering::SeqCst);
            let outcome = system::ioctl(fd, call.number, &mut call.argument, &mut call.planes);
            Answer::Ioctl(outcome, call)
        });
        let sleeper = Self { ioctl, thread, id };
        signal::wait_until(2000, || sleeper.sleeps() || sleeper.thread.is_finished());
        sleeper
    }

    /// Whether the kernel says that the thread sleeps.
    fn sleeps(&self) -> bool {
        let id = self.id.load(Ordering::SeqCst);
        let status = std::fs::read_to_string(format!("/proc/self/task/{id}/stat")).unwrap_or_default();
        id != 0 && status.rsplit(") ").next().is_some_and(|rest| rest.starts_with('S'))
    }

    /// Whether the call has come back.
    pub fn is_awake(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until the call has come back; a signal ends it if it does not by itself.
    pub fn answer(self, by_itself: bool) -> Answer {
        if !by_itself || !signal::wait_until(2000, || self.thread.is_finished()) {
            while !self.thread.is_finished() {
                let id = self.id.load(Ordering::SeqCst);
                // SAFETY: plain system calls; the thread lives, it has not been joined.
                unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), id, libc::SIGUSR1) };
                signal::wait_until(5, || self.thread.is_finished());
            }
        }
        self.thread.join().unwrap_or(Answer::Nothing)
    }
}
