//! Files of sysfs by which programs recognise a node.

use std::ffi::CStr;

use crate::errno::last;
use crate::next;
use crate::settings::settings;
use vidbuf_sim::Errno;

/// The major number of video nodes.
pub const MAJOR: u32 = 81;

/// The text of a file that there is for a node of ours.
pub fn text(path: &CStr) -> Option<String> {
    let path = path.to_str().ok()?;
    let rest = path.strip_prefix("/sys/")?;
    let (node, file) = match rest.strip_prefix("dev/char/81:") {
        Some(rest) => rest.split_once('/')?,
        None => rest.strip_prefix("class/video4linux/video")?.split_once('/')?,
    };
    let minor: u32 = node.parse().ok()?;
    let node = settings().nodes.iter().find(|node| node.minor == minor)?;
    match file {
        "uevent" => Some(format!("MAJOR={MAJOR}\nMINOR={minor}\nDEVNAME=video{minor}\n")),
        "name" => Some(format!("{}\n", node.card)),
        "dev" => Some(format!("{MAJOR}:{minor}\n")),
        _ => None,
    }
}

/// A descriptor to read a text from.
pub fn open_text(text: &str) -> Result<i32, Errno> {
    // SAFETY: a name that ends with a zero; our own descriptor, and bytes that are there.
    unsafe {
        let fd = libc::memfd_create(c"vidbuf-sim-text".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return Err(last());
        }
        if next::write(fd, text.as_ptr().cast(), text.len()) < 0 || libc::lseek(fd, 0, libc::SEEK_SET) < 0 {
            let errno = last();
            next::close(fd);
            return Err(errno);
        }
        Ok(fd)
    }
}
