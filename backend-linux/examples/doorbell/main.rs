//! A doorbell: when it rings, the last two frames are shown. `doorbell [NODE]`, `/dev/video0` if none is named.
//!
//! What it does when frames are lost, the stream stalls or the camera is unplugged is tested without a camera:
//! `tests/doorbell.rs`.

mod camera;

use std::time::Duration;

use camera::Camera;
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc};
use vidbuf_linux::{Device, Format};

/// A ring after so many frames.
const RING: u32 = 60;
/// Errors in a row after which it gives up: a camera that is unplugged has a minute to come back.
const TRIES: u32 = 300;

fn open(node: &str) -> Result<Device, Error> {
    let mut device = Device::open(node)?;
    device.set_format(BufferType::VideoCapture, &Format::new(640, 480, FourCc::YUYV))?;
    Ok(device)
}

fn main() -> Result<(), Error> {
    let node = std::env::args().nth(1).unwrap_or_else(|| "/dev/video0".into());
    let mut camera = Camera::new(|| open(&node));
    let (mut frames, mut tries) = (0, 0);
    while frames < RING {
        match camera.next() {
            Ok(_) => (frames, tries) = (frames + 1, 0),
            Err(error) if tries == TRIES => return Err(error),
            Err(error) => {
                eprintln!("{error}");
                tries += 1;
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
    camera.look(|frame| println!("frame {}: {} bytes", frame.sequence(), frame.bytes().map_or(0, <[u8]>::len)));
    println!("{} lost, {} restarts, opened {} times", camera.lost, camera.restarts, camera.opened);
    Ok(())
}
