use vidbuf::queue::CaptureQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let device = Instant::new(1);
    let _first = CaptureQueue::<_>::new(device).request_buffers(Request::exactly(4));
    let _second = CaptureQueue::<_>::new(device);
}
