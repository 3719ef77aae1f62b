//! The crate v4l2r, through its queues. A frame's bytes are a mapping that is made for it and unmapped after it.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use v4l2r::Format;
use v4l2r::device::queue::{GetFreeCaptureBuffer as _, Queue};
use v4l2r::device::{AllocatedQueue as _, Device, DeviceConfig, Stream as _, TryDequeue as _};
use v4l2r::memory::MmapHandle;
use vidbuf_peers::{BUFFERS, HEIGHT, Run, WIDTH, touch_pages};

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn capture(run: &Run) -> Result<(), Box<dyn Error>> {
    let device = Arc::new(Device::open(Path::new(&run.node), DeviceConfig::new())?);
    let mut queue = Queue::get_capture_queue(device)?;
    let _: Format =
        queue.change_format()?.set_size(WIDTH as usize, HEIGHT as usize).set_pixelformat(b"YUYV").apply()?;
    let queue = queue.request_buffers::<Vec<MmapHandle>>(BUFFERS)?;
    for _ in 0..queue.num_buffers() {
        queue.try_get_free_buffer()?.queue()?;
    }
    queue.stream_on()?;
    let mut touched = 0;
    run.frames(|| {
        let frame = queue.try_dequeue()?;
        if let Some(bytes) = frame.get_plane_mapping(0) {
            touched += touch_pages(&bytes);
        }
        drop(frame);
        queue.try_get_free_buffer()?.queue()?;
        Ok(())
    })
}
