//! Claims of packages that cargo alone can check.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::packages::Packages;
use crate::place::below_target;
use crate::process::{Go, command, nightly};

/// Runs a command; what it printed is in the error, where counts in it are nobody's.
pub fn holds(command: &mut Command) -> Result<()> {
    let seen = command.seen()?;
    ensure!(seen.ok(), "`{}` ended with status {}: {}", command.shown(), seen.status, seen.both());
    Ok(())
}

/// Every combination of a package's features, and no warning in any.
pub fn combinations(packages: &Packages) -> Result<()> {
    for name in &packages.names {
        let about = packages.metadata(name)?;
        let features: Vec<String> = about["features"]
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys())
            .filter(|name| *name != "default")
            .cloned()
            .collect();
        for set in sets(&features) {
            println!("{name} with {}", if set.is_empty() { "no feature" } else { &set });
            let mut clippy = packages.cargo("clippy", "--lib --no-default-features");
            clippy.args(["--features", &set, "-p", name, "--", "-D", "warnings"]);
            holds(&mut clippy)?;
        }
    }
    Ok(())
}

/// Each set of the words, with commas.
fn sets(words: &[String]) -> Vec<String> {
    let mut all = vec![String::new()];
    for word in words {
        let with: Vec<String> =
            all.iter().map(|some| if some.is_empty() { word.clone() } else { format!("{some},{word}") }).collect();
        all.extend(with);
    }
    all
}

/// The lowest version of each direct dependency, those of tests and examples included.
pub fn lowest_versions(packages: &Packages) -> Result<()> {
    let lowest = below_target("declared/lowest");
    if lowest.exists() {
        fs::remove_dir_all(&lowest)?;
    }
    holds(command("cp").arg("-r").arg(&packages.folder).arg(&lowest))?;
    fs::remove_file(lowest.join("Cargo.lock"))?;
    let mut generate = nightly("generate-lockfile --quiet -Zdirect-minimal-versions --manifest-path");
    // Dependencies of dependencies are new, but not newer than this compiler.
    generate.arg(lowest.join("Cargo.toml")).env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "allow").persist()?;
    holds(packages.cargo_in(&lowest, "check", "--all-targets").args(packages.arguments()))?;
    holds(packages.cargo_in(&lowest, "check", "--lib --all-features").args(packages.arguments()))
}

/// Libraries, tests, examples and documentation tests are built and, where no camera is wanted, run. With all features they are only
/// checked: a program that logs brings a logger.
pub fn inside(packages: &Packages) -> Result<()> {
    holds(packages.cargo("test", "--no-fail-fast").args(packages.arguments()))?;
    holds(packages.cargo("check", "--all-targets --all-features").args(packages.arguments()))
}

/// As docs.rs: the nightly compiler, the features that the package names for it; then all features.
pub fn documentation(packages: &Packages) -> Result<()> {
    for name in &packages.names {
        let about = packages.metadata(name)?;
        let named: Vec<&str> = about["metadata"]["docs"]["rs"]["features"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for features in [format!("--features={}", named.join(",")), "--all-features".into()] {
            println!("{name} {features}");
            let mut doc = nightly("doc --quiet --locked --no-deps --lib -p");
            doc.arg(name).arg(features).arg("--manifest-path").arg(packages.folder.join("Cargo.toml"));
            doc.arg("--target-dir")
                .arg(below_target("declared/documentation"))
                .env("RUSTDOCFLAGS", "--cfg docsrs -D warnings");
            holds(&mut doc)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_set_of_features_is_tried() {
        let mut all = super::sets(&["a", "b", "c"].map(String::from));
        all.sort();
        assert_eq!(all, ["", "a", "a,b", "a,b,c", "a,c", "b", "b,c", "c"]);
    }
}
