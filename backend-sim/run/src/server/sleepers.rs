//! Calls that sleep: VIDIOC_DQBUF and VIDIOC_DQEVENT on an empty queue, and read.

use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::ioctl::VIDIOC_DQBUF;

use crate::system::listener::Call;

use super::Server;
use super::ioctl::Request;

/// What a sleeping call is.
#[derive(Clone, Debug)]
pub enum Asleep {
    /// An ioctl, with its argument.
    Ioctl(Box<Request>),
    /// read or write.
    Transfer,
}

/// A call that sleeps.
#[derive(Clone, Debug)]
pub struct Sleeper {
    pub call: Call,
    /// The file that it is made on.
    pub token: u64,
    pub what: Asleep,
}

impl Sleeper {
    /// Whether others that dequeue find the queue busy.
    fn occupies(&self) -> bool {
        match &self.what {
            Asleep::Ioctl(request) => request.number == VIDIOC_DQBUF,
            Asleep::Transfer => true,
        }
    }
}

impl Server {
    /// A call goes to sleep.
    pub(super) fn sleep(&mut self, sleeper: Sleeper) {
        if let Some(file) = self.files.get(&sleeper.token)
            && sleeper.occupies()
        {
            self.devices[file.device].node.set_sleeper(QueueId::FIRST, true);
        }
        self.sleepers.push(sleeper);
    }

    /// Signals end calls, and processes are killed: no message comes then.
    pub(super) fn forget_the_gone(&mut self, device: usize) {
        if self.sleepers.is_empty() {
            return;
        }
        let (files, listener) = (&self.files, &self.listener);
        let on = |sleeper: &Sleeper| files.get(&sleeper.token).is_some_and(|file| file.device == device);
        let (gone, rest): (Vec<_>, Vec<_>) =
            self.sleepers.drain(..).partition(|sleeper| on(sleeper) && !listener.waits(sleeper.call.id));
        self.sleepers = rest;
        for sleeper in gone {
            self.awake(&sleeper);
            if let (Asleep::Ioctl(request), Some(file)) = (&sleeper.what, self.files.get(&sleeper.token))
                && request.number == VIDIOC_DQBUF
            {
                let _eintr = self.devices[device].node.interrupt_dequeue(file.file, &request.argument);
            }
            self.finish_close(sleeper.token);
        }
    }

    /// A call sleeps no longer.
    fn awake(&mut self, sleeper: &Sleeper) {
        if let Some(file) = self.files.get(&sleeper.token)
            && sleeper.occupies()
        {
            self.devices[file.device].node.set_sleeper(QueueId::FIRST, false);
        }
    }

    /// Something has happened on a camera: its sleepers look again.
    pub(super) fn wake_sleepers(&mut self, device: usize) {
        self.forget_the_gone(device);
        let files = &self.files;
        let on = |sleeper: &Sleeper| files.get(&sleeper.token).is_some_and(|file| file.device == device);
        let (woken, rest): (Vec<_>, Vec<_>) = self.sleepers.drain(..).partition(on);
        self.sleepers = rest;
        for sleeper in woken {
            self.awake(&sleeper);
            let token = sleeper.token;
            match sleeper.what {
                Asleep::Ioctl(request) => self.resume(&sleeper.call, token, *request),
                Asleep::Transfer => self.transfer_on(&sleeper.call, token),
            }
            self.finish_close(token);
        }
    }

    /// Whether a call sleeps on a file.
    pub(super) fn is_slept_on(&self, token: u64) -> bool {
        self.sleepers.iter().any(|sleeper| sleeper.token == token)
    }
}
