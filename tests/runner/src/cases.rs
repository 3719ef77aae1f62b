//! Cases of a step that are not cargo's tests, in the usual form: `test NAME ... ok`, one after the other, and the usual closing
//! line.

use anyhow::{Result, bail};
use libtest_mimic::{Arguments, Failed, Trial};

/// Cases, in the order in which they run.
#[derive(Default)]
pub struct Cases(Vec<Trial>);

impl Cases {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more, which passes if it returns `Ok`.
    pub fn add(&mut self, name: impl Into<String>, case: impl FnOnce() -> Result<()> + Send + 'static) {
        // Set in, so that no count in the words of other programs is counted.
        let set_in = |why: String| why.lines().map(|line| format!("    {line}\n")).collect::<String>();
        let case = move || case().map_err(|why| Failed::from(set_in(format!("{why:#}"))));
        self.0.push(Trial::test(name, case));
    }

    /// One more, which passes if this is so.
    pub fn expect(&mut self, name: impl Into<String>, holds: impl FnOnce() -> bool + Send + 'static) {
        self.add(name, || if holds() { Ok(()) } else { bail!("it is not so") });
    }

    /// Runs those whose name has `filter` in it, all of them without one.
    ///
    /// # Errors
    ///
    /// Cases that failed.
    pub fn run(self, filter: Option<&str>) -> Result<()> {
        self.run_into(filter, None)
    }

    /// With a file for what is printed, instead of standard output.
    fn run_into(self, filter: Option<&str>, file: Option<String>) -> Result<()> {
        let filter = filter.map(Into::into);
        let arguments = Arguments { filter, test_threads: Some(1), logfile: file, ..Arguments::default() };
        let end = libtest_mimic::run(&arguments, self.0);
        match end.num_failed {
            0 => Ok(()),
            number => bail!("{number} failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is counted in this test's output is counted by whoever runs it.
    fn silently(cases: Cases, filter: Option<&str>) -> Result<()> {
        cases.run_into(filter, Some("/dev/null".into()))
    }

    #[test]
    fn cases_that_fail_or_panic_fail_the_step() {
        for case in [|| anyhow::bail!("no"), || panic!("no")] {
            let mut cases = Cases::new();
            cases.expect("good", || true);
            cases.add("bad", case);
            assert!(silently(cases, None).is_err());
        }
    }

    #[test]
    fn counts_in_the_words_of_a_failure_are_not_counted() {
        let mut cases = Cases::new();
        cases.add("bad", || anyhow::bail!("test result: FAILED. 7 passed; 5 failed; 0 ignored\n7 passed, 5 failed"));
        let log = std::env::temp_dir().join(format!("vidbuf-cases-{}", std::process::id()));
        assert!(cases.run_into(None, Some(log.to_string_lossy().into_owned())).is_err());
        let printed = std::fs::read_to_string(&log).unwrap();
        std::fs::remove_file(log).unwrap();
        assert_eq!(crate::count::count(&printed), crate::count::Count { passed: 0, failed: 1 }, "{printed}");
    }

    #[test]
    fn a_filter_leaves_others_out() {
        let mut cases = Cases::new();
        cases.expect("good", || true);
        cases.expect("bad", || false);
        assert!(silently(cases, Some("good")).is_ok());
    }
}
