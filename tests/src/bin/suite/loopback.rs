//! v4l2loopback, whose buffers are not the kernel framework's, and vivid behind a driver made odd by `odd_driver.c`.

mod capture;
mod consumers;
mod odd;
mod source;

use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen, status, succeeds, until};
use capture::{refuses, takes};
use source::{EXCLUSIVE, PLAIN, Source, streams};

/// What differs between versions of the driver.
#[derive(Clone, Copy)]
pub struct Version {
    /// What a program meets on a node that no producer has given a format.
    format_less: &'static str,
    size_less: &'static str,
    /// Whether it has a clock and counts frames.
    clock: bool,
    losses: &'static str,
    /// Whether it has one consumer at a time.
    one_consumer: bool,
}

impl Version {
    fn of(words: &str) -> Self {
        if words.starts_with("0.12.") {
            // No producer: nodes have no format, or buffers of no bytes. No clock and no frame number. All consumers share buffers.
            Self {
                format_less: "VIDIOC_G_FMT",
                size_less: "VIDIOC_QUERYBUF",
                clock: false,
                losses: "losses-are-unknown",
                one_consumer: false,
            }
        } else {
            // It invents a format, counts frames, and has one consumer at a time.
            Self {
                format_less: "VIDIOC_STREAMON",
                size_less: "VIDIOC_STREAMON",
                clock: true,
                losses: "losses-are-counted",
                one_consumer: true,
            }
        }
    }
}

pub fn run(checks: &mut Checks, words: &str) {
    let version = Version::of(words);
    let _shown = status(&mut line("uname -sr"));
    println!("v4l2loopback {words}");
    // One after the other: a driver that does not load fails what comes after it.
    for part in [without_producer, frames, sending, odd_frames, consumers::run, silence] {
        if let Err(why) = part(checks, version) {
            checks.check("the driver and its producers", Err(why));
        }
    }
    odd::run(checks);
}

/// The library's own checks (`tests/src/bin/loopback.rs`): they end with status 0 or explain themselves.
fn library(words: &str) -> Outcome {
    let seen = seen(&mut line(&format!("timeout -s KILL 20 loopback {words}")))?;
    ensure(seen.status == 0, || format!("status {}: {}", seen.status, seen.both))
}

/// It does not stream, and the error names the call.
fn library_names(call: &str, node: &str) -> Outcome {
    let seen = seen(&mut line(&format!("timeout -s KILL 20 loopback refused {node}")))?;
    ensure(seen.status == 0 && seen.both.contains(call), || format!("status {}: {}", seen.status, seen.both))
}

/// Loads the driver anew: nodes without a format, as after a start of the machine.
fn load(parameters: &str) -> Outcome {
    if std::fs::read_to_string("/proc/modules")
        .unwrap_or_default()
        .lines()
        .any(|line| line.starts_with("v4l2loopback "))
    {
        succeeds(&mut line("rmmod v4l2loopback"))?;
    }
    succeeds(&mut line(&format!("insmod v4l2loopback.ko devices=2 video_nr=40,41 exclusive_caps=0,1 {parameters}")))?;
    until("the nodes of the driver", || std::path::Path::new(EXCLUSIVE).exists())
}

fn without_producer(checks: &mut Checks, version: Version) -> Outcome {
    const WORDS: &str = "--frames 3 --timeout 1000";
    load("")?; // two buffers, as without parameters
    let on = |node: &str| format!("--device {node} {WORDS}");
    checks.check("no producer, plain node: the example names the call", refuses(version.format_less, &on(PLAIN)));
    checks.check("no producer, plain node: the library names the call", library_names(version.size_less, PLAIN));
    checks.check("no producer, exclusive node: it does not capture", refuses("does not capture", &on(EXCLUSIVE)));
    let idle = Source::start(PLAIN, 0, 0, "idle")?;
    until("the producer is idle", || idle.printed().contains("idle"))?;
    checks
        .check("a producer that does not stream: the example names the call", refuses(version.format_less, &on(PLAIN)));
    checks
        .check("a producer that does not stream: the library names the call", library_names("VIDIOC_STREAMON", PLAIN));
    drop(idle);
    let _source = Source::streaming(PLAIN, 100_000, 30, "steady")?;
    checks
        .check("30 frames of a node with two buffers", takes(&format!("--device {PLAIN} --frames 30 --timeout 1000")));
    Ok(())
}

fn frames(checks: &mut Checks, version: Version) -> Outcome {
    load("max_buffers=4")?;
    let source = Source::streaming(PLAIN, 100_000, 30, "steady")?;
    let of = |check: &str| library(&format!("{check} {PLAIN}"));
    checks.check("30 frames of a plain node", takes(&format!("--device {PLAIN} --frames 30 --timeout 1000")));
    checks.check("30 frames, blocking", takes(&format!("--device {PLAIN} --frames 30")));
    checks.check("no bytes are lent; copies are whole frames", of("frames-are-copied"));
    checks.check(version.losses, of(version.losses));
    checks.check("held frames do change", of("held-frames-change"));
    checks.check("one thread dequeues, others drop the frames", of("workers"));
    checks.check("four threads dequeue", of("dequeuers"));
    source.stop();
    checks.check("with the program's consent bytes are lent", of("consent"));
    drop(source);
    let source = Source::streaming(EXCLUSIVE, 100_000, 30, "steady")?;
    checks.check("30 frames of an exclusive node", takes(&format!("--device {EXCLUSIVE} --frames 30 --timeout 1000")));
    checks.check(
        "another pixel format is refused",
        refuses("NV12", &format!("--device {EXCLUSIVE} --frames 3 --format NV12")),
    );
    drop(source);
    succeeds(&mut line(&format!("v4l2-ctl -d {PLAIN} -c keep_format=1")))?;
    Source::streaming(PLAIN, 3, 1, "steady")?.wait()?;
    checks.check(
        "the producer has left: noticed in time",
        refuses("of 3 frames came", &format!("--device {PLAIN} --frames 3 --timeout 1000")),
    );
    succeeds(&mut line(&format!("v4l2-ctl -d {PLAIN} -c keep_format=0")))?;
    let vivid = node("VIVID_CAP");
    checks.check("vivid lends its bytes", library(&format!("frames-are-lent {vivid}")));
    checks.check("vivid: one thread dequeues, others drop the frames", library(&format!("workers {vivid}")));
    checks.check("vivid: four threads dequeue", library(&format!("dequeuers {vivid}")));
    Ok(())
}

/// Output through the library, seen by another program.
fn sending(checks: &mut Checks, _: Version) -> Outcome {
    let mut sender = source::sender(PLAIN)?;
    checks.check("another program reads whole frames, in order, that the library sends", sent_frames_are_seen());
    let status = sender.wait()?;
    checks.check(
        "the library sends a hundred frames by copying",
        ensure(status == 0, || format!("status {status}: {}", sender.printed())),
    );
    Ok(())
}

/// v4l2-ctl ends with status 0 even if it could not read.
fn sent_frames_are_seen() -> Outcome {
    let _none_from_before = std::fs::remove_file("/tmp/seen");
    let ctl = seen(&mut line(&format!("v4l2-ctl -d {PLAIN} --stream-mmap=4 --stream-count=10 --stream-to=/tmp/seen")))?;
    library("sent /tmp/seen").map_err(|why| format!("{}{why}", ctl.both))
}

fn odd_frames(checks: &mut Checks, version: Version) -> Outcome {
    for mode in ["short", "empty", "odd-times", "same-time"] {
        let _source = Source::streaming(PLAIN, 100_000, 20, mode)?;
        for frames in [11, 12, 13] {
            checks.check(
                &format!("{mode}: {frames} frames"),
                takes(&format!("--device {PLAIN} --frames {frames} --timeout 1000")),
            );
        }
        if !version.clock {
            let words = capture::last_words();
            let none = words
                .lines()
                .any(|line| line.strip_prefix("latency median").is_some_and(|rest| rest.trim_start().starts_with('-')));
            checks.check(&format!("{mode}: no latency is made up"), ensure(none, || words));
        }
    }
    let _source = Source::streaming(EXCLUSIVE, 100_000, 20, "mjpg")?;
    checks.check(
        "broken JPEG frames: words, not a panic",
        refuses("JPEG", &format!("--device {EXCLUSIVE} --frames 10 --timeout 1000")),
    );
    Ok(())
}

/// A source that falls silent is noticed in time, whatever signals the program gets.
fn silence(checks: &mut Checks, _: Version) -> Outcome {
    load("max_buffers=4")?;
    for us in [0, 1_000_000, 400_000, 100_000, 1000] {
        let source = Source::streaming(PLAIN, 100_000, 20, "steady")?;
        let silent = || {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(std::time::Duration::from_millis(500));
                    source.stop();
                });
                let environment = [("ALARM_US", us.to_string()), ("LD_PRELOAD", "/t/alarm.so".into())];
                capture::run("capture", &format!("--device {PLAIN} --frames 5000 --timeout 500"), &environment)?
                    .refuses("of 5000 frames came")
            })
        };
        checks.check(&format!("silent source, a signal every {us} us: ends in time"), silent());
    }
    Ok(())
}

/// A node's format is in sysfs while somebody streams to it.
fn wait_for_stream(node: &str) -> Outcome {
    until("somebody streams", || streams(node))
}
