use vidbuf::queue::OutputQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let queue = OutputQueue::<_>::new(Instant::new(1)).request_buffers(Request::exactly(4)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    let mut buffer = queue.take().unwrap();
    buffer.bytes_mut().unwrap().fill(0);
    buffer.enqueue(4096).unwrap();
    println!("{:?}", queue.holders());
}
