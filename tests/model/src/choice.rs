//! What can happen next.

/// Threads of the program.
pub const THREADS: usize = 2;

/// What a thread that has nothing to do can begin. Frames belong to the program as a whole, as if sent between its threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `Queue::dequeue`.
    Dequeue,
    /// `Queue::requeue_dropped`.
    RequeueDropped,
    /// `Frame::requeue` of the frame in this buffer.
    Requeue(u8),
    /// The frame in this buffer is dropped.
    Drop(u8),
    /// The frame in this buffer is put aside.
    Park(u8),
    /// This token is taken up, a stale one as well.
    Unpark(u8),
    /// The frame in this buffer is forgotten (`mem::forget`).
    Forget(u8),
}

/// Which call of a restart (STREAMOFF, QBUF for each buffer, STREAMON) is refused once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// None.
    Nothing,
    /// STREAMOFF.
    StreamOff,
    /// The second QBUF.
    Enqueue,
    /// STREAMON.
    StreamOn,
}

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A thread begins something, and runs up to its first system call.
    Begin(u8, Operation),
    /// A thread that stands before or after a system call goes on to the next such place, or to the end.
    Go(u8),
    /// A signal ends the call that a thread stands before or sleeps in, EINTR.
    Interrupt(u8),
    /// The driver refuses the QBUF that a thread stands before, EINVAL.
    Refuse(u8),
    /// The driver finishes its oldest buffer.
    Finish,
    /// The driver puts the queue into error.
    Fail,
    /// The device goes away.
    Unplug,
    /// The program, with no frame alive, stops the stream and starts it again.
    Restart(Refusal),
    /// A driver that is out of order writes into a buffer that it does not have.
    Scribble(u8),
}
