//! What [`Device::open`](crate::Device::open) takes: a path in the forms that people have one, or the number of a node.

use core::ffi::CStr;

use crate::Errno;

/// Where a device node is: a path, or the number `N` of `/dev/videoN`.
///
/// | type | without `std` | the kernel gets |
/// |---|---|---|
/// | `&CStr` | yes | the path as it is |
/// | `&str` | yes | a copy on the stack, with a NUL |
/// | `u32` | yes | `/dev/videoN` |
/// | `Path`, `PathBuf`, `OsStr`, `OsString`, `String`, `CString` | feature `std` | as a `&CStr` or `&str` |
///
/// Nothing is allocated. A path with a NUL byte inside fails with EINVAL, one of 4096 bytes or more with ENAMETOOLONG, as the
/// kernel's paths end there (`PATH_MAX`).
///
/// ```
/// use vidbuf_linux::{Device, Errno};
///
/// assert_eq!(Device::open("/dev/no-camera").err(), Some(Errno::ENOENT));
/// assert_eq!(Device::open(c"/dev/no-camera").err(), Some(Errno::ENOENT));
/// // /dev/video4000000000
/// assert_eq!(Device::open(4_000_000_000).err(), Some(Errno::ENOENT));
/// assert_eq!(Device::open("/dev/video0\0").err(), Some(Errno::EINVAL));
/// ```
///
/// The number is the one in the node's name, which another camera may have after a restart. Names that stay are links to the
/// nodes, in `/dev/v4l/by-id` and `/dev/v4l/by-path`.
///
/// The trait is sealed: only this crate implements it.
#[diagnostic::on_unimplemented(
    message = "a device is not opened by a `{Self}`",
    note = "paths are `&CStr` and `&str`, and with feature `std` those of the standard library; a `u32` is the number of a node"
)]
pub trait NodePath: sealed::WithPath {}

impl<P: sealed::WithPath> NodePath for P {}

pub(crate) mod sealed {
    use super::{CStr, Errno};

    pub trait WithPath {
        /// Calls `open` with the path.
        fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno>;
    }
}

use sealed::WithPath;

impl WithPath for &CStr {
    #[inline]
    fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
        open(self)
    }
}

impl WithPath for &str {
    fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
        with_bytes(self.as_bytes(), open)
    }
}

impl WithPath for u32 {
    fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
        const FOLDER: &[u8; 10] = b"/dev/video";
        let mut room = [0; FOLDER.len() + 10 + 1];
        let (folder, digits) = room.split_at_mut(FOLDER.len());
        folder.copy_from_slice(FOLDER);
        let (mut power, mut digits) = (1_000_000_000, digits.iter_mut());
        while power > 0 {
            if (self >= power || power == 1)
                && let Some(digit) = digits.next()
            {
                *digit = b'0' + (self / power % 10) as u8;
            }
            power /= 10;
        }
        // The last byte is a NUL at any rate.
        CStr::from_bytes_until_nul(&room).map_or(Err(Errno::EINVAL), open)
    }
}

/// A path without a NUL, copied to the stack.
fn with_bytes<T>(path: &[u8], open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
    /// `PATH_MAX`, the NUL included.
    const MOST: usize = 4096;
    let mut room = [0; MOST];
    let Some((copy, [_, ..])) = room.split_at_mut_checked(path.len()) else { return Err(Errno::ENAMETOOLONG) };
    copy.copy_from_slice(path);
    let with_nul = room.get(..=path.len()).unwrap_or_default();
    // It fails when the path has a NUL of its own.
    CStr::from_bytes_with_nul(with_nul).map_or(Err(Errno::EINVAL), open)
}

#[cfg(feature = "std")]
mod with_std {
    use std::ffi::{CStr, CString, OsStr, OsString};
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::{Path, PathBuf};
    use std::string::String;

    use super::{Errno, WithPath, with_bytes};

    macro_rules! paths {
        ($($type:ty: $path:ident => $bytes:expr;)+) => {
            $(impl WithPath for $type {
                fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
                    let $path = self;
                    with_bytes($bytes, open)
                }
            })+
        };
    }
    paths! {
        &OsStr: path => path.as_bytes();
        &OsString: path => path.as_bytes();
        OsString: path => path.as_bytes();
        &Path: path => path.as_os_str().as_bytes();
        &PathBuf: path => path.as_os_str().as_bytes();
        PathBuf: path => path.as_os_str().as_bytes();
        &String: path => path.as_bytes();
        String: path => path.as_bytes();
    }

    impl WithPath for &CString {
        fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
            open(self)
        }
    }

    impl WithPath for CString {
        fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
            open(&self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CStr, Errno, WithPath};
    use std::string::String;

    fn path(path: impl WithPath) -> Result<String, Errno> {
        path.with_path(|path: &CStr| Ok(String::from(path.to_str().expect("a path in ASCII"))))
    }

    #[test]
    fn number_is_the_one_of_dev_video() {
        for number in [0, 1, 9, 10, 63, 100, 4_000_000_000, u32::MAX] {
            assert_eq!(path(number), Ok(std::format!("/dev/video{number}")));
        }
        // No type is needed.
        assert_eq!(path(7).as_deref(), Ok("/dev/video7"));
    }

    #[test]
    fn text_gets_a_nul() {
        assert_eq!(path("/dev/video2").as_deref(), Ok("/dev/video2"));
        assert_eq!(path(c"/dev/video2").as_deref(), Ok("/dev/video2"));
        assert_eq!(path("").as_deref(), Ok(""));
    }

    #[test]
    fn nul_inside_is_einval() {
        for with_nul in ["\0", "/dev/video0\0", "/dev/vid\0eo0"] {
            assert_eq!(path(with_nul), Err(Errno::EINVAL));
        }
    }

    #[test]
    fn longest_path_is_the_kernels() {
        let longest = "/".repeat(4095);
        assert_eq!(path(longest.as_str()), Ok(longest.clone()));
        for length in [4096, 4097, 100_000] {
            assert_eq!(path("/".repeat(length).as_str()), Err(Errno::ENAMETOOLONG), "{length}");
            // What the kernel makes of it is the same.
            let given = std::ffi::CString::new("/".repeat(length)).expect("no NUL");
            assert_eq!(crate::Device::open(given.as_c_str()).err(), Some(Errno::ENAMETOOLONG), "{length}");
        }
    }

    #[test]
    #[cfg(feature = "std")]
    fn every_path_of_std_is_taken() {
        use std::ffi::{CString, OsStr, OsString};
        use std::path::{Path, PathBuf};
        let text = "/dev/video3";
        let wanted = Ok(String::from(text));
        let (owned, c_text) = (String::from(text), CString::from(c"/dev/video3"));
        let (os_text, buffer) = (OsString::from(text), PathBuf::from(text));
        assert_eq!((path(&owned), path(owned)), (wanted.clone(), wanted.clone()));
        assert_eq!((path(&c_text), path(c_text)), (wanted.clone(), wanted.clone()));
        assert_eq!((path(OsStr::new(text)), path(Path::new(text))), (wanted.clone(), wanted.clone()));
        assert_eq!((path(&os_text), path(os_text)), (wanted.clone(), wanted.clone()));
        assert_eq!((path(&buffer), path(buffer)), (wanted.clone(), wanted));
        assert_eq!(path(Path::new("/dev/\0")), Err(Errno::EINVAL));
    }
}
