//! Verdicts on the simulator beside those on the real driver. A test that is OK there must be OK here, and one that fails here must
//! fail there, unless `tests/compliance/expected` has the reason; what that has must be so.

use std::collections::BTreeMap;

use super::judge::PROFILES;

/// A line `PROFILE | SECTION | TEST | VERDICT`, as profile, `section | test` and verdict.
fn row(line: &str) -> Option<(&str, String, &str)> {
    let mut parts = line.splitn(2, " | ");
    let profile = parts.next()?;
    let (test, verdict) = parts.next()?.rsplit_once(" | ")?;
    (!line.starts_with('#')).then(|| (profile, test.to_owned(), verdict))
}

/// What is expected to differ: by profile (`all`, `outputs` or its name) and test, the verdict here.
pub type Expected = BTreeMap<(String, String), String>;

/// The rows of `expected` that are about a kernel.
pub fn expected(text: &str, kernel: &str) -> Expected {
    let rows = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(" | ").map(str::trim).collect::<Vec<_>>());
    rows.filter(|row| row.len() >= 4 && (row[0] == kernel || row[0] == "both"))
        .map(|row| ((row[1].into(), row[2].into()), row[3].into()))
        .collect()
}

/// A verdict here, and whether it is right.
pub struct Judged {
    /// Its profile.
    pub profile: &'static str,
    /// `section | test`.
    pub test: String,
    /// The verdict on the real driver.
    pub there: String,
    /// The verdict here.
    pub here: String,
    /// Whether it may be so.
    pub right: bool,
}

/// All of it.
pub struct Comparison {
    /// Every verdict.
    pub verdicts: Vec<Judged>,
    /// Tests that `expected` has and nobody else.
    pub unused: Vec<String>,
    /// A table with a row for each test and a column for each profile.
    pub table: String,
}

/// Compares.
pub fn compare(recorded: &str, ours: &str, expected: &Expected) -> Comparison {
    let mut order: Vec<String> = Vec::new();
    let mut read = |text: &str| {
        let mut verdicts = BTreeMap::new();
        for (profile, test, verdict) in text.lines().filter_map(row) {
            if !order.contains(&test) {
                order.push(test.clone());
            }
            verdicts.insert((profile.to_owned(), test), verdict.to_owned());
        }
        verdicts
    };
    let (there, here) = (read(recorded), read(ours));
    let mut used = Vec::new();
    let mut verdicts = Vec::new();
    let mut cells: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for profile in PROFILES.iter().map(|profile| profile.name) {
        let real = profile.starts_with("vivid");
        for test in &order {
            let key = (profile.to_owned(), test.clone());
            let found = here.get(&key).map_or("absent", String::as_str);
            if found == "absent" && !real {
                continue;
            }
            // Other drivers have no real one beside them: they must not fail.
            let other = if real {
                "absent"
            } else if found == "FAIL" {
                "OK"
            } else {
                found
            };
            let real_one = there.get(&key).map_or(other, String::as_str);
            let mut right = found == real_one || found == "OK";
            let name = test.split(" | ").nth(1).unwrap_or_default();
            let kinds = [profile, "all", "outputs"];
            let kinds = kinds.iter().filter(|kind| **kind != "outputs" || profile.starts_with("vivid-output"));
            if let Some(exception) =
                kinds.map(|kind| (kind.to_string(), name.to_owned())).find(|key| expected.contains_key(key))
            {
                right |= expected[&exception] == found;
                used.push(exception);
            }
            let cell = if real_one == found { found.into() } else { format!("{real_one} / {found}") };
            cells.insert((profile, test), cell);
            verdicts.push(Judged { profile, test: test.clone(), there: real_one.into(), here: found.into(), right });
        }
    }
    let unused = expected.keys().filter(|key| !used.contains(key)).map(|(_, name)| name.clone()).collect();
    let table = table(&order, &cells);
    Comparison { verdicts, unused, table }
}

/// The first two lines of a table in Markdown.
pub fn head<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let (mut head, mut line) = (String::from("|"), String::from("|"));
    for name in names {
        head += &format!(" {name} |");
        line += "---|";
    }
    format!("{head}\n{line}\n")
}

fn table(order: &[String], cells: &BTreeMap<(&str, &str), String>) -> String {
    let mut table = head(["section", "test"].into_iter().chain(PROFILES.iter().map(|profile| profile.name)));
    for test in order {
        table += &format!("| {test} |");
        for profile in &PROFILES {
            table += &format!(" {} |", cells.get(&(profile.name, test)).map_or("", String::as_str));
        }
        table += "\n";
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "# v4l2-compliance\nvivid | S | good | OK\nvivid | S | bad | FAIL\nvivid | S | gone | OK\nvivid | S | scaler | OK\n";

    fn wrong(ours: &str, expected: &Expected) -> Vec<String> {
        let comparison = compare(RECORDED, ours, expected);
        comparison.verdicts.into_iter().filter(|one| one.profile == "vivid" && !one.right).map(|one| one.test).collect()
    }

    #[test]
    fn what_is_right_there_has_to_be_right_here() {
        let ours = "vivid | S | good | FAIL\nvivid | S | bad | OK\nvivid | S | scaler | OK\n";
        assert_eq!(wrong(ours, &Expected::new()), ["S | good", "S | gone"]);
    }

    #[test]
    fn an_exception_allows_its_verdict_and_no_other() {
        let except =
            expected("# no\n6.1 | all | scaler | - | there is none\n6.12 | all | good | - | other kernel\n", "6.1");
        assert_eq!(except.len(), 1);
        let ours =
            "vivid | S | good | OK\nvivid | S | bad | FAIL\nvivid | S | gone | OK\nvivid | S | scaler | VERDICT\n";
        assert!(wrong(&ours.replace("VERDICT", "-"), &except).is_empty());
        assert_eq!(wrong(&ours.replace("VERDICT", "FAIL"), &except), ["S | scaler"]);
    }

    #[test]
    fn an_exception_for_nothing_is_found() {
        let except = expected("both | all | nothing of the kind | - | why\n", "6.1");
        assert_eq!(compare(RECORDED, RECORDED, &except).unused, ["nothing of the kind"]);
    }

    #[test]
    fn drivers_without_a_real_one_must_not_fail() {
        let comparison = compare(RECORDED, "uvc | S | good | FAIL\nunicam | S | good | -\n", &Expected::new());
        let of = |profile| {
            comparison.verdicts.iter().filter(|one| one.profile == profile).map(|one| one.right).collect::<Vec<_>>()
        };
        assert_eq!((of("uvc"), of("unicam")), (vec![false], vec![true]));
    }
}
