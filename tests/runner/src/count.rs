//! What a step's output counts, and whether the step has passed.
//!
//! Two kinds of line are counted: cargo's `test result: ok. 3 passed; 0 failed; ..` and our programs' `3 passed, 0 failed`.

/// Checks that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts
            .fold(Self::default(), |sum, one| Self { passed: sum.passed + one.passed, failed: sum.failed + one.failed })
    }
}

/// Adds up every line of an output that counts.
pub fn count(output: &str) -> Count {
    output.lines().filter_map(|line| count_line(&plain(line))).sum()
}

fn count_line(line: &str) -> Option<Count> {
    let (counts, separator) = match line.strip_prefix("test result: ") {
        Some(rest) => (rest.split_once(". ")?.1, "; "),
        None => (line, ", "),
    };
    let mut parts = counts.split(separator);
    let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
    (separator == "; " || parts.next().is_none()).then_some(Count { passed, failed })
}

/// A line without colours and without the carriage return of a terminal.
pub fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.trim_end_matches('\r');
    while let Some((before, code)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = code.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its checks; a step that failed as a whole has one that failed.
    pub count: Count,
    /// Why it failed as a whole, beside its checks.
    pub why: Option<String>,
}

impl Verdict {
    /// A step that could not even begin.
    pub fn failed(why: impl Into<String>) -> Self {
        Self { count: Count { passed: 0, failed: 1 }, why: Some(why.into()) }
    }

    /// Whether nothing failed.
    pub fn passed(&self) -> bool {
        self.count.failed == 0
    }
}

/// Judges a step by its status and what it counted. A step passes only if it ends well, counts at least `least` checks, at
/// least one, and none that failed.
pub fn judge(status: i32, count: Count, least: usize) -> Verdict {
    let why = if status != 0 && count.failed == 0 {
        Some(match status {
            128.. => format!("it was ended by signal {}", status - 128),
            _ => format!("it ended with status {status}"),
        })
    } else if count == Count::default() {
        Some("it counted no check".into())
    } else if status == 0 && count.failed == 0 && count.passed < least {
        Some(format!("it counted {} checks and has to count {least} at least", count.passed))
    } else {
        None
    };
    let failed = count.failed.max(usize::from(why.is_some()));
    Verdict { count: Count { failed, ..count }, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counted(passed: usize, failed: usize) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn both_kinds_of_line_are_counted() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: \x1b[31mFAILED\x1b[0m. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\
            5 passed, 2 failed\r\n";
        assert_eq!(count(output), counted(10, 3));
    }

    #[test]
    fn nothing_else_is_counted() {
        let output = "   5 passed, 0 failed\nsaid: 5 passed, 0 failed\n5 passed, 0 failed, 1 lost\n5 passed\ntest result: ok\nmany passed, 0 failed\n";
        assert_eq!(count(output), counted(0, 0));
    }

    #[test]
    fn a_step_that_counts_and_ends_well_passes() {
        assert_eq!(judge(0, counted(4, 0), 4), Verdict { count: counted(4, 0), why: None });
    }

    #[test]
    fn a_step_that_prints_nothing_fails() {
        assert_eq!(judge(0, counted(0, 0), 0).count, counted(0, 1));
    }

    #[test]
    fn a_step_that_ends_badly_fails_whatever_it_counted() {
        assert_eq!(judge(1, counted(4, 0), 4).count, counted(4, 1));
        assert_eq!(judge(139, counted(4, 0), 4).why.as_deref(), Some("it was ended by signal 11"));
        assert_eq!(judge(1, counted(0, 0), 0).count, counted(0, 1));
    }

    #[test]
    fn a_check_that_failed_fails_the_step_even_with_status_0() {
        assert!(!judge(0, counted(4, 1), 1).passed());
    }

    #[test]
    fn checks_that_have_gone_fail_the_step() {
        let verdict = judge(0, counted(3, 0), 4);
        assert_eq!(verdict.count, counted(3, 1));
        assert!(verdict.why.is_some());
    }
}
