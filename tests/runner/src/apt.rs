//! Debian's packages of any release and processor, downloaded and unpacked by an apt with settings and lists of its own: what is
//! installed on this machine stays as it is, and root is not needed. apt checks every package by the signed lists, and
//! goes on with a download that was broken off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::lock::Lock;
use crate::place;
use crate::process::{Go, command, line, status};

/// Lists of packages that are younger than this are not asked for again.
const FRESH: Duration = Duration::from_secs(3600);

/// An apt for one release and processor. While it lives nobody else uses its folder.
pub struct Apt {
    folder: PathBuf,
    what: String,
    _lock: Lock,
}

impl Apt {
    /// An apt whose lists of packages are fetched. `security` adds the release's security part.
    ///
    /// # Errors
    ///
    /// No Debian machine, or an archive that cannot be reached.
    pub fn new(suite: &str, arch: &str, security: bool) -> Result<Self> {
        let name = format!("{suite}-{arch}{}", if security { "-security" } else { "" });
        let folder = place::below_target("apt").join(&name);
        for part in ["lists/partial", "archives/partial", "nothing"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let lock = Lock::take(&folder.join("lock"))?;
        let apt = Self { what: format!("Debian {suite} for {arch}"), folder, _lock: lock };
        let updated = apt.folder.join("updated");
        let age = fs::metadata(&updated).and_then(|file| file.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_none_or(|age| age > FRESH) {
            fs::write(apt.folder.join("sources.list"), sources(suite, security)?)?;
            fs::write(apt.folder.join("apt.conf"), settings(&apt.folder, arch))?;
            let update = apt.tool("apt-get").arg("update").persist();
            update.with_context(|| format!("the package lists of {}", apt.what))?;
            fs::write(&updated, "")?;
        }
        Ok(apt)
    }

    fn tool(&self, name: &str) -> Command {
        let mut tool = command(name);
        tool.arg("-c").arg(self.folder.join("apt.conf")).arg("-qq").current_dir(&self.folder);
        tool
    }

    /// The first package that this one depends on and whose name begins and ends so.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn dependency(&self, package: &str, begin: &str, end: &str) -> Result<String> {
        let listed = self.tool("apt-cache").args(["depends", package]).stderr(Stdio::null()).seen()?.out;
        let names = listed.lines().filter_map(|line| line.split_once("Depends: ")).map(|(_, name)| name.trim());
        let found = names.into_iter().find(|name| name.starts_with(begin) && name.ends_with(end));
        found.map(Into::into).with_context(|| format!("{} has no {begin}..{end} behind {package}", self.what))
    }

    /// Downloads packages and returns their files.
    ///
    /// # Errors
    ///
    /// A package that is not there.
    pub fn download(&self, packages: &[&str]) -> Result<Vec<PathBuf>> {
        let download = self.tool("apt-get").arg("download").args(packages).persist();
        download.with_context(|| format!("the packages {} of {}", packages.join(" "), self.what))?;
        packages.iter().map(|package| self.newest(package)).collect()
    }

    /// The file that apt has just made sure of; older versions of the package go.
    fn newest(&self, package: &str) -> Result<PathBuf> {
        // apt names it only where it is not there yet.
        let asked = self
            .tool("apt-get")
            .args(["download", "--print-uris", package])
            .current_dir(self.folder.join("nothing"))
            .text()?;
        let name = asked.split_whitespace().nth(1).unwrap_or_default();
        let file = self.folder.join(name);
        ensure!(file.is_file(), "the package {package} was downloaded but is not there");
        for entry in fs::read_dir(&self.folder)? {
            let other = entry?.path();
            let of_package =
                other.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&format!("{package}_")));
            if of_package && other != file {
                fs::remove_file(other)?;
            }
        }
        Ok(file)
    }

    /// Downloads a package and unpacks what fits the patterns, all of it without any.
    ///
    /// # Errors
    ///
    /// As [`Apt::download`], and files that cannot be written.
    pub fn unpack(&self, package: &str, folder: &Path, patterns: &[&str]) -> Result<()> {
        unpack(&self.download(&[package])?[0], folder, patterns)
    }
}

/// Unpacks what fits the patterns of a package, all of it without any.
///
/// # Errors
///
/// Files that cannot be written.
pub fn unpack(deb: &Path, folder: &Path, patterns: &[&str]) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut from =
        command("dpkg-deb").arg("--fsys-tarfile").arg(deb).stdout(Stdio::piped()).spawn().context("dpkg-deb")?;
    let packed = from.stdout.take().context("no pipe")?;
    let mut tar = command("tar");
    tar.arg("-C").arg(folder).args(["--no-same-owner", "--wildcards", "-xf", "-"]).args(patterns).stdin(packed);
    tar.go()?;
    let ended = status(from.wait()?);
    if ended != 0 {
        bail!("dpkg-deb ended with status {ended}: {}", deb.display());
    }
    Ok(())
}

/// Debian's name of this machine's processor.
///
/// # Errors
///
/// No Debian machine.
pub fn native() -> Result<String> {
    Ok(line("dpkg --print-architecture")
        .text()
        .context("guests are made of Debian's packages, by Debian's tools")?
        .trim()
        .into())
}

fn sources(suite: &str, security: bool) -> Result<String> {
    let keyring = Path::new("/usr/share/keyrings/debian-archive-keyring.gpg");
    let signed = if keyring.exists() { format!("[signed-by={}] ", keyring.display()) } else { String::new() };
    let mut mirror_found = mirror("Debian")?;
    if mirror_found.is_none() && crate::needs::hindrance().is_none() {
        // A machine whose lists were never fetched.
        line("apt-get -qq update").persist()?;
        mirror_found = mirror("Debian")?;
    }
    let Some(main) = mirror_found else {
        bail!("this machine's apt knows no Debian mirror yet; run first: apt-get update")
    };
    let mut sources = format!("deb {signed}{main} {suite} main\n");
    if security && let Some(mirror) = mirror("Debian-Security")? {
        sources += &format!("deb {signed}{mirror} {suite}-security main\n");
    }
    Ok(sources)
}

/// Where this machine's own apt gets packages with that label.
fn mirror(label: &str) -> Result<Option<String>> {
    let targets = line("apt-get indextargets --format").arg("$(LABEL) $(REPO_URI)").text()?;
    Ok(targets.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(' ')).map(Into::into))
}

fn settings(folder: &Path, arch: &str) -> String {
    let folder = folder.display();
    format!(
        r#"APT::Architecture "{arch}";
#clear APT::Architectures;
APT::Architectures {{ "{arch}"; }};
APT::Sandbox::User "root";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/nonexistent";
Dir::State "{folder}";
Dir::State::Lists "{folder}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{folder}";
APT::Update::Error-Mode "any";
#clear APT::Update::Post-Invoke;
"#
    )
}
