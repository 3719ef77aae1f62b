//! What the libraries pull in: no libc, and nothing beyond the crates that they are meant to stand on.

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::process::{Go, cargo};

/// A package, its features, and what it may depend on.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("vidbuf", "", "bitflags byteorder hash32 heapless stable_deref_trait"),
    ("vidbuf", "log", "bitflags byteorder hash32 heapless log stable_deref_trait"),
    ("vidbuf-abi", "", ""),
    (
        "vidbuf-linux",
        "",
        "bitflags byteorder hash32 heapless linux-raw-sys rustix stable_deref_trait vidbuf vidbuf-abi",
    ),
    ("vidbuf-sim", "", "bitflags byteorder hash32 heapless stable_deref_trait vidbuf vidbuf-abi"),
];

/// The step.
pub fn tree(asked: &Asked) -> Result<()> {
    let mut cases = Cases::new();
    for &(package, features, allowed) in ALLOWED {
        let with = if features.is_empty() { String::new() } else { format!(" with {features}") };
        cases.add(format!("{package}{with} depends on what it may"), move || {
            let tree = cargo("tree --locked -e normal --prefix none -p").args([package, "-F", features]).text()?;
            let found = dependencies(&tree, package);
            ensure!(found == allowed, "{package} depends on: {found}; expected: {allowed}");
            Ok(())
        });
    }
    cases.run(asked.filter())
}

/// The packages of a tree but its root, in order.
fn dependencies(tree: &str, root: &str) -> String {
    let mut names: Vec<&str> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != root).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn packages_are_named_once_and_without_the_root() {
        let tree = "vidbuf v0.1.0 (/x)\nheapless v0.9\nbitflags v2\nheapless v0.9 (*)\n";
        assert_eq!(super::dependencies(tree, "vidbuf"), "bitflags heapless");
    }
}
