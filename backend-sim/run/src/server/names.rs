//! Calls that name a file, or ask about one.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use vidbuf_sim::Errno;

use crate::names::{Found, Meaning, descriptor};
use crate::system::errno;
use crate::system::files::{self, Status};
use crate::system::listener::Call;
use crate::system::memory::Memory;
use crate::system::process;

use super::Server;

/// What `getxattr` fails with where there is nothing.
const ENODATA: Errno = match Errno::from_raw(libc::ENODATA) {
    Some(errno) => errno,
    None => Errno::EINVAL,
};

/// A file, as a call names it.
struct Name {
    /// Where the name begins.
    directory: i32,
    /// Where its text is.
    at: u64,
    /// Whether a link at the end is followed.
    follow: bool,
    /// No text means the directory itself.
    empty: bool,
}

/// What a call wants of the file.
#[derive(Clone, Copy)]
enum Wish {
    Open { flags: i32, mode: u32 },
    Stat { into: u64 },
    Statx { into: u64 },
    Access { mode: i32 },
    ReadLink { into: u64, room: u64 },
    Attribute,
}

/// The call as a name and a wish.
fn read(call: &Call) -> Option<(Name, Wish)> {
    let a = &call.arguments;
    let at = |directory, at| Name { directory, at, follow: true, empty: false };
    let here = |address| at(libc::AT_FDCWD, address);
    let flagged = |name: Name, flags: i32| Name {
        follow: flags & libc::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & libc::AT_EMPTY_PATH != 0,
        ..name
    };
    let opened = |name: Name, flags: i32, mode: u64| {
        let follow =
            flags & libc::O_NOFOLLOW == 0 && flags & (libc::O_CREAT | libc::O_EXCL) != libc::O_CREAT | libc::O_EXCL;
        (Name { follow, ..name }, Wish::Open { flags, mode: mode as u32 })
    };
    let int = |place: usize| call.int(place);
    Some(match call.number {
        libc::SYS_open => opened(here(a[0]), int(1), a[2]),
        libc::SYS_creat => opened(here(a[0]), libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC, a[1]),
        libc::SYS_openat => opened(at(int(0), a[1]), int(2), a[3]),
        libc::SYS_openat2 => {
            let memory = Memory { thread: call.thread };
            let (flags, mode): (u64, u64) = (memory.get(a[2]).ok()?, memory.get(a[2] + 8).ok()?);
            opened(at(int(0), a[1]), flags as i32, mode)
        }
        libc::SYS_fstat => (Name { empty: true, ..at(int(0), 0) }, Wish::Stat { into: a[1] }),
        libc::SYS_stat => (here(a[0]), Wish::Stat { into: a[1] }),
        libc::SYS_lstat => (Name { follow: false, ..here(a[0]) }, Wish::Stat { into: a[1] }),
        libc::SYS_newfstatat => (flagged(at(int(0), a[1]), int(3)), Wish::Stat { into: a[2] }),
        libc::SYS_statx => (flagged(at(int(0), a[1]), int(2)), Wish::Statx { into: a[4] }),
        libc::SYS_access => (here(a[0]), Wish::Access { mode: int(1) }),
        libc::SYS_faccessat => (at(int(0), a[1]), Wish::Access { mode: int(2) }),
        libc::SYS_faccessat2 => (flagged(at(int(0), a[1]), int(3)), Wish::Access { mode: int(2) }),
        libc::SYS_readlink => {
            (Name { follow: false, ..here(a[0]) }, Wish::ReadLink { into: a[1], room: u64::from(a[2] as u32) })
        }
        libc::SYS_readlinkat => {
            (Name { follow: false, ..at(int(0), a[1]) }, Wish::ReadLink { into: a[2], room: u64::from(a[3] as u32) })
        }
        libc::SYS_getxattr => (here(a[0]), Wish::Attribute),
        libc::SYS_lgetxattr => (Name { follow: false, ..here(a[0]) }, Wish::Attribute),
        _ => return None,
    })
}

/// What a link of another process's leads to.
fn link_of(thread: i32, what: &str) -> Option<String> {
    fs::read_link(format!("/proc/{thread}/{what}")).ok()?.into_os_string().into_string().ok()
}

/// The file behind a name.
enum File {
    /// The kernel's.
    Kernels,
    /// A camera's node.
    Camera(usize),
    /// Of the tree, open with `O_PATH`, and its name.
    Tree(String, OwnedFd),
    /// A real one, by its name.
    Real(String),
    /// A link of `/proc` to one of these, which the kernel has another text for.
    Link(String),
}

impl Server {
    /// A call about a name: what is ours is completed here, everything else is the kernel's.
    pub(super) fn name(&mut self, call: &Call) {
        let Some((name, wish)) = read(call) else { return self.listener.proceed(call.id) };
        let file = self.find(call, &name, wish);
        if let Ok(File::Kernels) = file {
            return self.listener.proceed(call.id);
        }
        // The number may belong to another process by now.
        if !self.listener.waits(call.id) {
            return;
        }
        let outcome = file.and_then(|file| match wish {
            Wish::Open { flags, mode } => self.open_file(call, file, flags, mode),
            _ => self.report_file(call, &file, &name, wish).map(Some),
        });
        match outcome {
            Ok(None) => {}
            Ok(Some(value)) => drop(self.listener.answer(call.id, Ok(value))),
            Err(errno) => drop(self.listener.answer(call.id, Err(errno))),
        }
    }

    /// What a descriptor is of.
    fn of_descriptor(&mut self, call: &Call, descriptor: i32) -> File {
        let Some(inode) = process::inode_of(call.thread, descriptor) else { return File::Kernels };
        if let Some(file) = self.by_inode.get(&inode).and_then(|token| self.files.get(token)) {
            return File::Camera(file.device);
        }
        if inode.0 != self.names.device {
            return File::Kernels;
        }
        let Some(link) = link_of(call.thread, &format!("fd/{descriptor}")) else { return File::Kernels };
        let Some(name) = self.names.real_name(&link) else { return File::Kernels };
        self.in_tree(name, false).unwrap_or(File::Kernels)
    }

    /// Something of the tree.
    fn in_tree(&self, name: &str, follow: bool) -> io::Result<File> {
        let file = self.names.open(name, libc::O_PATH | if follow { 0 } else { libc::O_NOFOLLOW })?;
        Ok(match self.names.found(&file)? {
            Found::Camera(camera) => File::Camera(camera),
            Found::Merged(name) | Found::Other(name) => File::Tree(name, file),
        })
    }

    fn find(&mut self, call: &Call, name: &Name, wish: Wish) -> Result<File, Errno> {
        let thread = call.thread;
        let text = match name.at {
            0 if name.empty => String::new(),
            at => match (Memory { thread }).path(at).map(|path| path.into_string()) {
                Ok(Ok(text)) => text,
                // The kernel finds out itself.
                _ => return Ok(File::Kernels),
            },
        };
        if text.is_empty() {
            return Ok(if name.empty { self.of_descriptor(call, name.directory) } else { File::Kernels });
        }
        if let Some(number) = descriptor(&text, thread, || process::process_of(thread)) {
            let file = self.of_descriptor(call, number);
            return Ok(match (file, wish) {
                (File::Camera(camera), Wish::ReadLink { .. }) => File::Link(self.devices[camera].camera.path.clone()),
                (File::Tree(name, _), Wish::ReadLink { .. }) => File::Link(name),
                (file, _) if name.follow => file,
                _ => File::Kernels,
            });
        }
        let base = || match name.directory {
            libc::AT_FDCWD => link_of(thread, "cwd"),
            directory => link_of(thread, &format!("fd/{directory}")),
        };
        match self.names.meaning(&text, base, name.follow) {
            Meaning::Kernels => Ok(File::Kernels),
            Meaning::Ours(ours) => self.in_tree(&ours, name.follow).map_err(|error| errno(&error)),
            Meaning::Real(real) => Ok(File::Real(real)),
        }
    }

    /// Opens a file for the caller; `None`: the call is completed already.
    fn open_file(&mut self, call: &Call, file: File, flags: i32, mode: u32) -> Result<Option<i64>, Errno> {
        let known = flags & !(libc::O_CREAT | libc::O_EXCL | libc::O_TRUNC);
        let opened = match file {
            File::Camera(camera) if flags & libc::O_PATH == 0 => {
                self.open(call, camera, flags);
                return Ok(None);
            }
            File::Camera(camera) => self.names.open(&self.devices[camera].camera.path, known),
            File::Tree(..) | File::Real(_) | File::Link(_) if flags & libc::O_EXCL != 0 => return Err(Errno::EEXIST),
            File::Tree(name, _) => self.names.open(&name, known),
            File::Real(name) => files::open(Path::new(&name), flags | libc::O_NOCTTY, mode),
            File::Link(_) | File::Kernels => return Err(Errno::ELOOP),
        };
        let opened = opened.map_err(|error| errno(&error))?;
        // A caller that is gone needs no result.
        let _ = self.listener.answer_with(call.id, opened.as_fd(), flags & libc::O_CLOEXEC != 0);
        Ok(None)
    }

    fn status(&self, file: &File, follow: bool) -> io::Result<Status> {
        let real = |name: &str| {
            files::status(&files::open(Path::new(name), libc::O_PATH | if follow { 0 } else { libc::O_NOFOLLOW }, 0)?)
        };
        match file {
            File::Camera(camera) => {
                let camera = &self.devices[*camera].camera;
                let node = self.names.open(&camera.path, libc::O_PATH)?;
                Ok(files::status(&node)?.as_node(camera.minor))
            }
            File::Tree(_, file) => match self.names.found(file)? {
                Found::Merged(name) => real(&name),
                _ => files::status(file),
            },
            File::Real(name) => real(name),
            File::Link(_) | File::Kernels => Err(io::Error::from_raw_os_error(libc::ELOOP)),
        }
    }

    /// What a call returns that asks about a file.
    fn report_file(&self, call: &Call, file: &File, name: &Name, wish: Wish) -> Result<i64, Errno> {
        let memory = Memory { thread: call.thread };
        match wish {
            Wish::Stat { into } => {
                let status = self.status(file, name.follow).map_err(|error| errno(&error))?;
                memory.write(into, status.stat_bytes())?;
                Ok(0)
            }
            Wish::Statx { into } => {
                let status = self.status(file, name.follow).map_err(|error| errno(&error))?;
                memory.write(into, status.statx_bytes())?;
                Ok(0)
            }
            Wish::Access { mode } => match file {
                File::Camera(_) if mode & libc::X_OK != 0 => Err(Errno::EACCES),
                File::Tree(_, file)
                    if mode & libc::W_OK != 0 && !matches!(self.names.found(file), Ok(Found::Merged(_))) =>
                {
                    Err(Errno::EACCES)
                }
                File::Real(name) => files::access(Path::new(name), mode).map(|()| 0).map_err(|error| errno(&error)),
                _ => Ok(0),
            },
            Wish::ReadLink { into, room } => {
                let text = match file {
                    File::Link(text) => text.clone().into_bytes(),
                    File::Tree(_, file) => files::read_link(file).map_err(|error| errno(&error))?,
                    File::Real(name) => {
                        let to = fs::read_link(name).map_err(|error| errno(&error))?;
                        to.into_os_string().into_encoded_bytes()
                    }
                    File::Camera(_) | File::Kernels => return Err(Errno::EINVAL),
                };
                let count = text.len().min(room as usize);
                memory.write(into, &text[..count])?;
                Ok(count as i64)
            }
            Wish::Attribute | Wish::Open { .. } => Err(ENODATA),
        }
    }
}
