//! What a program may do with a node besides streaming, through the C library: `c_library` tries on the cameras of
//! `tests/run any_program` what v4l2-compliance and v4l2-ctl do not.

use std::process::ExitCode;

use vidbuf_tests::c_library::CASES;

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
