//! The life of a V4L2 streaming buffer (request, query, map, queue, dequeue, unmap) as a typestate: no allocation, no
//! system calls, no `std`.
//!
//! A [`Queue`] is generic over a [`Backend`]: `vidbuf-linux` is the kernel through raw system calls, `vidbuf-sim` an in-memory
//! driver that behaves as the kernel's videobuf2 does.
//!
//! ```
//! use vidbuf::{Backend, Error, Queue, Request};
//!
//! fn ten_frames<B: Backend>(camera: B) -> Result<(), Error> {
//!     let queue = Queue::capture(camera).start(Request::up_to(4).at_least(2))?;
//!     for _ in 0..10 {
//!         let Some(frame) = queue.dequeue()? else { continue };
//!         println!("frame {}: {} bytes", frame.sequence(), frame.bytes()?.len());
//!         frame.requeue()?;
//!     }
//!     queue.stop()?;
//!     Ok(())
//! }
//! ```
//!
//! # The states
//!
//! ```text
//!              request_buffers   query_buffers      map        stream_on
//!       Idle ----------> Requested -------> Queried ----> Mapped ----------> Streaming
//!        ^                 |   ^               |           |  ^                  |
//!        +-----------------+   +---------------|-----------+  +------------------+
//!        |    release                          |   unmap           stream_off
//!        +-------------------------------------+
//! ```
//!
//! [`Queue::start`] goes all the way up and [`Queue::stop`] all the way down. A method exists only where the kernel allows the
//! call; the rest does not compile:
//!
//! ```compile_fail,E0599
//! # use vidbuf::{Backend, Error, Queue, Request};
//! # fn up<B: Backend>(camera: B) -> Result<(), Error> {
//! let queue = Queue::capture(camera).request_buffers(Request::exactly(4))?;
//! let queue = queue.map()?; // nothing was queried
//! # Ok(())
//! # }
//! ```
//!
//! ```
//! # use vidbuf::{Backend, Error, Queue, Request};
//! # fn up<B: Backend>(camera: B) -> Result<(), Error> {
//! let queue = Queue::capture(camera).request_buffers(Request::exactly(4))?;
//! let queue = queue.query_buffers()?.map()?;
//! # Ok(())
//! # }
//! ```
//!
//! Which buffers the driver holds is decided by the driver, at run time, so that is a table in the queue. A buffer that the
//! program holds is a token, a [`Frame`] or an [`OutputBuffer`], that borrows the queue.
//!
//! A queue has room for 4 buffers, or for as many as [`Queue::room`] is given, at most 4096. [`Request::up_to`] asks for no more
//! than there is room for.
//!
//! # In a struct
//!
//! [`CaptureStream`] is the type of a capture queue that streams. A struct that has one restarts it in place with
//! [`Queue::restart`], and keeps frames without borrowing it: [`Frame::park`] makes a [`Parked`] token, [`Queue::look`] reads it,
//! [`Queue::unpark`] makes it a frame again, and [`Queue::keep`] replaces it by a newer one.
//!
//! ```
//! use vidbuf::{Backend, CaptureStream, Error, Parked};
//!
//! struct Doorbell<B: Backend> {
//!     queue: CaptureStream<B>,
//!     newest: Option<Parked>,
//! }
//!
//! impl<B: Backend> Doorbell<B> {
//!     fn step(&mut self) -> Result<(), Error> {
//!         if let Some(frame) = self.queue.dequeue()? {
//!             self.queue.keep(frame, &mut self.newest)?;
//!         }
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # Whose bytes they are
//!
//! Bytes of a buffer are lent as `&[u8]` only while the driver cannot write them. Drivers built on videobuf2 keep that promise;
//! others do not: v4l2loopback writes buffers that a program holds. Where the backend does not vouch for its driver
//! ([`Granted::exclusive`]), [`Frame::bytes`] fails with [`PayloadError::NotExclusive`] and [`Frame::copy_to`] copies. No
//! promise reaches further than that: every program that may open the device may map its buffers and write them, as with a
//! shared mapping of a file.
//!
//! # The error contract
//!
//! A step that goes up and fails undoes itself and gives the queue back in its old state, in [`Failed`]. One that goes down
//! finishes what can be finished. In every state the queue may simply be dropped: that stops, unmaps, frees and closes.
//!
//! The calls of everyday use return a plain [`Error`], so that `?` works in every function: [`start`](Queue::start) and
//! [`stop`](Queue::stop), which drop the queue when they fail, [`Frame::requeue`], [`OutputBuffer::enqueue`] and
//! [`enqueue_planes`](OutputBuffer::enqueue_planes), which leave the buffer to the queue. [`try_start`](Queue::try_start),
//! [`try_stop`](Queue::try_stop), [`try_requeue`](Frame::try_requeue), [`try_enqueue`](OutputBuffer::try_enqueue) and
//! [`try_enqueue_planes`](OutputBuffer::try_enqueue_planes) give it back in [`Failed`]. `?` makes an [`Error`] of a [`Failed`], too.
//!
//! [`Error::recovery`] is this table for a loop over frames.
//!
//! | operation | error | the queue is then | what to do |
//! |---|---|---|---|
//! | any | EINTR ([`ErrorKind::Interrupted`]) | as before; nothing has changed | call again. [`start`](Queue::start) and what goes down do so themselves, a bounded number of times |
//! | any | ENODEV ([`ErrorKind::Unplugged`], later [`Error::Unplugged`]) | unplugged; frames that the program holds stay readable, what the driver had stays the driver's | `stop`, or drop; open again when the device is back |
//! | [`request_buffers`](Queue::request_buffers) | [`Error::BadRequest`] | `Idle`, no call was made | a least number of 1 to the queue's room; a larger [`room`](Queue::room) |
//! | | [`Error::NoMemoryForBuffers`] (ENOMEM), [`Error::TooFewGranted`] | `Idle`, nothing allocated | accept fewer, a smaller format, more CMA memory |
//! | | [`Error::TooManyGranted`] | `Idle`, given back | a larger [`room`](Queue::room) |
//! | | EBUSY | `Idle` | end the other user of the device, and do not poll or read it before |
//! | | EINVAL | `Idle`, nothing allocated | the node has no such queue: look at its `device_caps` |
//! | | ENOTTY | `Idle` | the node cannot stream: another node |
//! | | [`DriverFault::NothingGranted`] | `Idle`, given back | report the driver |
//! | [`query_buffers`](Queue::query_buffers) | [`DriverFault::PlaneCount`] | `Requested` | report the driver |
//! | | [`DriverFault::EmptyPlane`] | `Requested` | the device has no format: set one, or start what feeds it |
//! | | [`DriverFault::SharedCookie`], EINVAL | `Requested` | another program has changed the buffers: `release`, request again |
//! | [`map`](Queue::map) | EBADF | `Queried`, nothing mapped | the descriptor was closed by other code: find it |
//! | | EACCES | `Queried`, nothing mapped | open for reading and writing |
//! | | EINVAL | `Queried`, nothing mapped | address, length or offset, flags or protection, or nothing requested: someone else changed the buffers |
//! | | ENOMEM | `Queried`, nothing mapped | fewer or smaller buffers |
//! | | [`DriverFault::MappingLength`] | `Queried`, nothing mapped | report the backend |
//! | [`stream_on`](Queue::stream_on) | EPIPE, ENOLINK | `Mapped`, as before | set formats and links of the media pipeline, if there is one; a USB camera that refuses: plug it in again |
//! | | ENOSPC | `Mapped`, as before | less bandwidth |
//! | | EINVAL, EIO, any other | `Mapped`, as before | a cause of the driver's own; try again, a bounded number of times |
//! | [`dequeue`](Queue::dequeue), [`wait`](Queue::wait), [`frame_or_event`](Queue::frame_or_event) | nothing ready: `Ok(None)`, not an error | `Streaming`, nothing has changed | wait, call again |
//! | | time-out: `Ok(None)`, not an error | `Streaming`, nothing has changed | call again, or give up |
//! | | [`Error::NothingQueued`] | `Streaming`, nothing has changed | hand a buffer back, call again |
//! | | EIO | `Streaming`, in error; frames that the program holds stay readable | [`restart`](Queue::restart) |
//! | | EPIPE ([`Error::is_end_of_stream`]) | `Streaming`, ended after its last frame | `stream_off` |
//! | | EINVAL | `Streaming` here, off in the kernel, or its buffers were freed by another user | `stop`, `start` |
//! | | [`DriverFault::IndexOutOfRange`], [`DriverFault::NotQueued`] | `Streaming`; no memory was given out; the buffer meant, if any, comes back at `stream_off` | report the driver |
//! | | [`DriverFault::BytesusedBeyondLength`], [`DriverFault::DataOffsetBeyondBytesused`], [`DriverFault::DequeuedPlanes`] | `Streaming`; the buffer goes back to the driver with the next call | skip the frame |
//! | | a QBUF error of a dropped frame | `Streaming`; the buffer stays with the queue | call again: the next call dequeues; [`requeue_dropped`](Queue::requeue_dropped) tries the buffer again |
//! | [`Frame::requeue`] | EIO, EINVAL, any other | `Streaming`; the buffer stays with the queue | nothing: the next `dequeue` or `wait` tries it again |
//! | [`OutputBuffer::enqueue`] | EIO, EINVAL, any other | as before; the buffer is free, its bytes were not sent | [`take`](Queue::take) a buffer, fill and enqueue it |
//! | [`Frame::try_requeue`], [`OutputBuffer::try_enqueue`] | EIO, EINVAL, any other | as before; the buffer is in [`Failed`] | again later, or drop it |
//! | | [`Error::BadPayload`], [`Error::PayloadCount`] | as before; the buffer is in [`Failed`] | a payload that fits |
//! | | [`DriverFault::DequeuedWhileRefused`] | `Streaming`; another thread has the buffer | report the driver |
//! | [`unpark`](Queue::unpark), [`look`](Queue::look) | [`UnparkReason`] | as before | drop the token; one of another queue belongs there |
//! | [`restart`](Queue::restart) | as `stream_off` and `stream_on` | `Streaming`; the stream may be off, and `dequeue` fails then | again, a bounded number of times, or `stop`, `start` |
//! | [`stream_off`](Queue::stream_off) | EBUSY, any other | still `Streaming` | again, or drop the queue |
//! | | ENODEV | `Mapped`: a success; what the driver had stays the driver's | `unmap` |
//! | [`unmap`](Queue::unmap) | any | `Requested`, every other plane unmapped | `release` |
//! | [`release`](Queue::release) | EBUSY, any other | as before, buffers allocated | again, or drop the queue |
//! | | ENODEV | `Idle`: a success | |
//! | [`try_stop`](Queue::try_stop) | any | `Idle`; what could not be undone is tried again by the next request | go on, or drop the queue |
//! | [`into_backend`](Queue::into_backend) | any | `Idle`; what could not be undone is tried again by the next call | again, or drop the queue |
//!
//! A frame that the driver flagged bad (`V4L2_BUF_FLAG_ERROR`) is not an error of the dequeue: [`Frame::payload`] refuses its
//! bytes, [`Frame::suspect_payload`] does not.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `std` | [`Error`] into `std::io::Error`, `AsFd` and `AsRawFd` of a [`Queue`] whose backend has them |
//! | `defmt` | `defmt::Format` for the public types |
//! | `defmt-log` | logs through defmt: `trace` per buffer, `debug` per transition, `warn` for what `Drop` could not report; the final binary must link a `global_logger` |
//! | `log` | the same messages through the crate [`log`](https://docs.rs/log), with the target `vidbuf`; beside `defmt-log`, both have them |
//! | `critical-section` | slot ownership through `critical_section` instead of atomics; always so on targets without atomics |
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "std")]
extern crate std;

mod atomic;
pub mod backend;
mod clock;
mod copy;
pub mod error;
mod frame;
mod log;
pub mod node;
mod output_buffer;
mod parked;
mod plane_count;
pub mod queue;
mod queue_kind;
mod request;
pub mod v4l2;

// For the links above.
#[doc(inline)]
pub use crate::{
    backend::Backend,
    clock::Clock,
    error::{Errno, Error, Failed, Recovery},
    frame::Frame,
    output_buffer::OutputBuffer,
    parked::Parked,
    queue::{CaptureStream, Queue},
    request::Request,
    v4l2::FourCc,
};
#[cfg(doc)]
use crate::{
    backend::Granted,
    error::{DriverFault, ErrorKind, PayloadError, UnparkReason},
};
