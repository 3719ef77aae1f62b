//! The drivers that a guest can load: `tests/drivers.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

/// A driver, as a row describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// What is loaded, in this order.
    pub modules: Vec<String>,
    /// The parameters of the last module.
    #[serde(default)]
    pub parameters: String,
    /// The Debian package with its source, if Debian does not build it; VERSION in it is the kernel's.
    pub source: Option<String>,
    /// Where it is in the kernel's source; without any, the package is the driver's own.
    #[serde(default)]
    pub files: Vec<String>,
    /// What is built.
    #[serde(default)]
    pub objects: String,
    /// The kernel's settings for it, as words for `make`.
    #[serde(default)]
    pub settings: String,
    /// A program that plays the hardware: it is built of this file, and started after the modules.
    pub hardware: Option<String>,
    /// The guests whose kernel has it.
    pub guests: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    driver: BTreeMap<String, Driver>,
}

/// Every driver, by name.
///
/// # Errors
///
/// A table that cannot be read.
pub fn all() -> Result<BTreeMap<String, Driver>> {
    let table: Table = toml::from_str(include_str!("../../../drivers.toml")).context("tests/drivers.toml")?;
    Ok(table.driver)
}

/// The drivers of these names, with commas between them.
///
/// # Errors
///
/// A name that no row has.
pub fn named(names: &str) -> Result<Vec<(String, Driver)>> {
    let all = all()?;
    let find = |name: &str| {
        let names = || all.keys().cloned().collect::<Vec<_>>().join(" ");
        let driver = all.get(name).with_context(|| format!("there is no driver {name}; there are: {}", names()))?;
        Ok((name.to_owned(), driver.clone()))
    };
    names.split(',').filter(|name| !name.is_empty()).map(find).collect()
}

/// The modules that Debian builds and a driver names: they are taken from every guest's kernel that has them.
///
/// # Errors
///
/// As [`all`].
pub fn shipped() -> Result<Vec<String>> {
    let drivers = all()?.into_values().filter(|driver| driver.source.is_none());
    let mut names: Vec<String> = drivers.flat_map(|driver| driver.modules).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::kind::NAMES;

    #[test]
    fn every_driver_has_a_module_and_a_guest_and_is_found() {
        for (name, driver) in all().unwrap() {
            assert!(!driver.modules.is_empty() && !driver.guests.is_empty(), "{name}");
            assert!(driver.guests.iter().all(|guest| NAMES.contains(&&**guest)), "{name}");
            assert!(driver.source.is_none() || !driver.objects.is_empty(), "{name} is built of nothing");
        }
        assert_eq!(named("vivid,v4l2loopback").unwrap().len(), 2);
        assert_eq!(named("").unwrap().len(), 0);
        assert!(named("nothing").unwrap_err().to_string().contains("vivid"));
    }
}
