//! What an errno of an operation means and what to do, for a person.

use crate::error::{ErrorKind, Operation};

/// Words for the pairs that have a meaning of their own.
pub(crate) fn advice(operation: Operation, kind: ErrorKind) -> Option<&'static str> {
    use ErrorKind as K;
    use Operation as O;
    Some(match (operation, kind) {
        (_, K::Interrupted) => "a signal came first, nothing has changed, call again",
        (_, K::WouldBlock) => "nothing is ready, nothing has changed, wait and call again",
        (_, K::Unplugged) => "stop and drop the queue, open the device again when it is back",
        (_, K::BadDescriptor) => "the file descriptor is not open, or was closed behind the queue's back",
        (O::Map, K::Access) => "the device must be opened for reading and writing (O_RDWR)",
        (O::Map, K::Invalid) => {
            "address, length or offset is not what VIDIOC_QUERYBUF returned, the flags or protection do not suit the \
             open mode, or no buffers are requested"
        }
        (O::Map, K::NoMemory) => "no memory or no room for another mapping (RLIMIT_AS, vm.max_map_count)",
        (O::Map, K::NotFound) => "the driver cannot map a buffer of this size",
        (O::RequestBuffers, K::Busy) => {
            "another program or file handle holds this device's buffers, or the device was polled or read before"
        }
        (O::RequestBuffers, K::Invalid) => "the device has no queue of this type, or not with this memory",
        (O::RequestBuffers, K::NoMemory) => "no memory for the buffers (CmaFree in /proc/meminfo)",
        (O::RequestBuffers | O::StreamOn, K::NotSupported) => "this device node cannot stream",
        (O::ReleaseBuffers, K::Busy) => "the stream is still on, or another file handle holds the buffers",
        (O::StreamOn, K::BrokenPipe) => {
            "a USB camera may have refused; or, along a media pipeline, formats differ, set size, media-bus code, field and \
             colorspace on every pad and the node (media-ctl -V)"
        }
        (O::StreamOn, K::NotLinked) => "a link of the media pipeline is not enabled (media-ctl -l)",
        (O::StreamOn, K::NoSpace) => {
            "not enough bus bandwidth, choose a smaller size or rate, a compressed format or another port"
        }
        (O::StreamOn, K::Invalid) => "the driver did not start, or too few buffers are allocated",
        (O::StreamOn, K::Io) => {
            "the device did not start, it may have no source (a loopback device without a producer has none)"
        }
        (O::Enqueue, K::BrokenPipe) => "the driver could not start, formats along a media pipeline may differ",
        (O::Enqueue | O::Dequeue | O::Wait, K::Io) => "the queue is in error, stream off and on again",
        (O::Dequeue, K::BrokenPipe) => "the stream has ended after its last buffer, stream off to start another",
        (O::Dequeue, K::Invalid) => {
            "the stream is off or the buffers are gone, by the driver or another user of the device, stop and start again"
        }
        (O::QueryBuffer, K::Invalid) => {
            "the buffers are gone, another user of the device has freed them, request them again"
        }
        (O::Enqueue, K::Invalid) => "the driver did not take this buffer, or could not start the stream with it",
        (O::Enqueue | O::Dequeue | O::StreamOn | O::StreamOff, K::Busy) => {
            "another file handle owns this device's buffers, or another thread is inside the same call"
        }
        _ => return None,
    })
}
