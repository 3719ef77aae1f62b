//! The library's messages through the crate `log`: the same at the same levels as through defmt (`tests/targets/logged`). Run by
//! `tests/run features`.

use std::cell::RefCell;
use std::thread;

use log::{Level, LevelFilter, Log, Metadata, Record};
use vidbuf::queue::CaptureQueue;
use vidbuf::{Queue, Request};
use vidbuf_sim::{Call, Errno, Event, Profile, Sim};

/// A message with its level and target.
type Line = (Level, String, String);

std::thread_local! {
    static LINES: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Collects the messages of each thread by itself: tests run side by side.
struct Collector;

impl Log for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = (record.level(), record.target().to_string(), record.args().to_string());
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn flush(&self) {}
}

/// What is logged while `run` runs, each line as `level message`; everything is from `vidbuf`.
fn logged(run: impl FnOnce() + Send) -> Vec<String> {
    static COLLECTOR: Collector = Collector;
    // Fails from the second test on, which finds the collector there.
    let _ = log::set_logger(&COLLECTOR);
    log::set_max_level(LevelFilter::Trace);
    let lines = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            run();
            LINES.take()
        });
        thread.join().expect("no panic")
    });
    assert!(lines.iter().all(|(_, target, _)| target == "vidbuf"), "{lines:?}");
    lines.into_iter().map(|(level, _, text)| format!("{} {text}", level.as_str().to_lowercase())).collect()
}

#[test]
fn each_transition_and_each_buffer_is_logged_at_its_level() {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    sim.script([Event::Frame]);
    let lines = logged(|| {
        let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
        queue.dequeue().unwrap().expect("a frame").requeue().unwrap();
        queue.stop().unwrap();
    });
    assert_eq!(
        lines,
        [
            "debug requested 2, granted 2 buffers",
            "debug queried 2 buffers of 1 planes",
            "debug mapped 2 buffers",
            "trace enqueued 0",
            "trace enqueued 1",
            "debug stream on",
            "trace dequeued 0",
            "trace enqueued 0",
            "debug stream off",
            "debug unmapped 2 planes",
            "debug released the buffers",
        ]
    );
}

#[test]
fn what_drop_cannot_free_is_a_warning() {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let lines = logged(|| {
        let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(2));
        sim.fail_next(Call::RequestBuffers, 2, Errno::EBUSY);
        drop(queue.map_err(|failed| failed.error).unwrap());
    });
    assert_eq!(
        lines,
        [
            "debug requested 2, granted 2 buffers",
            "warn dropping a queue left buffers with the device until it is closed",
        ]
    );
}
