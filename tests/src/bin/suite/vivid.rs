//! The contract, the capture example, counts and recordings, on vivid.

use std::fs::{self, File};
use std::process::Command;

use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen, status, succeeds};

pub fn run(checks: &mut Checks) {
    let (capture, multi) = (node("VIVID_CAP"), node("VIVID_CAP_MPLANE"));
    let _shown = status(&mut line("uname -srm"));
    checks.counted(line("contract").args([&capture, &multi, &node("VIVID_OUT"), &node("VIVID_OUT_MPLANE")]));
    checks.check("every frame", all_frames(&capture, 200, "10"));
    checks.check("every frame, multi-planar", all_frames(&multi, 200, "10"));
    checks.check("every frame, with a time-out", all_frames(&capture, 200, "10 1000"));
    checks.check("system calls of a frame", frame_costs(&[&capture, &multi]));
    let example = |words: String| succeeds(&mut line(&format!("capture --size 640x360 --frames 30 {words}"))).map(drop);
    checks.check("the capture example", example(format!("--device {capture} --output /out/single")));
    checks.check(
        "the capture example, multi-planar",
        example(format!("--device {multi} --timeout 2000 --output /out/multi")),
    );
    checks.check("the capture example finds its camera", finds_its_camera(&capture));
    checks.check("the example hdmi, whose cable is pulled out and put in", hdmi(&capture));
    checks.check("a recording of faults", recording(&capture));
    checks.check(
        "a multi-planar recording",
        record_to("/out/recorded-mplane.trace", &format!("--device {multi} --frames 20")),
    );
    // Last, because these tests set controls (brightness) and formats that a node keeps.
    backend_tests(checks);
}

/// Every frame of an unloaded run, no gap in the sequence, no allocation. The processor is emulated: when the machine under it is busy
/// the driver itself is late and counts frames as lost, so a run with a gap is made again, at most four times.
pub fn all_frames(node: &str, frames: u32, more: &str) -> Outcome {
    let mut last = String::new();
    for _ in 0..5 {
        last = succeeds(&mut line(&format!("lifecycle {node} {frames} {more}")))?.out;
        let (all, lost) = (format!("{frames} of {frames} frames, "), " lost, 0 allocations");
        let found = last.lines().find_map(|line| line.strip_prefix(&*all)?.strip_suffix(lost));
        match found {
            Some("0") => return Ok(()),
            Some(number) if number.parse::<u32>().is_ok() => {}
            _ => break,
        }
    }
    Err(last)
}

/// Sixty frames of the HDMI input; after some, another program pulls the cable out and puts it in.
fn hdmi(node: &str) -> Outcome {
    let mode = "v4l2-ctl -c dv_timings_signal_mode";
    let pulled = format!("sleep 3; {mode}=1 -d {node}; sleep 1; {mode}=0 -d {node}");
    let words = format!("({pulled}) & timeout -s KILL 60 hdmi {node} 3 200; status=$?; wait; exit $status");
    let seen = succeeds(Command::new("sh").args(["-c", &words]));
    let back = succeeds(&mut line(&format!("v4l2-ctl -d {node} -i 0"))).map(drop);
    let seen = seen?.out;
    ensure(seen.matches("signal: 1280x720p at 60.00 Hz").count() == 2, || seen.clone())?;
    ensure(seen.contains("the signal is lost or another one") && seen.contains("200 frames"), || seen.clone())?;
    back
}

/// Two system calls a frame when blocking; one more, a poll, with a time-out.
fn frame_costs(nodes: &[&str]) -> Outcome {
    for node in nodes {
        let costs = |more: &str| -> Result<(i64, i64), String> {
            let (short, long) = (traced(node, 100, more)?, traced(node, 200, more)?);
            Ok((calls(&long, "ioctl") - calls(&short, "ioctl"), calls(&long, "poll") - calls(&short, "poll")))
        };
        let (blocking, timed) = (costs("")?, costs("1000")?);
        println!("{node}: ioctl and poll for 100 frames, blocking: {blocking:?}; with a time-out: {timed:?}");
        ensure(blocking == (200, 0) && timed == (200, 100), || format!("{node}: {blocking:?}, {timed:?}"))?;
    }
    Ok(())
}

/// strace's table for so many frames.
fn traced(node: &str, frames: u32, more: &str) -> Result<String, String> {
    let seen = seen(&mut line(&format!("strace -f -c -o /tmp/counts lifecycle {node} {frames} 60 {more}")))?;
    ensure(seen.status == 0, || seen.both)?;
    fs::read_to_string("/tmp/counts").map_err(|error| error.to_string())
}

/// How often a system call, or the same with a `p` before its name, is in strace's table.
fn calls(table: &str, name: &str) -> i64 {
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows = rows.filter(|row| row.last().is_some_and(|last| *last == name || last.strip_prefix('p') == Some(name)));
    rows.filter_map(|row| row.get(3)?.parse::<i64>().ok()).sum()
}

/// Cameras are listed, one is found without a path and with a name, and its rate and format are the nearest.
fn finds_its_camera(first: &str) -> Outcome {
    let list = succeeds(&mut line("capture list"))?.out;
    let cameras = list.lines().filter(|line| line.contains(" camera ")).count();
    let outputs = list.lines().filter(|line| line.contains(" output ")).count();
    ensure((cameras, outputs) == (2, 2) && list.starts_with(first), || list.clone())?;
    let info = succeeds(&mut line("capture info -d auto"))?.out;
    ensure(info.contains("         640x480: 1 2 4 5 10 12.5 15 25"), || "the rates of 640x480 are not listed".into())?;
    let taken = succeeds(&mut line(
        "capture -d auto -s 641x361 -r 26 -n 10 --skip 2 --y4m /tmp/video.y4m --jpeg -o /out/found",
    ))?;
    ensure(taken.both.contains("640x360 YUYV at 25/s instead of 641x361, 26/s"), || taken.both.clone())?;
    let length = fs::metadata("/tmp/video.y4m").map_err(|error| error.to_string())?.len();
    let header = "YUV4MPEG2 W640 H360 F25:1 C422\n".len() as u64;
    ensure(length == header + 10 * (6 + 640 * 360 * 2), || format!("{length} bytes of video"))?;
    succeeds(&mut line("capture -d vivid-001-vid-cap -s 320x180 -f NM12 -n 3 -o /tmp/named")).map(drop)
}

/// Records to a file.
fn record_to(path: &str, words: &str) -> Outcome {
    let file = File::create(path).map_err(|error| error.to_string())?;
    let status = status(line(&format!("record {words}")).stdout(file))?;
    ensure(status == 0, || format!("status {status}"))
}

/// Records the driver while it drops frames, flags one, fails and disconnects; the host plays it on the simulator. Each fault waits
/// for so many frames, not for a time.
fn recording(node: &str) -> Outcome {
    const PATH: &str = "/out/recorded.trace";
    let control = |words: &str| succeeds(&mut line(&format!("v4l2-ctl -d {node} -c {words}"))).map(drop);
    let text = || fs::read_to_string(PATH).unwrap_or_default();
    let count = |word: &str| text().lines().filter(|line| line.starts_with(word)).count();
    control("percentage_of_dropped_buffers=30")?;
    let file = File::create(PATH).map_err(|error| error.to_string())?;
    let mut record = line(&format!("record --device {node} --frames 100000 --timeout 30000"));
    let mut recorder = record.stdout(file).spawn().map_err(|error| error.to_string())?;
    for (frames, fault) in
        [(10, "inject_v4l2_buf_flag_error"), (20, "inject_fatal_streaming_error"), (35, "disconnect")]
    {
        while count("frame") < frames {
            let ended = recorder.try_wait().map_err(|error| error.to_string())?;
            ensure(ended.is_none(), || format!("it ended after {} frames", count("frame")))?;
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        control(&format!("{fault}=1"))?;
    }
    let ended = recorder.wait().map_err(|error| error.to_string())?;
    control("percentage_of_dropped_buffers=0")?;
    let happened = [count("start"), count("error"), count("unplug")];
    println!("recorded: {} frames, starts, errors and unplugs: {happened:?}", count("frame"));
    ensure(ended.success() && happened == [2, 1, 1], || format!("{ended}: {happened:?}"))?;
    ensure(count("lost") > 0 && text().contains(" flags=0x2041 "), || "no frame was lost, or none was flagged".into())
}

/// What the backend calls, one by one; a test that finds no node prints SKIPPED, which is a failure here.
fn backend_tests(checks: &mut Checks) {
    match seen(&mut line("vivid --nocapture --test-threads=1")) {
        Ok(seen) => {
            println!("{}", seen.both);
            if seen.status != 0 || seen.both.contains("SKIPPED") {
                checks.check("the backend's own tests", Err(format!("status {}, or a test was skipped", seen.status)));
            }
        }
        Err(why) => checks.check("the backend's own tests", Err(why)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn calls_are_read_from_straces_table() {
        let table = "% time seconds usecs/call calls errors syscall\n 50.0 0.1 1 7 ioctl\n 50.0 0.1 1 3 1 ppoll\n 1.0 0.1 1 9 ioctls\n";
        assert_eq!((super::calls(table, "ioctl"), super::calls(table, "poll")), (7, 3));
    }
}
