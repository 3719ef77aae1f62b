//! What strace wrote: system calls by name, between the lines that a program printed.

use std::collections::BTreeMap;

/// One system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name; an ioctl's is that of its number, without `VIDIOC_`.
    pub name: String,
    /// Whether it succeeded.
    pub succeeded: bool,
}

/// Calls by the line printed before them; before the first line, by the empty one.
pub fn parse(text: &str) -> BTreeMap<String, Vec<Call>> {
    let mut line_before = String::new();
    let mut calls: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    for line in text.lines() {
        // With -f and -o every line begins with the process.
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let Some((name, arguments)) = call.split_once('(') else { continue };
        if let Some(words) = arguments.strip_prefix("1, \"").filter(|_| name == "write")
            && let Some((words, _)) = words.split_once("\\n\"")
        {
            line_before = words.to_string();
            continue;
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let name = if name == "ioctl" {
            let number = arguments.split(", ").nth(1).unwrap_or(name);
            number.split([' ', ')', '/']).next().unwrap_or(number).trim_start_matches("VIDIOC_")
        } else {
            name
        };
        let succeeded = call.rsplit_once(" = ").is_some_and(|(_, result)| !result.starts_with('-'));
        calls.entry(line_before.clone()).or_default().push(Call { name: name.to_string(), succeeded });
    }
    calls
}

/// How often each call was made.
pub fn count(calls: &[Call]) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(call.name.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{count, parse};

    #[test]
    fn calls_are_sorted_by_what_was_said_before_them() {
        let text = "7 openat(AT_FDCWD, \"x\", O_RDWR) = 3\n7 write(1, \"frame short\\n\", 12) = 12\n\
                    7 ioctl(3, VIDIOC_DQBUF, {type=1}) = -1 EAGAIN (Resource temporarily unavailable)\n\
                    7 poll([{fd=3}], 1, 100 <unfinished ...>\n7 <... poll resumed>) = 1\n7 ioctl(3, VIDIOC_DQBUF, {}) = 0\n\
                    7 +++ exited with 0 +++\n";
        let calls = parse(text);
        assert_eq!(count(&calls[""]), [("openat", 1)].into());
        assert_eq!(count(&calls["frame short"]), [("DQBUF", 2), ("poll", 1)].into());
        assert_eq!(calls["frame short"].iter().filter(|call| call.succeeded).count(), 1);
    }
}
