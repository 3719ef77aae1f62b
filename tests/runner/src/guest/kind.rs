//! The guests there are: `tests/guests.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::place;

/// Their names.
pub const NAMES: &[&str] = &["amd64-6.1", "amd64-6.12", "arm64-6.1", "arm64-16k-6.12", "armhf-6.1"];

/// An emulated processor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processor {
    /// The QEMU program.
    pub emulator: String,
    /// QEMU's arguments for machine and processor.
    pub machine: String,
    /// The kernel's name for the first serial port.
    pub console: String,
    /// Memory in MB.
    pub memory: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    processor: String,
    suite: String,
    security: bool,
    kernel: String,
    cpu: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    processor: BTreeMap<String, Processor>,
    guest: BTreeMap<String, Row>,
}

/// A guest.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// Debian's name of the processor.
    pub arch: String,
    /// The Debian release that the kernel comes from.
    pub suite: String,
    /// Whether that release's security part has kernels for it, too.
    pub security: bool,
    /// The metapackage that always names the newest kernel package.
    pub kernel: String,
    /// The emulated machine.
    pub processor: Processor,
}

impl Kind {
    /// The guest of that name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn named(name: &str) -> Result<Self> {
        let table: Table = toml::from_str(include_str!("../../../guests.toml")).context("tests/guests.toml")?;
        let names = || table.guest.keys().cloned().collect::<Vec<_>>().join(" ");
        let row = table.guest.get(name).with_context(|| format!("there is no guest {name}; there are: {}", names()))?;
        let processor =
            table.processor.get(&row.processor).with_context(|| format!("no processor {}", row.processor))?;
        let mut processor = processor.clone();
        if let Some(cpu) = &row.cpu {
            let machine = processor.machine.split_once(" -cpu ").map_or(&*processor.machine, |(machine, _)| machine);
            processor.machine = format!("{machine} -cpu {cpu}");
        }
        Ok(Self {
            name: name.into(),
            arch: row.processor.clone(),
            suite: row.suite.clone(),
            security: row.security,
            kernel: row.kernel.clone(),
            processor,
        })
    }

    /// The folder of its kernel, modules and tools.
    pub fn folder(&self) -> PathBuf {
        place::below_target("guest").join(&self.name)
    }
}

/// The programs of this machine that a guest of that name takes.
pub fn needs(name: &str) -> &'static [&'static str] {
    match name.split('-').next() {
        Some("arm64") => &["apt-get", "dpkg-deb", "qemu-system-aarch64", "depmod", "xz"],
        Some("armhf") => &["apt-get", "dpkg-deb", "qemu-system-arm", "depmod", "xz"],
        _ => &["apt-get", "dpkg-deb", "qemu-system-x86_64", "depmod", "xz", "zstd"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_row_and_its_emulator() {
        for name in NAMES {
            let kind = Kind::named(name).unwrap();
            assert!(needs(name).contains(&&*kind.processor.emulator), "{name}");
        }
        let table: Table = toml::from_str(include_str!("../../../guests.toml")).unwrap();
        assert_eq!(table.guest.len(), NAMES.len());
        assert!(Kind::named("nothing").unwrap_err().to_string().contains("amd64-6.12"));
    }

    #[test]
    fn a_guest_can_have_another_core_than_its_processor() {
        assert_eq!(Kind::named("arm64-16k-6.12").unwrap().processor.machine, "-machine virt -cpu cortex-a76");
    }
}
