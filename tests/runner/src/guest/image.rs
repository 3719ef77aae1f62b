//! What a guest boots: kernel, modules, busybox and, for another processor, the C library, in `target/guest/NAME`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};

use super::driver;
use super::kind::Kind;
use crate::apt::{self, Apt};
use crate::once;
use crate::process::{Go, line};

/// Counts up when a guest is made in another way; then guests are made anew.
const RECIPE: u32 = 1;

/// What carries a guest's output to this machine; loaded in every guest.
pub const BASE: &[&str] = &["virtio_pci", "virtio_console"];

fn recipe(kind: &Kind) -> Result<String> {
    Ok(format!("{RECIPE} {} {} {:?}", kind.suite, kind.kernel, driver::shipped()?))
}

/// Whether a guest was fetched.
pub fn is_there(name: &str) -> bool {
    Kind::named(name).and_then(|kind| Ok(once::is_made(&kind.folder(), &recipe(&kind)?))).unwrap_or(false)
}

/// Fetches a guest, unless it is there.
///
/// # Errors
///
/// What is missing, or what apt printed.
pub fn fetch(name: &str) -> Result<Kind> {
    let kind = Kind::named(name)?;
    once::made(&kind.folder(), &recipe(&kind)?, |new| make(&kind, new))?;
    Ok(kind)
}

fn make(kind: &Kind, new: &Path) -> Result<()> {
    let apt = Apt::new(&kind.suite, &kind.arch, kind.security)?;
    let image = apt.dependency(&kind.kernel, "linux-image-", "")?;
    let foreign = kind.arch != apt::native()?;
    // A dynamic program of another processor finds no libraries on this machine: they come along.
    let libraries: &[&str] = if foreign { &["libc6", "libgcc-s1"] } else { &[] };
    let names: Vec<&str> = [&*image, "busybox-static"].into_iter().chain(libraries.iter().copied()).collect();
    let debs = apt.download(&names)?;

    let root = new.join("root");
    unpack_alone(&debs[..1], &root)?;
    if !root.join("lib").exists() {
        // Newer releases keep modules under usr/lib only.
        std::os::unix::fs::symlink("usr/lib", root.join("lib"))?;
    }
    let version = only_entry(&root.join("lib/modules"))?;
    fs::write(new.join("version"), &version)?;
    let packed = fs::read(root.join("boot").join(format!("vmlinuz-{version}")))?;
    fs::write(new.join("kernel"), if kind.arch == "amd64" { uncompressed(&packed)? } else { packed })?;
    modules(&root, &version, new)?;

    unpack_alone(&debs[1..2], &root)?;
    let busybox = ["bin/busybox", "usr/bin/busybox"].map(|path| root.join(path)).into_iter().find(|path| path.exists());
    fs::copy(busybox.context("no busybox in its package")?, new.join("busybox"))?;

    fs::create_dir_all(new.join("lib"))?;
    unpack_alone(&debs[2..], &root)?;
    for folder in ["lib", "usr/lib"] {
        shared_libraries(&root.join(folder), &new.join("lib"), 2)?;
    }
    fs::remove_dir_all(root)?;
    Ok(())
}

/// Unpacks into a folder that has nothing else.
fn unpack_alone(debs: &[PathBuf], root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    fs::create_dir_all(root)?;
    debs.iter().try_for_each(|deb| apt::unpack(deb, root, &[]))
}

/// The name of the only thing in a folder.
pub fn only_entry(folder: &Path) -> Result<String> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let name: std::io::Result<String> = names.next().with_context(|| format!("nothing in {}", folder.display()))?;
    ensure!(names.next().is_none(), "more than one thing in {}", folder.display());
    Ok(name?)
}

/// Copies the modules that any driver wants and writes, for each, the list of what is loaded for it, in order.
fn modules(root: &Path, version: &str, new: &Path) -> Result<()> {
    let (to, orders) = (new.join("modules"), new.join("order"));
    fs::create_dir_all(&to)?;
    fs::create_dir_all(&orders)?;
    line("depmod -b").arg(root).arg(version).go()?;
    let wanted = driver::shipped()?;
    for name in BASE.iter().copied().chain(wanted.iter().map(String::as_str)) {
        let asked = line("modprobe --show-depends -S")
            .arg(version)
            .arg("-d")
            .arg(root)
            .arg(name)
            .stderr(Stdio::null())
            .seen()?;
        if !asked.ok() {
            ensure!(!BASE.contains(&name) && name != "vivid", "Linux {version} has no module {name}");
            println!("Linux {version} has no module {name}");
            continue;
        }
        let mut order = String::new();
        for file in asked
            .out
            .lines()
            .filter_map(|line| line.strip_prefix("insmod "))
            .filter_map(|line| line.split_whitespace().next())
        {
            let file = Path::new(file);
            let module = file.file_name().unwrap_or_default().to_string_lossy().replace(".ko.xz", ".ko");
            match file.extension().is_some_and(|end| end == "xz") {
                true => fs::write(to.join(&module), unpacked("xz -dc", &fs::read(file)?)?)?,
                false => fs::copy(file, to.join(&module)).map(drop)?,
            }
            order += &format!("{module}\n");
        }
        fs::write(orders.join(name), order)?;
    }
    Ok(())
}

/// Copies the loader and the libraries of a folder, not the plug-ins below them.
fn shared_libraries(from: &Path, to: &Path, depth: u32) -> Result<()> {
    if !from.is_dir() || depth == 0 {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            shared_libraries(&path, &to.join(name), depth - 1)?;
        } else if name.to_string_lossy().contains(".so.") && path.exists() {
            fs::create_dir_all(to)?;
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// An x86 kernel unpacks itself when it starts; here that takes a second, emulated it takes three. Its header has where the packed
/// kernel is in it (`boot.rst`: `setup_sects`, `payload_offset`, `payload_length`); the last four bytes are its size.
fn uncompressed(image: &[u8]) -> Result<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(image.get(at..at + 4)?.try_into().ok()?) as usize);
    let payload = || {
        let sectors = usize::from(*image.get(0x1f1)?);
        let start = (sectors + 1) * 512 + number(0x248)?;
        image.get(start..start + number(0x24c)?.checked_sub(4)?)
    };
    let payload = payload().context("the kernel's header is too short")?;
    match payload {
        [0xfd, b'7', b'z', b'X', ..] => unpacked("xz -dc", payload),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => unpacked("zstd -dcq", payload),
        _ => bail!("the kernel is packed in an unknown way: {:x?}", &payload[..payload.len().min(4)]),
    }
}

fn unpacked(program: &str, packed: &[u8]) -> Result<Vec<u8>> {
    use std::io::Write;
    let mut child =
        line(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(|| program.to_owned())?;
    let mut input = child.stdin.take().context("no pipe")?;
    let output = std::thread::scope(|scope| {
        // It may stop reading at the end of what it knows.
        scope.spawn(move || drop(input.write_all(packed)));
        child.wait_with_output()
    })?;
    ensure!(output.status.success(), "`{program}` failed");
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_kernel_is_found_in_its_image() {
        assert!(uncompressed(&[0; 100]).is_err());
        let packed = std::process::Command::new("sh").args(["-c", "printf vidbuf | xz -c"]).output().unwrap().stdout;
        let mut image = vec![0; 512 + 0x300];
        image[0x248..0x24c].copy_from_slice(&0x300_u32.to_le_bytes());
        image[0x24c..0x250].copy_from_slice(&(packed.len() as u32 + 4).to_le_bytes());
        image.extend(packed);
        image.extend(6_u32.to_le_bytes());
        assert_eq!(uncompressed(&image).unwrap(), b"vidbuf");
    }
}
