//! Checks, each with a line, and their count.

use std::process::{Command, ExitCode};

use crate::programs;

/// Why a check failed.
pub type Outcome = Result<(), String>;

/// How many passed and failed.
#[derive(Default)]
pub struct Checks {
    passed: usize,
    failed: usize,
    /// Programs that count for themselves, and how many of them failed.
    programs: usize,
    ended_badly: usize,
}

impl Checks {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A check; what a failed one has seen follows its line.
    pub fn check(&mut self, name: &str, outcome: Outcome) {
        match outcome {
            Ok(()) => {
                println!("ok      {name}");
                self.passed += 1;
            }
            Err(why) => {
                println!("FAILED  {name}");
                // Set in, so that no count in it is counted.
                why.lines().for_each(|line| println!("        {line}"));
                self.failed += 1;
            }
        }
    }

    /// A program that prints its own counts.
    pub fn counted(&mut self, program: &mut Command) {
        self.programs += 1;
        match programs::status(program) {
            Ok(0) => {}
            Ok(status) => {
                println!("{program:?} ended with status {status}");
                self.ended_badly += 1;
            }
            Err(why) => self.check("a program starts", Err(why)),
        }
    }

    /// Work for others, who count what comes of it.
    pub fn quietly(&mut self, outcome: Outcome) {
        self.programs += 1;
        if let Err(why) = outcome {
            println!("FAILED: {why}");
            self.ended_badly += 1;
        }
    }

    /// The closing line.
    pub fn end(self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        let good = self.failed == 0 && self.ended_badly == 0 && self.passed + self.programs > 0;
        if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Fails with these words unless it is so.
pub fn ensure(holds: bool, why: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(why()) }
}
