//! What a queue moves and through which memory, as types: direction, planes, memory.
//!
//! A queue is a [`Kind`]`<Direction, Planes, Memory>`. All three are types from the first release, so that USERPTR and
//! DMABUF can arrive without changing a signature.

use crate::v4l2::{BufferType, MemoryType, QueueType};

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Capture {}
    impl Sealed for super::Output {}
    impl Sealed for super::SinglePlanar {}
    impl Sealed for super::MultiPlanar {}
    impl Sealed for super::Mmap {}
    impl Sealed for super::UserPtr {}
    impl Sealed for super::DmaBuf {}
    impl<D, P, M> Sealed for super::Kind<D, P, M> {}
}
use sealed::Sealed;

/// Frames flow from the device to the program.
#[derive(Clone, Copy, Debug)]
pub enum Capture {}

/// Frames flow from the program to the device.
#[derive(Clone, Copy, Debug)]
pub enum Output {}

/// One plane a buffer (`V4L2_BUF_TYPE_VIDEO_CAPTURE` and `_OUTPUT`).
#[derive(Clone, Copy, Debug)]
pub enum SinglePlanar {}

/// Up to [`MAX_PLANES`](crate::backend::MAX_PLANES) planes a buffer (`V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE` and `_OUTPUT_MPLANE`).
#[derive(Clone, Copy, Debug)]
pub enum MultiPlanar {}

/// Device memory mapped into the program (`V4L2_MEMORY_MMAP`).
#[derive(Clone, Copy, Debug)]
pub enum Mmap {}

/// Memory of the program (`V4L2_MEMORY_USERPTR`). Named here so that signatures are stable; no transition exists yet.
#[derive(Clone, Copy, Debug)]
pub enum UserPtr {}

/// Memory of another device (`V4L2_MEMORY_DMABUF`). Named here so that signatures are stable; no transition exists yet.
#[derive(Clone, Copy, Debug)]
pub enum DmaBuf {}

/// [`Capture`] or [`Output`].
pub trait Direction: Sealed {
    /// True for [`Output`].
    const OUTPUT: bool;
}
impl Direction for Capture {
    const OUTPUT: bool = false;
}
impl Direction for Output {
    const OUTPUT: bool = true;
}

/// [`SinglePlanar`] or [`MultiPlanar`]: how many planes a buffer has room for, so that single-planar does not pay for eight.
pub trait Planes: Sealed + kept::Keep {
    /// True for [`MultiPlanar`].
    const MULTI: bool;
    /// Room for one `T` per plane: `[T; 1]` or `[T; 8]`.
    type Array<T: Copy + Send + Sync>: PlaneArray<T> + Copy + Send + Sync;
}
impl Planes for SinglePlanar {
    const MULTI: bool = false;
    type Array<T: Copy + Send + Sync> = [T; 1];
}
impl Planes for MultiPlanar {
    const MULTI: bool = true;
    type Array<T: Copy + Send + Sync> = [T; crate::plane_count::MAX_PLANES];
}

/// Where the payloads of a dequeued buffer are until it is enqueued again: of one plane in its frame, of more in the slot.
pub(crate) mod kept {
    use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use crate::backend::PlanePayload;

    /// The payload of one plane. Written and read by the holder of the slot.
    #[derive(Debug, Default)]
    pub struct Payload(AtomicU32, AtomicU32);

    impl Payload {
        #[inline(always)]
        pub(crate) fn set(&self, payload: PlanePayload) {
            self.0.store(payload.bytesused, Relaxed);
            self.1.store(payload.data_offset, Relaxed);
        }

        #[inline(always)]
        pub(crate) fn get(&self) -> PlanePayload {
            PlanePayload { bytesused: self.0.load(Relaxed), data_offset: self.1.load(Relaxed) }
        }
    }

    /// Room in a slot for the payloads.
    pub trait Keep {
        /// As many as there may be planes, or none where the frame has it.
        type Payloads: AsRef<[Payload]> + Default + Send + Sync;
    }
    impl Keep for super::SinglePlanar {
        type Payloads = [Payload; 0];
    }
    impl Keep for super::MultiPlanar {
        type Payloads = [Payload; crate::plane_count::MAX_PLANES];
    }
}

/// An array with one element a plane.
pub trait PlaneArray<T: Copy>: AsRef<[T]> + AsMut<[T]> {
    /// Every plane the same.
    fn filled(value: T) -> Self;
}
impl<T: Copy, const P: usize> PlaneArray<T> for [T; P] {
    #[inline]
    fn filled(value: T) -> Self {
        [value; P]
    }
}

/// [`Mmap`], [`UserPtr`] or [`DmaBuf`].
pub trait Memory: Sealed {
    /// The `V4L2_MEMORY_*` value.
    const TYPE: MemoryType;
}
impl Memory for Mmap {
    const TYPE: MemoryType = MemoryType::Mmap;
}
impl Memory for UserPtr {
    const TYPE: MemoryType = MemoryType::UserPtr;
}
impl Memory for DmaBuf {
    const TYPE: MemoryType = MemoryType::DmaBuf;
}

/// Direction, planes and memory of a queue, e.g. `Kind<Capture, MultiPlanar>`.
#[derive(Clone, Copy, Debug)]
pub struct Kind<D, P = SinglePlanar, M = Mmap>(core::marker::PhantomData<(D, P, M)>, core::convert::Infallible);

/// Implemented by every [`Kind`]; what generic code is written against.
pub trait QueueKind: Sealed {
    /// [`Capture`] or [`Output`].
    type Direction: Direction;
    /// [`SinglePlanar`] or [`MultiPlanar`].
    type Planes: Planes;
    /// [`Mmap`], [`UserPtr`] or [`DmaBuf`].
    type Memory: Memory;
    /// The two numbers that every buffer ioctl carries: `v4l2_buf_type` and `v4l2_memory`.
    const QUEUE: QueueType;
}

impl<D: Direction, P: Planes, M: Memory> QueueKind for Kind<D, P, M> {
    type Direction = D;
    type Planes = P;
    type Memory = M;
    const QUEUE: QueueType = QueueType {
        buffer_type: match (D::OUTPUT, P::MULTI) {
            (false, false) => BufferType::VideoCapture,
            (true, false) => BufferType::VideoOutput,
            (false, true) => BufferType::VideoCaptureMplane,
            (true, true) => BufferType::VideoOutputMplane,
        },
        memory: M::TYPE,
    };
}

/// One `T` a plane of a queue of kind `K`.
pub(crate) type PerPlane<K, T> = <<K as QueueKind>::Planes as Planes>::Array<T>;
