//! Another processor: the contract, a hundred frames, pictures, the log, and what the firmware example takes.

use std::fs::{self, File};
use std::path::Path;

use crate::checks::{Checks, Outcome, ensure};
use crate::footprint;
use crate::programs::{line, node, status, succeeds};

pub fn run(checks: &mut Checks, page: &str) {
    let (capture, multi) = (node("VIVID_CAP"), node("VIVID_CAP_MPLANE"));
    let nodes = [capture.clone(), multi.clone(), node("VIVID_OUT"), node("VIVID_OUT_MPLANE")];
    let _shown = status(&mut line("uname -srm"));
    checks.check(&format!("pages of {page} KiB"), pages(page));
    checks.counted(line("contract").args(&nodes));
    // Every byte of every frame is there; nothing is allocated. None is lost: a guest's time is counted in its own instructions.
    checks.check("a hundred frames", hundred(&capture));
    checks.check("a hundred frames, multi-planar", hundred(&multi));
    let example = |words: String| succeeds(&mut line(&words)).map(drop);
    let words = "--size 640x360 --frames 100";
    checks.check("the capture example", example(format!("capture --device {capture} {words} --output /out/single")));
    checks.check(
        "the capture example, multi-planar",
        example(format!("capture --device {multi} {words} --timeout 5000 --output /out/multi")),
    );
    if cfg!(target_arch = "arm") {
        // As on a kernel before 5.6, which knows only the buffers with 32-bit time.
        println!("32-bit time:");
        checks.counted(line("old_kernel contract").args(&nodes));
        let old = format!("old_kernel capture --device {capture} --size 640x360 --frames 30 --output /out/old");
        checks.check("the capture example, 32-bit time", example(old));
    }
    if Path::new("logging").exists() {
        checks.check("the logging example", logging(&capture));
    }
    footprint::run(checks);
}

fn pages(page: &str) -> Outcome {
    let maps = fs::read_to_string("/proc/self/smaps").map_err(|error| error.to_string())?;
    let found = maps.lines().find_map(|line| line.strip_prefix("KernelPageSize:")).unwrap_or_default();
    ensure(found.trim() == format!("{page} kB"), || format!("pages of {found}"))
}

fn hundred(node: &str) -> Outcome {
    let seen = succeeds(&mut line(&format!("lifecycle {node} 100 30")))?;
    ensure(seen.out.lines().any(|line| line == "100 of 100 frames, 0 lost, 0 allocations"), || seen.both)
}

/// Its standard error is the log; the host decodes it.
fn logging(node: &str) -> Outcome {
    let frames = File::create("/out/frames").map_err(|error| error.to_string())?;
    let status = status(line("logging").arg(node).stderr(frames))?;
    ensure(status == 0, || format!("status {status}"))
}
