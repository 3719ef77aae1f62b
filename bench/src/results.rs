//! `bench/RESULTS.md`, all figures, and the few lines of them that the repository's README carries.

use crate::figures::Figures;
use crate::table::{self, cell, whole, words};

/// Where the README's lines begin and end.
const BEGIN: &str = "<!-- figures: by bench/run results -->\n";
const END: &str = "<!-- figures: end -->\n";
/// Where the figures of other processors begin, in `RESULTS.md`.
const PROCESSORS: &str = "\n## On each processor\n";

/// The most important figures, five lines: the README has them, and the head of `RESULTS.md`.
pub fn summary(figures: &Figures) -> String {
    let instructions = |program: &str| {
        let at = |opt: &str| whole(figures, &format!("kernel.{opt}.{program}.instructions"));
        format!("{} user instructions ({} at opt-level z)", at("3"), at("z"))
    };
    let vidbuf = |figure: &str| cell(figures, figure);
    format!(
        "- A frame: {} system calls, {} allocations, {}. C with its library's `ioctl`: {}.\n\
         - A frame with a time-out: {} system calls, {}.\n\
         - From open to the first frame: {} system calls, {} allocations.\n\
         - In a program that takes frames in several places: {} instructions a frame ({} at z), {} ({}) multi-planar, whatever the \
           number of buffers.\n\
         - Bytes: the library adds {} of code to a program ({} at z); a whole program without std and libc is {}.\n",
        vidbuf("kernel.3.vidbuf.syscalls"),
        vidbuf("kernel.3.vidbuf.allocations"),
        instructions("vidbuf"),
        instructions("floor"),
        vidbuf("kernel.3.vidbuf-timeout.syscalls"),
        instructions("vidbuf-timeout"),
        vidbuf("kernel.3.vidbuf.set_up_syscalls"),
        vidbuf("kernel.3.vidbuf.set_up_allocations"),
        whole(figures, "kernel.3.buffers-4.instructions"),
        whole(figures, "kernel.z.buffers-4.instructions"),
        whole(figures, "kernel.3.planes-1.instructions"),
        whole(figures, "kernel.z.planes-1.instructions"),
        vidbuf("kernel.3.vidbuf.text_added"),
        vidbuf("kernel.z.vidbuf.text_added"),
        words(figures, "firmware"),
    )
}

/// The whole file. `processors` is the table of `tests/run table`, if that was measured; else the one in `before` stays.
pub fn file(figures: &Figures, processors: Option<&str>, before: &str) -> String {
    let kept = before.split_once(PROCESSORS).map(|(_, kept)| kept.trim());
    let processors = processors.map(str::trim).or(kept).unwrap_or("Not measured yet.");
    format!(
        "# What vidbuf costs\n\n\
         Written by `bench/run results`: not to be edited by hand. [How each figure comes about](README.md); the most that each may \
         be is in [budgets.toml](budgets.toml), and `bench/run check` fails when one is above it.\n\n\
         {}\n{}{}{PROCESSORS}\n{processors}\n",
        summary(figures),
        conditions(figures),
        table::all(figures),
    )
}

/// What was measured, with what, where.
fn conditions(figures: &Figures) -> String {
    let mut text = "| | |\n|---|---|\n".to_string();
    for (name, what) in [
        ("date", "date"),
        ("commit", "commit"),
        ("command", "command"),
        ("kernel", "kernel"),
        ("emulator", "emulator of the guest"),
        ("processor", "processor below, for what is counted without a kernel"),
        ("rustc", "rustc"),
        ("cc", "cc"),
        ("valgrind", "valgrind"),
    ] {
        text.push_str(&format!("| {what} | {} |\n", words(figures, name)));
    }
    text.push_str(
        "\nThe guest's processor does one instruction a nanosecond (`-icount`), so that nothing depends on the machine below: YUYV \
         320x180, 4 MMAP buffers, one byte of every page read. Instructions and system calls are differences of two run lengths; \
         instructions are without those of the loop and of reading the pages. 3 and z are opt-levels.\n",
    );
    text
}

/// The README with these lines in the place of its own. `None` if it has no place for them.
pub fn with_summary(readme: &str, summary: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{summary}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{file, with_summary};
    use crate::figures::Figures;

    #[test]
    fn processors_that_were_not_measured_keep_their_figures() {
        let first = file(&Figures::default(), Some("| a | 1 |\n"), "");
        let second = file(&Figures::default(), None, &first);
        assert!(second.ends_with("\n## On each processor\n\n| a | 1 |\n"), "{second}");
        assert_eq!(first, second);
    }

    #[test]
    fn readme_without_a_place_for_the_lines_is_refused() {
        assert_eq!(with_summary("no place", "- a\n"), None);
    }

    #[test]
    fn readme_has_the_lines_of_the_results() {
        let (readme, results) = (include_str!("../../README.md"), include_str!("../RESULTS.md"));
        let lines: Vec<&str> = results.lines().filter(|line| line.starts_with("- ")).take(5).collect();
        assert_eq!(with_summary(readme, &(lines.join("\n") + "\n")).as_deref(), Some(readme), "run bench/run results");
    }
}
