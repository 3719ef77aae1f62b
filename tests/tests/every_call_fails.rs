//! Call k of the lifecycle fails, for every k and several errors: nothing stays mapped, no buffer is owned twice, and the
//! next lifecycle succeeds.

use vidbuf::queue::{Capture, Kind, MultiPlanar, Planes, SinglePlanar};
use vidbuf::{Error, Queue, Request};
use vidbuf_sim::{Errno, Profile, Sim};

type Refusal = Error;

/// Up, eight frames treated in every way, and down, step by step.
fn lifecycle<P: Planes>(sim: &Sim<'_>) -> Result<(), Refusal> {
    let queue = Queue::<_, _, Kind<Capture, P>, 4>::new(sim.open().expect("a device"))
        .request_buffers(Request::up_to(4).at_least(2))?;
    let queue = queue.query_buffers()?.map()?.stream_on()?;
    let mut parked = None;
    for round in 0..8 {
        let Some(frame) = queue.dequeue_timeout(core::time::Duration::from_secs(1))? else { continue };
        frame.payload(0)?;
        match round % 4 {
            0 => frame.requeue()?,
            1 => drop(frame),
            2 => parked = Some(frame.park()),
            _ => {
                frame.requeue()?;
                if let Some(Ok(frame)) = parked.take().map(|parked| queue.unpark(parked)) {
                    frame.requeue()?;
                }
            }
        }
    }
    queue.requeue_dropped()?;
    queue.stream_off()?.unmap()?.release()?;
    Ok(())
}

fn every_call_fails<P: Planes>(profile: Profile) {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(profile, &mut memory).strict();
    lifecycle::<P>(&sim).unwrap();
    let calls = sim.total_calls();
    assert!(calls > 30, "{calls} calls");
    let errors = [Errno::EINTR, Errno::EINVAL, Errno::EIO, Errno::ENOMEM, Errno::EBUSY, Errno::EACCES, Errno::ENODEV];
    let mut cases = 0;
    for errno in errors {
        for k in 1..=calls {
            assert!(sim.fail_call(k, errno));
            let struck = sim.faults_struck();
            let outcome = lifecycle::<P>(&sim);
            assert_eq!(sim.faults_struck(), struck + 1, "call {k} was not made");
            assert_eq!(sim.mappings(), 0, "call {k}, {errno}: {outcome:?}");
            assert_eq!(sim.violations(), 0, "call {k}, {errno}: {:?}", sim.violation(0));
            assert_eq!(sim.buffers(), 0, "call {k}, {errno}: {outcome:?}");
            lifecycle::<P>(&sim).unwrap_or_else(|error| panic!("after call {k}, {errno}: {error}"));
            cases += 1;
        }
    }
    println!("{cases} cases: {calls} calls, {} errors", errors.len());
}

#[test]
fn single_planar_lifecycle_survives_the_failure_of_any_call() {
    every_call_fails::<SinglePlanar>(Profile::VIVID);
}

#[test]
fn multi_planar_lifecycle_survives_the_failure_of_any_call() {
    every_call_fails::<MultiPlanar>(Profile::VIVID_MULTIPLANAR);
}
