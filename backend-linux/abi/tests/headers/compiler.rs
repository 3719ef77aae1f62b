//! C compilers, and how a number gets out of them: as text in the assembly, so that nothing needs to be linked or run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use vidbuf_abi::layout::Layout;

use crate::check::Check;
use crate::debian::{self, Headers};

/// A kind of program, and how to compile for it.
pub struct Target {
    pub name: &'static str,
    pub layout: Layout,
    compiler: &'static str,
    arguments: &'static [&'static str],
    /// Where headers of one processor lie.
    triplet: &'static str,
}

const TIME64: &[&str] = &["-D_FILE_OFFSET_BITS=64", "-D_TIME_BITS=64"];
const M32_TIME64: &[&str] = &["-m32", "-D_FILE_OFFSET_BITS=64", "-D_TIME_BITS=64"];

const NATIVE: Target = Target {
    name: if cfg!(target_arch = "x86_64") { "x86-64" } else { "this processor" },
    layout: Layout::TARGET,
    compiler: "cc",
    arguments: &[],
    triplet: if cfg!(target_arch = "x86_64") { "x86_64-linux-gnu" } else { "aarch64-linux-gnu" },
};

const ARM: [Target; 2] = [
    Target {
        name: "Arm, 64-bit time",
        layout: Layout::Bits32,
        compiler: "arm-linux-gnueabihf-gcc",
        arguments: TIME64,
        triplet: "arm-linux-gnueabihf",
    },
    Target {
        name: "Arm, 32-bit time",
        layout: Layout::Bits32Time32,
        compiler: "arm-linux-gnueabihf-gcc",
        arguments: &[],
        triplet: "arm-linux-gnueabihf",
    },
];

/// Only a compiler for x86-64 has `-m32`.
const X86: [Target; 2] = [
    Target {
        name: "i386, 64-bit time",
        layout: Layout::X86,
        compiler: "cc",
        arguments: M32_TIME64,
        triplet: "x86_64-linux-gnu",
    },
    Target {
        name: "i386, 32-bit time",
        layout: Layout::X86Time32,
        compiler: "cc",
        arguments: &["-m32"],
        triplet: "x86_64-linux-gnu",
    },
];

/// Every target that this machine has a compiler for, after installing what is missing.
pub fn targets() -> Vec<Target> {
    let mut needed = vec!["cc", "arm-linux-gnueabihf-gcc", "/usr/arm-linux-gnueabihf/include/sys/time.h"];
    let mut targets = vec![NATIVE];
    targets.extend(ARM);
    if cfg!(target_arch = "x86_64") {
        needed.push("/usr/include/x86_64-linux-gnu/gnu/stubs-32.h");
        targets.extend(X86);
    }
    debian::need(&needed);
    targets
}

const INCLUDES: &str = "\
#include <linux/videodev2.h>
#include <linux/v4l2-subdev.h>
#include <linux/v4l2-mediabus.h>
#include <linux/media.h>
#include <linux/media-bus-format.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <linux/sync_file.h>
#include <linux/uvcvideo.h>
void numbers(void) {
";

impl Target {
    pub fn native() -> Self {
        debian::need(&["cc"]);
        NATIVE
    }

    /// What the headers have for each check, as 32 bits; `None` for what they do not have.
    pub fn evaluate(&self, headers: &Headers, checks: &[Check], arguments: &[&str]) -> Vec<Option<u32>> {
        let source = work_folder().join(format!("numbers-{}.c", unique()));
        let mut absent = BTreeSet::new();
        // The first run finds the lines that do not compile, the second does without them.
        let assembly = loop {
            std::fs::write(&source, program(checks, &absent)).expect("target/tmp can be written");
            match self.compile(headers, &source, arguments) {
                Ok(assembly) => break assembly,
                Err(report) => {
                    let lines = failing_checks(&report, &source, checks.len());
                    let before = absent.len();
                    absent.extend(lines);
                    assert!(absent.len() > before, "{}: {}:\n{report}", headers.name, self.name);
                }
            }
        };
        std::fs::remove_file(&source).expect("it was written above");
        let values = values(&assembly, checks.len());
        for (index, value) in values.iter().enumerate() {
            assert_eq!(value.is_none(), absent.contains(&index), "{}", checks[index].expression);
        }
        values
    }

    fn compile(&self, headers: &Headers, source: &Path, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(self.compiler);
        command.env("LC_ALL", "C").args(["-std=gnu11", "-w", "-O1", "-S", "-o", "-"]);
        command.args(self.arguments).args(arguments);
        for folder in headers.folders(self.triplet) {
            command.arg("-isystem").arg(folder);
        }
        let output = command.arg(source).output().unwrap_or_else(|error| panic!("{}: {error}", self.compiler));
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

/// One line for each check, at the same place whether others are left out or not.
fn program(checks: &[Check], absent: &BTreeSet<usize>) -> String {
    let mut program = INCLUDES.to_string();
    for (index, check) in checks.iter().enumerate() {
        if !absent.contains(&index) {
            let expression = &check.expression;
            program +=
                &format!("__asm__ volatile(\".ascii \\\"->{index} %c0\\\"\" : : \"i\"((unsigned)({expression})));");
        }
        program += "\n";
    }
    program + "}\n"
}

fn failing_checks(report: &str, source: &Path, checks: usize) -> Vec<usize> {
    let first = INCLUDES.lines().count() + 1;
    let start = format!("{}:", source.display());
    let of_line = |line: &str| {
        let (number, rest) = line.strip_prefix(&start)?.split_once(':')?;
        rest.contains("error:").then(|| number.parse::<usize>().ok()?.checked_sub(first)).flatten()
    };
    report.lines().filter_map(of_line).filter(|index| *index < checks).collect()
}

/// `.ascii "->INDEX NUMBER"`, the number as the processor's assembler writes it.
fn values(assembly: &str, checks: usize) -> Vec<Option<u32>> {
    let mut values = vec![None; checks];
    for line in assembly.lines() {
        let Some((_, found)) = line.split_once("\"->") else { continue };
        let (index, number) = found.trim_end_matches('"').split_once(' ').expect("written above");
        let number: i64 = number.trim_start_matches(['#', '$']).parse().expect("a number");
        values[index.parse::<usize>().expect("written above")] = Some(number as u32);
    }
    values
}

fn work_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// Tests run side by side, in one process and in several.
fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
