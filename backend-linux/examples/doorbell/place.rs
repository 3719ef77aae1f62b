//! Where the camera is: found by name on Linux, or a simulated device. It may be unplugged for a while.

use std::time::Duration;

use vidbuf::node::{Formats, Open, Wanted};
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, Error, FourCc};

/// How long a camera that is unplugged has to come back.
const PATIENCE: Duration = Duration::from_secs(60);

/// Opens the camera, when it is there, and sets it up.
pub fn open<P: Open<Camera: Formats>>(place: &P) -> Result<P::Camera, Error> {
    let mut camera = place.open_until(place.now() + PATIENCE)?.ok_or(Errno::ENODEV)?;
    let wanted = Wanted::new(640, 480, &[FourCc::YUYV]).at(30);
    wanted.set(&mut camera, BufferType::VideoCapture)?.ok_or(Errno::EINVAL)?;
    Ok(camera)
}
