//! A driver returns, reports, fails; it does not say, tell or believe. The worst such words are not in what users read: comments and
//! documents of the published crates.

use std::fs;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place;
use crate::process::{Go, line};

const WORST: &[&str] = &[
    "believe",
    "believes",
    "believed",
    "tell",
    "tells",
    "told",
    "say",
    "says",
    "said",
    "obey",
    "obeys",
    "nobody knows",
    "forgive",
    "forgives",
    "in vain",
    "must needs",
];

/// The step.
pub fn words(asked: &Asked) -> Result<()> {
    let mut cases = Cases::new();
    cases.expect("a comment with such a word is found", || {
        hits("wrong.rs", "/// The driver says so.\nlet said = 1;\n").len() == 1
    });
    cases.add("the words that users read are plain", || {
        let listed = line("git ls-files README.md core backend-linux backend-sim").text()?;
        let files: Vec<&str> = listed.lines().filter(|file| is_read(file)).collect();
        ensure!(files.len() > 50, "only {} files", files.len());
        let mut all = Vec::new();
        for file in files {
            all.extend(hits(file, &fs::read_to_string(place::root().join(file))?));
        }
        ensure!(all.is_empty(), "plainer words, please:\n{}", all.join("\n"));
        Ok(())
    });
    cases.run(asked.filter())
}

/// Whether users read a file: not tests, the preloaded library, examples of the simulator.
fn is_read(file: &str) -> bool {
    let source = file.ends_with(".rs") || file.ends_with(".md");
    let test = file.contains("/tests/") || file.contains("/test/") || file.ends_with("/tests.rs");
    let other = file.starts_with("backend-sim/preload/")
        || file.starts_with("backend-sim/examples/")
        || file.contains("DIVERGENCES");
    source && !test && !other
}

/// Lines of documents and comment lines of code that have such a word. Results may be "told apart".
fn hits(file: &str, text: &str) -> Vec<String> {
    let document = file.ends_with(".md");
    let bad = |line: &str| {
        (document || line.contains("//"))
            && !line.contains("told apart")
            && WORST.iter().any(|word| has_word(line, word))
    };
    let found = text.lines().enumerate().filter(|(_, line)| bad(line));
    found.map(|(number, line)| format!("{file}:{}: {}", number + 1, line.trim())).collect()
}

/// Whether a line has a word as a whole, in capitals or not.
fn has_word(line: &str, word: &str) -> bool {
    let line = line.to_lowercase();
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word)
        .any(|(at, _)| !part(line[..at].chars().next_back()) && !part(line[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_comments_and_documents_are_hits() {
        assert_eq!(hits("a.rs", "// It Says so\nlet says = 1;\n// essays, says_so\n").len(), 1);
        assert_eq!(hits("a.md", "it was told\ntold apart\n").len(), 1);
        assert!(
            is_read("core/src/lib.rs")
                && !is_read("core/tests/a.rs")
                && !is_read("core/src/x/tests.rs")
                && !is_read("a.toml")
        );
    }
}
