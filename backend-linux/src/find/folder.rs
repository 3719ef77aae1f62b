//! Names of folders and what small files contain, without allocation.

use core::ffi::CStr;
use core::fmt::{self, Write};
use core::mem::MaybeUninit;

use rustix::fs::{Mode, OFlags, RawDir};

use crate::Errno;
use crate::errno::errno;

/// The class of video devices.
const CLASS: &CStr = c"/sys/class/video4linux";
/// Where nodes are.
pub(super) const DEV: &CStr = c"/dev";

/// Bytes for the entries of a folder that are read at once: some twenty.
const ENTRIES: usize = 1024;

/// A path that is written piece by piece. It ends where there is no room.
struct Path {
    bytes: [u8; 64],
    length: usize,
}

impl Write for Path {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // The last byte stays a NUL.
        let end = self.length.checked_add(text.len()).filter(|end| *end < self.bytes.len()).ok_or(fmt::Error)?;
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// What a file of a node in `/sys/class/video4linux` contains, without the newline; `None` if it cannot be read.
pub(super) fn attribute<const N: usize>(number: u32, name: &str) -> Option<[u8; N]> {
    let mut path = Path { bytes: [0; 64], length: 0 };
    write!(path, "/sys/class/video4linux/video{number}/{name}").ok()?;
    let path = CStr::from_bytes_until_nul(&path.bytes).ok()?;
    let file = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let mut bytes = [0; N];
    // Files of sysfs are read at once.
    let length = rustix::io::read(&file, &mut bytes).ok()?;
    for byte in bytes.iter_mut().skip(length.saturating_sub(1)) {
        if *byte == b'\n' {
            *byte = 0;
        }
    }
    Some(bytes)
}

/// `N` of a name `videoN`.
pub(super) fn number(name: &CStr) -> Option<u32> {
    let digits = name.to_str().ok()?.strip_prefix("video")?;
    // `parse` takes a sign.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

/// The lowest number of a node that is at least `from`.
pub(super) fn next_number(from: u32) -> Result<Option<u32>, Errno> {
    match next_in(CLASS, from) {
        // A system without sysfs.
        Err(Errno::ENOENT) => next_in(DEV, from),
        outcome => outcome,
    }
}

fn next_in(folder: &CStr, from: u32) -> Result<Option<u32>, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(folder, flags, Mode::empty()).map_err(errno)?;
    let mut room = [MaybeUninit::uninit(); ENTRIES];
    let mut entries = RawDir::new(folder, &mut room);
    let mut lowest = None;
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(errno)?;
        let number = number(entry.file_name()).filter(|number| *number >= from);
        lowest = match (lowest, number) {
            (Some(lowest), Some(number)) => Some(number.min(lowest)),
            (lowest, number) => lowest.or(number),
        };
    }
    Ok(lowest)
}

#[cfg(test)]
mod tests {
    use super::{next_in, number};
    use std::ffi::CString;

    #[test]
    fn nodes_of_video_have_a_number_and_others_none() {
        for (name, found) in [
            (c"video0", Some(0)),
            (c"video63", Some(63)),
            (c"video4294967295", Some(u32::MAX)),
            (c"video4294967296", None),
            (c"video", None),
            (c"video+1", None),
            (c"video1a", None),
            (c"video-1", None),
            (c"vbi0", None),
            (c"v4l-subdev0", None),
            (c"", None),
            (c"video\xff", None),
        ] {
            assert_eq!(number(name), found, "{name:?}");
        }
    }

    #[test]
    fn entries_are_found_in_the_order_of_their_numbers() {
        let folder = std::env::temp_dir().join(std::format!("vidbuf-nodes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        // More than the kernel returns at once.
        for number in (0..200).rev().chain([7_000_000]) {
            std::fs::write(folder.join(std::format!("video{number}")), "").unwrap();
        }
        std::fs::write(folder.join("vbi5"), "").unwrap();
        let path = CString::new(folder.to_str().unwrap()).unwrap();
        let (mut from, mut found) = (0, std::vec::Vec::new());
        while let Some(number) = next_in(&path, from).unwrap() {
            found.push(number);
            from = number + 1;
        }
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, (0..200).chain([7_000_000]).collect::<std::vec::Vec<_>>());
        assert_eq!(next_in(&path, 0), Err(crate::Errno::ENOENT));
    }
}
