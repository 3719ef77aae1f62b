use vidbuf::queue::CaptureQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let queue = CaptureQueue::<_>::new(Instant::new(1)).start(Request::exactly(4)).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    let bytes = frame.bytes().unwrap();
    assert_eq!(bytes.len(), 4096);
    frame.requeue().unwrap();
    assert_eq!(bytes.len(), 4096);
}
