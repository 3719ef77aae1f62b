//! The table: a row for each section, a column for each camera.

use super::Column;
use crate::steps::compliance::compare::head;
use crate::steps::compliance::verdicts::Verdict;

/// How many tests of a section are right, not supported, wrong, and how many warnings it has.
fn counted(verdicts: &[Verdict], section: &str) -> String {
    let own = || verdicts.iter().filter(|one| section_of(one) == section);
    let of = |verdict: &str| own().filter(|one| one.verdict == verdict).count();
    let warnings: u32 = own().map(|one| one.warnings).sum();
    let mut words = vec![format!("{} ok", of("OK"))];
    for (count, word) in [(of("-"), "-"), (of("FAIL"), "FAIL"), (warnings as usize, "warned")] {
        if count > 0 {
            words.push(format!("{count} {word}"));
        }
    }
    words.join(" ")
}

fn section_of(one: &Verdict) -> &str {
    one.test.split(" | ").next().unwrap_or_default()
}

/// Rows of `simulated / real`, and what is right on a real driver and not supported by the simulator.
pub fn table(columns: &[Column]) -> String {
    let mut sections: Vec<&str> = Vec::new();
    for one in columns.iter().flat_map(|column| column.simulated.iter().chain(&column.real)) {
        if !sections.contains(&section_of(one)) {
            sections.push(section_of(one));
        }
    }
    let mut table = head(std::iter::once("section").chain(columns.iter().map(|column| column.name)));
    for section in sections {
        table += &format!("| {section} |");
        for column in columns {
            let (here, there) = (counted(&column.simulated, section), counted(&column.real, section));
            table += &if here == there { format!(" {here} |") } else { format!(" {here} / {there} |") };
        }
        table += "\n";
    }
    let missing = columns.iter().flat_map(|column| {
        let is_ok = |one: &&Verdict| one.verdict == "OK";
        let has = |test: &str| column.simulated.iter().any(|one| one.test == test && one.verdict == "OK");
        let missing = column.real.iter().filter(is_ok).filter(move |one| !has(&one.test));
        missing.map(move |one| format!("{}: {}", column.name, one.test))
    });
    let missing: Vec<String> = missing.collect();
    if !missing.is_empty() {
        table += &format!("\nOnly real: {}.\n", missing.join("; "));
    }
    table
}
