//! What a program takes: sections, symbols, and where the figures are kept for the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cases::Cases;
use crate::cross::cargo::{BARE, LINUX};
use crate::cross::toolchain;
use crate::place;
use crate::process::{Go, command, line};

/// Bytes of the sections of these names.
///
/// # Errors
///
/// A program that is not there.
pub fn sections(program: &Path, names: &[&str]) -> Result<u64> {
    Ok(sum_of_sections(&line("size -A").arg(program).text()?, names))
}

fn sum_of_sections(listed: &str, names: &[&str]) -> u64 {
    let rows = listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.len() >= 2 && names.contains(&row[0])).filter_map(|row| row[1].parse::<u64>().ok()).sum()
}

/// Bytes of a program's functions. Not its section `.text`: how much lies between functions, to align them, follows from their order,
/// and that from the folder in which the program was built.
///
/// # Errors
///
/// A program that is not there.
pub fn functions(program: &Path) -> Result<u64> {
    Ok(sum_of_functions(&line("nm -S --defined-only").arg(program).text()?))
}

fn sum_of_functions(listed: &str) -> u64 {
    let rows = listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let code = rows.filter(|row| row.len() == 4 && "tTwWi".contains(row[2]));
    // A function with two names is there once.
    let sizes = code.filter_map(|row| Some((row[0].to_owned(), u64::from_str_radix(row[1], 16).ok()?)));
    sizes.collect::<BTreeMap<_, _>>().values().sum()
}

/// Bytes of memory with these rights (`R E`, `RW`) that a program is loaded into, from its headers: its file may have no sections.
///
/// # Errors
///
/// A program that is not there.
pub fn loaded(program: &Path, rights: &str) -> Result<u64> {
    sum_of_loads(&line("readelf -lW").arg(program).text()?, rights)
}

fn sum_of_loads(listed: &str, rights: &str) -> Result<u64> {
    let rows = listed.lines().filter(|line| line.trim_start().starts_with("LOAD ") && line.contains(rights));
    rows.map(|row| {
        let size = row.split_whitespace().nth(5).and_then(|size| size.strip_prefix("0x"));
        Ok(u64::from_str_radix(size.context("no size")?, 16)?)
    })
    .sum()
}

/// Bytes of a symbol.
///
/// # Errors
///
/// There is none of that name.
pub fn symbol(program: &Path, name: &str) -> Result<u64> {
    let listed = line("nm -S").arg(program).text()?;
    let row = listed
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|row| row.len() == 4 && row[3] == name);
    let row = row.with_context(|| format!("{} has no symbol {name}", program.display()))?;
    Ok(u64::from_str_radix(row[1], 16)?)
}

/// Bytes of a program's code that are the lifecycle's and its user's: all but the methods of the device (of traits that the program
/// itself implements) and what the compiler brings to copy and clear memory.
///
/// # Errors
///
/// A program that is not there.
pub fn lifecycle_code(program: &Path) -> Result<u64> {
    let listed = line("nm -S -C --defined-only").arg(program).text()?;
    Ok(sections(program, &[".text"])? - not_lifecycle(&listed))
}

fn not_lifecycle(listed: &str) -> u64 {
    let mut sizes = BTreeMap::new();
    for line in listed.lines() {
        let mut parts = line.splitn(4, ' ');
        let (Some(at), Some(size), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let own_device = name.split_once("<one_queue::").is_some_and(|(_, rest)| {
            let letters = rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
            letters.len() < rest.len() && letters.starts_with(" as ")
        });
        let compilers =
            name.contains("compiler_builtins::") || name.contains("__aeabi_") || name == "memcpy" || name == "memset";
        if kind.eq_ignore_ascii_case("t") && (own_device || compilers) {
            // Two names of one place are one piece of code.
            sizes.insert(at, u64::from_str_radix(size, 16).unwrap_or_default());
        }
    }
    sizes.values().sum()
}

/// What was measured for a target.
pub struct Results {
    path: PathBuf,
    figures: BTreeMap<String, String>,
}

impl Results {
    /// Nothing yet; what was measured before is forgotten.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn new(target: &str) -> Result<Self> {
        let path = place::below_target("targets/results").join(target);
        fs::create_dir_all(path.with_file_name(""))?;
        fs::write(&path, "")?;
        Ok(Self { path, figures: BTreeMap::new() })
    }

    /// A figure.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn add(&mut self, what: &str, value: impl ToString) -> Result<()> {
        self.figures.insert(what.into(), value.to_string());
        let lines: String = self.figures.iter().map(|(what, value)| format!("{what} {value}\n")).collect();
        Ok(fs::write(&self.path, lines)?)
    }
}

/// The figures of a target, from the last run; none if it was not measured.
pub fn results(target: &str) -> BTreeMap<String, String> {
    let path = place::below_target("targets/results").join(target);
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(what, value)| (what.to_owned(), value.to_owned()))
        .collect()
}

/// The budgets of a target, in `tests/targets/budgets`: what, and the most that it may be.
///
/// # Errors
///
/// A file that cannot be read.
pub fn budgets(target: &str) -> Result<Vec<(String, u64)>> {
    let text = fs::read_to_string(place::root().join("tests/targets/budgets"))?;
    let mut budgets = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        ensure!(words.len() == 3, "tests/targets/budgets: {line}");
        if words[0] == target {
            budgets.push((words[1].to_owned(), words[2].parse().with_context(|| line.to_owned())?));
        }
    }
    Ok(budgets)
}

/// A case for each budget of a target, against the figures that have been kept by then.
///
/// # Errors
///
/// A target without budgets.
pub fn within_budgets(cases: &mut Cases, target: &'static str) -> Result<()> {
    let budgets = budgets(target)?;
    ensure!(!budgets.is_empty(), "{target} has no budgets");
    for (what, most) in budgets {
        cases.add(format!("{target}: {what} is at most {most}"), move || {
            let figures = results(target);
            let found = figures.get(&what).context("it was not measured")?;
            println!("{target}: {what} is {found}");
            ensure!(found.parse::<u64>()? <= most, "{found}");
            Ok(())
        });
    }
    Ok(())
}

/// The table of what the last run of the steps `bare_metal` and `boards` measured.
///
/// # Errors
///
/// A target that was not measured.
pub fn table() -> Result<String> {
    let mut table = String::from(
        "\nLinux: `examples/firmware`, no std and no libc, stripped, opt-level z: bytes of the file, of its headers, code and constants, private memory when it ends:\n\
         one to three pages of stack, depending on where the kernel puts it. Without an operating system: the program of `tests/bare` with one\n\
         single-planar queue of 4 buffers, its `.text` without the interface to the device and without `memcpy`, memory of the queue and its\n\
         statics.\n\n\
         | target | builds | runs on | size | code | memory | system calls to the first frame | allocations |\n\
         |---|---|---|---:|---:|---:|---:|---:|\n",
    );
    for target in [place::HOST].into_iter().chain(LINUX).chain(BARE) {
        let figures = results(target);
        ensure!(!figures.is_empty(), "{target} was not measured");
        table += &format!("| {target} |");
        for what in ["builds", "runs", "size", "text", "ram", "syscalls", "allocations"] {
            table += &format!(" {} |", figures.get(what).map_or("-", String::as_str));
        }
        table += "\n";
    }
    let measured =
        command("date").args(["+%F", "-r"]).arg(place::below_target("targets/results").join(BARE[0])).text()?;
    table += &format!("\n- Measured on {} by `tests/run bare_metal boards`\n", measured.trim());
    table += &format!("- {}, for what rustup has\n", line("rustc --version").text()?.trim());
    let mut other = command(toolchain::part("compiler/usr/bin/rustc"));
    other.arg("--version").env("LD_LIBRARY_PATH", toolchain::part("compiler/usr/lib/x86_64-linux-gnu"));
    if let Ok(version) = other.text() {
        table += &format!("- Debian's {}, for the rest\n", version.trim());
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_added_up() {
        let listed = "x  :\nsection  size  addr\n.text  100  1\n.data  20  2\n.text.hot  7  3\nTotal 127\n";
        assert_eq!(sum_of_sections(listed, &[".text", ".data"]), 120);
    }

    #[test]
    fn functions_are_added_up_once_each_and_data_is_not() {
        let listed =
            "0010 0000000a T one\n0010 0000000a W other_name\n0020 00000010 t two\n0030 00000100 d data\n0040 T bare\n";
        assert_eq!(sum_of_functions(listed), 0x1a);
    }

    #[test]
    fn the_device_and_what_copies_memory_are_no_lifecycle() {
        let listed = "00000010 00000010 t <one_queue::Device as vidbuf::backend::Backend>::map\n\
            00000010 00000010 t <one_queue::Device as vidbuf::backend::Backend>::map\n\
            00000020 00000008 T memcpy\n00000030 00000100 T one_queue::run\n00000040 00000004 d memset\n";
        assert_eq!(not_lifecycle(listed), 0x18);
    }

    #[test]
    fn every_budget_is_a_number_of_a_known_target() {
        assert!(budgets("x86_64-unknown-linux-gnu").unwrap().iter().any(|(what, most)| what == "size" && *most > 0));
        assert!(budgets("nothing").unwrap().is_empty());
    }

    #[test]
    fn loads_of_one_kind_are_added() {
        let listed = "Program Headers:\n  Type Offset VirtAddr PhysAddr FileSiz MemSiz Flg Align\n\
                      \x20 LOAD 0x000000 0x0000000000010000 0x0000000000010000 0x00190c 0x00190c R E 0x1000\n\
                      \x20 LOAD 0x001910 0x0000000000012910 0x0000000000012910 0x000000 0x000010 RW  0x1000\n\
                      \x20 GNU_STACK 0x000000 0x0 0x0 0x000000 0x000000 RW  0\n";
        assert_eq!(sum_of_loads(listed, "R E").unwrap(), 0x190c);
        assert_eq!(sum_of_loads(listed, "RW").unwrap(), 16);
    }
}
