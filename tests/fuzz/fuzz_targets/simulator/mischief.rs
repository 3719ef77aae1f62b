//! What the driver does: everything the simulator's script can express.

use std::time::Duration;

use vidbuf_sim::{Call, Errno, Event, Lie};

use crate::{Choices, Device, Open};

/// A number without a name.
const UNNAMED: Errno = match Errno::from_raw(3000) {
    Some(errno) => errno,
    None => Errno::EPROTO,
};

const ERRORS: [Errno; 10] = [
    Errno::EINTR,
    Errno::EAGAIN,
    Errno::EIO,
    Errno::EINVAL,
    Errno::ENOMEM,
    Errno::EBUSY,
    Errno::EPIPE,
    Errno::ENODEV,
    Errno::ENOTTY,
    UNNAMED,
];

/// A driver, and the choices that it and the program make in turn.
pub struct Driver<'s, 'm, 'b> {
    pub sim: &'s Device<'m>,
    nonblocking: bool,
    pub choices: Choices<'b>,
    /// munmap was told to fail: something may stay mapped.
    pub unmapping_failed: bool,
    /// VIDIOC_QUERYBUF was told to lie about how many planes there are.
    pub hid_planes: bool,
}

impl<'s, 'm, 'b> Driver<'s, 'm, 'b> {
    pub fn new(sim: &'s Device<'m>, nonblocking: bool, choices: Choices<'b>) -> Self {
        Self { sim, nonblocking, choices, unmapping_failed: false, hid_planes: false }
    }

    /// The device, opened by the program; plugged in again first if it is gone. `None` if no more files can be opened: each one
    /// whose memory could not be unmapped stays open.
    pub fn open(&self) -> Option<Open<'s, 'm>> {
        let open = || if self.nonblocking { self.sim.open_nonblocking() } else { self.sim.open() };
        let opened = open().or_else(|_| {
            self.sim.replug();
            open()
        });
        assert!(opened.is_ok() || self.unmapping_failed, "a file was not closed");
        opened.ok()
    }

    /// The program's next choice; the driver makes one before it. In the end the driver plans nothing any more.
    pub fn then(&mut self, most: u32) -> u32 {
        if self.choices.are_over() {
            self.sim.clear_script();
        } else {
            self.plan();
        }
        self.choices.up_to(most)
    }

    fn plan(&mut self) {
        // Full is full.
        match self.choices.up_to(9) {
            0 => {
                self.sim.script([event(&mut self.choices)]);
            }
            1 => {
                let lie = lie(&mut self.choices);
                self.hid_planes |= matches!(lie, Lie::Planes(_));
                self.sim.lie(lie);
            }
            2 => self.fail(),
            3 => self.inject(),
            4 => self.sim.advance(Duration::from_millis(self.choices.up_to(255).into())),
            5 => self.sim.signal_in(Duration::from_millis(self.choices.up_to(255).into())),
            6 => self.sim.signal_every(Duration::from_millis(self.choices.up_to(40).into())),
            _ => {}
        }
    }

    fn fail(&mut self) {
        let errno = self.choices.of(&ERRORS);
        let call = self.choices.of(&Call::ALL);
        self.unmapping_failed |= call == Call::Unmap;
        if self.choices.flag() {
            self.sim.fail_next(call, self.choices.up_to(80), errno);
        } else {
            self.sim.fail(call, self.choices.up_to(4), errno);
        }
    }

    fn inject(&mut self) {
        let (what, errno, limit) = (self.choices.up_to(5), self.choices.of(&ERRORS), self.choices.up_to(8));
        self.sim.inject(|inject| match what {
            0 => inject.queue_setup = Some(errno),
            1 => inject.buffer_prepare = Some(errno),
            2 => inject.prepare_streaming = Some(errno),
            3 => inject.start = Some(errno),
            4 => inject.allocation_limit = Some(limit),
            _ => inject.first_sequence = u32::MAX - limit,
        });
    }
}

fn event(choices: &mut Choices<'_>) -> Event {
    match choices.up_to(12) {
        0 => Event::Frame,
        1 => Event::Drop(choices.number()),
        2 => Event::Error,
        3 => Event::Short(choices.number()),
        4 => Event::Stall(choices.number()),
        5 => Event::StallForever,
        6 => Event::OutOfOrder(choices.number()),
        7 => Event::Last,
        8 => Event::EmptyLast,
        9 => Event::QueueError,
        10 => Event::Unplug,
        11 => Event::Payload { plane: choices.number(), bytesused: choices.number(), data_offset: choices.number() },
        _ => Event::Sequence(choices.number()),
    }
}

fn lie(choices: &mut Choices<'_>) -> Lie {
    match choices.up_to(8) {
        0 => Lie::Granted(choices.number()),
        1 => Lie::Planes(choices.number()),
        2 => Lie::Length { plane: choices.number(), length: choices.number() },
        3 => Lie::Index(choices.number()),
        4 => Lie::IndexNotQueued,
        5 => Lie::Cookie { plane: choices.up_to(3), offset: choices.number() },
        6 => Lie::CookieOf(choices.up_to(8)),
        7 => Lie::ShortMapping(choices.number()),
        _ => Lie::DequeuedPlanes(choices.number()),
    }
}
