use vidbuf::queue::{CaptureQueue, Idle};
use vidbuf_tests::instant::Instant;

fn main() {
    #[derive(Clone)]
    struct Mine;
    impl vidbuf::queue::State for Mine {}
    let _queue = (CaptureQueue::<_, Idle>::new(Instant::new(1)), Mine);
}
