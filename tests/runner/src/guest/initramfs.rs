//! The guest's root file system, as an archive that the kernel unpacks (cpio, `newc`). It is not compressed: the emulated
//! processor would need longer to unpack it than this one to pack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::kind::Kind;
use crate::needs;
use crate::process::{Go, command};

/// An archive that grows.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    paths: BTreeSet<PathBuf>,
}

impl Archive {
    fn entry(&mut self, path: &Path, mode: u32, data: &[u8]) {
        let name = path.to_string_lossy();
        let links = 1;
        let number = self.paths.len() as u32 + 1;
        let fields = [number, mode, 0, 0, links, 1, data.len() as u32, 0, 0, 0, 0, name.len() as u32 + 1, 0];
        self.bytes.extend(b"070701");
        for field in fields {
            self.bytes.extend(format!("{field:08x}").bytes());
        }
        self.bytes.extend(name.bytes().chain([0]));
        self.align();
        self.bytes.extend(data);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// A folder, with those above it.
    pub fn folder(&mut self, path: &Path) {
        if path.as_os_str().is_empty() || self.paths.contains(path) {
            return;
        }
        if let Some(parent) = path.parent() {
            self.folder(parent);
        }
        self.entry(path, 0o040_755, &[]);
        self.paths.insert(path.into());
    }

    /// A file; the first of a path stays.
    pub fn file(&mut self, path: impl AsRef<Path>, executable: bool, data: &[u8]) {
        let path = path.as_ref();
        let path = path.strip_prefix("/").unwrap_or(path);
        if self.paths.contains(path) {
            return;
        }
        if let Some(parent) = path.parent() {
            self.folder(parent);
        }
        self.entry(path, if executable { 0o100_755 } else { 0o100_644 }, data);
        self.paths.insert(path.into());
    }

    /// A file of this machine, or a folder with what is in it. Links are followed.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn copy(&mut self, from: &Path, to: &Path) -> Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let about = fs::metadata(from).with_context(|| from.display().to_string())?;
        if about.is_dir() {
            self.folder(to);
            let mut entries = fs::read_dir(from)?.collect::<std::io::Result<Vec<_>>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                self.copy(&entry.path(), &to.join(entry.file_name()))?;
            }
            return Ok(());
        }
        self.file(to, about.permissions().mode() & 0o111 != 0, &fs::read(from)?);
        Ok(())
    }

    /// The whole archive.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry(Path::new("TRAILER!!!"), 0, &[]);
        self.bytes
    }

    /// A program of this machine with all that it loads.
    ///
    /// # Errors
    ///
    /// A program that is not there, or wants a library that is not.
    pub fn program(&mut self, name: &str) -> Result<()> {
        needs::ensure(&[name])?;
        let path = if name.contains('/') { PathBuf::from(name) } else { found(name)? };
        let place = Path::new("usr/bin").join(path.file_name().unwrap_or_default());
        self.copy(&path, &place)?;
        self.libraries(&path)?;
        if name == "valgrind" { self.valgrind() } else { Ok(()) }
    }

    /// The command is a script around the program, the tools are programs of their own, and memcheck wants the symbols of loader
    /// and C library, which are under their build id.
    fn valgrind(&mut self) -> Result<()> {
        let tools = Path::new("/usr/libexec/valgrind");
        for entry in fs::read_dir(tools)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.contains("-amd64-linux") || name == "default.supp" {
                self.copy(&path, path.strip_prefix("/").unwrap_or(&path))?;
            }
        }
        self.copy(Path::new("/usr/bin/valgrind.bin"), Path::new("usr/bin/valgrind.bin"))?;
        self.libraries(Path::new("/usr/bin/valgrind.bin"))?;
        for library in ["/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6"] {
            let id = build_id(&fs::read(library)?).with_context(|| format!("{library} has no build id"))?;
            let symbols = format!("/usr/lib/debug/.build-id/{}/{}.debug", &id[..2], &id[2..]);
            if !Path::new(&symbols).exists() {
                needs::ensure_package("libc6-dbg")?;
            }
            ensure!(
                Path::new(&symbols).exists(),
                "valgrind wants the symbols of the C library: install libc6-dbg in the version of libc6"
            );
            self.copy(Path::new(&symbols), Path::new(&symbols[1..]))?;
        }
        Ok(())
    }

    /// The libraries of a program of this machine, where they are here. What is static, or no program, has none.
    fn libraries(&mut self, program: &Path) -> Result<()> {
        let listed = command("ldd").arg(program).seen()?;
        if !listed.ok() {
            return Ok(());
        }
        if listed.out.contains("not found") {
            bail!("{} wants libraries that are not on this machine: {}", program.display(), listed.out);
        }
        for path in listed.out.lines().filter_map(library_of) {
            self.copy(Path::new(path), Path::new(path).strip_prefix("/").unwrap_or(Path::new(path)))?;
        }
        Ok(())
    }

    /// The libraries of the programs in a folder: this machine's, or those that came with another processor's kernel.
    ///
    /// # Errors
    ///
    /// As [`Archive::program`].
    pub fn libraries_of(&mut self, folder: &Path, kind: &Kind, native: bool) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.libraries_of(&path, kind, native)?;
            } else if is_dynamic(&path)? {
                if native {
                    self.libraries(&path)?;
                } else {
                    self.copy(&kind.folder().join("lib"), Path::new("lib"))?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a file is a program that wants a loader; a linker writes its name near the beginning.
fn is_dynamic(path: &Path) -> Result<bool> {
    use std::io::Read;
    let mut begin = Vec::new();
    fs::File::open(path)?.take(1 << 16).read_to_end(&mut begin)?;
    Ok(begin.starts_with(b"\x7fELF") && contains(&begin, b"/ld-linux"))
}

/// Where a program of this machine is.
fn found(name: &str) -> Result<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .map(|path| path.join(name))
        .find(|path| path.is_file())
        .with_context(|| format!("no {name}"))
}

/// The path in a line of `ldd`: `name => PATH (address)` or `PATH (address)`.
fn library_of(line: &str) -> Option<&str> {
    let line = line.trim();
    let path = line.split_once("=> ").map_or(line, |(_, path)| path);
    path.split(' ').next().filter(|path| path.starts_with('/'))
}

/// The id in the note `GNU` of a program (`elf(5)`: name size 4, description size 20, type 3).
fn build_id(program: &[u8]) -> Option<String> {
    let note = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0";
    let at = program.windows(note.len()).position(|window| window == note)? + note.len();
    Some(program.get(at..at + 20)?.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_program_reads_the_archive() {
        let mut archive = Archive::default();
        archive.file("a/b/one", true, b"five!");
        archive.file("a/b/one", true, b"not again");
        archive.file("two", false, b"");
        let folder = std::env::temp_dir().join(format!("vidbuf-cpio-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("archive"), archive.finish()).unwrap();
        // busybox and cpio read it, where they are; its bytes are the same everywhere.
        let bytes = fs::read(folder.join("archive")).unwrap();
        assert_eq!(bytes.len() % 4, 0);
        assert!(contains(&bytes, b"five!") && !contains(&bytes, b"again"));
        assert_eq!(bytes.windows(6).filter(|window| window == b"070701").count(), 5);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn libraries_are_read_from_ldd() {
        assert_eq!(library_of("\tlibc.so.6 => /lib/libc.so.6 (0x7f)"), Some("/lib/libc.so.6"));
        assert_eq!(library_of("\t/lib64/ld-linux-x86-64.so.2 (0x7f)"), Some("/lib64/ld-linux-x86-64.so.2"));
        assert_eq!(library_of("\tlinux-vdso.so.1 (0x7f)"), None);
    }
}
