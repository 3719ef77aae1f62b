//! The closing table of a run.

use std::time::Duration;

use crate::count::Count;
use crate::schedule::Done;

/// The table of all steps, those that did not run included, and the closing line.
pub fn summary(order: &[String], done: &[Done], took: Duration) -> String {
    let width = order.iter().map(String::len).max().unwrap_or_default().max(4);
    let mut text = format!("\n{:width$}  passed  failed     time  processors\n", "step");
    for name in order {
        match done.iter().find(|one| one.name == *name) {
            Some(one) => {
                let Count { passed, failed } = one.verdict.count;
                let work = one.work.map_or_else(|| "-".into(), |seconds| format!("{seconds} s"));
                text += &format!("{name:width$} {passed:7} {failed:7} {:6} s {work:>11}\n", one.time.as_secs());
            }
            None => text += &format!("{name:width$}       -       -  did not run\n"),
        }
    }
    for one in done.iter().filter(|one| !one.verdict.passed()) {
        text += &format!("failed: {} (see {})\n", one.name, one.log.display());
    }
    let Count { passed, failed } = total(done);
    let work: u64 = done.iter().filter_map(|one| one.work).sum();
    text + &format!("took {} s; processors worked for {work} s\n{passed} passed, {failed} failed\n", took.as_secs())
}

/// All counts together.
pub fn total(done: &[Done]) -> Count {
    done.iter().map(|one| one.verdict.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Verdict;

    #[test]
    fn the_table_names_every_step_and_closes_with_the_counts() {
        let done = [
            Done {
                name: "good".into(),
                verdict: Verdict { count: Count { passed: 3, failed: 0 }, why: None },
                time: Duration::from_secs(2),
                work: Some(3),
                log: "good.log".into(),
            },
            Done {
                name: "bad".into(),
                verdict: Verdict::failed("it ended"),
                time: Duration::ZERO,
                work: None,
                log: "bad.log".into(),
            },
        ];
        let order = ["good", "bad", "later"].map(String::from);
        let text = summary(&order, &done, Duration::from_secs(9));
        assert!(text.contains("later       -       -  did not run\n"), "{text}");
        assert!(text.contains("failed: bad (see bad.log)\n"), "{text}");
        assert!(text.contains("good        3       0      2 s         3 s\n"), "{text}");
        assert!(text.ends_with("took 9 s; processors worked for 3 s\n3 passed, 1 failed\n"), "{text}");
    }
}
