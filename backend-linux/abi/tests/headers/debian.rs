//! The kernel's headers: those of this machine, and those of other Debian releases.
//!
//! Another release's package is only downloaded and unpacked, by an apt run with settings and lists of its own, into
//! `target/tmp/kernel-headers`: what is installed on this machine stays as it is. Remove that folder to get newer ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

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
    need(&["/usr/include/linux/videodev2.h=linux-libc-dev"]);
    Headers { name: "this machine's headers".into(), is_complete: false, root: None }
}

/// The newest headers of a Debian release.
pub fn release(suite: &str) -> Headers {
    // One download at a time.
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kernel-headers").join(suite);
    if !folder.join("version").exists() {
        fetch(suite, &folder);
    }
    let version = fs::read_to_string(folder.join("version")).expect("it has just been seen or written");
    Headers {
        name: format!("headers of Debian {suite} ({version})"),
        is_complete: is_6_12_or_newer(&version),
        root: Some(folder.join("root/usr/include")),
    }
}

fn is_6_12_or_newer(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(6), Some(12))
}

/// `tests/need PROGRAM=PACKAGE...`: installs the packages of the programs or files that are missing.
pub fn need(programs: &[&str]) {
    let need = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/need");
    let status = Command::new(need).args(programs).status().expect("tests/need can be started");
    assert!(
        status.success(),
        "compilers or headers are missing on this machine, and could not be installed: see above"
    );
}

fn fetch(suite: &str, folder: &Path) {
    let new = folder.with_extension(format!("new-{}", std::process::id()));
    for part in ["lists/partial", "archives/partial"] {
        fs::create_dir_all(new.join(part)).expect("target/tmp can be written");
    }
    let keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let signed = if Path::new(keyring).exists() { format!("[signed-by={keyring}] ") } else { String::new() };
    write(&new, "sources.list", &format!("deb {signed}{} {suite} main\n", mirror()));
    let at = new.display();
    let settings = format!(
        "Dir::Etc::sourcelist \"{at}/sources.list\";\nDir::Etc::sourceparts \"/nonexistent\";\n\
         Dir::State \"{at}\";\nDir::State::Lists \"{at}/lists\";\nDir::State::status \"/dev/null\";\n\
         Dir::Cache \"{at}\";\nAPT::Sandbox::User \"root\";\n#clear APT::Update::Post-Invoke;\n"
    );
    write(&new, "apt.conf", &settings);
    apt(&new, &["update"], suite);
    apt(&new, &["download", "linux-libc-dev"], suite);
    let package = fs::read_dir(&new)
        .expect("made above")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .expect("apt-get download leaves the package here");
    let version = run(Command::new("dpkg-deb").arg("--field").arg(&package).arg("Version")).expect("a Debian package");
    run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(new.join("root"))).expect("a Debian package");
    write(&new, "version", version.trim());
    // Another process may have been faster.
    let _ = fs::remove_dir_all(folder);
    fs::rename(&new, folder).expect("both are in target/tmp");
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("target/tmp can be written");
}

/// Where this machine's own apt gets Debian's packages.
fn mirror() -> String {
    let targets = run(Command::new("apt-get").args(["indextargets", "--format", "$(LABEL) $(REPO_URI)"]))
        .expect("this is no Debian machine: the kernel's headers come from a Debian package, by apt");
    let line = targets.lines().find_map(|line| line.strip_prefix("Debian "));
    line.expect("this machine's apt knows no Debian mirror yet; run first: apt-get update").to_string()
}

/// `apt-get` with the settings of `folder`, in it; three tries with growing pauses.
fn apt(folder: &Path, arguments: &[&str], suite: &str) {
    let mut report = String::new();
    for pause in [5, 20, 0] {
        let mut command = Command::new("apt-get");
        command.current_dir(folder).arg("-c").arg(folder.join("apt.conf")).arg("-qq").args(arguments);
        match run(&mut command) {
            Ok(_) => return,
            Err(error) => report = error,
        }
        sleep(Duration::from_secs(pause));
    }
    panic!("could not fetch linux-libc-dev of Debian {suite}; is the package registry reachable?\n{report}");
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
