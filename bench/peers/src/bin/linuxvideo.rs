//! The crate linuxvideo. It asks for two buffers, and leaves no choice.

use std::io::Error;
use std::path::Path;
use std::process::ExitCode;

use linuxvideo::Device;
use linuxvideo::format::{PixFormat, PixelFormat};
use vidbuf_peers::{HEIGHT, Run, WIDTH, touch_pages};

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn capture(run: &Run) -> Result<(), Error> {
    let device = Device::open(Path::new(&run.node))?;
    let mut stream = device.video_capture(PixFormat::new(WIDTH, HEIGHT, PixelFormat::YUYV))?.into_stream()?;
    let mut touched = 0;
    run.frames(|| {
        stream.dequeue(|bytes| {
            touched += touch_pages(&bytes);
            Ok(())
        })
    })
}
