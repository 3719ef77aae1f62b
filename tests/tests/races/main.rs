//! Devices that go on using memory, and threads beside them. Each test has a plain outcome, and is there for the sanitizers as well
//! (`tests/run sanitizers`): where the queue gave out what it must not, they report the access.

mod hardware;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{scope, yield_now};
use std::time::Duration;

use heapless::spsc::Queue as Ring;
use vidbuf::error::{DriverFault, PayloadError};
use vidbuf::queue::{CaptureQueue, OutputQueue};
use vidbuf::{Error, FourCc, Frame, Request};
use vidbuf_sim::{Lie, Profile, Sim, SimFile, checksum};

use hardware::{Hardware, LENGTH, Short};

/// Other threads go on while this lives; also when a test fails.
struct Running<'f>(&'f AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[test]
fn output_buffer_that_a_gone_device_reads_on_is_given_to_nobody() {
    let hardware = Hardware::new(true);
    let (running, reads, torn) = (AtomicBool::new(true), AtomicU32::new(0), AtomicU32::new(0));
    scope(|scope| {
        let stop = Running(&running);
        let device = scope.spawn(|| {
            while running.load(Ordering::Relaxed) {
                if hardware.has_buffer.load(Ordering::Acquire) {
                    let word = hardware.read();
                    torn.fetch_add(u32::from(word == 0xee), Ordering::Relaxed);
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        let queue = OutputQueue::<_>::new(hardware.open()).request_buffers(Request::exactly(1)).expect("a buffer");
        let queue = queue.query_buffers().expect("a layout").map().expect("a mapping").stream_on().expect("a stream");
        let mut buffer = queue.take().expect("it is free");
        buffer.bytes_mut().expect("exclusive").fill(1);
        buffer.enqueue(LENGTH as u32).expect("sent");
        hardware.gone.store(true, Ordering::SeqCst);
        assert!(queue.dequeue().expect_err("it is gone").is_unplugged());
        let queue = queue.stream_off().expect("a success");
        assert_eq!((queue.holders().driver, queue.holders().free), (1, 0));
        // Only if the queue gives it out.
        if let Some(mut buffer) = queue.take() {
            buffer.bytes_mut().expect("exclusive").fill(0xee);
        }
        let before = reads.load(Ordering::Relaxed);
        while hardware.has_buffer.load(Ordering::Relaxed) && reads.load(Ordering::Relaxed) < before + 100 {
            yield_now();
        }
        drop(stop);
        device.join().expect("no panic");
    });
    assert_eq!(torn.load(Ordering::Relaxed), 0, "the device saw what the program wrote into its buffer");
}

#[test]
fn simulated_output_goes_on_after_an_unplug_with_what_was_sent() {
    let mut memory = vec![0; 1 << 16];
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory).format(FourCc::YUYV, 64, 16);
    let queue =
        OutputQueue::<_>::new(sim.open().expect("a device")).request_buffers(Request::exactly(4)).expect("buffers");
    let queue = queue.query_buffers().expect("layouts").map().expect("mappings").stream_on().expect("a stream");
    for _ in 0..4 {
        let mut buffer = queue.take().expect("it is free");
        let bytes = buffer.bytes_mut().expect("exclusive");
        bytes.fill(1);
        let length = bytes.len() as u32;
        buffer.enqueue(length).expect("sent");
    }
    sim.unplug();
    assert!(queue.dequeue().expect_err("it is gone").is_unplugged());
    let queue = queue.stream_off().expect("a success");
    let before = sim.sent();
    scope(|scope| {
        let device = scope.spawn(|| (0..8).for_each(|_| sim.advance(Duration::from_millis(34))));
        let mut taken: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
        for _ in 0..200 {
            taken.iter_mut().for_each(|buffer| buffer.bytes_mut().expect("exclusive").fill(0xee));
        }
        device.join().expect("no panic");
        assert_eq!(taken.len() + queue.holders().driver, 4);
    });
    let sent = checksum(&[1; 64 * 16 * 2]);
    for back in 0..(sim.sent() - before) as usize {
        assert_eq!(sim.latest_sent(back).expect("it was sent").checksum, sent, "the device read other bytes");
    }
}

#[test]
fn index_that_comes_back_while_it_is_handed_over_changes_no_frame() {
    let mut memory = vec![0; 1 << 16];
    for _ in 0..40 {
        let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 16);
        let queue = CaptureQueue::<_>::new(sim.open_nonblocking().expect("a device"));
        let queue = queue.start(Request::exactly(2)).expect("a stream");
        let running = AtomicBool::new(true);
        scope(|scope| {
            let stop = Running(&running);
            let other = scope.spawn(|| {
                while running.load(Ordering::Relaxed) {
                    if let Ok(Some(frame)) = queue.dequeue() {
                        // The buffer may be the other thread's meanwhile; nothing else is claimed here.
                        let _ = frame.requeue();
                    }
                }
            });
            for _ in 0..100 {
                sim.lie(Lie::Index(0));
                let Ok(Some(frame)) = queue.dequeue() else { continue };
                let bytes = frame.whole_plane(0).expect("exclusive");
                let before = checksum(bytes);
                (0..20).for_each(|_| std::hint::spin_loop());
                assert_eq!(checksum(bytes), before, "{frame:?} changed in the program's hands");
            }
            drop(stop);
            other.join().expect("no panic");
        });
    }
}

/// As the device's pause: in time, not in turns, so that a queue that is patient for a second is so under a sanitizer, too.
fn let_workers_run() {
    std::thread::sleep(std::time::Duration::from_micros(10));
}

#[test]
fn blocking_dequeue_goes_on_while_four_workers_drop_their_frames() {
    const FRAMES: u32 = 100;
    let mut memory = vec![0; 1 << 16];
    let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 16).strict().yield_with(let_workers_run);
    let queue = CaptureQueue::<_>::new(sim.open().expect("a device")).start(Request::exactly(4)).expect("a stream");
    let mut rings: [Ring<Frame<'_, SimFile<'_, '_>>, 8>; 4] = Default::default();
    let running = AtomicBool::new(true);
    scope(|scope| {
        let stop = Running(&running);
        let (mut senders, mut workers) = (Vec::new(), Vec::new());
        for ring in &mut rings {
            let (sender, mut receiver) = ring.split();
            senders.push(sender);
            let (sim, running) = (&sim, &running);
            workers.push(scope.spawn(move || {
                let mut left = FRAMES;
                while left > 0 && running.load(Ordering::Relaxed) {
                    let Some(frame) = receiver.dequeue() else {
                        yield_now();
                        continue;
                    };
                    assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().expect("a good frame")), "{frame:?}");
                    drop(frame);
                    left -= 1;
                }
            }));
        }
        for _ in 0..FRAMES {
            for sender in &mut senders {
                // It sleeps whenever the workers have every buffer. A ring has room for them all.
                let frame = queue.dequeue().expect("a worker gives one back").expect("a blocking device");
                assert!(sender.enqueue(frame).is_ok());
            }
        }
        for worker in workers {
            worker.join().expect("no panic");
        }
        drop(stop);
    });
    drop(rings);
    assert_eq!((queue.holders().driver, sim.violations()), (4, 0));
    queue.stop().expect("a clean end");
}

#[test]
fn mapping_that_is_shorter_than_asked_is_not_read() {
    let mut hardware = Hardware::new(true);
    hardware.mapped = LENGTH / 2;
    // On the heap, where AddressSanitizer sees its end.
    let short = vec![7_u8; LENGTH / 2].into_boxed_slice();
    let failed = match CaptureQueue::<_>::new(Short(hardware.open(), &short)).start(Request::exactly(1)) {
        Err(failed) => failed,
        Ok(queue) => {
            let frame = queue.dequeue().expect("no fault").expect("a frame");
            panic!(
                "{} bytes of it were read",
                frame.bytes().expect("exclusive").iter().filter(|byte| **byte == 7).count()
            );
        }
    };
    let expected = DriverFault::MappingLength { index: 0, mapped: LENGTH / 2, asked: LENGTH as u32 };
    assert!(matches!(failed, Error::Driver(fault) if fault == expected), "{failed}");
}

#[test]
fn frame_that_the_driver_writes_on_is_copied_and_never_lent() {
    let hardware = Hardware::new(false);
    let running = AtomicBool::new(true);
    scope(|scope| {
        let stop = Running(&running);
        let driver = scope.spawn(|| {
            let mut word = 0_usize;
            while running.load(Ordering::Relaxed) {
                word = word.wrapping_add(0x0101_0101);
                hardware.words().iter().for_each(|place| place.store(word, Ordering::Relaxed));
            }
        });
        let queue = CaptureQueue::<_>::new(hardware.open()).start(Request::exactly(1)).expect("a stream");
        let mut copy = vec![0; LENGTH];
        for _ in 0..50 {
            let frame = queue.dequeue().expect("no fault").expect("a frame");
            assert!(matches!(frame.bytes(), Err(PayloadError::NotExclusive { index: 0 })));
            assert_eq!(frame.copy_to(0, &mut copy), Ok(LENGTH));
            frame.requeue().expect("no fault");
        }
        drop(stop);
        driver.join().expect("no panic");
        queue.stop().expect("no fault");
    });
}

#[test]
fn buffer_that_the_driver_reads_early_is_copied_into_and_never_lent() {
    let hardware = Hardware::new(false);
    let running = AtomicBool::new(true);
    scope(|scope| {
        let stop = Running(&running);
        let driver = scope.spawn(|| {
            let mut sum = 0_u8;
            while running.load(Ordering::Relaxed) {
                sum = hardware.bytes().iter().fold(sum, |sum, byte| sum.wrapping_add(byte.load(Ordering::Relaxed)));
            }
            sum
        });
        let queue = OutputQueue::<_>::new(hardware.open()).request_buffers(Request::exactly(1)).expect("a buffer");
        let queue = queue.query_buffers().expect("a layout").map().expect("a mapping").stream_on().expect("a stream");
        let mut next = queue.take();
        for number in 0..50 {
            let mut buffer = next.take().expect("it comes back at once");
            assert!(matches!(buffer.bytes_mut(), Err(PayloadError::NotExclusive { index: 0 })));
            assert_eq!(buffer.copy_from(0, 0, &[number; LENGTH]), Ok(LENGTH));
            buffer.enqueue(LENGTH as u32).expect("no fault");
            next = queue.dequeue().expect("no fault");
        }
        drop(next);
        drop(stop);
        driver.join().expect("no panic");
        queue.stop().expect("no fault");
    });
}
