//! What a program of this library can rely on with v4l2loopback, a driver that writes buffers while programs hold them:
//! `loopback CHECK NODE`. One check a run; the status is its outcome, and a failed one is explained in a line.
//!
//! The frames come from `tests/guest/producer.c`: 320x240 YUYV, all bytes of a frame the same, the next frame's one more.

use std::ffi::{CStr, CString};
use std::fmt::{Debug, Display};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use vidbuf::error::PayloadError;
use vidbuf::queue::{CaptureQueue, OutputQueue, Streaming};
use vidbuf::v4l2::{BufferType, Timestamp};
use vidbuf::{FourCc, Frame, Queue, Recovery, Request};
use vidbuf_linux::{Device, Errno, Format, FrameInterval};

const SIZE: usize = 320 * 240 * 2;
const SECOND: Duration = Duration::from_secs(1);

type Outcome = Result<(), String>;
type Stream = Queue<Device, Streaming, vidbuf::queue::Kind<vidbuf::queue::Capture>, 8>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let [_, check, node] = words.as_slice() else {
        eprintln!("usage: loopback CHECK NODE");
        return ExitCode::FAILURE;
    };
    let outcome = match (check.as_str(), CString::new(node.as_str())) {
        (_, Err(error)) => Err(error.to_string()),
        ("frames-are-copied", Ok(node)) => frames_are_copied(&node),
        ("frames-are-lent", Ok(node)) => frames_are_lent(&node),
        ("held-frames-change", Ok(node)) => held_frames_change(&node),
        ("consent", Ok(node)) => consent(&node),
        ("send", Ok(node)) => send(&node),
        ("sent", Ok(file)) => sent(&file),
        ("refused", Ok(node)) => refused(&node),
        ("losses-are-unknown", Ok(node)) => losses_are_unknown(&node),
        ("losses-are-counted", Ok(node)) => losses_are_counted(&node),
        ("goes-on", Ok(node)) => goes_on(&node),
        ("workers", Ok(node)) => workers(&node),
        ("dequeuers", Ok(node)) => dequeuers(&node),
        _ => Err("no such check".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            println!("loopback {check} {node}: {words}");
            ExitCode::FAILURE
        }
    }
}

/// No bytes are lent, in any way; copies are whole frames, one after the other.
fn frames_are_copied(node: &CStr) -> Outcome {
    let stream = start(open(node)?)?;
    must(!stream.is_exclusive(), "the buffers count as exclusive")?;
    let mut copy = vec![0; SIZE];
    let mut before = None;
    for _ in 0..30 {
        let frame = next(&stream)?;
        for lent in [frame.bytes(), frame.payload(0), frame.suspect_payload(0), frame.whole_plane(0)] {
            same(lent.err(), Some(PayloadError::NotExclusive { index: frame.index() }))?;
        }
        same(frame.copy_to(0, &mut copy), Ok(SIZE))?;
        let value = only_value(&copy)?;
        must(before != Some(value), "the same frame came twice")?;
        before = Some(value);
        let mut start = [0; 100];
        same(frame.copy_suspect_to(0, &mut start), Ok(100))?;
        same(only_value(&start), Ok(value))?;
        same(frame.copy_to(1, &mut copy), Err(PayloadError::NoSuchPlane { plane: 1, planes: 1 }))?;
        frame.requeue().map_err(|refused| refused.to_string())?;
    }
    stream.stop().map_err(text)?;
    Ok(())
}

/// The other way round on a driver that uses videobuf2.
fn frames_are_lent(node: &CStr) -> Outcome {
    let stream = start(open(node)?)?;
    must(stream.is_exclusive(), "the buffers do not count as exclusive")?;
    for _ in 0..3 {
        let frame = next(&stream)?;
        let bytes = frame.bytes().map_err(text)?;
        let mut copy = vec![0; bytes.len()];
        same(frame.copy_to(0, &mut copy), Ok(bytes.len()))?;
        must(copy == bytes, "the copy differs")?;
        must(frame.lost_before().is_some(), "losses are not known")?;
    }
    stream.stop().map_err(text)?;
    Ok(())
}

/// Why no bytes are lent: two copies of one held frame differ.
fn held_frames_change(node: &CStr) -> Outcome {
    let stream = start(open(node)?)?;
    let (mut first, mut second) = (vec![0; SIZE], vec![0; SIZE]);
    let mut changed = 0;
    for _ in 0..4 {
        let frame = next(&stream)?;
        same(frame.copy_to(0, &mut first), Ok(SIZE))?;
        std::thread::sleep(Duration::from_millis(200)); // the producer writes six frames
        same(frame.copy_to(0, &mut second), Ok(SIZE))?;
        changed += u32::from(first != second);
    }
    println!("{changed} of 4 held frames changed");
    must(changed > 0, "no held frame changed: this driver might keep the promise")
}

/// Who gives the consent gets slices. The producer is stopped here, so the promise is kept.
fn consent(node: &CStr) -> Outcome {
    let device = open(node)?;
    // SAFETY: the producer was stopped by a signal and nobody else has the node open, so nobody writes its buffers.
    let device = unsafe { device.assume_exclusive_buffers() };
    let stream = start(device)?;
    must(stream.is_exclusive(), "the buffers do not count as exclusive")?;
    let frame = next(&stream)?;
    let bytes = frame.bytes().map_err(text)?;
    same(bytes.len(), SIZE)?;
    only_value(bytes)?;
    Ok(())
}

/// A hundred frames to the node, 20 ms apart.
fn send(node: &CStr) -> Outcome {
    let mut device = open(node)?;
    device.set_format(BufferType::VideoOutput, &Format::new(320, 240, FourCc::YUYV)).map_err(text)?;
    let queue = OutputQueue::<_, _, 8>::new(device).request_buffers(Request::up_to(4)).map_err(text)?;
    let queue = queue.query_buffers().map_err(text)?.map().map_err(text)?.stream_on().map_err(text)?;
    must(!queue.is_exclusive(), "the buffers count as exclusive")?;
    for number in 0..100 {
        let mut buffer = match queue.take() {
            Some(buffer) => buffer,
            None => queue.dequeue_timeout(SECOND).map_err(text)?.ok_or("no buffer came back")?,
        };
        let index = buffer.index();
        same(buffer.bytes_mut().err(), Some(PayloadError::NotExclusive { index }))?;
        same(buffer.plane_mut(0).err(), Some(PayloadError::NotExclusive { index }))?;
        let halves = [buffer.copy_from(0, 0, &[number; SIZE / 2]), buffer.copy_from(0, SIZE / 2, &[number; SIZE / 2])];
        same(halves, [Ok(SIZE / 2); 2])?;
        buffer.set_timestamp(Timestamp { seconds: 1, microseconds: i64::from(number) });
        buffer.enqueue(SIZE as u32).map_err(|refused| refused.to_string())?;
        std::thread::sleep(Duration::from_millis(20));
    }
    queue.stop().map_err(text)?;
    Ok(())
}

/// What a reader wrote to a file: whole frames, one after the other.
fn sent(file: &CStr) -> Outcome {
    let bytes = std::fs::read(file.to_string_lossy().as_ref()).map_err(text)?;
    let values: Vec<u8> = bytes.chunks(SIZE).map(only_value).collect::<Result<_, _>>()?;
    println!("values: {values:?}");
    must(bytes.len() == 10 * SIZE, "not ten whole frames")?;
    must(values.windows(2).all(|pair| pair[0] < pair[1]), "frames out of order")
}

/// The node does not stream; what the error says is the script's to judge.
fn refused(node: &CStr) -> Outcome {
    println!("{}", start(open(node)?).err().ok_or("it streams")?);
    Ok(())
}

/// Versions of the driver before 0.15 give every frame the same number.
fn losses_are_unknown(node: &CStr) -> Outcome {
    let stream = start(open(node)?)?;
    drop(next(&stream)?); // the first frame of a stream has nothing before it
    (0..10).try_for_each(|_| must(next(&stream)?.lost_before().is_none(), "losses that nobody counts"))
}

/// Later versions count, also the frames that were written while nobody dequeued.
fn losses_are_counted(node: &CStr) -> Outcome {
    let stream = start(open(node)?)?;
    drop(next(&stream)?);
    std::thread::sleep(Duration::from_millis(300)); // ten frames
    let mut lost = 0;
    for _ in 0..5 {
        lost += next(&stream)?.lost_before().ok_or("losses are not known")?;
    }
    println!("{lost} lost");
    must(lost > 3, "frames that were never dequeued are not counted")
}

/// Three seconds during which another consumer comes and leaves. Versions before 0.15 then free everybody's buffers; a program
/// that does what `Error::recovery` returns goes on.
fn goes_on(node: &CStr) -> Outcome {
    let mut stream = start(open(node)?)?;
    println!("streams"); // the script waits for it
    let (mut frames, mut errors, mut silences) = (0, 0, 0);
    while frames < 300 {
        let error = match stream.dequeue_timeout(SECOND) {
            Ok(Some(_frame)) => {
                frames += 1;
                continue;
            }
            Ok(None) if silences < 5 => {
                silences += 1;
                continue;
            }
            Ok(None) => return Err(format!("silent after {frames} frames and {errors} errors")),
            Err(error) => error,
        };
        println!("error after {frames} frames: {error} -> {:?}", error.recovery());
        errors += 1;
        must(errors < 10, "it fails again and again")?;
        match error.recovery() {
            Recovery::Again | Recovery::SkipFrame => {}
            Recovery::Restart => stream = stream.stop().map_err(text)?.start(Request::up_to(4)).map_err(text)?,
            Recovery::Reopen => stream = start(open(node)?)?,
            _ => return Err("no way to go on".into()),
        }
    }
    println!("{frames} frames, {errors} errors, {silences} silences");
    Ok(())
}

/// One thread dequeues, blocking; others look at the frames for so long that the driver runs out of buffers, and drop them.
/// v4l2loopback then returns buffers that are held: such a frame is lost, and the stream goes on.
fn workers(node: &CStr) -> Outcome {
    let stream = start(fast(node, false)?)?;
    std::thread::scope(|scope| {
        for _ in 0..60 {
            let frame = match stream.dequeue() {
                Ok(frame) => frame.ok_or("no frame, though the device blocks")?,
                Err(error) if error.recovery() == Recovery::SkipFrame => continue,
                Err(error) => return Err(text(error)),
            };
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(200));
                drop(frame);
            });
        }
        Ok(())
    })
}

/// Four threads that dequeue from one non-blocking device, with a time-out, and drop their frames.
fn dequeuers(node: &CStr) -> Outcome {
    let stream = start(fast(node, true)?)?;
    let taken = AtomicU32::new(0);
    let dequeuer = || {
        while taken.load(Relaxed) < 100 {
            if let Some(_frame) = stream.dequeue_timeout(SECOND).map_err(text)? {
                taken.fetch_add(1, Relaxed);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let dequeuers: Vec<_> = (0..4).map(|_| scope.spawn(dequeuer)).collect();
        dequeuers.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked".to_string())?)
    })
}

/// A device at 30 frames a second, if it can.
fn fast(node: &CStr, nonblocking: bool) -> Result<Device, String> {
    let device = if nonblocking { Device::open_nonblocking(node) } else { Device::open(node) };
    let mut device = device.map_err(text)?;
    device
        .set_frame_interval(BufferType::VideoCapture, FrameInterval { numerator: 1, denominator: 30 })
        .map_err(text)?;
    Ok(device)
}

fn open(node: &CStr) -> Result<Device, String> {
    Device::open(node).map_err(|error: Errno| format!("open: {error}"))
}

fn start(device: Device) -> Result<Stream, String> {
    CaptureQueue::<_, _, 8>::new(device).start(Request::up_to(4)).map_err(text)
}

fn next(stream: &Stream) -> Result<Frame<'_, Device>, String> {
    stream.dequeue_timeout(SECOND).map_err(text)?.ok_or_else(|| "no frame within a second".into())
}

/// The value that all bytes have.
fn only_value(bytes: &[u8]) -> Result<u8, String> {
    let first = bytes.first().copied().ok_or("no bytes")?;
    let other = bytes.iter().position(|byte| *byte != first);
    other.map_or(Ok(first), |at| Err(format!("a torn frame: byte 0 is {first}, byte {at} is {}", bytes[at])))
}

fn must(holds: bool, otherwise: &str) -> Outcome {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn same<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}")) }
}

fn text(error: impl Display) -> String {
    error.to_string()
}
