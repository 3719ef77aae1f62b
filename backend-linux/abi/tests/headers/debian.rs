//! The kernel's headers: those of this machine, and those of other Debian releases.
//!
//! Another release's package is only downloaded and unpacked (`tests/run headers SUITE`), into `target/headers`: what is installed on
//! this machine stays as it is. Remove that folder to get newer ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One version of the kernel's headers.
pub struct Headers {
    /// Which it is.
    pub name: String,
    /// Whether it has everything that Linux 6.12 has.
    pub is_complete: bool,
    /// Where they lie, unless where the compiler looks anyway.
    root: Option<PathBuf>,
}

impl Headers {
    /// The text of a header.
    pub fn text(&self, name: &str) -> String {
        let path = self.root.clone().unwrap_or_else(|| "/usr/include".into()).join("linux").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The folders that the compiler must look into, for a processor.
    pub fn folders(&self, triplet: &str) -> Vec<PathBuf> {
        match &self.root {
            Some(root) => vec![root.clone(), root.join(triplet)],
            // With -m32, the compiler does not look there by itself.
            None if triplet == "x86_64-linux-gnu" => vec!["/usr/include/x86_64-linux-gnu".into()],
            None => Vec::new(),
        }
    }
}

/// The headers that a program on this machine is compiled with.
pub fn this_machine() -> Headers {
    need(&["/usr/include/linux/videodev2.h"]);
    Headers { name: "this machine's headers".into(), is_complete: false, root: None }
}

/// The newest headers of a Debian release.
pub fn release(suite: &str) -> Headers {
    let printed = ask_runner(&["headers", suite]);
    let folder = PathBuf::from(printed.lines().last().expect("the folder is printed last"));
    let version = fs::read_to_string(folder.join("version")).expect("it is there");
    Headers {
        name: format!("headers of Debian {suite} ({version})"),
        is_complete: is_6_12_or_newer(&version),
        root: Some(folder.join("usr/include")),
    }
}

fn is_6_12_or_newer(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(6), Some(12))
}

/// Makes sure of programs or files of this machine; as root, their packages are installed.
pub fn need(programs: &[&str]) {
    let mut words = vec!["need"];
    words.extend(programs);
    ask_runner(&words);
}

/// `tests/run WORDS`: what it printed.
fn ask_runner(words: &[&str]) -> String {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/run");
    let output = Command::new(run).args(words).stderr(Stdio::inherit()).output().expect("tests/run can be started");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "tests/run {}: see above, and: {printed}", words.join(" "));
    printed
}
