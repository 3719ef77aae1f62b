//! Both sides together: a step is done on each, and what they showed is compared.
//!
//! Time is synchronised, not ignored. The real driver is held still (vivid's "Percentage of Dropped Buffers" at 100)
//! whenever a call is compared. A frame is a step of its own: the driver is let go until it has finished a buffer, held
//! again, asked what it did, and the simulator's driver is told to do the same. From then on every byte must agree.

mod beginning;
mod connector;
mod fault;

use vidbuf::node::{ControlFlags, ControlType, FrameInterval};
use vidbuf_abi::buffer::{V4L2_BUF_FLAG_DONE, v4l2_buffer, v4l2_plane};
use vidbuf_abi::control::{V4L2_CTRL_WHICH_DEF_VAL, v4l2_ext_control, v4l2_ext_controls};
use vidbuf_abi::format::v4l2_format;
use vidbuf_abi::frame::{v4l2_captureparm, v4l2_fract, v4l2_streamparm, v4l2_streamparm_parm};
use vidbuf_abi::ioctl::{
    VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_EXT_CTRLS, VIDIOC_G_FMT,
    VIDIOC_G_PARM, VIDIOC_QUERYBUF, VIDIOC_S_EXT_CTRLS, VIDIOC_S_FMT, VIDIOC_S_PARM, VIDIOC_TRY_FMT,
};
use vidbuf_abi::value::Value;
use vidbuf_sim::kernel::QueueId;

use super::draw::control::is_settled;
use super::frames::{Finished, Timing};
use super::kernel::Real;
use super::memories::{POINTED, POINTED_LENGTH, get_pointed, put_pointed};
use super::operation::{Ioctl, Operation, Wake};
use super::signal;
use super::simulated::{BUFFERS, Simulated, WOULD_SLEEP};
use super::sleeper::Sleeper;
use super::subject::format;
use super::world::{Answer, Outcome, World, perform};

/// vivid's controls (`vivid-ctrls.c`).
mod control {
    pub const TIMINGS_SIGNAL_MODE: u32 = 0x00f0_f03e;
    pub const PERCENTAGE_DROPPED: u32 = 0x00f0_f040;
    pub const DISCONNECT: u32 = 0x00f0_f041;
    pub const BUFFER_ERROR: u32 = 0x00f0_f042;
    pub const REQBUFS_ERROR: u32 = 0x00f0_f043;
    pub const QBUF_ERROR: u32 = 0x00f0_f044;
    pub const STREAMON_ERROR: u32 = 0x00f0_f045;
    pub const FATAL_ERROR: u32 = 0x00f0_f046;
}

/// What went differently, or could not be done.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The two sides showed different things.
    Differs {
        /// The real kernel.
        kernel: Box<Answer>,
        /// The simulator.
        simulator: Box<Answer>,
    },
    /// A frame was not as it has to be.
    BadFrame(String),
}

/// A real node and a simulated one.
pub struct Pair {
    /// The real side.
    pub real: Real,
    /// The simulator's side.
    pub simulated: Simulated,
    timing: Timing,
    /// The driver was told to flag its next frame as bad.
    flags_next: bool,
    sleeper: Option<Sleeper>,
}

/// Calls about formats and rates.
const OF_WEBCAM: [u32; 8] = [
    VIDIOC_G_FMT,
    VIDIOC_TRY_FMT,
    VIDIOC_S_FMT,
    VIDIOC_ENUM_FMT,
    VIDIOC_ENUM_FRAMESIZES,
    VIDIOC_ENUM_FRAMEINTERVALS,
    VIDIOC_G_PARM,
    VIDIOC_S_PARM,
];

impl Pair {
    /// Whether a thread sleeps in a call.
    pub fn sleeps(&self) -> bool {
        self.sleeper.is_some()
    }

    /// Lets the driver go. False: a file that only a mapping keeps open has priority, and nobody can set a control.
    fn let_go(&self) -> Result<bool, Failure> {
        match self.hold(false) {
            Ok(()) => Ok(true),
            Err(libc::EBUSY) => Ok(false),
            Err(error) => Err(Failure::BadFrame(format!("letting the driver go: errno {error}"))),
        }
    }

    fn hold(&self, hold: bool) -> Result<(), i32> {
        self.real.set_value(control::PERCENTAGE_DROPPED, if hold { 100 } else { 0 })
    }

    /// Does one step on both sides.
    pub fn step(&mut self, operation: &Operation) -> Result<Answer, Failure> {
        let answer = self.one_step(operation)?;
        self.look_at_sleeper(false)?;
        Ok(answer)
    }

    fn is_elsewhere(&self) -> bool {
        self.simulated.node.input() != 0
    }

    fn one_step(&mut self, operation: &Operation) -> Result<Answer, Failure> {
        let (kernel, simulator) = match operation {
            // Neither formats, rates nor frames of other inputs than the webcam are modelled: a sequence that is shortened may come to them
            // without the step that went back to it.
            Operation::OneFrame if self.is_elsewhere() => return Ok(Answer::Nothing),
            Operation::Ioctl(ioctl) if OF_WEBCAM.contains(&ioctl.number) && self.is_elsewhere() => {
                return Ok(Answer::Nothing);
            }
            Operation::OneFrame => return self.frame().map(|()| Answer::Nothing),
            Operation::Inject { fault } => return self.inject(*fault).map(|()| Answer::Nothing),
            Operation::Cable { cable } => return self.cable(*cable).map(|()| Answer::Nothing),
            Operation::Audit => self.audit(),
            Operation::Ioctl(Ioctl { wake: Wake::Later, .. }) => return self.sleep(operation),
            Operation::Ioctl(_) => self.ioctl(operation)?,
            Operation::Transfer { .. } => self.transfer(operation),
            // The thread's call uses it.
            Operation::Close { descriptor }
                if self.sleeper.as_ref().is_some_and(|it| it.ioctl.descriptor == *descriptor) =>
            {
                return Ok(Answer::Nothing);
            }
            _ => (perform(&mut self.real, operation), perform(&mut self.simulated, operation)),
        };
        if kernel != simulator {
            return Err(differs(kernel, simulator));
        }
        self.timing.look(&self.simulated.node);
        self.reopen_if_back()?;
        Ok(kernel)
    }

    /// vivid's device is back when its last file is closed.
    fn reopen_if_back(&mut self) -> Result<(), Failure> {
        if self.simulated.node.is_unplugged() {
            return Ok(());
        }
        let left = self.real.set_control(true);
        let right = self.simulated.set_control(true);
        if left != right {
            return Err(differs(Answer::Plain(left), Answer::Plain(right)));
        }
        Ok(())
    }

    /// read or write; a signal ends their sleep.
    fn transfer(&mut self, operation: &Operation) -> (Answer, Answer) {
        let mut simulator = perform(&mut self.simulated, operation);
        let sleeps = simulator == Answer::Number(Err(WOULD_SLEEP));
        let kernel = signal::ended_after(if sleeps { 10 } else { 2000 }, || perform(&mut self.real, operation));
        if sleeps {
            simulator = Answer::Number(Err(libc::EINTR));
        }
        (kernel, simulator)
    }

    /// DQBUF in a thread, if it sleeps there as the simulator has it; otherwise it is a DQBUF like others.
    fn sleep(&mut self, operation: &Operation) -> Result<Answer, Failure> {
        let simulator = perform(&mut self.simulated, operation);
        if let Answer::Ioctl(Err(WOULD_SLEEP), ioctl) = &simulator
            && let Some(fd) = self.real.raw(ioctl.descriptor)
        {
            self.sleeper = Some(Sleeper::start(fd, ioctl.clone()));
            self.simulated.node.set_sleeper(QueueId::FIRST, true);
            return Ok(Answer::Plain(Ok(())));
        }
        let kernel = signal::ended_after(2000, || perform(&mut self.real, operation));
        if kernel == simulator { Ok(kernel) } else { Err(differs(kernel, simulator)) }
    }

    /// The thread's call comes back when, and with what, the simulator's would. At the end of a sequence a signal wakes it.
    fn look_at_sleeper(&mut self, end: bool) -> Result<(), Failure> {
        let Some(sleeper) = &mut self.sleeper else { return Ok(()) };
        self.simulated.node.set_sleeper(QueueId::FIRST, false);
        let mut ioctl = sleeper.ioctl.clone();
        let mut outcome = self.simulated.resume(&mut ioctl);
        let sleeps = outcome == Err(WOULD_SLEEP);
        if sleeps && !end && !sleeper.is_awake() {
            self.simulated.node.set_sleeper(QueueId::FIRST, true);
            return Ok(());
        }
        let Some(sleeper) = self.sleeper.take() else { return Ok(()) };
        if sleeps {
            outcome = Err(self.simulated.interrupt(&ioctl));
        }
        let kernel = sleeper.answer(!sleeps);
        let simulator = Answer::Ioctl(outcome, ioctl);
        if kernel == simulator { Ok(()) } else { Err(differs(kernel, simulator)) }
    }

    /// The driver, let go, finishes a buffer, which the sleeping thread gets.
    fn frame_for_sleeper(&mut self) -> Result<(), Failure> {
        let Some(sleeper) = self.sleeper.take() else { return Ok(()) };
        let mut ioctl = sleeper.ioctl.clone();
        let kernel = sleeper.answer(true);
        self.hold(true).map_err(|error| Failure::BadFrame(format!("holding the driver: errno {error}")))?;
        self.finish_and_return(&kernel)?;
        self.simulated.node.set_sleeper(QueueId::FIRST, false);
        let outcome = self.simulated.resume(&mut ioctl);
        let simulator = Answer::Ioctl(outcome, ioctl);
        if kernel == simulator { Ok(()) } else { Err(differs(kernel, simulator)) }
    }

    /// What the real driver finished meanwhile, first the buffer that a DQBUF has returned already.
    fn finish_and_return(&mut self, dequeued: &Answer) -> Result<(), Failure> {
        let mut finished = Vec::new();
        if let Answer::Ioctl(Ok(()), ioctl) = dequeued {
            finished.push(Finished::of(&v4l2_buffer::get(&ioctl.argument, 0)));
        }
        finished.extend(self.finished_on_the_real_side(finished.first().map(|finished| finished.index)));
        self.finish(finished)
    }

    /// An ioctl. If it sleeps on both sides, a frame or a signal ends it.
    fn ioctl(&mut self, operation: &Operation) -> Result<(Answer, Answer), Failure> {
        let mut simulator = perform(&mut self.simulated, operation);
        let (sleeps, frame) = match &simulator {
            Answer::Ioctl(outcome, ioctl) => (*outcome == Err(WOULD_SLEEP), ioctl.wake == Wake::ByFrame),
            _ => return Ok((perform(&mut self.real, operation), simulator)),
        };
        let lets_go = sleeps && frame && self.simulated.node.can_complete(QueueId::FIRST) && self.let_go()?;
        // A call that sleeps for ever, or longer than a frame may take, is ended by a signal.
        let kernel =
            signal::ended_after(if sleeps && !lets_go { 10 } else { 2000 }, || perform(&mut self.real, operation));
        if lets_go {
            self.hold(true).map_err(|error| Failure::BadFrame(format!("holding the driver: errno {error}")))?;
            self.finish_and_return(&kernel)?;
            simulator = perform(&mut self.simulated, operation);
        }
        if let Answer::Ioctl(outcome @ Err(WOULD_SLEEP), ioctl) = &mut simulator {
            *outcome = Err(self.simulated.interrupt(ioctl));
        }
        Ok((kernel, simulator))
    }

    /// Lets the driver finish at least one buffer; if it has none to finish, shows that.
    fn frame(&mut self) -> Result<(), Failure> {
        if self.simulated.node.is_unplugged() {
            return Ok(());
        }
        let control = |error| Failure::BadFrame(format!("a control: errno {error}"));
        let expected = self
            .simulated
            .node
            .can_complete(QueueId::FIRST)
            .then(|| self.simulated.node.active_buffer(QueueId::FIRST, 0))
            .flatten();
        if !self.let_go()? {
            return Ok(());
        }
        match expected {
            Some(_) if self.sleeper.is_some() => return self.frame_for_sleeper(),
            Some(index) => {
                let came = signal::wait_until(2000, || self.real_buffer(index).flags & V4L2_BUF_FLAG_DONE != 0);
                self.hold(true).map_err(control)?;
                if !came {
                    return Err(Failure::BadFrame(format!("buffer {index} was not finished within two seconds")));
                }
            }
            None => {
                // Two frame times of the slowest node.
                signal::wait_until(100, || false);
                self.hold(true).map_err(control)?;
            }
        }
        let finished = self.finished_on_the_real_side(None);
        self.finish(finished)
    }

    /// A buffer as a program fills it in, with room for eight planes.
    fn buffer(&self, index: u32) -> v4l2_buffer {
        v4l2_buffer { index, type_: self.simulated.buffer_type(), memory: 1, length: 8, ..Default::default() }
    }

    fn real_buffer(&self, index: u32) -> v4l2_buffer {
        let mut ioctl = Ioctl::new(0, VIDIOC_QUERYBUF, self.buffer(index));
        let _ = self.real.look(&mut ioctl.argument, &mut [v4l2_plane::ZERO; 8]);
        v4l2_buffer::get(&ioctl.argument, 0)
    }

    /// Buffers that the simulator's driver still has and the real one has finished, oldest frame first.
    fn finished_on_the_real_side(&self, except: Option<u32>) -> Vec<Finished> {
        // In the simulator's order, which decides between frames of the same time.
        let mut finished: Vec<Finished> = (0..self.simulated.node.active(QueueId::FIRST))
            .filter_map(|skip| self.simulated.node.active_buffer(QueueId::FIRST, skip))
            .filter(|index| Some(*index) != except)
            .map(|index| self.real_buffer(index))
            .filter(|buffer| buffer.flags & V4L2_BUF_FLAG_DONE != 0)
            .map(|buffer| Finished::of(&buffer))
            .collect();
        finished.sort_by_key(|finished| finished.timestamp_ns);
        finished
    }

    /// The simulator's driver does what the real one did, if that is what it would have done.
    fn finish(&mut self, finished: Vec<Finished>) -> Result<(), Failure> {
        for finished in finished {
            let node = &mut self.simulated.node;
            let expected = node.can_complete(QueueId::FIRST).then(|| node.active_buffer(QueueId::FIRST, 0)).flatten();
            if expected != Some(finished.index) {
                return Err(Failure::BadFrame(format!("finished buffer {}, expected {expected:?}", finished.index)));
            }
            self.timing.check(&finished).map_err(Failure::BadFrame)?;
            let mut completion = node.good_frame(QueueId::FIRST, finished.sequence);
            completion.timestamp_ns = i64::try_from(finished.timestamp_ns).ok();
            completion.error = std::mem::take(&mut self.flags_next);
            node.complete(QueueId::FIRST, finished.index, &completion);
        }
        Ok(())
    }

    fn audit(&mut self) -> (Answer, Answer) {
        let mut answers = (Vec::new(), Vec::new());
        for index in 0..=BUFFERS as u32 {
            let mut left = Ioctl::new(0, VIDIOC_QUERYBUF, self.buffer(index));
            left.planes = vec![v4l2_plane::ZERO; 8];
            let mut right = left.clone();
            let kernel = self.real.look(&mut left.argument, &mut left.planes);
            let simulator = self.simulated.look(&mut right.argument, &mut right.planes);
            let end = kernel.is_err() && simulator.is_err();
            answers.0.push(Answer::Ioctl(kernel, left));
            answers.1.push(Answer::Ioctl(simulator, right));
            // Only REMOVE_BUFS leaves holes; the last index is always looked at.
            if end && index as usize > self.simulated.node.highest(QueueId::FIRST) {
                break;
            }
        }
        (Answer::Many(answers.0), Answer::Many(answers.1))
    }

    /// Gives everything back, and uses up the faults that no call has met, so that the next sequence begins afresh.
    pub fn end(mut self) -> Result<(Real, Option<Failure>), String> {
        let failed = |what: &str, error: i32| format!("clean-up, {what}: errno {error}");
        let woken = self.look_at_sleeper(true).err();
        self.real.let_go();
        self.real.set_control(true).map_err(|error| failed("open", error))?;
        self.hold(true).map_err(|error| failed("holding the driver", error))?;
        self.use_up_faults().map_err(|error| failed("using up faults", error))?;
        Ok((self.real, woken))
    }

    /// A call on the real node alone.
    fn set_up<T: Value>(&mut self, number: u32, argument: T, planes: &mut [v4l2_plane]) -> Outcome {
        let mut ioctl = Ioctl::new(0, number, argument);
        self.real.ioctl(0, number, &mut ioctl.argument, planes)
    }

    fn whole_planes(&self) -> [v4l2_plane; 8] {
        let mut planes = [v4l2_plane::ZERO; 8];
        for (plane, format) in
            planes.iter_mut().zip(self.simulated.node.format(QueueId::FIRST).iter().flat_map(|f| f.planes()))
        {
            plane.bytesused = format.sizeimage;
        }
        planes
    }
}

fn differs(kernel: Answer, simulator: Answer) -> Failure {
    Failure::Differs { kernel: Box::new(kernel), simulator: Box::new(simulator) }
}
