//! The tree of names.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use crate::cameras::Camera;
use crate::system::files;

use super::folder::{Folder, make_device};
use super::meaning::{self, Meaning, split, tidy};

/// Real directories that show what is ours beside what is there.
const MERGED: [&str; 3] = ["/dev", "/sys/class", "/sys/dev/char"];

/// The control socket, beside the tree.
pub const CONTROL: &str = "control";

/// The most links that are followed.
const LINKS: usize = 8;

/// What there is under a name of the tree.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The node of this camera.
    Camera(usize),
    /// A real directory that shows more than it has: by its name.
    Merged(String),
    /// Only the tree has it: by its name.
    Other(String),
}

/// All names.
#[derive(Debug)]
pub struct Names {
    folder: Folder,
    root: OwnedFd,
    /// The file system of the tree.
    pub device: u64,
    /// Everything with these beginnings is ours.
    prefixes: Vec<String>,
    /// Nodes, by camera.
    nodes: Vec<String>,
    /// Real directories whose names are in the tree: those that were opened.
    mirrored: RefCell<Vec<String>>,
}

impl Names {
    /// The names of these cameras.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new(cameras: &[Camera]) -> io::Result<Self> {
        let folder = Folder::new()?;
        let root = files::open_path(folder.path())?;
        let device = fs::metadata(folder.path())?.dev();
        let mut names =
            Self { folder, root, device, prefixes: Vec::new(), nodes: Vec::new(), mirrored: RefCell::default() };
        for directory in MERGED {
            fs::create_dir_all(names.place(directory))?;
        }
        names.prefixes.extend(["/dev/v4l".into(), "/sys/class/video4linux".into()]);
        for (number, camera) in cameras.iter().enumerate() {
            names.add(number, camera)?;
        }
        Ok(names)
    }

    /// Where the runner can be reached.
    pub fn control(&self) -> PathBuf {
        self.folder.path().join(CONTROL)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name.trim_start_matches('/'))
    }

    /// Adds the names that a real directory has, with their types.
    fn mirror(&self, directory: &str) {
        let here = self.place(directory);
        // What cannot be read is empty.
        let Ok(entries) = fs::read_dir(directory) else { return };
        for entry in entries.flatten() {
            let (name, Ok(kind)) = (here.join(entry.file_name()), entry.file_type()) else { continue };
            // A name that cannot be made is missing in listings, and nowhere else.
            let _ = if kind.is_dir() {
                fs::create_dir(name)
            } else if kind.is_symlink() {
                fs::read_link(entry.path()).and_then(|to| symlink(to, name))
            } else if kind.is_char_device() || kind.is_block_device() {
                make_device(&name)
            } else if !name.exists() {
                fs::write(name, [])
            } else {
                Ok(())
            };
        }
    }

    /// Makes a link, in place of what the real directory has there.
    fn link(&self, to: &str, name: &str) -> io::Result<()> {
        let here = self.place(name);
        if let Some(folder) = here.parent() {
            fs::create_dir_all(folder)?;
        }
        let _ = fs::remove_file(&here);
        symlink(to, here)
    }

    fn add(&mut self, number: usize, camera: &Camera) -> io::Result<()> {
        let (minor, path) = (camera.minor, &camera.path);
        let node = self.place(path);
        let _ = fs::remove_file(&node);
        make_device(&node)?;
        self.nodes.push(path.clone());
        let short = split(path).1;
        let above = format!("/sys/devices/platform/vidbuf-sim.{minor}");
        let device = format!("{above}/video4linux/{short}");
        let here = self.place(&device);
        fs::create_dir_all(&here)?;
        let uevent = format!("MAJOR=81\nMINOR={minor}\nDEVNAME={short}\n");
        for (file, text) in [
            ("name", format!("{}\n", camera.card)),
            ("dev", format!("81:{minor}\n")),
            ("index", "0\n".into()),
            ("dev_debug", "0\n".into()),
            ("uevent", uevent),
        ] {
            fs::write(here.join(file), text)?;
        }
        fs::write(self.place(&above).join("uevent"), "DRIVER=vidbuf-sim\nMODALIAS=platform:vidbuf-sim\n")?;
        self.link("../../../../../class/video4linux", &format!("{device}/subsystem"))?;
        self.link("../..", &format!("{device}/device"))?;
        self.link("../../../bus/platform", &format!("{above}/subsystem"))?;
        let class = format!("../../{}", device.trim_start_matches("/sys/"));
        self.link(&class, &format!("/sys/class/video4linux/{short}"))?;
        self.link(&class, &format!("/sys/dev/char/81:{minor}"))?;
        let card: String = camera.card.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        self.link(&format!("../../{short}"), &format!("/dev/v4l/by-id/usb-{card}_{minor}-video-index0"))?;
        self.link(&format!("../../{short}"), &format!("/dev/v4l/by-path/platform-vidbuf-sim.{minor}-video-index0"))?;
        // What udev would know of it.
        let udev = format!("/run/udev/data/c81:{minor}");
        if let Some(folder) = self.place(&udev).parent() {
            fs::create_dir_all(folder)?;
        }
        let way = if is_output(camera) { "video_output" } else { "capture" };
        let known = format!(
            "S:v4l/by-path/platform-vidbuf-sim.{minor}-video-index0\nE:ID_V4L_VERSION=2\nE:ID_V4L_PRODUCT={}\n\
             E:ID_V4L_CAPABILITIES=:{way}:\nG:uaccess\n",
            camera.card
        );
        fs::write(self.place(&udev), known)?;
        debug_assert_eq!(self.nodes.len(), number + 1);
        self.prefixes.extend([path.clone(), above, format!("/sys/dev/char/81:{minor}"), udev]);
        Ok(())
    }

    /// Whether a tidy absolute name is of the tree.
    fn is_ours(&self, name: &str) -> bool {
        let begins =
            |prefix: &String| name.strip_prefix(&**prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // Most names are not even near.
        let near = ["/dev", "/sys", "/run"].iter().any(|top| name.starts_with(top));
        near && (MERGED.contains(&name) || self.prefixes.iter().any(begins))
    }

    /// The real name of something of the tree, if it is of the tree.
    pub fn real_name<'n>(&self, name: &'n str) -> Option<&'n str> {
        match name.strip_prefix(self.folder.path().to_str()?)? {
            "" => Some("/"),
            rest if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }

    /// What a name means, seen from the directory that `base` returns. `follow`: also through a link that is its last part.
    pub fn meaning(&self, path: &str, base: impl FnOnce() -> Option<String>, follow: bool) -> Meaning {
        let mut in_tree = false;
        let mut name = if path.starts_with('/') {
            tidy(path)
        } else {
            let Some(base) = base() else { return Meaning::Kernels };
            match self.real_name(&base) {
                Some(real) => {
                    in_tree = true;
                    meaning::join(real, path)
                }
                None => meaning::join(&base, path),
            }
        };
        if self.is_ours(&name) {
            return Meaning::Ours(name);
        }
        if in_tree {
            return Meaning::Real(name);
        }
        // A link of the program's own to something of ours, or a directory that is reached through one.
        for _ in 0..LINKS {
            let (folder, last) = split(&name);
            if self.nodes.iter().any(|node| split(node).1 == last)
                && let Ok(folder) = fs::canonicalize(folder)
            {
                name = format!("{}/{last}", folder.to_str().unwrap_or_default());
                if self.is_ours(&name) {
                    return Meaning::Ours(name);
                }
            }
            if !follow {
                break;
            }
            let Ok(to) = fs::read_link(&name) else { break };
            name = meaning::join(split(&name).0, to.to_str().unwrap_or_default());
            if self.is_ours(&name) {
                return Meaning::Ours(name);
            }
        }
        Meaning::Kernels
    }

    /// Opens something of the tree, by a tidy absolute name: with `O_PATH`, whatever it is.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn open(&self, name: &str, flags: i32) -> io::Result<OwnedFd> {
        if flags & libc::O_PATH == 0
            && MERGED.contains(&name)
            && !self.mirrored.borrow().iter().any(|known| known == name)
        {
            self.mirror(name);
            self.mirrored.borrow_mut().push(name.into());
        }
        files::open_in(&self.root, Path::new(name), flags)
    }

    /// What an open file of the tree is.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn found(&self, file: &OwnedFd) -> io::Result<Found> {
        let name = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
        Ok(self.found_at(name.to_str().unwrap_or_default()))
    }

    /// What something is, by the name in the tree.
    pub fn found_at(&self, name: &str) -> Found {
        let Some(name) = self.real_name(name) else { return Found::Other(String::new()) };
        match self.nodes.iter().position(|node| node == name) {
            Some(camera) => Found::Camera(camera),
            None if MERGED.contains(&name) || !self.is_ours(name) => Found::Merged(name.into()),
            None => Found::Other(name.into()),
        }
    }
}

fn is_output(camera: &Camera) -> bool {
    camera.profile.flow == vidbuf_sim::Flow::Output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cameras_are_found_and_the_folder_goes() {
        let names = Names::new(&["/dev/video77".parse().unwrap()]).unwrap();
        let folder = names.folder.path().to_owned();
        let from = |base: &'static str| move || Some(base.to_owned());
        let node = Meaning::Ours("/dev/video77".into());
        assert_eq!(names.meaning("/dev//./video77", from("/"), true), node);
        assert_eq!(names.meaning("video77", from("/dev"), true), node);
        assert_eq!(names.meaning("/dev/video770", from("/"), true), Meaning::Kernels);
        assert_eq!(names.meaning("/etc/passwd", from("/"), true), Meaning::Kernels);
        assert_eq!(names.meaning("/dev", from("/"), true), Meaning::Ours("/dev".into()));
        let tree = folder.join("dev").to_str().unwrap().to_owned();
        assert_eq!(names.meaning("null", || Some(tree), true), Meaning::Real("/dev/null".into()));
        let by_path = "/dev/v4l/by-path/platform-vidbuf-sim.77-video-index0";
        let file = names.open(by_path, libc::O_PATH).unwrap();
        assert_eq!(names.found(&file).unwrap(), Found::Camera(0));
        let link = std::env::temp_dir().join(format!("vidbuf-link-{}", std::process::id()));
        symlink("/dev/video77", &link).unwrap();
        assert_eq!(names.meaning(link.to_str().unwrap(), from("/"), true), node);
        assert_eq!(names.meaning(link.to_str().unwrap(), from("/"), false), Meaning::Kernels);
        fs::remove_file(link).unwrap();
        drop((file, names));
        let gone = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            !folder.exists()
        });
        assert!(gone, "{folder:?} is still there");
    }
}
