//! The four types of node beside the simulator, each with buffers of the other instance as DMABUF memory; then a simulator broken on
//! purpose, which has to be found out. The programs count for themselves.

use crate::checks::Checks;
use crate::programs::{line, node};

/// Operations on a simulator that is broken.
const BROKEN: &str = "2000";

pub fn run(checks: &mut Checks, operations: &str, seed: &str) {
    let (capture, multi) = (node("VIVID_CAP"), node("VIVID_CAP_MPLANE"));
    let mut on = |operations: &str, lender: &str, more: &[&str]| {
        checks.counted(
            line("differential").args(["--operations", operations, "--seed", seed, "--lender", lender]).args(more),
        );
    };
    on(operations, &multi, &[&capture, &node("VIVID_OUT")]);
    on(operations, &capture, &[&multi, &node("VIVID_OUT_MPLANE")]);
    for way in ["floor", "keeps", "cookies", "clock"] {
        on(BROKEN, &multi, &["--break", way, &capture]);
    }
}
