//! What people meet first: constructors that infer, `?` in every kind of function, requests that mean what they are called, a
//! stream that is restarted in place, frames that are kept.

use std::error::Error as StdError;
use std::io;

use vidbuf::error::{ErrorKind, UnparkReason};
use vidbuf::{CaptureStream, Error, Failed, Parked, Queue, Recovery, Request};
use vidbuf_sim::{Call, Errno, Profile, Sim, SimFile};

fn memory() -> Vec<u8> {
    vec![0; 4 << 20]
}

/// Every call that people use, in whatever function they have.
macro_rules! all_the_way {
    ($sim:expr) => {{
        let queue = Queue::capture($sim.open()?).start(Request::up_to(4))?;
        for _ in 0..6 {
            let Some(frame) = queue.dequeue()? else { continue };
            assert!(!frame.bytes()?.is_empty());
            frame.requeue()?;
        }
        queue.stop()?;
        Ok(())
    }};
}

fn boxed(sim: &Sim<'_>) -> Result<(), Box<dyn StdError + Send + Sync>> {
    all_the_way!(sim)
}

#[derive(Debug)]
enum Own {
    Camera(Error),
    Opening(#[allow(dead_code)] Errno),
}
impl From<Error> for Own {
    fn from(error: Error) -> Self {
        Self::Camera(error)
    }
}
impl From<vidbuf::error::PayloadError> for Own {
    fn from(error: vidbuf::error::PayloadError) -> Self {
        Self::Camera(error.into())
    }
}
impl From<Errno> for Own {
    fn from(error: Errno) -> Self {
        Self::Opening(error)
    }
}

fn own(sim: &Sim<'_>) -> Result<(), Own> {
    all_the_way!(sim)
}

fn of_io(sim: &Sim<'_>) -> io::Result<()> {
    let file = sim.open().map_err(io::Error::other)?;
    let queue = Queue::capture(file).start(Request::up_to(4))?;
    if let Some(frame) = queue.dequeue()? {
        frame.requeue()?;
    }
    queue.stop()?;
    Ok(())
}

#[test]
fn question_mark_works_in_any_function() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    boxed(&sim).unwrap();
    own(&sim).unwrap();
    of_io(&sim).unwrap();
    assert!(sim.fail(Call::StreamOn, 1, Errno::ENOSPC));
    assert!(boxed(&sim).unwrap_err().to_string().contains("not enough bus bandwidth"));
    assert!(sim.fail(Call::StreamOn, 1, Errno::ENOSPC));
    assert!(matches!(own(&sim), Err(Own::Camera(Error::Refused { .. }))));
    assert!(sim.fail(Call::StreamOn, 1, Errno::ENOSPC));
    assert_eq!(of_io(&sim).unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert!(sim.fail(Call::RequestBuffers, 1, Errno::EBUSY));
    assert_eq!(of_io(&sim).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
}

#[test]
fn up_to_is_at_most_the_room_there_is() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = Queue::capture(sim.open().unwrap()).start(Request::up_to(9)).unwrap();
    assert_eq!(queue.granted(), 4);
    drop(queue);
    let queue = Queue::capture(sim.open().unwrap()).room::<2>().start(Request::up_to(9)).unwrap();
    assert_eq!(queue.granted(), 2);
    drop(queue);
    let Failed { value: queue, error } =
        Queue::capture(sim.open().unwrap()).try_start(Request::exactly(5)).map(drop).unwrap_err();
    assert_eq!(error, Error::BadRequest { wanted: 5, least: 5, capacity: 4 });
    assert!(error.to_string().contains("room for 4"), "{error}");
    assert_eq!(queue.room::<6>().start(Request::exactly(5)).unwrap().granted(), 5);
}

#[test]
fn start_is_not_ended_by_signals() {
    let calls = [Call::RequestBuffers, Call::QueryBuffer, Call::Map, Call::Enqueue, Call::StreamOn];
    for call in calls {
        let mut memory = memory();
        let sim = Sim::new(Profile::VIVID, &mut memory);
        for number in 1..=3 {
            assert!(sim.fail(call, number, Errno::EINTR));
        }
        let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
        assert_eq!(queue.holders().driver, 4, "{call:?}");
        queue.stop().unwrap();
    }
}

/// A struct that owns its camera, restarts it in place and keeps the newest frame.
struct Doorbell<'s, 'm> {
    queue: CaptureStream<SimFile<'s, 'm>>,
    newest: Option<Parked>,
    restarts: u32,
}

impl Doorbell<'_, '_> {
    fn step(&mut self) -> Result<(), Error> {
        // The frame borrows the queue to the end of the `match`; behind it the queue is free.
        let error = match self.queue.dequeue() {
            Ok(Some(frame)) => return self.queue.keep(frame, &mut self.newest).map(drop),
            Ok(None) => return Ok(()),
            Err(error) => error,
        };
        if error.recovery() != Recovery::Restart {
            return Err(error);
        }
        self.restarts += 1;
        self.queue.restart()
    }
}

#[test]
fn stream_is_restarted_in_place_and_the_newest_frame_is_kept() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    let mut bell = Doorbell { queue, newest: None, restarts: 0 };
    for count in 0..20 {
        bell.step().unwrap();
        let newest = bell.newest.as_ref().unwrap();
        let (sequence, first) = bell.queue.look(newest, |frame| (frame.sequence(), frame.bytes().unwrap()[0])).unwrap();
        assert_eq!((sequence, newest.sequence()), (count, count));
        assert_eq!(bell.queue.holders().parked, 1);
        assert!(sim.picture(count).is_in(0, &[first]) || first > 0);
    }
    assert!(sim.fail(Call::Dequeue, 1, Errno::EIO));
    bell.step().unwrap();
    assert_eq!((bell.restarts, bell.queue.holders().driver), (1, 4));
    // What was kept is of the stream before.
    let stale = bell.newest.take().unwrap();
    assert_eq!(bell.queue.look(&stale, |_| ()), Err(UnparkReason::StreamStopped));
    bell.newest = Some(stale);
    bell.step().unwrap();
    assert_eq!((bell.newest.as_ref().unwrap().sequence(), bell.queue.holders().parked), (0, 1));
}

#[test]
fn kept_frame_of_another_queue_comes_back() {
    let (mut one, mut other) = (memory(), memory());
    let (one, other) = (Sim::new(Profile::VIVID, &mut one), Sim::new(Profile::VIVID, &mut other));
    let first = Queue::capture(one.open().unwrap()).start(Request::exactly(4)).unwrap();
    let second = Queue::capture(other.open().unwrap()).start(Request::exactly(4)).unwrap();
    let mut place = Some(first.dequeue().unwrap().unwrap().park());
    let back = second.keep(second.dequeue().unwrap().unwrap(), &mut place).unwrap().unwrap();
    assert_eq!(first.unpark(back).unwrap().index(), 0);
    assert_eq!((first.holders().driver, second.holders().parked), (4, 1));
}

#[test]
fn refused_requeue_leaves_the_buffer_to_the_queue_or_gives_it_back() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    assert!(sim.fail(Call::Enqueue, 1, Errno::EINTR));
    assert_eq!(frame.requeue().unwrap_err().kind(), Some(ErrorKind::Interrupted));
    assert_eq!(queue.holders().free, 1);
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((queue.holders().free, queue.holders().driver), (0, 3), "the next call has tried it again");
    assert!(sim.fail(Call::Enqueue, 1, Errno::EINTR));
    let Failed { value, error } = frame.try_requeue().unwrap_err();
    assert_eq!((error.kind(), queue.holders().held), (Some(ErrorKind::Interrupted), 1));
    value.unwrap().requeue().unwrap();
    queue.stop().unwrap();
}

#[test]
fn signals_stop_neither_a_restart_nor_keeping_a_frame() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let mut queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    for call in [Call::StreamOff, Call::Enqueue, Call::StreamOn] {
        assert!(sim.fail_next(call, 3, Errno::EINTR));
        queue.restart().unwrap();
        assert!(queue.dequeue().unwrap().is_some(), "{call:?}");
    }
    // However many: it ends, and the next restart succeeds.
    assert!(sim.fail_next(Call::StreamOn, 65, Errno::EINTR));
    assert_eq!(queue.restart().unwrap_err().kind(), Some(ErrorKind::Interrupted));
    queue.restart().unwrap();

    let mut place = None;
    queue.keep(queue.dequeue().unwrap().unwrap(), &mut place).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    assert!(sim.fail(Call::Enqueue, 1, Errno::EINTR));
    assert_eq!(queue.keep(frame, &mut place).map(|back| back.is_none()), Ok(true));
    assert_eq!((queue.holders().free, queue.holders().parked), (1, 1));
    queue.wait(None).unwrap();
    assert_eq!((queue.holders().free, queue.holders().driver), (0, 3), "the next call has handed it back");
}
