//! A frame has fewer bytes than a picture takes (a USB packet was lost), and no flag shows it. The right reaction is to compare
//! with what the format needs before using the picture.

use vidbuf::queue::CaptureQueue;
use vidbuf::{Backend, Error, FourCc, Request};
use vidbuf_sim::{Event, Profile, Sim};

/// The size of a picture, as the firmware has set it.
#[derive(Clone, Copy)]
struct Size {
    bytesperline: usize,
    lines: usize,
}

/// The firmware: the average brightness of each frame's lines that came whole, and how many those are.
fn brightness<B: Backend>(device: B, size: Size, frames: u32) -> Result<Vec<(usize, u8)>, Error> {
    let queue = CaptureQueue::<_>::new(device).start(Request::exactly(4))?;
    let mut seen = Vec::new();
    while seen.len() < frames as usize {
        let Some(frame) = queue.dequeue()? else { continue };
        // `bytes` ends where, as the driver reports, the payload does. What is behind it is of an older frame.
        let lines = frame.bytes()?.chunks_exact(size.bytesperline).take(size.lines);
        let whole = lines.len();
        let (sum, count) =
            lines.flatten().step_by(2).fold((0u64, 0u64), |(sum, count), y| (sum + u64::from(*y), count + 1));
        seen.push((whole, sum.checked_div(count).unwrap_or(0) as u8));
        frame.requeue()?;
    }
    queue.stop()?;
    Ok(seen)
}

fn main() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::UVC, &mut memory).format(FourCc::YUYV, 320, 240);
    let size = Size { bytesperline: 640, lines: 240 };
    sim.script([Event::Frame, Event::Short(640 * 100 + 17), Event::Short(0), Event::Frame]);
    let seen = brightness(sim.open().unwrap(), size, 4).expect("a short frame is no error");
    let lines: Vec<_> = seen.iter().map(|(whole, _)| *whole).collect();
    assert_eq!(lines, [240, 100, 0, 240]);
    // The poison that the simulator fills buffers with would have shown in the averages.
    let bright = seen[0].1;
    assert!(seen.iter().all(|(whole, average)| *whole == 0 || average.abs_diff(bright) <= 1), "{seen:?}");
    println!("short_frame: whole lines 240, 100, 0, 240; no byte behind the payload was looked at");
}
