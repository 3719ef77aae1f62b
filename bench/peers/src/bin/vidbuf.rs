//! vidbuf, blocking: DQBUF sleeps until a frame is there.

use std::process::ExitCode;

use vidbuf::error::Operation;
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc, Request};
use vidbuf_linux::{Device, Format};
use vidbuf_peers::{BUFFERS, HEIGHT, Run, WIDTH, touch_pages};

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn capture(run: &Run) -> Result<(), Error> {
    let set_up = |error| Error::Refused { operation: Operation::RequestBuffers, index: None, error };
    let mut device = Device::open(run.path.as_c_str()).map_err(set_up)?;
    device.set_format(BufferType::VideoCapture, &Format::new(WIDTH, HEIGHT, FourCc::YUYV)).map_err(set_up)?;
    let queue = CaptureQueue::<_>::new(device).start(Request::exactly(BUFFERS))?;
    let mut touched = 0;
    run.frames(|| {
        if let Some(frame) = queue.dequeue()? {
            touched += touch_pages(frame.bytes()?);
            frame.requeue()?;
        }
        Ok(())
    })
}
