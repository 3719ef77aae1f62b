//! The library never allocates: a counting allocator sees nothing in a whole lifecycle.

use vidbuf::Request;
use vidbuf::queue::CaptureQueue;
use vidbuf_sim::{Profile, Sim};
use vidbuf_tests::counting::{Counting, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn whole_lifecycle_allocates_nothing() {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let before = allocations();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(allocations(), before + 1, "the allocator counts");
    let before = allocations();
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    let mut frames = 0;
    for _ in 0..100 {
        let frame = queue.dequeue().unwrap().unwrap();
        frames += usize::from(!frame.bytes().unwrap().is_empty());
        frame.requeue().unwrap();
    }
    queue.stop().unwrap();
    let allocated = allocations() - before;
    assert_eq!((frames, allocated), (100, 0));
}
