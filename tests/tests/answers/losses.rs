//! From sequence numbers to lost frames: a table of streams, frame by frame.

use super::driver::Driver;
use vidbuf::Request;
use vidbuf::backend::PlanePayload;
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::Field;

const N: Field = Field::NONE;
const T: Field = Field::TOP;
const B: Field = Field::BOTTOM;
/// The largest number without the highest bit.
const MIDDLE: u32 = i32::MAX as u32;

/// What `lost_before` returns for frames of these numbers and fields; then, after a restart of the stream, for the same again.
#[track_caller]
fn stream(frames: &[(u32, Field, Option<u32>)]) {
    let mut queue = CaptureQueue::<_>::new(Driver::new()).start(Request::exactly(3)).unwrap();
    for _ in 0..2 {
        for (number, (sequence, field, lost)) in frames.iter().enumerate() {
            queue.backend().finish(number as u32 % 3, &[PlanePayload::default()], |answer| {
                (answer.sequence, answer.field) = (*sequence, *field);
            });
            let frame = queue.dequeue().unwrap().unwrap();
            assert_eq!(frame.lost_before(), *lost, "frame {number} of {frames:?}");
        }
        queue = queue.stream_off().unwrap().stream_on().unwrap();
    }
}

#[test]
fn gap_in_the_numbers_is_so_many_frames() {
    stream(&[(0, N, Some(0)), (1, N, Some(0)), (2, N, Some(0))]);
    stream(&[(7, N, Some(0)), (8, N, Some(0)), (10, N, Some(1)), (11, N, Some(0)), (111, N, Some(99))]);
    // Numbers wrap.
    stream(&[(u32::MAX - 1, N, Some(0)), (u32::MAX, N, Some(0)), (0, N, Some(0)), (3, N, Some(2))]);
    // The first number does not matter, not even the one that is expected before it.
    stream(&[(MIDDLE, N, Some(0)), (MIDDLE + 1, N, Some(0)), (MIDDLE + 3, N, Some(1))]);
}

#[test]
fn the_same_number_again_is_not_known() {
    stream(&[(0, N, Some(0)), (0, N, None), (0, N, None), (1, N, Some(0))]);
    stream(&[(0, T, Some(0)), (0, T, None), (0, T, None)]);
}

#[test]
fn smaller_number_is_a_straggler_or_a_new_count() {
    // A little back: the newest stays the newest.
    stream(&[(10, N, Some(0)), (11, N, Some(0)), (9, N, None), (12, N, Some(0))]);
    stream(&[(0x9000, N, Some(0)), (0x1001, N, None), (0x9001, N, Some(0))]);
    // Far back: the driver counts anew.
    stream(&[(0x9000, N, Some(0)), (0x1000, N, None), (0x1001, N, Some(0))]);
    stream(&[(0x2_0000, N, Some(0)), (0, N, None), (1, N, Some(0)), (3, N, Some(1))]);
    // The largest gap that is one, and a step that may be either way.
    stream(&[(0, N, Some(0)), (0x7fff_ffff, N, Some(0x7fff_fffe)), (0x8000_0000, N, Some(0))]);
    stream(&[(0, N, Some(0)), (0x8000_0000, N, None), (0x8000_0001, N, Some(0))]);
}

#[test]
fn lost_fields_are_counted_when_their_order_is_known() {
    // The top field first, then the bottom field first.
    stream(&[(0, T, Some(0)), (0, B, Some(0)), (1, T, Some(0)), (1, B, Some(0)), (2, T, Some(0))]);
    stream(&[(0, B, Some(0)), (0, T, Some(0)), (1, B, Some(0)), (1, T, Some(0)), (2, B, Some(0))]);
    // Lost: a second field; a first field; a frame; one and a half.
    stream(&[(0, T, Some(0)), (0, B, Some(0)), (1, T, Some(0)), (2, T, Some(1)), (2, B, Some(0))]);
    stream(&[(0, T, Some(0)), (0, B, Some(0)), (1, B, Some(1)), (2, T, Some(0))]);
    stream(&[(0, T, Some(0)), (0, B, Some(0)), (2, T, Some(2)), (2, B, Some(0))]);
    stream(&[(0, B, Some(0)), (0, T, Some(0)), (2, T, Some(3)), (3, T, Some(1)), (4, B, Some(0))]);
    // Numbers with the highest bit, and across it.
    stream(&[(1 << 31, T, Some(0)), (1 << 31, B, Some(0)), (1 << 31 | 1, T, Some(0)), (1 << 31 | 2, T, Some(1))]);
    stream(&[(MIDDLE - 1, B, Some(0)), (MIDDLE - 1, T, Some(0)), (MIDDLE, B, Some(0)), (MIDDLE + 1, B, Some(1))]);
    // One kind of field alone may be all there is, or half.
    stream(&[(0, T, Some(0)), (1, T, None), (2, T, None), (2, B, Some(0)), (3, T, Some(0))]);
}

#[test]
fn stream_that_changes_between_frames_and_fields_begins_anew() {
    stream(&[(5, N, Some(0)), (7, T, None), (7, B, Some(0)), (8, T, Some(0)), (9, N, None), (10, N, Some(0))]);
    stream(&[(5, N, Some(0)), (7, B, None), (7, T, Some(0)), (8, B, Some(0)), (8, T, Some(0)), (10, B, Some(2))]);
    // The number that is expected is taken for what it seems.
    stream(&[(5, N, Some(0)), (6, T, Some(0)), (6, B, None), (7, T, None), (7, B, Some(0)), (8, T, Some(0))]);
}
