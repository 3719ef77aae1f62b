//! Compares real vivid nodes with the simulator: `differential [OPTION]... /dev/video0 [/dev/video1 ...]`.
//!
//! - `--operations N`: steps per node (default 10000)
//! - `--seed N`: the seed of the first sequence; the others count on from it (default: from the clock, printed)
//! - `--lender NODE`: a node of another device, which exports buffers for DMABUF queues
//! - `--kernel 6.1`: the nodes are of this kernel, whichever runs (`vidbuf-sim run`)
//! - `--break floor|keeps|cookies|clock`: breaks the simulator on purpose; the run then has to find it
//!
//! Ends with a table, one line `N passed, M failed` and a status that says the same.

#[cfg(target_pointer_width = "64")]
fn main() -> std::process::ExitCode {
    vidbuf_tests::differential::program::main()
}

#[cfg(not(target_pointer_width = "64"))]
fn main() {
    eprintln!("differential: the structures are those of 64-bit systems");
    std::process::exit(1);
}
