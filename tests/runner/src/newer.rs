//! Programs of Debian 13, unpacked below the target folder with the C library that they want; not installed.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::apt::{self, Apt};
use crate::{once, place};

/// A program of Debian 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// v4l2-compliance, as old as the newer kernel.
    Compliance,
    /// Rust 1.85, which checks what Rust the crates promise.
    Rust,
}

impl Newer {
    fn name(self) -> &'static str {
        match self {
            Self::Compliance => "compliance-newer",
            Self::Rust => "debian-rust",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Compliance => &[
                "v4l-utils",
                "libc6",
                "libstdc++6",
                "libgcc-s1",
                "libv4l-0t64",
                "libv4l2rds0t64",
                "libv4lconvert0t64",
                "libudev1",
                "libjpeg62-turbo",
                "libcap2",
            ],
            Self::Rust => &[
                "rustc",
                "libstd-rust-1.85",
                "libstd-rust-dev",
                "libllvm19",
                "libc6",
                "libgcc-s1",
                "libstdc++6",
                "zlib1g",
                "libzstd1",
                "libxml2",
                "libedit2",
                "libffi8",
                "libtinfo6",
                "libz3-4",
                "libbsd0",
                "libmd0",
                "liblzma5",
                "libicu76",
            ],
        }
    }

    fn folder(self) -> PathBuf {
        place::below_target("debian-13").join(self.name())
    }

    /// Whether it was fetched.
    pub fn is_there(self) -> bool {
        once::is_made(&self.folder(), &self.packages().join(" "))
    }

    /// The folder that is its root, fetched unless it is there.
    ///
    /// # Errors
    ///
    /// Packages that are missing.
    pub fn root(self) -> Result<PathBuf> {
        once::made(&self.folder(), &self.packages().join(" "), |new| {
            let apt = Apt::new("trixie", "amd64", false)?;
            apt.download(self.packages())?.iter().try_for_each(|deb| apt::unpack(deb, new, &[]))
        })
    }
}

/// The folder of the libraries in such a root.
pub fn libraries(root: &Path) -> PathBuf {
    root.join("usr/lib/x86_64-linux-gnu")
}

/// The loader in such a root.
pub fn loader(root: &Path) -> PathBuf {
    libraries(root).join("ld-linux-x86-64.so.2")
}
