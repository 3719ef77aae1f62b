//! Divergences and tables, for people.

use super::pair::Failure;
use super::run::{Divergence, Subject};

/// Prints how a sequence went apart.
pub fn divergence(subject: &Subject, divergence: &Divergence) {
    println!(
        "DIVERGENCE on {} ({}), seed {:#x}, {} steps:",
        subject.path,
        subject.name,
        divergence.seed,
        divergence.steps.len()
    );
    for (number, step) in divergence.steps.iter().enumerate() {
        println!("  {:3}  {step:?}", number + 1);
    }
    match &divergence.failure {
        Failure::BadFrame(what) => println!("  the frame: {what}"),
        Failure::Differs { kernel, simulator } => {
            println!("  at the last step (- kernel, + simulator):");
            let (left, right) = (format!("{kernel:#?}"), format!("{simulator:#?}"));
            let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
            if left.len() == right.len() {
                for (left, right) in left.iter().zip(&right).filter(|(left, right)| left != right) {
                    println!("    - {}\n    + {}", left.trim(), right.trim());
                }
            } else {
                println!("    - {kernel:?}\n    + {simulator:?}");
            }
        }
    }
}

/// The table's head.
pub const HEAD: &str =
    "| kernel | node | sequences | operations | refused by both | divergences |\n|---|---|---|---|---|---|";
