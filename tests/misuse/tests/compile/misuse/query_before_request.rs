use vidbuf::queue::CaptureQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let queue = CaptureQueue::<_>::new(Instant::new(1));
    let request = Request::exactly(4);
    println!("{request:?}");
    let _queue = queue.query_buffers().unwrap();
}
