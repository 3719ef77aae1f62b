//! The firmware example on vivid, and every way in which it can end.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::checks::{Checks, Outcome, ensure};
use crate::footprint;
use crate::programs::{Background, line, node, seen, status, succeeds, until};

/// Bytes that it may have in memory, usually.
const MEMORY: u64 = 8 << 10;

pub fn run(checks: &mut Checks) {
    let capture = node("VIVID_CAP");
    let _small =
        status(&mut line(&format!("v4l2-ctl -d {capture} --set-fmt-video=width=320,height=180,pixelformat=YUYV")));
    let on = |node: &str, frames: &str| {
        let mut firmware = line("firmware");
        firmware.args([node, frames]);
        firmware
    };
    checks.check("five frames", good(&capture));
    checks.check("system calls until the first frame", set_up(&capture));
    checks.check("private memory", memory(&capture));
    checks.check("no number", ends(&capture, 2, &mut on(&capture, "many")));
    checks.check("no node", ends(&capture, 3, &mut on("/dev/no-such-node", "5")));
    checks.check("not allowed", not_allowed(&capture));
    checks.check("busy", busy(&capture));
    checks.check("no camera", ends(&capture, 6, &mut on("/dev/null", "5")));
    checks.check("a node that does not capture", ends(&capture, 6, &mut on(&node("VIVID_OUT"), "5")));
    checks.check("unplugged", unplugged(&capture));
}

/// A run that is fine: all frames, one line, status 0. After each bad one, too: the device is usable again at once.
fn good(node: &str) -> Outcome {
    let seen = seen(line("firmware").args([node, "5"]))?;
    let last =
        seen.out.strip_prefix("5 frames, ").and_then(|rest| rest.trim_end().split_once(" lost, 0 bad, the last of "));
    let number = |word: &str| word.parse::<u64>().ok();
    let fine = last.is_some_and(|(lost, last)| {
        number(lost).is_some() && last.strip_suffix(" bytes").and_then(number).is_some_and(|bytes| bytes > 0)
    });
    ensure(seen.status == 0 && fine, || format!("status {}: {}", seen.status, seen.both))
}

/// This status, and one line with the reason.
fn ends(node: &str, status: i32, program: &mut Command) -> Outcome {
    let seen = seen(program)?;
    println!("status {}: {}", seen.status, seen.both.trim_end());
    let one_line = seen.both.lines().count() == 1 && seen.both.starts_with("firmware: ");
    ensure(seen.status == status && one_line, || format!("status {}: {}", seen.status, seen.both))?;
    good(node)
}

fn set_up(node: &str) -> Outcome {
    let seen = footprint::set_up(node)?;
    println!(
        "{} system calls from open to the first frame, with {} buffers; {} in all",
        seen.calls, seen.queries, seen.all
    );
    ensure((16..=18).contains(&seen.calls) && seen.queries == 4 && seen.allocations == 0, || {
        format!("{} calls, {} queries, {} allocations", seen.calls, seen.queries, seen.allocations)
    })
}

fn memory(node: &str) -> Outcome {
    let usual = footprint::usual_memory(node)?;
    ensure(usual <= MEMORY, || format!("{usual} bytes"))
}

fn not_allowed(node: &str) -> Outcome {
    succeeds(&mut line(&format!("chmod 600 {node}")))?;
    // The program's folder and file are readable by everybody.
    let nobody = 65534;
    ends(node, 4, line("/t/firmware").args([node, "5"]).uid(nobody).gid(nobody))
}

/// Starts a run without an end that has the node's buffers mapped, so that others find it busy.
fn held(node: &str) -> Result<Background, String> {
    let mut run = Background::start(line("firmware").args([node, "4000000000"]), "/tmp/held")?;
    until("the buffers are mapped", || run.about("maps").contains(node) || !run.runs())?;
    ensure(run.runs(), || format!("it ended: {}", run.printed()))?;
    Ok(run)
}

fn busy(node: &str) -> Outcome {
    let run = held(node)?;
    let seen = seen(line("firmware").args([node, "5"]))?;
    println!("status {}: {}", seen.status, seen.both.trim_end());
    drop(run);
    ensure(seen.status == 5, || format!("status {}: {}", seen.status, seen.both))?;
    good(node)
}

/// vivid's control "Disconnect": from then on every call is refused with ENODEV, until the last user has closed the node.
fn unplugged(node: &str) -> Outcome {
    let mut run = held(node)?;
    succeeds(&mut line(&format!("v4l2-ctl -d {node} --set-ctrl disconnect=1")))?;
    let status = run.wait()?;
    let printed = fs::read_to_string("/tmp/held").unwrap_or_default();
    println!("status {status}: {}", printed.trim_end());
    ensure(status == 7 && printed.trim_end() == "firmware: unplugged", || format!("status {status}: {printed}"))?;
    good(node)
}
