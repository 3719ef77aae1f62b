//! Plain words in what users read: a driver returns, reports, fails; it does not say, tell or answer. The worst such words are in no
//! document, no comment and no message of the libraries, examples and benchmarks.

use std::fs;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place;
use crate::process::{Go, line};

/// In no file. A star stands for the rest of a word.
const WORST: &[&str] = &[
    "believ*",
    "tell",
    "tells",
    "told",
    "telling",
    "say",
    "says",
    "said",
    "saying",
    "obey",
    "obeys",
    "forgive",
    "forgives",
    "in vain",
    "must needs",
    "nobody knows",
];

/// In none either.
const MORE: &[&str] = &[
    "answer*",
    "whoever",
    "nobody",
    "somebody",
    "door",
    "doors",
    "made of memory",
    "but for",
    "for want of",
    "lest",
    "lying",
    "spoke",
    "speak",
    "speaks",
    "hear",
    "hears",
    "heard",
    "kin",
];

/// The step.
pub fn words(asked: &Asked) -> Result<()> {
    let mut cases = Cases::new();
    cases.add("such words are found where they are, and only there", || {
        let code = "/// The driver says so.\nlet said = 1;\nprintln!(\"it was told so\");\nprintln!(\"{told}\");\n// Told apart.\n";
        let files = [("wrong.rs", code), ("Cargo.toml", "# It tells.\nsaid = 1\n"), ("wrong.md", "A door.\nSaid.\n")];
        let count = |words| files.iter().map(|(file, text)| hits(words, file, text).len()).sum::<usize>();
        ensure!((count(WORST), count(MORE)) == (4, 1), "{} and {} are found in what has 4 and 1", count(WORST), count(MORE));
        Ok(())
    });
    cases.add("what users read has none of them", || {
        let listed = line("git ls-files *.md *.rs *Cargo.toml *config.toml bench/budgets.toml").text()?;
        let files: Vec<&str> = listed.lines().filter(|file| is_read(file)).collect();
        ensure!(files.len() > 100, "only {} files", files.len());
        let mut all = Vec::new();
        for file in &files {
            let text = fs::read_to_string(place::root().join(file))?;
            all.extend(hits(WORST, file, &text));
            all.extend(hits(MORE, file, &text));
        }
        println!("{} files", files.len());
        ensure!(all.is_empty(), "plainer words, please:\n{}", all.join("\n"));
        Ok(())
    });
    cases.run(asked.filter())
}

/// Whether users read a file: every document, and all code but tests.
fn is_read(file: &str) -> bool {
    let begins = |all: &[&str]| all.iter().any(|begin| file.starts_with(begin));
    let test = file.contains("/tests/") || file.contains("/test/") || file.ends_with("/tests.rs");
    let of_users = file.ends_with(".md") || begins(&["core", "backend-linux", "backend-sim", "bench", "Cargo.toml"]);
    of_users && !test
}

/// Lines whose prose has one of these words.
fn hits(words: &[&str], file: &str, text: &str) -> Vec<String> {
    // Results may be told apart; what is between back quotes is code.
    let prose = |line: &str| without_code(&prose(file, line)).to_lowercase().replace("told apart", "");
    let bad = |line: &str| {
        let prose = prose(line);
        words.iter().any(|word| has_word(&prose, word))
    };
    let found = text.lines().enumerate().filter(|(_, line)| bad(line));
    found.map(|(number, line)| format!("{file}:{}: {}", number + 1, line.trim())).collect()
}

/// Prose without the names of code in it, which are between back quotes.
fn without_code(prose: &str) -> String {
    prose.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// What of a line is prose: all of a document; of code the comment, and each string of more than one word.
fn prose(file: &str, line: &str) -> String {
    if file.ends_with(".md") {
        return line.into();
    }
    if !file.ends_with(".rs") {
        let about = line.strip_prefix("description = ").or_else(|| line.trim_start().strip_prefix('#'));
        return about.unwrap_or_default().into();
    }
    let (mut code, mut prose) = (String::new(), String::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('"') {
        code.push_str(before);
        let Some(end) = end_of_string(after) else { break };
        if after[..end].contains(' ') {
            prose = prose + " " + &after[..end];
        }
        rest = &after[end + 1..];
    }
    code.push_str(rest);
    prose + " " + code.split_once("//").map_or("", |(_, comment)| comment)
}

/// Where the quotation mark is that ends a string.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// Whether a line has a word as a whole; with a star at its end, as the beginning of one.
fn has_word(line: &str, word: &str) -> bool {
    let (word, any_end) = word.strip_suffix('*').map_or((word, false), |begin| (begin, true));
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !part(before.chars().next_back()) && (any_end || !part(after.chars().next()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_comments_strings_and_documents_are_hits() {
        assert_eq!(
            hits(WORST, "a.rs", "// It Says so\nlet says = 1;\n// essays, says_so\nf(\"a \\\" told\");\nf(\"told\")\n")
                .len(),
            2
        );
        assert_eq!(hits(MORE, "a.rs", "// it answered\n// an answer\n// kind\n// of kin\n").len(), 3);
        assert_eq!(hits(WORST, "a.rs", "// `said` and `x`\n// `x` said `so`\n").len(), 1);
        assert_eq!(hits(WORST, "a.md", "it was told\nTold apart\n").len(), 1);
        assert_eq!(hits(WORST, "Cargo.toml", "description = \"says\"\nname = \"says\"\n").len(), 1);
        assert!(
            is_read("core/src/lib.rs")
                && !is_read("core/tests/a.rs")
                && !is_read("core/src/x/tests.rs")
                && is_read("tests/README.md")
        );
    }
}
