use vidbuf::queue::CaptureQueue;
use vidbuf::Request;
use vidbuf_tests::instant::Instant;

fn main() {
    let queue = CaptureQueue::<_>::new(Instant::new(1)).start(Request::exactly(4)).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    let _queue = queue.stream_off().unwrap();
    println!("done");
    drop(frame);
}
