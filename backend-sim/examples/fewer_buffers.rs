//! The device has memory for fewer buffers than asked for, the most common failure on small boards. The right reaction is to state
//! beforehand how few will do, to look at what was granted, and to choose a smaller format when even that is too much.

use vidbuf::node::{Format, Formats as _};
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::BufferType;
use vidbuf::{Backend, Error, Failed, FourCc, Request};
use vidbuf_sim::{Call, Errno, Profile, Sim, SimFile};

/// The firmware: likes six buffers and can live with three; holds one back for its display only if there are four.
/// `shrink` chooses a smaller format, if there is one. Returns buffers granted, and frames held at once.
fn take<B: Backend>(device: B, mut shrink: impl FnMut(&mut B) -> bool) -> Result<(usize, usize), Error> {
    let mut idle = CaptureQueue::<B, _, 8>::new(device);
    let queue = loop {
        match idle.try_start(Request::up_to(6).at_least(3)) {
            Ok(queue) => break queue,
            Err(Failed { value: mut queue, error: Error::NoMemoryForBuffers { .. } | Error::TooFewGranted { .. } }) => {
                // No buffer is allocated now, so the format may be set.
                if !shrink(queue.backend_mut()) {
                    return Err(Error::BadRequest { wanted: 6, least: 3, capacity: 8 });
                }
                idle = queue;
            }
            Err(failed) => return Err(failed.error),
        }
    };
    let granted = queue.granted();
    let on_display = usize::from(granted >= 4);
    let mut shown = None;
    let mut most = 0;
    for _ in 0..20 {
        let Some(frame) = queue.dequeue()? else { continue };
        most = most.max(queue.holders().held);
        if on_display == 1 {
            shown = Some(frame);
        } else {
            frame.requeue()?;
        }
    }
    drop(shown);
    queue.stop()?;
    Ok((granted, most))
}

fn main() {
    let never = |_: &mut SimFile<'_, '_>| panic!("there was memory");
    let frame = 640 * 480 * 2;
    for (buffers, outcome) in [(8, (6, 2)), (4, (4, 2)), (3, (3, 1))] {
        let mut memory = vec![0; buffers * frame + 4096];
        let sim = Sim::new(Profile::UNICAM.keeps(0), &mut memory).format(FourCc::YUYV, 640, 480);
        assert_eq!(take(sim.open().unwrap(), never), Ok(outcome), "memory for {buffers}");
        assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    }
    // Memory for two: the error names what was missing, and a quarter of the picture fits.
    let mut memory = vec![0; 2 * frame + 4096];
    let sim = Sim::new(Profile::UNICAM.keeps(0), &mut memory).format(FourCc::YUYV, 640, 480);
    let shrink = |camera: &mut SimFile<'_, '_>| {
        camera.set_format(BufferType::VideoCapture, &Format::new(320, 240, FourCc::YUYV)).is_ok()
    };
    assert_eq!(take(sim.open().unwrap(), shrink), Ok((6, 2)));
    assert_eq!((sim.current_format().width, sim.buffers()), (320, 0));
    // A driver may also grant fewer without a word, or fail for a moment.
    sim.inject(|inject| inject.allocation_limit = Some(4));
    assert_eq!(take(sim.open().unwrap(), never), Ok((4, 2)));
    sim.inject(|inject| inject.allocation_limit = None);
    assert!(sim.fail_next(Call::RequestBuffers, 2, Errno::ENOMEM));
    assert_eq!(take(sim.open().unwrap(), never), Ok((4, 2)));
    println!("fewer_buffers: 6 of 6, 4 and 3 granted, and 6 of a smaller format");
}
