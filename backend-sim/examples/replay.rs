//! Plays a recording of a real device and compares, frame by frame, what a program sees with what was recorded:
//! `replay [FILE [OTHER]]`. Without a file it is the recording of the kernel's vivid driver that lies beside the examples; with
//! another one, that is played and compared with the first.
//!
//! A firmware's own test does the same and asserts what the firmware made of it. To record a camera, use the example `record`
//! of `vidbuf-linux`.

use std::fmt::Debug;
use std::process::ExitCode;
use std::time::Duration;

use vidbuf::error::ErrorKind;
use vidbuf::queue::{Capture, Kind, MultiPlanar, Planes, SinglePlanar, Streaming};
use vidbuf::{Error, Queue, Request};
use vidbuf_sim::recording::{Happening, RecordedFrame};
use vidbuf_sim::{Profile, Recording, Sim, SimFile};

/// What was compared.
#[derive(Debug, Default)]
struct Compared {
    streams: u32,
    frames: u32,
    lost: u32,
    flagged: u32,
    ends: u32,
}

fn main() -> ExitCode {
    let outcome = texts().and_then(|(recorded, played)| play(&recorded, &played));
    match outcome {
        Ok(Compared { streams, frames, lost, flagged, ends }) => {
            println!(
                "replay: {frames} frames in {streams} streams as recorded, {lost} lost, {flagged} flagged bad, \
                 {ends} queue errors or unplugs"
            );
            ExitCode::SUCCESS
        }
        Err(words) => {
            eprintln!("replay: {words}");
            ExitCode::FAILURE
        }
    }
}

/// What to compare with, and what to play.
fn texts() -> Result<(String, String), String> {
    let read = |path: String| std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"));
    let mut paths = std::env::args().skip(1);
    let recorded = paths.next().map_or_else(|| Ok(include_str!("../recordings/vivid.trace").into()), read)?;
    let played = paths.next().map_or_else(|| Ok(recorded.clone()), read)?;
    Ok((recorded, played))
}

fn play(recorded: &str, played: &str) -> Result<Compared, String> {
    let recorded = Recording::parse(recorded).map_err(|error| error.to_string())?;
    let played = Recording::parse(played).map_err(|error| error.to_string())?;
    let compare = if played.is_multiplanar() { compare::<MultiPlanar> } else { compare::<SinglePlanar> };
    compare(&recorded, &played)
}

fn compare<P: Planes>(recorded: &Recording<'_>, played: &Recording<'_>) -> Result<Compared, String> {
    // Four buffers, each plane on pages of its own.
    let mut memory = vec![0; 4 * (played.format().total() as usize + 8 * 4096)];
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(played);
    let words = |error: Error| error.to_string();
    let queue = Queue::<_, _, Kind<Capture, P>, 4>::new(sim.open().map_err(|error| error.to_string())?);
    let queue = queue.start(Request::exactly(4)).map_err(words)?;
    let mut queue = Some(queue);
    let mut compared = Compared::default();
    let mut happenings = recorded.happenings().peekable();
    while happenings.next_if_eq(&Happening::Start).is_some() {
        compared.streams += 1;
        let Some(streaming) = queue.take() else { return Err("a stream after an unplug".into()) };
        let stream = std::iter::from_fn(|| happenings.next_if(|happening| *happening != Happening::Start));
        compare_stream(&streaming, &sim, stream, &mut compared)?;
        if streaming.is_unplugged() {
            continue;
        }
        let mapped = streaming.stream_off().map_err(|failed| words(failed.error))?;
        queue = Some(mapped.stream_on().map_err(|failed| words(failed.error))?);
    }
    drop(queue);
    same("mappings and violations", (sim.mappings(), sim.violations()), (0, 0))?;
    Ok(compared)
}

fn compare_stream<P: Planes>(
    queue: &Queue<SimFile<'_, '_>, Streaming, Kind<Capture, P>, 4>,
    sim: &Sim<'_>,
    stream: impl Iterator<Item = Happening>,
    compared: &mut Compared,
) -> Result<(), String> {
    let began = sim.now();
    let mut lost = 0;
    for happening in stream {
        if let Happening::Lost(count) = happening {
            lost = count;
            compared.lost += count;
            continue;
        }
        let outcome = queue.dequeue_timeout(Duration::from_secs(3600));
        let line = happening.to_string();
        match (happening, outcome) {
            (Happening::Frame(recorded), Ok(Some(frame))) => {
                let RecordedFrame { at_us, sequence, flags, field, timestamp_us, planes, payload } = recorded;
                let began_us = i64::try_from(began.as_micros()).unwrap_or(i64::MAX);
                same(&line, u64::try_from((sim.now() - began).as_micros()), Ok(at_us))?;
                same(&line, (frame.sequence(), frame.flags(), frame.field()), (sequence, flags, field))?;
                same(&line, frame.timestamp().as_micros() - began_us, timestamp_us)?;
                same(&line, frame.lost_before(), Some(lost))?;
                same(&line, frame.planes(), planes as usize)?;
                for (plane, payload) in payload.into_iter().enumerate().take(frame.planes()) {
                    same(&line, frame.payload_range(plane), Ok(payload))?;
                }
                lost = 0;
                compared.frames += 1;
                compared.flagged += u32::from(frame.is_flagged_bad());
            }
            (Happening::QueueError { .. }, Err(error)) if error.kind() == Some(ErrorKind::Io) => compared.ends += 1,
            (Happening::Unplug { .. }, Err(error)) if error.is_unplugged() => compared.ends += 1,
            (_, outcome) => return Err(format!("{line}: {outcome:?}")),
        }
    }
    // What is not in the recording does not happen.
    match queue.dequeue_timeout(Duration::from_secs(3600)) {
        Ok(Some(frame)) => Err(format!("a frame too many: {frame:?}")),
        _ => Ok(()),
    }
}

fn same<T: PartialEq + Debug>(what: &str, seen: T, recorded: T) -> Result<(), String> {
    if seen == recorded { Ok(()) } else { Err(format!("{what}: seen {seen:?}, recorded {recorded:?}")) }
}
