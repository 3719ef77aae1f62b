//! Takes 60 frames with nokhwa and writes their bytes into a file.
use nokhwa::Camera;
use nokhwa::pixel_format::YuyvFormat;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};
use std::io::Write;

fn main() {
    let format = CameraFormat::new(Resolution::new(640, 480), FrameFormat::YUYV, 30);
    let wanted = RequestedFormat::new::<YuyvFormat>(RequestedFormatType::Exact(format));
    let mut camera = Camera::new(CameraIndex::Index(0), wanted).expect("open");
    camera.open_stream().expect("stream");
    let mut file = std::fs::File::create(std::env::args().nth(1).expect("a file")).expect("file");
    for _ in 0..60 {
        file.write_all(camera.frame().expect("frame").buffer()).expect("write");
    }
}
