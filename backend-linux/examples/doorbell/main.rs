//! A doorbell: when it rings, the last two frames are shown. `doorbell [NAME]`, the first camera if none is named.
//!
//! What it does when frames are lost, the stream stalls or the camera is unplugged is tested without a camera:
//! `tests/doorbell.rs`.

mod camera;
mod place;

use std::time::Duration;

use camera::Camera;
use vidbuf::Error;
use vidbuf_linux::find::{Finder, Which};

/// A ring after so many frames.
const RING: u32 = 60;
/// Errors in a row after which it gives up.
const TRIES: u32 = 5;

fn main() -> Result<(), Error> {
    let name = std::env::args().nth(1);
    let finder = Finder::new(name.as_deref().map_or(Which::First, Which::Name))?;
    let mut camera = Camera::new(|| place::open(&finder));
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
