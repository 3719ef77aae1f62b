use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::BufferType;
use vidbuf::{FourCc, Request};
use vidbuf_linux::{Device, Format};

fn main() {
    let Ok(device) = Device::open(c"/dev/a-camera") else { return };
    let mut queue = CaptureQueue::<_>::new(device);
    let format = Format::new(640, 480, FourCc::YUYV);
    queue.backend_mut().set_format(BufferType::VideoCapture, &format).unwrap();
    let _queue = queue.request_buffers(Request::exactly(4)).unwrap();
}
