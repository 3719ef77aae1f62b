//! What users of the published libraries can rely on: the public API is the one listed in `tests/api`, and each public type is open
//! (`#[non_exhaustive]`, a private field) or has a sentence in its documentation on what a later version may add; `tests/api/undecided`
//! names those that have neither yet. The lists are made with all features, by the compiler of rust-toolchain.toml.
//!
//! `API=accept tests/run api` writes the lists anew; their diff is for the changelogs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command};

const LIBRARIES: [&str; 4] = ["vidbuf", "vidbuf-abi", "vidbuf-linux", "vidbuf-sim"];

/// The step.
pub fn api(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    cargo("fetch --locked --manifest-path tests/api/Cargo.toml").persist()?;
    let tool = below_target("api/tool");
    let of_tool = |name: &str| {
        let mut cargo = cargo(name);
        cargo.words("--locked --quiet --manifest-path tests/api/Cargo.toml --target-dir").arg(&tool);
        cargo
    };
    of_tool("build").go()?;
    let mut clippy = of_tool("clippy");
    let mut cases = Cases::new();
    cases.add("no warning in what lists the API", move || clippy.words("-- -D warnings").go());
    for library in LIBRARIES {
        // What rustdoc writes for programs is not stable, but that of this compiler stays the same.
        let mut rustdoc = cargo("rustdoc --locked --quiet --lib --all-features -p");
        rustdoc
            .arg(library)
            .arg("--target-dir")
            .arg(below_target("api"))
            .words("-- -Zunstable-options --output-format json");
        rustdoc.env("RUSTC_BOOTSTRAP", "1").go()?;
        of_library(&mut cases, library)?;
    }
    cases.run(asked.filter())
}

/// What rustdoc wrote about a library.
fn written(library: &str) -> PathBuf {
    below_target("api/doc").join(format!("{}.json", library.replace('-', "_")))
}

/// What the tool finds in a file of rustdoc's.
fn found(what: &str, file: &Path) -> Result<String> {
    command(below_target("api/tool/debug/vidbuf-api")).arg(what).arg(file).text()
}

fn of_library(cases: &mut Cases, library: &'static str) -> Result<()> {
    let path = place::root().join("tests/api").join(format!("{library}.txt"));
    let api = found("list", &written(library))?;
    println!("{library}: {} items", api.lines().count());
    fs::write(below_target("api").join(format!("{library}.txt")), &api)?;
    if std::env::var("API").is_ok_and(|word| word == "accept") {
        fs::write(&path, &api)?;
    }
    let listed = fs::read_to_string(&path)?;
    let shorter = listed.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    let same = api.clone();
    cases.add(format!("the API of {library} is the one listed"), move || {
        let difference = difference(&listed, &same);
        if !difference.is_empty() {
            bail!("if that is meant, a line in its CHANGELOG and: API=accept tests/run api\n{difference}");
        }
        Ok(())
    });
    cases.expect(format!("a line less in the list of {library} is found"), move || {
        !difference(&shorter, &api).is_empty()
    });
    cases.add(format!("{library}: every type is open or has a sentence on a later version"), move || {
        let undecided = fs::read_to_string(place::root().join("tests/api/undecided"))?;
        let closed = found("closed", &written(library))?;
        let closed: Vec<&str> = closed.lines().filter(|name| !undecided.lines().any(|line| line == *name)).collect();
        ensure!(closed.is_empty(), "neither: {}", closed.join(" "));
        Ok(())
    });
    cases.add(format!("a type of {library} without a sentence is found"), move || {
        let silent = below_target("api/silent.json");
        let with_sentences = fs::read_to_string(written(library))?;
        let without = with_sentences.replace("later version", "version");
        if without == with_sentences {
            // Every type of its own is open.
            return Ok(());
        }
        fs::write(&silent, without)?;
        ensure!(!found("closed", &silent)?.is_empty(), "none");
        Ok(())
    });
    Ok(())
}

/// Lines of one list that the other does not have.
fn difference(listed: &str, found: &str) -> String {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (listed.lines().collect(), found.lines().collect());
    let gone = listed.lines().filter(|line| !new.contains(line)).map(|line| format!("-{line}\n"));
    let more = found.lines().filter(|line| !old.contains(line)).map(|line| format!("+{line}\n"));
    let lines: String = gone.chain(more).collect();
    if lines.is_empty() && listed != found {
        "lines are in another order, or there another number of times\n".into()
    } else {
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lists_that_differ_are_told_apart() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), "");
        assert_eq!(difference("a\nb\n", "a\nc\n"), "-b\n+c\n");
        assert!(!difference("a\nb\n", "b\na\n").is_empty());
    }
}
