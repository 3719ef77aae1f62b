//! Frames of two cameras in one thread, with tokio: `two_cameras [NODE NODE]`.

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use vidbuf::v4l2::BufferType;
use vidbuf::{CaptureStream, FourCc, Queue, Request};
use vidbuf_linux::{Device, Format};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn open(node: &str) -> Outcome<CaptureStream<Device>> {
    let mut device = Device::open_nonblocking(node)?;
    device.set_format(BufferType::VideoCapture, &Format::new(640, 480, FourCc::YUYV))?;
    Ok(Queue::capture(device).start(Request::up_to(4).at_least(2))?)
}

async fn frames(node: &str) -> Outcome<()> {
    // SAFETY: the queue has its device, and the device its descriptor, until the queue is dropped.
    let queue = unsafe { AsyncFd::register_with_interest(open(node)?, Interest::READABLE) }?;
    for _ in 0..30 {
        let frame = queue.async_io(Interest::READABLE, next).await?;
        println!("{node}: {frame}");
    }
    queue.into_inner().stop()?;
    Ok(())
}

/// The next frame's number, or "not yet".
fn next(queue: &CaptureStream<Device>) -> std::io::Result<u32> {
    let frame = queue.dequeue()?.ok_or(std::io::ErrorKind::WouldBlock)?;
    Ok(frame.sequence())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let nodes: Vec<String> = std::env::args().skip(1).collect();
    let [one, other] = nodes.try_into().unwrap_or_else(|_| ["/dev/video0", "/dev/video1"].map(String::from));
    tokio::try_join!(frames(&one), frames(&other))?;
    Ok(())
}
