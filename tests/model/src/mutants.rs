//! The library broken on purpose, a line or two at a time: the model must show a way to see each.
//!
//! A mutant is a copy of the workspace with a few words replaced, built and explored like the original. Words that are not
//! found exactly once are an error: the library has changed, and the mutant has to follow.
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Words in a file of the workspace, and what stands there instead.
struct Edit(&'static str, &'static str, &'static str);

/// A library that is wrong.
struct Mutant {
    name: &'static str,
    edits: &'static [Edit],
}

const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a slot is marked queued after QBUF instead of before",
        edits: &[
            Edit("core/src/frame.rs", "    slot.give(Holder::Queued);\n", ""),
            Edit(
                "core/src/frame.rs",
                "            trace!(\"enqueued {=u32}\", buffer.index);\n",
                "            slot.give(Holder::Queued);\n",
            ),
            Edit("core/src/frame.rs", "if slot.take_back() {", "if slot.is_with(Holder::Held) {"),
        ],
    },
    Mutant {
        name: "a refused requeue does not roll its slot back",
        edits: &[Edit("core/src/frame.rs", "if slot.take_back() {", "if slot.is_with(Holder::Queued) {")],
    },
    Mutant {
        name: "a refused QBUF of a dropped frame does not roll its slot back",
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Queued, Holder::Free) {",
            "if !slot.is_with(Holder::Queued) {",
        )],
    },
    Mutant {
        name: "dropped frames stay where they are",
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Free, Holder::Queued) {",
            "if !slot.is_with(Holder::Parked) {",
        )],
    },
    Mutant {
        name: "a dropped frame's slot is handed to the driver twice",
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Free, Holder::Queued) {",
            "if !slot.is_with(Holder::Free) {",
        )],
    },
    Mutant {
        name: "parking does not change the slot",
        edits: &[Edit(
            "core/src/frame.rs",
            "        slot.give(Holder::Parked);\n",
            "        slot.give(Holder::Free);\n",
        )],
    },
    Mutant {
        name: "a token of a stopped stream is believed",
        edits: &[Edit("core/src/inner.rs", "common.session.saturating_add(1)", "common.session.saturating_add(0)")],
    },
    Mutant {
        name: "STREAMOFF does not bring forgotten frames back",
        edits: &[Edit(
            "core/src/inner.rs",
            "        slot.give(Holder::Free);\n",
            "        if !slot.is_with(Holder::Held) {\n            slot.give(Holder::Free);\n        }\n",
        )],
    },
    Mutant {
        name: "a failed start keeps the buffers",
        edits: &[Edit("core/src/queue/stream.rs", "                let _ = self.stop();\n", "")],
    },
    Mutant {
        name: "a dequeued buffer is not marked as held",
        edits: &[Edit("core/src/queue/stream.rs", "if !slot.take_back() {", "if !slot.is_with(Holder::Queued) {")],
    },
];

fn failed(words: impl Into<String>) -> Error {
    Error::other(words.into())
}

/// Breaks the workspace at `root` in every way, below `scratch`. Tells how many mutants were caught and how many not.
///
/// # Errors
///
/// Words that are not found exactly once, a mutant that does not compile, files that cannot be written.
pub fn run(root: &Path, scratch: &Path) -> Result<(usize, usize)> {
    let tree = scratch.join("tree");
    let (mut caught, mut missed) = (0, 0);
    for mutant in MUTANTS {
        copy(root, &tree)?;
        for Edit(file, from, to) in mutant.edits {
            let path = tree.join(file);
            let text = std::fs::read_to_string(&path)?;
            if text.matches(from).count() != 1 {
                return Err(failed(format!("{}: not once in {file}: {from}", mutant.name)));
            }
            std::fs::write(&path, text.replace(from, to))?;
        }
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&tree).env("CARGO_TARGET_DIR", scratch.join("build")).args(["build", "--quiet", "--release"]);
        // Small explorations: built quickly rather than well.
        cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        if !cargo.args(["--locked", "--package", "vidbuf-model"]).status()?.success() {
            return Err(failed(format!("{} does not compile", mutant.name)));
        }
        let explored = Command::new(scratch.join("build/release/vidbuf-model")).args(["--first", "20"]).output()?;
        let words = String::from_utf8_lossy(&explored.stdout);
        match words.lines().find(|line| line.starts_with("not so: ")) {
            Some(line) => {
                println!("caught: {}: {line}", mutant.name);
                caught += 1;
            }
            None => {
                println!("NOT CAUGHT: {}: {words}", mutant.name);
                missed += 1;
            }
        }
    }
    Ok((caught, missed))
}

/// Copies what the model is built from; files that are the same already keep their time, so that little is built anew.
fn copy(root: &Path, tree: &Path) -> Result<()> {
    let listed = Command::new("git").current_dir(root).args(["ls-files", "-co", "--exclude-standard"]).output()?;
    if !listed.status.success() {
        return Err(failed("git ls-files"));
    }
    for file in String::from_utf8_lossy(&listed.stdout).lines().map(PathBuf::from) {
        let (from, to) = (root.join(&file), tree.join(&file));
        if !from.is_file() || (to.is_file() && std::fs::read(&from)? == std::fs::read(&to)?) {
            continue;
        }
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Not a copy: the file's time must be now, or cargo does not see that a mutation is gone.
        std::fs::write(&to, std::fs::read(&from)?)?;
    }
    Ok(())
}
