//! Several consumers of one node: before 0.15 the driver frees everybody's buffers when one of them leaves.

use std::time::Duration;

use super::capture::{run as capture, takes};
use super::source::{PLAIN, Source, sender};
use super::{Version, sent_frames_are_seen};
use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{Background, line, seen, until};

pub fn run(checks: &mut Checks, version: Version) -> Outcome {
    let source = Source::streaming(PLAIN, 100_000, 10, "steady")?;
    checks.check("another consumer leaves: the example goes on, or ends in words", beside(leaves));
    checks.check("another consumer leaves: the library recovers", recovers(version));
    checks.check("another consumer is killed: the example goes on, or ends in words", beside(is_killed));
    // Before 0.15, after some program wanted one buffer, all buffers of all programs are one memory, as long as the driver is loaded.
    let _may_fail = seen(&mut consumer("--stream-mmap=1 --stream-count=2"));
    checks.check(
        "another consumer wanted one buffer: 30 frames",
        takes(&format!("--device {PLAIN} --frames 30 --timeout 1000")),
    );
    drop(source);
    let mut sender = sender(PLAIN)?;
    checks.check("another consumer wanted one buffer: what the library sends is read", sent_frames_are_seen());
    sender.wait().map(drop)
}

fn consumer(words: &str) -> std::process::Command {
    line(&format!("v4l2-ctl -d {PLAIN} {words}"))
}

fn leaves() -> Outcome {
    let _may_fail = seen(&mut consumer("--stream-mmap=4 --stream-count=5"));
    Ok(())
}

fn is_killed() -> Outcome {
    let other = Background::start(&mut consumer("--stream-mmap=4"), "/tmp/other")?;
    std::thread::sleep(Duration::from_millis(300));
    drop(other);
    Ok(())
}

/// The example, beside another consumer.
fn beside(other: fn() -> Outcome) -> Outcome {
    std::thread::scope(|scope| {
        let taker = scope.spawn(|| capture("capture", &format!("--device {PLAIN} --frames 150 --timeout 1000"), &[]));
        // It has begun, and has its buffers.
        std::thread::sleep(Duration::from_millis(700));
        other()?;
        taker.join().map_err(|_| "a thread panicked".to_owned())??.takes_or_explains()
    })
}

fn recovers(version: Version) -> Outcome {
    let mut taker =
        Background::start(&mut line(&format!("timeout -s KILL 20 loopback goes-on {PLAIN}")), "/tmp/taker")?;
    until("the library streams", || taker.printed().contains("streams"))?;
    std::thread::sleep(Duration::from_millis(300));
    leaves()?;
    let status = taker.wait()?;
    let met_an_error = taker.printed().lines().any(|line| line.starts_with("error"));
    ensure(status == 0 && (version.one_consumer || met_an_error), || format!("status {status}: {}", taker.printed()))
}
