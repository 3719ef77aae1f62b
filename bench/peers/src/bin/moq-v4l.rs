//! The crate moq-v4l, as its example does it. It opens the node non-blocking and polls before every DQBUF.

use std::io::Error;
use std::process::ExitCode;

use moq_v4l::buffer::Type;
use moq_v4l::io::traits::CaptureStream as _;
use moq_v4l::prelude::MmapStream;
use moq_v4l::video::Capture as _;
use moq_v4l::{Device, Format, FourCC};
use vidbuf_peers::{BUFFERS, HEIGHT, Run, WIDTH, touch_pages};

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn capture(run: &Run) -> Result<(), Error> {
    let device = Device::with_path(&run.node)?;
    device.set_format(&Format::new(WIDTH, HEIGHT, FourCC::new(b"YUYV")))?;
    let mut stream = MmapStream::with_buffers(&device, Type::VideoCapture, BUFFERS)?;
    let mut touched = 0;
    run.frames(|| {
        let (bytes, meta) = stream.next()?;
        touched += touch_pages(&bytes[..meta.bytesused as usize]);
        Ok(())
    })
}
