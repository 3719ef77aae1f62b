//! Kernel modules that Debian does not build: built for a guest's kernel, from the source of its own Debian release. Once built they
//! are kept. What they are built of (headers, sources) is downloaded, unpacked and thrown away again: drivers of the same source are
//! built together, because unpacking the kernel's takes longer than building them all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::driver::{self, Driver};
use super::kind::Kind;
use super::{image, modules};
use crate::apt::{self, Apt};
use crate::process::{Go, command, line};
use crate::{needs, once, place};

/// Counts up when modules are built in another way.
const RECIPE: u32 = 2;

/// Programs of this machine that it takes.
pub const NEEDS: &[&str] = &["apt-get", "dpkg-deb", "cc", "make", "xz"];

/// Drivers of one source, for one guest.
struct Unit {
    guest: Kind,
    /// Its folder's name: the driver's, or what the kernel's own drivers are called together.
    name: String,
    source: String,
    drivers: BTreeMap<String, Driver>,
}

impl Unit {
    /// What is built when this driver is wanted.
    fn of(kind: &str, name: &str) -> Result<Self> {
        let guest = Kind::named(kind)?;
        let mut drivers = driver::all()?;
        let wanted = drivers.get(name).with_context(|| format!("there is no driver {name}"))?.clone();
        let source = wanted.source.clone().with_context(|| format!("{name} has no source"))?;
        if wanted.files.is_empty() {
            return Ok(Self { guest, name: name.into(), source, drivers: BTreeMap::from([(name.into(), wanted)]) });
        }
        drivers.retain(|_, other| {
            other.source == wanted.source && !other.files.is_empty() && other.guests.iter().any(|guest| guest == kind)
        });
        ensure!(drivers.contains_key(name), "the guest {kind} has no {name}");
        Ok(Self { guest, name: "drivers".into(), source, drivers })
    }

    fn folder(&self) -> PathBuf {
        place::below_target("guest").join(format!("{}-{}", self.guest.name, self.name))
    }

    fn recipe(&self) -> Result<String> {
        Ok(format!("{RECIPE} {} {:?}", modules::version(&self.guest)?, self.drivers))
    }

    /// What the drivers have in a list of words, each once.
    fn words<'d>(&'d self, of: impl Fn(&'d Driver) -> Vec<&'d str>) -> Vec<&'d str> {
        let mut words: Vec<&str> = self.drivers.values().flat_map(of).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// Whether a driver was built for a guest.
pub fn is_there(kind: &str, name: &str) -> bool {
    Unit::of(kind, name).and_then(|unit| Ok(once::is_made(&unit.folder(), &unit.recipe()?))).unwrap_or(false)
}

/// The folder of a driver's modules, built unless they were before.
///
/// # Errors
///
/// A guest of another processor, packages that are gone, a module that does not build.
pub fn built(kind: &str, name: &str) -> Result<PathBuf> {
    let guest = image::fetch(kind)?;
    ensure!(
        guest.arch == apt::native()?,
        "{name} is built only for this machine's own processor, not for {}",
        guest.arch
    );
    needs::ensure(NEEDS)?;
    let unit = Unit::of(kind, name)?;
    once::made(&unit.folder(), &unit.recipe()?, |new| make(&unit, new))
}

/// The version of a driver that has a package of its own.
///
/// # Errors
///
/// It was not built.
pub fn version(kind: &str, name: &str) -> Result<String> {
    let path = Unit::of(kind, name)?.folder().join("version");
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

fn make(unit: &Unit, new: &Path) -> Result<()> {
    let (root, version) = (new.join("root"), modules::version(&unit.guest)?);
    // A package of the kernel's source has the kernel's version in its name.
    let series = version.split('.').take(2).collect::<Vec<_>>().join(".");
    let package = unit.source.replace("VERSION", series.trim_end_matches(|letter: char| !letter.is_ascii_digit()));
    download(&unit.guest, &version, &package, &root)?;
    let tree = root.join("usr/src").join(format!("linux-headers-{version}"));
    let common = adapt_headers(&tree, &root)?;
    let build = root.join("build");
    fs::create_dir_all(&build)?;
    let files = unit.words(|driver| driver.files.iter().map(String::as_str).collect());
    if files.is_empty() {
        own_package(&root, &unit.source, &build, new)?;
    } else {
        of_the_kernel(&root, &package, &files, &build)?;
        // Trace points are included by a path into the kernel's tree.
        let drivers = common.join("drivers/media/test-drivers");
        fs::create_dir_all(&drivers)?;
        for name in unit.drivers.keys() {
            std::os::unix::fs::symlink(build.join(name), drivers.join(name))?;
        }
    }
    let objects = unit.words(|driver| driver.objects.split_whitespace().collect()).join(" ");
    fs::write(build.join("Kbuild"), format!("obj-m := {objects}\n"))?;
    // No BTF: making it wants a program more, and nothing here reads it.
    let mut make = line("make -j2 CC=gcc CONFIG_DEBUG_INFO_BTF_MODULES= modules");
    make.args(unit.words(|driver| driver.settings.split_whitespace().collect()));
    let made = make.arg("-C").arg(&tree).arg(format!("M={}", build.display())).seen()?;
    ensure!(made.ok(), "{} did not build for Linux {version}: {}", unit.name, made.both());
    for module in command("find").arg(&build).args(["-name", "*.ko"]).text()?.lines() {
        let module = Path::new(module);
        fs::copy(module, new.join(module.file_name().unwrap_or_default()))?;
    }
    fs::remove_dir_all(root)?;
    Ok(())
}

/// Sources of a driver that has a package of its own; its version is in the name of its folder.
fn own_package(root: &Path, package: &str, build: &Path, new: &Path) -> Result<()> {
    let begin = format!("{}-", package.trim_end_matches("-dkms"));
    let sources = fs::read_dir(root.join("usr/src"))?.collect::<std::io::Result<Vec<_>>>()?;
    let name = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let source = sources.iter().find(|entry| name(entry).starts_with(&begin)).context("the package has no source")?;
    for entry in fs::read_dir(source.path())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "c" || end == "h") {
            fs::copy(&path, build.join(path.file_name().unwrap_or_default()))?;
        }
    }
    fs::write(new.join("version"), name(source).trim_start_matches(&begin))?;
    Ok(())
}

/// Files of the kernel's own source.
fn of_the_kernel(root: &Path, package: &str, files: &[&str], build: &Path) -> Result<()> {
    let packed = root.join("usr/src").join(format!("{package}.tar.xz"));
    let source = root.join("source");
    fs::create_dir_all(&source)?;
    let mut tar = command("tar");
    tar.arg("-C").arg(&source).args(["--strip-components=1", "-xJf"]).arg(packed);
    tar.args(files.iter().map(|file| format!("{package}/{file}"))).go()?;
    for file in files {
        command("cp").arg("-r").arg(source.join(file)).arg(build).go()?;
    }
    Ok(())
}

/// Leaves headers, build tools and sources.
fn download(kind: &Kind, version: &str, package: &str, root: &Path) -> Result<()> {
    let apt = Apt::new(&kind.suite, &kind.arch, kind.security)?;
    let headers = format!("linux-headers-{version}");
    let gone = || {
        format!(
            "Debian {} has no headers of Linux {version} any more; delete {} and fetch it again",
            kind.suite,
            kind.folder().display()
        )
    };
    let common = apt.dependency(&headers, "linux-headers-", "-common").with_context(gone)?;
    let tools = apt.dependency(&headers, "linux-kbuild-", "").with_context(gone)?;
    let mut packages = vec![package, &headers, &common, &tools];
    // The build tools may want a newer C library than this machine has.
    let here = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if here.lines().all(|line| line != format!("VERSION_CODENAME={}", kind.suite)) {
        packages.extend(["libc6", "libelf1t64", "zlib1g", "libzstd1"]);
    }
    apt.download(&packages)?.iter().try_for_each(|deb| apt::unpack(deb, root, &[]))
}

/// The headers expect to be installed in /usr/src, and the compiler to be the one that built the kernel. Returns the folder of those
/// that all variants of a kernel share.
fn adapt_headers(tree: &Path, root: &Path) -> Result<PathBuf> {
    let makefile = fs::read_to_string(tree.join("Makefile"))?;
    let common = makefile
        .lines()
        .find_map(|line| line.strip_prefix("include /usr/src/"))
        .context("the headers are not laid out as expected")?;
    let common = root.join("usr/src").join(common);
    fs::write(tree.join("Makefile"), format!("include {}\n", common.display()))?;
    // An option of gcc 14.
    if !command("sh").args(["-c", "echo | cc -fmin-function-alignment=16 -E -o /dev/null -"]).succeeds() {
        for file in ["include/config/auto.conf", "include/generated/autoconf.h"] {
            let text = fs::read_to_string(tree.join(file))?;
            let kept = text.lines().filter(|line| !line.contains("CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT"));
            fs::write(tree.join(file), kept.map(|line| format!("{line}\n")).collect::<String>())?;
        }
    }
    let libraries = root.join("usr/lib/x86_64-linux-gnu");
    if libraries.exists() {
        let scripts = fs::canonicalize(tree.join("scripts"))?;
        let tools = scripts.parent().unwrap_or(&scripts);
        for (tool, real) in
            [("tools/objtool/objtool", "objtool.real-x86"), ("scripts/mod/modpost", "modpost.real-lsb-64")]
        {
            let tool = tools.join(tool);
            let (real, libraries) = (tool.with_file_name(real), libraries.display());
            let run =
                format!("exec {libraries}/ld-linux-x86-64.so.2 --library-path {libraries} {} \"$@\"", real.display());
            fs::write(&tool, format!("#!/bin/sh\n{run}\n"))?;
            command("chmod").arg("+x").arg(tool).go()?;
        }
    }
    Ok(common.parent().unwrap_or(&common).to_path_buf())
}
