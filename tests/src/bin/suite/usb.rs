//! The real uvcvideo driver with USB cameras in software (`tests/guest/usb_camera.c`) that do what cameras do on bad days: each check
//! plugs in one of its own, beside the one that the guest has anyway.

mod camera;
pub mod contract;
mod node;

use std::fs;
use std::time::{Duration, Instant};

use vidbuf::error::PayloadError;
use vidbuf::queue::CaptureStream;
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, Error, FourCc, Frame, Queue, Recovery, Request};
use vidbuf_linux::{Device, Format};

use crate::checks::{Checks, Outcome, ensure};
use camera::Camera;

/// Longer than a frame takes on a machine that emulates another and has other work.
const LONG: Duration = Duration::from_secs(10);
/// Long enough to tell silence from slowness.
const SILENCE: Duration = Duration::from_secs(2);

type Stream = CaptureStream<Device>;

/// Whether frames that the driver takes for broken come all the same, flagged.
const NO_DROP: &str = "/sys/module/uvcvideo/parameters/nodrop";

/// The software's host controllers stay awake. On a busy machine with 6.12, a camera was lost (EBUSY from `open`, then no node) when its
/// controller woke up while another camera was unplugged.
fn stay_awake() -> Outcome {
    for hub in fs::read_dir("/sys/bus/usb/devices").map_err(text)?.flatten() {
        if hub.file_name().to_string_lossy().starts_with("usb") {
            fs::write(hub.path().join("power/control"), "on").map_err(text)?;
        }
    }
    Ok(())
}

pub fn run(checks: &mut Checks) {
    checks.check("uvcvideo: the host controllers stay awake", stay_awake());
    let cases: &[(&str, fn() -> Outcome)] = &[
        ("YUYV: every frame, in order", || numbered("", FourCc::YUYV)),
        ("MJPG: every frame, in order, as long as its picture", || numbered("", FourCc::MJPEG)),
        ("YUYV over bulk transfers", || numbered("--bulk", FourCc::YUYV)),
        ("MJPG over bulk transfers", || numbered("--bulk", FourCc::MJPEG)),
        ("two cameras of one name stream at once", two_at_once),
        ("a frame with an error is counted as lost", || lost("err@5")),
        ("half a frame is counted as lost", || lost("short@5")),
        ("a frame of broken packets is counted as lost", || lost("xact@5")),
        ("a frame without an end is counted as lost", || lost("lost@5")),
        ("a frame with an error comes flagged", || flagged("err@5")),
        ("half a frame comes flagged, and short", || flagged("short@5")),
        ("a frame of broken packets comes flagged", || flagged("xact@5")),
        ("a frame without an end comes flagged", || flagged("lost@5")),
        ("a camera that hangs is a time-out, and starts again", hangs),
        ("a camera that refuses the stream is an error with EIO", || refuses("commit@0", &[Errno::EIO])),
        ("a camera without bandwidth is an error", || refuses("alt@0", &[Errno::EIO, Errno::EPIPE])),
        ("a second user is told that the camera is busy", second_user),
        ("unplugged while a blocking dequeue sleeps", || unplugged("", true)),
        ("unplugged while a dequeue waits with a time-out", || unplugged("", false)),
        ("unplugged while a blocking dequeue sleeps, bulk", || unplugged("--bulk", true)),
        ("unplugged while a dequeue waits with a time-out, bulk", || unplugged("--bulk", false)),
        ("plugged in again", plugged_in_again),
        ("found by name and by place, and not when it is gone", node::found),
        ("formats, sizes and rates are listed, and none of others", node::listed),
        ("the nearest format, size and rate are set, and what was traded is known", node::negotiated),
        ("a rate is read and set (G_PARM, S_PARM), and not while another streams", node::rates),
        ("a control is listed, found, set and brought into range", node::controlled),
        ("the simulator's webcam has the same controls", node::controlled_as_simulated),
        ("what an automatic mode sets is refused, as on the simulator", node::automatic),
        ("a control that it has not is an error, alone and beside others", node::not_controlled),
        ("a control is set while frames stream", node::controlled_while_streaming),
        ("the capture example lists and sets a control", node::example),
    ];
    for (name, case) in cases {
        checks.check(&format!("uvcvideo: {name}"), case());
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// A stream of the camera's smallest pictures.
fn streaming(camera: &Camera, pixels: FourCc, blocking: bool) -> Result<Stream, String> {
    Queue::capture(set(camera, pixels, blocking)?).start(Request::exactly(4)).map_err(text)
}

fn set(camera: &Camera, pixels: FourCc, blocking: bool) -> Result<Device, String> {
    let open = if blocking { Device::open } else { Device::open_nonblocking };
    let mut device = open(camera.node()).map_err(text)?;
    let format = device.set_format(BufferType::VideoCapture, &Format::new(320, 240, pixels)).map_err(text)?;
    ensure((format.width, format.height, format.pixel_format) == (320, 240, pixels), || format!("{format:?}"))?;
    Ok(device)
}

fn next(stream: &Stream) -> Result<Frame<'_, Device>, String> {
    stream.dequeue_timeout(LONG).map_err(text)?.ok_or_else(|| "no frame".into())
}

/// The number that the camera wrote into the frame.
fn number(bytes: &[u8], pixels: FourCc) -> Result<u32, String> {
    let at = if pixels == FourCc::MJPEG {
        // SOI, then a comment of four bytes.
        ensure(bytes.starts_with(&[0xff, 0xd8, 0xff, 0xfe, 0, 6]), || format!("{:x?}", bytes.get(..8)))?;
        ensure(bytes.ends_with(&[0xff, 0xd9]), || format!("no EOI after {} bytes", bytes.len()))?;
        6
    } else {
        ensure(bytes.len() == 320 * 240 * 2, || format!("{} bytes", bytes.len()))?;
        0
    };
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).ok_or("no number")?;
    Ok(u32::from_le_bytes(bytes))
}

/// Nothing is lost unless `lost_before` counts it.
fn numbered(words: &str, pixels: FourCc) -> Outcome {
    let camera = Camera::plug(words)?;
    let stream = streaming(&camera, pixels, true)?;
    ensure(stream.is_exclusive(), || "the buffers count as not exclusive".into())?;
    in_order(&stream, pixels, 30)?;
    stream.stop().map(drop).map_err(text)
}

/// As the camera's numbers have it. The driver copies on several processors, so that on a busy machine a frame may overtake another:
/// then it is not known what was lost, and the next number shows what was.
fn in_order(stream: &Stream, pixels: FourCc, count: u32) -> Outcome {
    let mut before: Option<(u32, u32)> = None;
    for _ in 0..count {
        let frame = next(stream)?;
        let now = (number(frame.bytes().map_err(text)?, pixels)?, frame.sequence());
        let seen = || format!("{now:?} after {before:?}, {:?} lost", frame.lost_before());
        match (before, frame.lost_before()) {
            (Some((number, _)), Some(lost)) => ensure(now.0 == number + 1 + lost, seen)?,
            // Of a stream that has run before, the first of these may be one that was overtaken.
            (None, None) => {
                println!("        overtaken: {}", seen());
                continue;
            }
            (None, lost) => ensure(lost == Some(0), seen)?,
            (Some((number, sequence)), None) => {
                println!("        overtaken: {}", seen());
                ensure(now.1 < sequence && now.0 < number, seen)?;
                // The newest stays the newest.
                continue;
            }
        }
        before = Some(now);
    }
    Ok(())
}

fn two_at_once() -> Outcome {
    let (one, other) = (Camera::first()?, Camera::plug("")?);
    let about = |camera: &Camera| Device::open(camera.node()).and_then(|device| device.capabilities()).map_err(text);
    let (about_one, about_other) = (about(&one)?, about(&other)?);
    ensure(about_one.card == about_other.card, || format!("{} and {}", about_one.card, about_other.card))?;
    ensure(about_one.bus_info != about_other.bus_info, || format!("both at {}", about_one.bus_info))?;
    let streams = [streaming(&one, FourCc::YUYV, false)?, streaming(&other, FourCc::MJPEG, false)?];
    for _ in 0..5 {
        number(next(&streams[0])?.bytes().map_err(text)?, FourCc::YUYV)?;
        number(next(&streams[1])?.bytes().map_err(text)?, FourCc::MJPEG)?;
    }
    Ok(())
}

/// The driver drops the frame, and its number is missing.
fn lost(fault: &str) -> Outcome {
    let camera = Camera::plug(&format!("--fault {fault}"))?;
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    let mut lost = 0;
    for _ in 0..12 {
        let frame = next(&stream)?;
        ensure(!frame.is_flagged_bad(), || format!("frame {} is flagged", frame.sequence()))?;
        // Not known of a frame that another has overtaken: that one counted it.
        lost += frame.lost_before().unwrap_or_default();
    }
    ensure(lost >= 1, || "nothing was lost".into())
}

/// The driver hands the frame on, and the library lends its bytes only to who asks for suspect ones.
fn flagged(fault: &str) -> Outcome {
    fs::write(NO_DROP, "1").map_err(text)?;
    let outcome = flagged_once(fault);
    fs::write(NO_DROP, "0").map_err(text)?;
    outcome
}

fn flagged_once(fault: &str) -> Outcome {
    let camera = Camera::plug(&format!("--fault {fault}"))?;
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    let mut bad = 0;
    for _ in 0..12 {
        let frame = next(&stream)?;
        let (flagged, index, sequence) = (frame.is_flagged_bad(), frame.index(), frame.sequence());
        ensure(flagged == (frame.bytes().err() == Some(PayloadError::FlaggedBad { index, sequence })), || {
            format!("flagged {flagged}, and bytes {:?}", frame.bytes().map(<[u8]>::len))
        })?;
        if flagged {
            bad += 1;
            let suspect = frame.suspect_payload(0).map_err(text)?.len();
            ensure(suspect <= 320 * 240 * 2, || format!("{suspect} bytes"))?;
            ensure(!fault.starts_with("short") || suspect == 320 * 240, || format!("{suspect} bytes of half a frame"))?;
        }
    }
    ensure(bad == 1, || format!("{bad} frames are flagged"))
}

fn hangs() -> Outcome {
    let camera = Camera::plug("--fault hang@5")?;
    let mut stream = streaming(&camera, FourCc::YUYV, true)?;
    let mut frames = 0;
    while let Some(_frame) = stream.dequeue_timeout(SILENCE).map_err(text)? {
        frames += 1;
        ensure(frames < 50, || "it does not hang".into())?;
    }
    let began = Instant::now();
    ensure(stream.dequeue_timeout(SILENCE).map_err(text)?.is_none(), || "a frame of a camera that hangs".into())?;
    ensure(began.elapsed() >= SILENCE, || format!("{:?}", began.elapsed()))?;
    stream.restart().map_err(text)?;
    in_order(&stream, FourCc::YUYV, 5)
}

/// The queue is in the state before, and says which call failed.
fn refuses(fault: &str, expected: &[Errno]) -> Outcome {
    let camera = Camera::plug(&format!("--fault {fault}"))?;
    let queue = Queue::capture(set(&camera, FourCc::YUYV, true)?);
    let failed = queue.try_start(Request::exactly(4)).err().ok_or("it streams")?;
    let words = failed.error.to_string();
    ensure(words.contains("VIDIOC_STREAMON"), || words.clone())?;
    ensure(expected.iter().any(|errno| words.contains(&format!("{errno:?}"))), || words.clone())?;
    println!("        {words}");
    // It is not known to be a fault of formats: a camera has no media pipeline to set.
    ensure(!words.contains("EPIPE") || words.contains("USB camera may have refused"), || words.clone())?;
    // Buffers are given back: another may have them.
    drop(failed);
    set(&camera, FourCc::YUYV, true).map(drop)
}

fn second_user() -> Outcome {
    let camera = Camera::plug("")?;
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    let mut second = Device::open(camera.node()).map_err(text)?;
    let format = second.set_format(BufferType::VideoCapture, &Format::new(640, 480, FourCc::YUYV));
    ensure(format == Err(Errno::EBUSY), || format!("{format:?}"))?;
    let failed = Queue::capture(second).try_start(Request::exactly(4)).err().ok_or("two stream")?;
    let words = failed.error.to_string();
    ensure(words.contains("VIDIOC_REQBUFS") && words.contains("EBUSY"), || words.clone())?;
    in_order(&stream, FourCc::YUYV, 5)?;
    // Then it is the second one's.
    drop(stream);
    let stream = failed.value.start(Request::exactly(4)).map_err(text)?;
    in_order(&stream, FourCc::YUYV, 5)
}

/// Ends in an error that has the program open the camera again; a frame in its hands stays readable, and stopping succeeds.
fn unplugged(words: &str, blocking: bool) -> Outcome {
    let camera = Camera::plug(&format!("{words} --fault unplug@6"))?;
    let stream = streaming(&camera, FourCc::YUYV, blocking)?;
    let held = next(&stream)?;
    let copy = held.bytes().map_err(text)?.to_vec();
    let error = loop {
        let outcome = if blocking { stream.dequeue() } else { stream.dequeue_timeout(LONG) };
        match outcome {
            Ok(Some(frame)) => frame.requeue().or_else(gone)?,
            Ok(None) => return Err("a time-out".into()),
            Err(error) => break error,
        }
    };
    println!("        {error}");
    // uvcvideo wakes a sleeper with EINVAL; every later call fails with ENODEV.
    let recovery = error.recovery();
    ensure(matches!(recovery, Recovery::Restart | Recovery::Reopen), || format!("{recovery:?}"))?;
    let later = stream.dequeue_timeout(SILENCE).err().ok_or("frames of a camera that is gone")?;
    ensure(later.recovery() == Recovery::Reopen, || format!("then {later}: {:?}", later.recovery()))?;
    ensure(stream.is_unplugged(), || "not unplugged".into())?;
    ensure(held.bytes().map_err(text)? == copy, || "the frame changed".into())?;
    drop(held);
    stream.stop().map(drop).map_err(text)
}

/// A frame may be handed back when the camera has just gone.
fn gone(error: Error) -> Outcome {
    ensure(error.recovery() == Recovery::Reopen, || error.to_string())
}

/// The same camera, by its place on the bus.
fn plugged_in_again() -> Outcome {
    let camera = Camera::plug("")?;
    let place = |camera: &Camera| Device::open(camera.node()).and_then(|device| device.capabilities()).map_err(text);
    let before = place(&camera)?.bus_info;
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    in_order(&stream, FourCc::YUYV, 3)?;
    camera.unplug()?;
    drop(stream);
    let camera = Camera::plug("")?;
    ensure(place(&camera)?.bus_info == before, || {
        format!("at {} and not {before}", place(&camera).map_or_else(|e| e, |at| at.bus_info.to_string()))
    })?;
    in_order(&streaming(&camera, FourCc::YUYV, true)?, FourCc::YUYV, 3)
}
