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
    /// Whether it takes an interruption between two accesses to the queue's shared numbers to see it.
    cells: bool,
}

/// Makes the library's shared numbers call the model before each access, and tell it what was found.
const CELLS: &[Edit] = &[
    Edit(
        "core/src/cell.rs",
        "    /// A shared number.\n    #[derive(Debug)]\n    pub(crate) struct Shared(AtomicU32);\n",
        "    #[allow(unsafe_code)]\n    unsafe extern \"Rust\" {\n        safe fn vidbuf_model_before();\n        \
         safe fn vidbuf_model_found(number: u32);\n    }\n\n    fn watched(access: impl FnOnce() -> u32) -> u32 {\n        \
         vidbuf_model_before();\n        let number = access();\n        vidbuf_model_found(number);\n        number\n    }\n\n    \
         /// A shared number.\n    #[derive(Debug)]\n    pub(crate) struct Shared(AtomicU32);\n",
    ),
    Edit("core/src/cell.rs", "self.0.load(Ordering::Acquire)", "watched(|| self.0.load(Ordering::Acquire))"),
    Edit(
        "core/src/cell.rs",
        "self.0.store(value, Ordering::Release)",
        "watched(|| {\n                self.0.store(value, Ordering::Release);\n                0\n            })",
    ),
    Edit(
        "core/src/cell.rs",
        "self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()",
        "watched(|| self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok().into()) != 0",
    ),
    Edit(
        "core/src/cell.rs",
        "self.0.fetch_or(bits, Ordering::AcqRel)",
        "watched(|| self.0.fetch_or(bits, Ordering::AcqRel))",
    ),
    Edit(
        "core/src/cell.rs",
        "self.0.fetch_add(value, Ordering::AcqRel)",
        "watched(|| self.0.fetch_add(value, Ordering::AcqRel))",
    ),
    Edit(
        "core/src/cell.rs",
        "self.0.swap(value, Ordering::AcqRel)",
        "watched(|| self.0.swap(value, Ordering::AcqRel))",
    ),
    Edit(
        "core/src/cell.rs",
        "self.0.fetch_and(!bits, Ordering::AcqRel)",
        "watched(|| self.0.fetch_and(!bits, Ordering::AcqRel))",
    ),
    // The counter is the whole process's, where other plays count, too: here each play has its own, or none could be repeated.
    Edit(
        "core/src/inner.rs",
        "fn next_allocation() -> u32 {\n",
        "#[allow(unsafe_code, unreachable_code)]\nfn next_allocation() -> u32 {\n    unsafe extern \"Rust\" {\n        \
         safe fn vidbuf_model_allocation() -> u32;\n    }\n    return vidbuf_model_allocation();\n",
    ),
];

const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "a slot is marked queued after QBUF instead of before",
        cells: false,
        edits: &[
            Edit("core/src/frame.rs", "    slot.give(Holder::Queued);\n", ""),
            Edit(
                "core/src/frame.rs",
                "            trace!(\"enqueued {=u32}\", buffer.index);\n",
                "            slot.give(Holder::Queued);\n            trace!(\"enqueued {=u32}\", buffer.index);\n",
            ),
            Edit("core/src/frame.rs", "if slot.take_back() {", "if slot.is_with(Holder::Held) {"),
        ],
    },
    Mutant {
        name: "a refused requeue does not roll its slot back",
        cells: false,
        edits: &[Edit("core/src/frame.rs", "if slot.take_back() {", "if slot.is_with(Holder::Queued) {")],
    },
    Mutant {
        name: "a refused QBUF of a dropped frame does not roll its slot back",
        cells: false,
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Queued, Holder::Free) {",
            "if !slot.is_with(Holder::Queued) {",
        )],
    },
    Mutant {
        name: "dropped frames stay where they are",
        cells: false,
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Free, Holder::Queued) {",
            "if !slot.is_with(Holder::Parked) {",
        )],
    },
    Mutant {
        name: "a dropped frame's slot is handed to the driver twice",
        cells: false,
        edits: &[Edit(
            "core/src/queue/stream.rs",
            "if !slot.pass(Holder::Free, Holder::Queued) {",
            "if !slot.is_with(Holder::Free) {",
        )],
    },
    Mutant {
        name: "parking does not change the slot",
        cells: false,
        edits: &[Edit(
            "core/src/frame.rs",
            "        slot.give(Holder::Parked);\n",
            "        slot.give(Holder::Free);\n",
        )],
    },
    Mutant {
        name: "a token of a stopped stream is believed",
        cells: false,
        edits: &[Edit("core/src/inner.rs", "common.session.saturating_add(1)", "common.session.saturating_add(0)")],
    },
    Mutant {
        name: "STREAMOFF does not bring forgotten frames back",
        cells: false,
        edits: &[Edit(
            "core/src/inner.rs",
            "        slot.give(Holder::Free);\n",
            "        if !slot.is_with(Holder::Held) {\n            slot.give(Holder::Free);\n        }\n",
        )],
    },
    Mutant {
        name: "a failed start keeps the buffers",
        cells: false,
        edits: &[Edit("core/src/queue/stream.rs", "                let _ = self.stop();\n", "")],
    },
    Mutant {
        name: "a dequeued buffer is not marked as held",
        cells: false,
        edits: &[Edit("core/src/queue/stream.rs", "if !slot.take_back() {", "if !slot.is_with(Holder::Queued) {")],
    },
    Mutant {
        name: "a dropped frame is counted after its slot is free",
        cells: true,
        edits: &[Edit(
            "core/src/frame.rs",
            "        self.common.count_free();\n        self.slot.give(Holder::Free);\n",
            "        self.slot.give(Holder::Free);\n        self.common.count_free();\n",
        )],
    },
    Mutant {
        name: "a slot changes hands in two accesses instead of one",
        cells: true,
        edits: &[Edit(
            "core/src/slot.rs",
            "        self.holder.exchange(from as u32, to as u32)\n",
            "        let fits = self.is_with(from);\n        if fits {\n            self.give(to);\n        }\n        fits\n",
        )],
    },
];

/// Names and words of mutants that do not fit the library at `root` any more, because their words are not found exactly once.
///
/// # Errors
///
/// Files that cannot be read.
pub fn stale(root: &Path) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    let cells = CELLS.iter().map(|edit| ("every access an interruption", edit));
    let mutants = MUTANTS.iter().flat_map(|mutant| mutant.edits.iter().map(|edit| (mutant.name, edit)));
    for (name, Edit(file, from, _)) in cells.chain(mutants) {
        if std::fs::read_to_string(root.join(file))?.matches(from).count() != 1 {
            stale.push(format!("{name}: not once in {file}: {from}"));
        }
    }
    Ok(stale)
}

/// Makes a copy of the workspace at `root`, below `scratch`, with these edits, and builds the model in it.
fn build(root: &Path, scratch: &Path, name: &str, edits: &[&[Edit]]) -> Result<PathBuf> {
    let tree = scratch.join("tree");
    copy(root, &tree)?;
    for Edit(file, from, to) in edits.iter().copied().flatten() {
        let path = tree.join(file);
        let text = std::fs::read_to_string(&path)?;
        if text.matches(from).count() != 1 {
            return Err(Error::other(format!("{name}: not once in {file}: {from}")));
        }
        std::fs::write(&path, text.replace(from, to))?;
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&tree).env("CARGO_TARGET_DIR", scratch.join("build")).args(["build", "--quiet", "--release"]);
    // Small explorations: built quickly rather than well.
    cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    if !cargo.args(["--locked", "--package", "vidbuf-model"]).status()?.success() {
        return Err(Error::other(format!("{name} does not compile")));
    }
    Ok(scratch.join("build/release/vidbuf-model"))
}

/// Breaks the workspace at `root` in every way, below `scratch`. Tells how many mutants were caught and how many not.
///
/// # Errors
///
/// Words that are not found exactly once, a mutant that does not compile, files that cannot be written.
pub fn run(root: &Path, scratch: &Path) -> Result<(usize, usize)> {
    let (mut caught, mut missed) = (0, 0);
    for mutant in MUTANTS {
        let model = build(root, scratch, mutant.name, &[if mutant.cells { CELLS } else { &[] }, mutant.edits])?;
        let explored = Command::new(model).args(["--first", if mutant.cells { "40" } else { "20" }]).output()?;
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

/// Explores a copy of the workspace at `root` whose threads can be interrupted before every access to a shared number, to a
/// depth. Tells whether every claim holds.
///
/// # Errors
///
/// As [`run`].
pub fn explore_cells(root: &Path, scratch: &Path, depth: &str) -> Result<bool> {
    let model = build(root, scratch, "every access an interruption", &[CELLS])?;
    Ok(Command::new(model).args(["--part", depth]).status()?.success())
}

/// Copies what the model is built from; files that are the same already keep their time, so that little is built anew.
fn copy(root: &Path, tree: &Path) -> Result<()> {
    let listed = Command::new("git").current_dir(root).args(["ls-files", "-co", "--exclude-standard"]).output()?;
    if !listed.status.success() {
        return Err(Error::other("git ls-files"));
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
