//! What the published crates declare is so, in the packages as crates.io would get them: every combination of features, the promised
//! Rust, the lowest versions of their dependencies, what is in the packages, licences, and documentation as docs.rs builds it. Each
//! check must first find its fault in a package that declares wrong things (`tests/declared/wrong`).

mod claims;
mod licences;
mod packages;
mod promised;

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use packages::{Packages, published};

/// A check that finds out whether a claim of packages holds.
type Claim = fn(&Packages) -> Result<()>;

/// The step.
pub fn declared(asked: &Asked) -> Result<()> {
    let names = published()?;
    let ours = Packages { folder: below_target("declared/packages"), names: names.clone() };
    let wrong = Packages { folder: below_target("declared/wrong"), names: vec!["wrong".into()] };
    let mut cases = Cases::new();
    let (all, bad) = (ours.clone(), wrong.clone());
    cases.add("they can be packed", move || {
        all.pack(&place::root().join("Cargo.toml"))?;
        bad.pack(&place::root().join("tests/declared/wrong/Cargo.toml"))
    });
    for (name, claim, fault) in [
        ("every combination of features", claims::combinations as Claim, "both features"),
        ("the promised Rust", promised::promised_rust, "expressions in this position are unstable"),
        ("the lowest versions of direct dependencies", claims::lowest_versions, "could not find `bitflags_match`"),
        (
            "what is in the packages builds, and its tests pass",
            claims::inside,
            "unresolved module or unlinked crate `helper`",
        ),
    ] {
        pair(&mut cases, name, claim, fault, &ours, &wrong);
    }
    let all = ours.clone();
    cases.add("what is in the packages, under critical sections", move || {
        let features = "--features vidbuf/critical-section,vidbuf-sim/critical-section";
        claims::holds(&mut all.cargo("test", &format!("--tests -p vidbuf -p vidbuf-sim {features}")))
    });
    let all = ours.clone();
    cases.add("what is in the packages, through the C library", move || {
        claims::holds(&mut all.cargo("test", "--tests -p vidbuf-linux --features use-libc,std"))
    });
    let manifest = wrong.folder.join("Cargo.toml");
    cases.add("licences: a fault is found", move || {
        found(licences::licences(&[manifest]), "wrong 0.1.0: licence GPL-3.0-only")
    });
    let mut manifests = vec![place::root().join("Cargo.toml"), ours.folder.join("Cargo.toml")];
    manifests.extend(examples()?);
    cases.add("licences and sources", move || licences::licences(&manifests));
    pair(
        &mut cases,
        "documentation as docs.rs builds it",
        claims::documentation,
        "unresolved link to `Link`",
        &ours,
        &wrong,
    );
    cases.run(asked.filter())
}

/// A claim of ours, and before it the same claim of the package that declares wrong things.
fn pair(cases: &mut Cases, name: &str, claim: Claim, fault: &'static str, ours: &Packages, wrong: &Packages) {
    let (ours, wrong) = (ours.clone(), wrong.clone());
    cases.add(format!("{name}: a fault is found"), move || found(claim(&wrong), fault));
    cases.add(name, move || claim(&ours));
}

/// Whether a check has failed, and with these words.
fn found(outcome: Result<()>, words: &str) -> Result<()> {
    match outcome {
        Ok(()) => bail!("nothing was found; expected: {words}"),
        Err(why) if format!("{why:#}").contains(words) => Ok(()),
        Err(why) => Err(why.context(format!("another fault was found than: {words}"))),
    }
}

/// The manifests of examples that are packages.
fn examples() -> Result<Vec<PathBuf>> {
    let mut manifests = Vec::new();
    for entry in std::fs::read_dir(place::root().join("backend-linux/examples"))? {
        let manifest = entry?.path().join("Cargo.toml");
        if manifest.exists() {
            manifests.push(manifest);
        }
    }
    Ok(manifests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_finds_nothing_or_something_else_fails() {
        assert!(found(Err(anyhow::anyhow!("this is the fault")), "the fault").is_ok());
        assert!(found(Err(anyhow::anyhow!("another")), "the fault").is_err());
        assert!(found(Ok(()), "the fault").is_err());
    }
}
