//! What a program may do with a node besides streaming, through the preloaded simulator: `preloaded` tries on the nodes of
//! `tests/run compliance` what v4l2-compliance and v4l2-ctl do not.

use std::process::ExitCode;

use vidbuf_tests::preloaded::CASES;

fn main() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for (name, case) in CASES {
        match std::panic::catch_unwind(case) {
            Ok(()) => passed += 1,
            Err(_) => {
                println!("FAILED: {name}");
                failed += 1;
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
