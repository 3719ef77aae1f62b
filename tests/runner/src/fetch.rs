//! What is fetched into the target folder, by name: for the announcement, and for `tests/run fetch`.

use std::fmt;

use anyhow::Result;

use crate::newer::Newer;
use crate::{cross, guest};

/// Something that is fetched or made once and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A guest's kernel, modules and tools.
    Guest(&'static str),
    /// A driver built for a guest's kernel: its name, the guest's.
    Driver(&'static str, &'static str),
    /// Compilers, libraries and emulators of other processors.
    Cross,
    /// The newer v4l2-compliance.
    Compliance,
    /// An older Rust.
    OlderRust,
}

impl Thing {
    /// Programs of this machine that it takes.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Guest(kind) => guest::kind::needs(kind),
            Self::Driver(..) => guest::build::NEEDS,
            Self::Cross | Self::Compliance | Self::OlderRust => &["apt-get", "dpkg-deb"],
        }
    }

    /// Whether only guests want it.
    pub fn is_of_guests(self) -> bool {
        matches!(self, Self::Guest(_) | Self::Driver(..))
    }

    /// Whether it was fetched before.
    pub fn is_there(self) -> bool {
        match self {
            Self::Guest(kind) => guest::image::is_there(kind),
            Self::Driver(name, kind) => guest::build::is_there(kind, name),
            Self::Cross => cross::toolchain::is_there(),
            Self::Compliance => Newer::Compliance.is_there(),
            Self::OlderRust => Newer::Rust.is_there(),
        }
    }

    /// Fetches it.
    ///
    /// # Errors
    ///
    /// What is missing, or what apt printed.
    pub fn fetch(self) -> Result<()> {
        match self {
            Self::Guest(kind) => guest::image::fetch(kind).map(drop),
            Self::Driver(name, kind) => guest::build::built(kind, name).map(drop),
            Self::Cross => cross::toolchain::fetch(),
            Self::Compliance => Newer::Compliance.root().map(drop),
            Self::OlderRust => Newer::Rust.root().map(drop),
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest(kind) => write!(out, "the guest {kind} (a Debian kernel and busybox, about 80 MB)"),
            Self::Driver(name, kind) => {
                write!(out, "the driver {name} for {kind}: its source and the kernel's headers")
            }
            Self::Cross => write!(out, "compiler, C libraries and emulators for other processors (about 400 MB)"),
            Self::Compliance => write!(out, "v4l2-compliance of Debian 13 (about 10 MB)"),
            Self::OlderRust => write!(out, "Rust 1.85 of Debian 13 (about 200 MB)"),
        }
    }
}

/// Everything that can be fetched.
pub fn things() -> Vec<Thing> {
    let guests = guest::kind::NAMES.iter().map(|name| Thing::Guest(name));
    guests
        .chain([Thing::Driver("v4l2loopback", "amd64-6.1"), Thing::Cross, Thing::Compliance, Thing::OlderRust])
        .collect()
}
