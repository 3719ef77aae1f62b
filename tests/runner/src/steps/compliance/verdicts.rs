//! What v4l2-compliance prints, as verdicts.

use std::collections::BTreeMap;

/// A test and what came of it: `OK`, `-` (not supported) or `FAIL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `section | test`.
    pub test: String,
    /// What came of it.
    pub verdict: &'static str,
    /// Warnings that came with it.
    pub warnings: u32,
}

/// The verdicts of an output, without the number of the input or output; a test that is there twice gets a number.
pub fn verdicts(output: &str) -> Vec<Verdict> {
    let mut section = String::new();
    let mut seen: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut all = Vec::new();
    let mut warnings = 0;
    for line in output.split(['\n', '\r']) {
        if let Some(name) = section_of(line) {
            section = name;
        } else if line.starts_with("\t\twarn: ") {
            warnings += 1;
        } else if let Some((name, verdict)) = test_of(line) {
            let times = seen.entry((section.clone(), name.clone())).or_default();
            *times += 1;
            let number = if *times > 1 { format!(" ({times})") } else { String::new() };
            all.push(Verdict { test: format!("{section} | {name}{number}"), verdict, warnings });
            warnings = 0;
        }
    }
    all
}

/// `Codec ioctls (Input 0):` is the section `Codec ioctls`.
fn section_of(line: &str) -> Option<String> {
    let name = line.strip_suffix(':')?;
    let name = match name.rsplit_once(" (") {
        Some((name, place)) => {
            let number = place
                .strip_suffix(')')
                .and_then(|place| place.strip_prefix("Input ").or_else(|| place.strip_prefix("Output ")));
            number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
            name
        }
        None => name,
    };
    let letters = name.chars().all(|letter| letter.is_ascii_alphabetic() || matches!(letter, '/' | ' ' | '-'));
    (letters && name.starts_with(|letter: char| letter.is_ascii_uppercase())).then(|| name.to_owned())
}

fn test_of(line: &str) -> Option<(String, &'static str)> {
    let line = line.strip_prefix("\ttest ")?;
    let (at, failed) = match (line.find(": OK"), line.find(": FAIL")) {
        (Some(at), None) => (at, false),
        (None, Some(at)) => (at, true),
        (Some(ok), Some(fail)) => (ok.min(fail), fail < ok),
        (None, None) => return None,
    };
    let verdict = if failed || line.contains(": FAIL") {
        "FAIL"
    } else if line.contains("Not Supported") {
        "-"
    } else {
        "OK"
    };
    Some((without_number(&line[..at]), verdict))
}

/// `/dev/video12` is `/dev/videoN`.
fn without_number(name: &str) -> String {
    match name.split_once("/dev/video") {
        Some((before, after)) => {
            format!("{before}/dev/videoN{}", after.trim_start_matches(|letter: char| letter.is_ascii_digit()))
        }
        None => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_tests_and_verdicts_are_read() {
        let output = "v4l2-compliance 1.22.1\nRequired ioctls:\n\ttest VIDIOC_QUERYCAP: OK\n\ttest invalid ioctls: FAIL\n\n\
            Control ioctls (Input 0):\n\t\twarn: v4l2-test-x.cpp(1): it is odd\n\ttest G: OK (Not Supported)\n\ttest second /dev/video41 open: OK\rCodec ioctls (Output 12):\n\
            \ttest G: OK\n\ttest G: OK\nTotal for x: 5\n";
        let read: Vec<_> = verdicts(output).into_iter().map(|one| (one.test, one.verdict)).collect();
        let warned: Vec<u32> = verdicts(output).iter().map(|one| one.warnings).collect();
        assert_eq!(warned, [0, 0, 1, 0, 0, 0]);
        let expected = [
            ("Required ioctls | VIDIOC_QUERYCAP", "OK"),
            ("Required ioctls | invalid ioctls", "FAIL"),
            ("Control ioctls | G", "-"),
            ("Control ioctls | second /dev/videoN open", "OK"),
            ("Codec ioctls | G", "OK"),
            ("Codec ioctls | G (2)", "OK"),
        ];
        assert_eq!(read, expected.map(|(test, verdict)| (test.to_owned(), verdict)));
    }
}
