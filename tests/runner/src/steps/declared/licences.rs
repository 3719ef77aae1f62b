//! Every package behind manifests has a licence and a source of the list `tests/declared/allowed`, and no wildcard for a version.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use crate::process::{Go, cargo};

/// Fails with a line for each that has not.
pub fn licences(manifests: &[PathBuf]) -> Result<()> {
    let list = std::fs::read_to_string(crate::place::root().join("tests/declared/allowed"))?;
    let allowed: BTreeSet<&str> = list
        .lines()
        .filter_map(|line| line.strip_prefix("licence ").or_else(|| line.strip_prefix("source ")))
        .collect();
    let (mut faults, mut seen) = (BTreeSet::new(), 0);
    for manifest in manifests {
        let mut metadata = cargo("metadata --quiet --locked --all-features --format-version 1 --manifest-path");
        let text = metadata.arg(manifest).text()?;
        let all: Value = serde_json::from_str(&text)?;
        for package in all["packages"].as_array().into_iter().flatten() {
            seen += 1;
            faults.extend(faults_of(package, &allowed));
        }
    }
    ensure!(seen > 0, "no packages");
    println!("{seen} packages");
    if !faults.is_empty() {
        bail!("{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    }
    Ok(())
}

fn faults_of(package: &Value, allowed: &BTreeSet<&str>) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let who = format!("{} {}", word(&package["name"]), word(&package["version"]));
    let mut faults = Vec::new();
    let licence = word(&package["license"]);
    if !may_be_used(&licence, allowed) {
        faults.push(format!("{who}: licence {licence}"));
    }
    if let Some(source) = package["source"].as_str().filter(|source| !allowed.contains(source)) {
        faults.push(format!("{who}: source {source}"));
    }
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        if dependency["req"] == "*" && !dependency["source"].is_null() {
            faults.push(format!("{who}: any version of {}", word(&dependency["name"])));
        }
    }
    faults
}

/// "/" is how "OR" was once written. Without parentheses, each part between "AND"s needs one of its own.
fn may_be_used(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = licence.replace('/', " OR ").replace(['(', ')'], "");
    plain.split(" AND ").all(|part| part.split(" OR ").any(|name| allowed.contains(name.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_every_alternative_has_to_be_allowed() {
        let allowed = BTreeSet::from(["MIT", "Unicode-3.0"]);
        for (licence, may) in [
            ("MIT OR GPL-3.0", true),
            ("Apache-2.0/MIT", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("none", false),
        ] {
            assert_eq!(may_be_used(licence, &allowed), may, "{licence}");
        }
        let package: Value = serde_json::from_str(
            r#"{"name": "a", "version": "1", "license": "GPL", "source": "elsewhere", "dependencies": [{"name": "b", "req": "*", "source": "x"}]}"#,
        )
        .unwrap();
        assert_eq!(faults_of(&package, &allowed).len(), 3);
    }
}
