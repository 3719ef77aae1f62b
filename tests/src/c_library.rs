//! Cases for a node that is reached through the C library: descriptors, memory, waiting, signals.

mod descriptors;
mod memory;
mod node;
mod waiting;

/// A case panics where something is not as it should be.
pub type Case = fn();

/// All of them.
pub const CASES: [(&str, Case); 13] = [
    ("an exported buffer is the same memory and outlives its buffer", memory::export_is_the_same_memory),
    ("an export opened for reading cannot be mapped for writing", memory::export_keeps_its_access_mode),
    ("a child sees the parent's frames", memory::child_shares_frames),
    ("a mapping ends with its last piece, and holds its file until then", memory::mapping_holds_the_file),
    ("read() takes frames from a node without buffers", memory::read_takes_a_frame),
    ("a duplicate streams on when the first descriptor is closed", descriptors::duplicate_streams_on),
    (
        "a child that has the parent's memory closes its own descriptors only",
        descriptors::borrowed_memory_is_the_parents,
    ),
    ("O_NONBLOCK is set and cleared on the open file", descriptors::nonblocking_is_the_files),
    ("a node is character device 81:N", descriptors::node_has_its_number),
    ("poll is refused before a buffer is queued, and then waits", waiting::poll_follows_the_queue),
    ("epoll waits for a pipe and a node together", waiting::epoll_mixes_descriptors),
    ("a signal ends a sleeping DQBUF, unless it restarts calls", waiting::signals_end_a_sleep),
    ("STREAMOFF wakes a sleeping DQBUF", waiting::stream_off_wakes),
];
