use vidbuf::queue::CaptureQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let mut queue = CaptureQueue::<_>::new(Instant::new(1));
    let _backend = queue.backend_mut();
    let queue = queue.request_buffers(Request::exactly(4)).unwrap();
    let _backend = queue.backend_mut();
}
