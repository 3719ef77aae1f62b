//! Starting the stream; all the way up, all the way down.

use super::enqueue::enqueue_free;
use super::{Idle, Mapped, Queue, Streaming};
use crate::backend::Backend;
use crate::error::{Error, Failed, Operation};
use crate::log::debug;
use crate::queue::failure::{Call, Details, Failure};
use crate::queue::raw::RawQueue;
use crate::queue::shared::Flag;
use crate::queue_kind::{Capture, Direction, Kind, Memory, Mmap, Planes, QueueKind};
use crate::request::Request;

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Mapped, K, N> {
    /// `ioctl(fd, VIDIOC_STREAMON, &type)`: starts the stream. A capture queue enqueues every buffer first; an output queue
    /// starts with what the program has enqueued.
    ///
    /// The driver may hold the start back until enough buffers are queued; its refusal then comes from a later enqueue.
    ///
    /// # Errors
    ///
    /// The queue comes back [`Mapped`], and nothing has changed: the buffers of a capture queue are free again, what was
    /// enqueued in an output queue stays enqueued. [`Error::Refused`]:
    /// - EPIPE, ENOLINK: the media pipeline is not set up; ENOSPC: no bandwidth on the bus; EINVAL, EIO: the driver's own.
    /// - EINTR: call again. ENODEV: unplugged.
    ///
    /// [`Error::Unplugged`], without a call, on a device that is known to be gone.
    ///
    /// # Kernel
    ///
    /// `vidioc-streamon.rst`, `vb2_core_streamon`.
    #[doc(alias = "VIDIOC_STREAMON")]
    pub fn stream_on(mut self) -> Result<Queue<B, Streaming, K, N>, Failed<Self>> {
        match self.raw.start_or_not() {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self, error: failure.into() }),
        }
    }
}

/// How often a start is tried again when a signal interrupts it. Bounded, so that no rate of signals keeps a program here.
const SIGNALS: u32 = 64;

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    /// The four steps up, in place: the queue itself does not move between them. After a signal, from the first again.
    #[inline(never)]
    fn climb_to(&mut self, request: Request, details: &mut Details) -> Result<(), Failure> {
        let mut tries = SIGNALS;
        loop {
            let climbed = self.climb(request, details);
            let Err(failure) = climbed else { return climbed };
            // The cause is returned; what cannot be undone now is tried again by the next request.
            let _ = self.clean_up();
            if !failure.is_interrupted() || tries == 0 {
                return climbed;
            }
            tries -= 1;
        }
    }

    fn climb(&mut self, request: Request, details: &mut Details) -> Result<(), Failure> {
        self.request(request, details)?;
        self.query(details)?;
        self.map(details)?;
        self.start()
    }

    /// On an error the kernel may have buffers of a capture queue, which the caller takes back.
    fn start(&mut self) -> Result<(), Failure> {
        let output = <K::Direction as Direction>::OUTPUT;
        if !output {
            // A failed STREAMON keeps what was enqueued before it.
            self.shared.holds.stream = Flag::Yes;
            enqueue_free(self)?;
        }
        if let Err(error) = self.shared.backend.stream_on(K::QUEUE) {
            return Err(self.shared.refused(Call::of_queue(Operation::StreamOn), error));
        }
        if output {
            self.shared.holds.stream = Flag::Yes;
        }
        debug!("stream on");
        Ok(())
    }

    /// Starts the stream, or leaves everything as it was.
    fn start_or_not(&mut self) -> Result<(), Failure> {
        if self.shared.is_unplugged() {
            return Err(Failure::unplugged(Operation::StreamOn));
        }
        let started = self.start();
        // What a program has enqueued in an output queue stays enqueued. If taking back a capture queue's buffers fails, too, they
        // stay marked as the driver's and the next clean-up tries again.
        if started.is_err() && self.shared.holds.stream == Flag::Yes {
            let _ = self.stop();
        }
        started
    }
}

impl<B: Backend, P: Planes, const N: usize> Queue<B, Idle, Kind<Capture, P, Mmap>, N> {
    /// All the way up: request, query, map, stream on. Signals (EINTR) are retried a bounded number of times.
    ///
    /// # Errors
    ///
    /// Those of the four steps. The queue is dropped, and the backend with it; [`try_start`](Self::try_start) gives it back.
    pub fn start(mut self, request: Request) -> Result<Queue<B, Streaming, Kind<Capture, P, Mmap>, N>, Error> {
        // Not by `try_start`: a queue is moved once less, which is 600 bytes of a small program.
        let mut details = Details::none();
        match self.raw.climb_to(request, &mut details) {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(details.error(failure)),
        }
    }

    /// As [`start`](Self::start); the queue comes back where that fails.
    ///
    /// # Errors
    ///
    /// Those of the four steps. The queue comes back [`Idle`], with nothing mapped or allocated.
    pub fn try_start(
        mut self,
        request: Request,
    ) -> Result<Queue<B, Streaming, Kind<Capture, P, Mmap>, N>, Failed<Self>> {
        let mut details = Details::none();
        match self.raw.climb_to(request, &mut details) {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self, error: details.error(failure) }),
        }
    }
}

impl<B: Backend, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Capture, P, M>, N> {
    /// `VIDIOC_STREAMOFF` and `VIDIOC_STREAMON` with the same buffers: after the end of a stream ([`Recovery::Restart`]).
    ///
    /// No frame can be alive, and parked ones are refused from then on. A frame that `match` takes out of
    /// [`dequeue`](Self::dequeue) borrows the queue to the end of the `match`, so restart behind it:
    ///
    /// ```
    /// use vidbuf::{Backend, CaptureStream, Error, Recovery};
    ///
    /// fn step<B: Backend>(queue: &mut CaptureStream<B>) -> Result<(), Error> {
    ///     let error = match queue.dequeue() {
    ///         Ok(Some(frame)) => return frame.requeue(),
    ///         Ok(None) => return Ok(()),
    ///         Err(error) => error,
    ///     };
    ///     if error.recovery() == Recovery::Restart { queue.restart() } else { Err(error) }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`stream_off`](Self::stream_off) and [`stream_on`](Queue::stream_on), except that signals (EINTR) are retried a bounded
    /// number of times. The stream may be off then: `dequeue` fails until
    /// a restart succeeds. [`stop`](Self::stop) and `start` also ask for new buffers.
    ///
    /// [`Recovery::Restart`]: crate::Recovery::Restart
    #[doc(alias("VIDIOC_STREAMOFF", "VIDIOC_STREAMON"))]
    pub fn restart(&mut self) -> Result<(), Error> {
        let mut tries = SIGNALS;
        loop {
            let restarted = self.raw.stop().and_then(|()| self.raw.start_or_not());
            match restarted {
                Err(failure) if failure.is_interrupted() && tries > 0 => tries -= 1,
                _ => return Ok(restarted?),
            }
        }
    }
}
