use vidbuf::queue::OutputQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let queue = OutputQueue::<_>::new(Instant::new(1)).request_buffers(Request::exactly(4)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    let frame = queue.take().unwrap();
    let _queue = queue.unmap().unwrap();
    drop(frame);
}
