//! The source changes its size while streaming (a console is turned on, the film changes). A receiver fails the queue
//! (EIO), a decoder ends the stream with an empty LAST buffer (EPIPE), others fall silent. The right reaction is always the
//! same: stop, free the buffers, ask for the new size, set it, start anew. Even if the size is the old one.

use std::time::Duration;

use vidbuf::error::{ErrorKind, Operation};
use vidbuf::node::{Format, Formats as _};
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::BufferType;
use vidbuf::{Backend, Error, FourCc, Request};
use vidbuf_sim::{Call, Event, Profile, Sim, SimFile};

/// The firmware: takes frames, and adopts what the source sends whenever the stream ends. `adopt` asks for the size and sets
/// the format (`VIDIOC_QUERY_DV_TIMINGS`, `VIDIOC_S_DV_TIMINGS`, `VIDIOC_S_FMT`). Returns the sizes of all frames, in bytes.
fn take<B: Backend>(device: B, frames: usize, mut adopt: impl FnMut(&mut B)) -> Result<Vec<usize>, Error> {
    let mut seen = Vec::new();
    let mut idle = CaptureQueue::<_>::new(device);
    loop {
        let queue = idle.start(Request::exactly(3))?;
        while seen.len() < frames {
            match queue.dequeue_timeout(Duration::from_millis(500)) {
                Ok(Some(frame)) => {
                    // An empty buffer only carries the LAST flag.
                    if !frame.bytes()?.is_empty() {
                        seen.push(frame.bytes()?.len());
                    }
                    frame.requeue()?;
                }
                Ok(None) => break,
                Err(error) if error.is_end_of_stream() || error.kind() == Some(ErrorKind::Io) => break,
                Err(error) => return Err(error),
            }
        }
        idle = queue.stop()?;
        if seen.len() == frames {
            return Ok(seen);
        }
        adopt(idle.backend_mut());
    }
}

fn main() {
    let mut memory = vec![0; 4 << 20];
    let adopt = |camera: &mut SimFile<'_, '_>| {
        let (width, height) = camera.device().source_size();
        let wanted = Format::new(width, height, FourCc::YUYV);
        let format = camera.set_format(BufferType::VideoCapture, &wanted).expect("no buffer is allocated");
        assert_eq!((format.width, format.height), (width, height));
    };
    let change = Event::SourceChange { width: 320, height: 240 };
    for how in [Event::QueueError, Event::EmptyLast, Event::StallForever] {
        let sim = Sim::new(Profile::RP1_CFE.keeps(0), &mut memory).format(FourCc::YUYV, 640, 480);
        sim.script([Event::Frame, Event::Frame, change, how]);
        let seen = take(sim.open().unwrap(), 5, adopt).unwrap_or_else(|error| panic!("{how:?}: {error}"));
        assert_eq!(seen, [614_400, 614_400, 153_600, 153_600, 153_600], "{how:?}");
        assert_eq!(sim.calls(Call::StreamOn), 2, "{how:?}");
        assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0), "{how:?}");
    }
    // A firmware that only starts anew fails: the driver refuses a format that the source does not send.
    let sim = Sim::new(Profile::RP1_CFE, &mut memory).format(FourCc::YUYV, 640, 480);
    sim.script([Event::Frame, change, Event::QueueError]);
    let refused = take(sim.open().unwrap(), 5, |_| {}).expect_err("the format is not what the source sends");
    assert!(matches!(refused, Error::Refused { operation: Operation::StreamOn, .. }), "{refused}");
    assert_eq!((refused.kind(), sim.buffers()), (Some(ErrorKind::BrokenPipe), 0));
    println!("source_change: adopted after EIO, after EPIPE and after silence; refused with EPIPE when not adopted");
}
