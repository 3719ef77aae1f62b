//! What a frame costs as a program grows: `growth SHORT LONG MULTI_PLANAR_NODE NODE...`.
//!
//! More buffers, more planes, more frames held, more cameras on one thread through epoll: each in a process that does the
//! rest alike, so that the same instructions are compared.

use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::process::ExitCode;

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use vidbuf::error::{Operation, PayloadError};
use vidbuf::queue::{Capture, CaptureQueue, Kind, MultiPlanar, SinglePlanar, Streaming};
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc, Frame, Queue, Request};
use vidbuf_linux::{Device, Errno, Format, FrameInterval};
use vidbuf_peers::{HEIGHT, WARM, WIDTH, Windows, Words, touch_pages};

/// Most buffers: what a queue has room for.
const MOST: usize = 64;
/// Buffers while frames are held.
const HELD: u32 = 8;

type Outcome<T = ()> = Result<T, Error>;
type Camera = CaptureQueue<Device, Streaming, MOST>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [short, long, planes, nodes @ ..] = arguments.as_slice() else {
        eprintln!("usage: growth SHORT LONG MULTI_PLANAR_NODE NODE...");
        return ExitCode::FAILURE;
    };
    let (Ok(short), Ok(long), Some(first)) = (short.parse(), long.parse(), nodes.first()) else {
        eprintln!("growth: SHORT and LONG are numbers of frames, and at least one NODE is wanted");
        return ExitCode::FAILURE;
    };
    let windows = Windows { warm: WARM * MOST as u32 / 8, short, long };
    let outcome = quicken(nodes.iter().chain([planes]))
        .and_then(|()| buffers(windows, first))
        .and_then(|()| held(windows, first))
        .and_then(|()| single_plane(windows, first))
        .and_then(|()| multi_planes(windows, planes))
        .and_then(|()| cameras(windows, nodes));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("growth: {error}");
            ExitCode::FAILURE
        }
    }
}

fn refused(error: Errno) -> Error {
    Error::Refused { operation: Operation::RequestBuffers, index: None, error }
}

fn open(node: &str) -> Outcome<Device> {
    Device::open(node).map_err(refused)
}

/// More frames a second: fewer timer ticks between them to emulate.
fn quicken<'n>(nodes: impl Iterator<Item = &'n String>) -> Outcome {
    for node in nodes {
        let mut device = open(node)?;
        let Some(buffer_type) = device.capabilities().map_err(refused)?.capture_type() else { continue };
        let interval = FrameInterval { numerator: 1, denominator: 60 };
        device.set_frame_interval(buffer_type, interval).map_err(refused)?;
    }
    Ok(())
}

fn camera(mut device: Device, buffers: u32) -> Outcome<Camera> {
    device.set_format(BufferType::VideoCapture, &Format::new(WIDTH, HEIGHT, FourCc::YUYV)).map_err(refused)?;
    CaptureQueue::new(device).start(Request::exactly(buffers))
}

/// 2 to 64 buffers; a kernel that has not so many ends it.
fn buffers(windows: Windows, node: &str) -> Outcome {
    for count in [2, 4, 8, 16, 32, 64] {
        let Ok(camera) = camera(open(node)?, count) else {
            eprintln!("growth: this kernel gives no {count} buffers");
            break;
        };
        let mut touched = 0;
        windows.run(
            &Words::of(&format!("buffers {count}")),
            || (),
            || {
                if let Some(frame) = camera.dequeue()? {
                    touched += touch_pages(frame.bytes()?);
                    frame.requeue()?;
                }
                Ok::<_, Error>(())
            },
        )?;
    }
    Ok(())
}

/// No frame to all but one held in the program's hands, the oldest given back for each new one.
fn held(windows: Windows, node: &str) -> Outcome {
    for count in 0..HELD {
        let camera = camera(open(node)?, HELD)?;
        let mut kept: VecDeque<Frame<'_, Device>> = VecDeque::with_capacity(HELD as usize);
        let mut touched = 0;
        while kept.len() < count as usize {
            kept.extend(camera.dequeue()?);
        }
        windows.run(
            &Words::of(&format!("held {count}")),
            || (),
            || {
                if let Some(frame) = camera.dequeue()? {
                    touched += touch_pages(frame.bytes()?);
                    kept.push_back(frame);
                }
                if let Some(oldest) = kept.pop_front() {
                    oldest.requeue()?;
                }
                Ok::<_, Error>(())
            },
        )?;
    }
    Ok(())
}

fn single_plane(windows: Windows, node: &str) -> Outcome {
    let device = open(node)?;
    let queue = Queue::<_, _, Kind<Capture, SinglePlanar>, 4>::new(device).start(Request::exactly(4))?;
    plane_windows(
        windows,
        "planes single",
        || queue.dequeue(),
        |frame| {
            touch_pages(frame.payload(0)?);
            frame.requeue()
        },
    )
}

/// One plane in the multi-planar way, and three. Only the first is touched: the work stays the same.
fn multi_planes(windows: Windows, node: &str) -> Outcome {
    for (planes, format) in [(1, FourCc::YUYV), (3, FourCc::new(*b"YM12"))] {
        let mut device = open(node)?;
        let mut wanted = Format::new(WIDTH, HEIGHT, format);
        wanted.num_planes = planes;
        device.set_format(BufferType::VideoCaptureMplane, &wanted).map_err(refused)?;
        let queue = Queue::<_, _, Kind<Capture, MultiPlanar>, 4>::new(device).start(Request::exactly(4))?;
        plane_windows(
            windows,
            &format!("planes {planes}"),
            || queue.dequeue(),
            |frame| {
                if frame.planes() != planes as usize {
                    return Err(PayloadError::NoSuchPlane { plane: planes as usize, planes: frame.planes() }.into());
                }
                touch_pages(frame.payload(0)?);
                frame.requeue()
            },
        )?;
    }
    Ok(())
}

#[inline(always)]
fn plane_windows<F>(
    windows: Windows,
    name: &str,
    mut next: impl FnMut() -> Outcome<Option<F>>,
    mut with: impl FnMut(F) -> Outcome,
) -> Outcome {
    windows.run(&Words::of(name), || (), || next()?.map_or(Ok(()), &mut with))
}

/// One thread, one epoll, and 1 to all of the cameras. A frame is one frame of any of them.
fn cameras(windows: Windows, nodes: &[String]) -> Outcome {
    let counts = [1, 2, 4, 8, 16];
    for count in counts.into_iter().filter(|&count| count <= nodes.len()) {
        let open = |node: &String| camera(Device::open_nonblocking(node.as_str()).map_err(refused)?, 4);
        let cameras: Vec<Camera> = nodes.iter().take(count).map(open).collect::<Outcome<_>>()?;
        let watch = epoll::create(CreateFlags::CLOEXEC).map_err(|_| refused(Errno::EMFILE))?;
        for (index, camera) in (0..).zip(&cameras) {
            epoll::add(&watch, camera.backend(), EventData::new_u64(index), EventFlags::IN)
                .map_err(|_| refused(Errno::ENOMEM))?;
        }
        let mut touched = 0;
        let mut room = [const { MaybeUninit::<Event>::uninit() }; 16];
        let (mut ready, mut next) = ([0_u64; 16], 0..0);
        windows.run(
            &Words::of(&format!("cameras {count}")),
            || (),
            || loop {
                let Some(at) = next.next() else {
                    let (events, _) = epoll::wait(&watch, &mut room, None).map_err(|_| refused(Errno::EIO))?;
                    next = 0..events.len();
                    for (place, event) in ready.iter_mut().zip(events) {
                        *place = event.data.u64();
                    }
                    continue;
                };
                let Some(frame) = cameras[ready[at] as usize].dequeue()? else { continue };
                touched += touch_pages(frame.bytes()?);
                frame.requeue()?;
                return Ok::<_, Error>(());
            },
        )?;
    }
    Ok(())
}
