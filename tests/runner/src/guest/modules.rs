//! The files of a driver's modules for a guest, in the order in which they are loaded: those that came with its kernel, and built ones.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::build;
use super::driver::Driver;
use super::kind::Kind;
use crate::place;
use crate::process::{Go, line};

/// A module, as it is loaded.
pub struct Module {
    /// Its file.
    pub path: PathBuf,
    /// Its parameters.
    pub parameters: String,
}

/// What is loaded for a driver.
///
/// # Errors
///
/// A module that neither came with the kernel nor is built.
pub fn of_driver(kind: &Kind, name: &str, driver: &Driver) -> Result<Vec<Module>> {
    let mut all = Vec::new();
    if driver.source.is_none() {
        for module in &driver.modules {
            all.extend(shipped(kind, module)?);
        }
    } else {
        let folder = build::built(&kind.name, name)?;
        // What a module built outside of the kernel's tree depends on is what every video driver depends on.
        all.extend(shipped(kind, "vivid")?);
        all.retain(|module| !module.path.ends_with("vivid.ko"));
        all.extend(
            driver
                .modules
                .iter()
                .map(|module| Module { path: folder.join(format!("{module}.ko")), parameters: String::new() }),
        );
    }
    if let Some(last) = all.last_mut() {
        last.parameters.clone_from(&driver.parameters);
    }
    Ok(all)
}

/// A module that came with the kernel, behind those that it depends on.
///
/// # Errors
///
/// The kernel does not have it.
pub fn shipped(kind: &Kind, module: &str) -> Result<Vec<Module>> {
    let folder = kind.folder();
    let order = folder.join("order").join(module);
    ensure!(order.exists(), "Linux {} of the guest {} has no module {module}", version(kind)?, kind.name);
    let order = fs::read_to_string(order)?;
    Ok(order
        .lines()
        .map(|file| Module { path: folder.join("modules").join(file), parameters: String::new() })
        .collect())
}

/// The release of a guest's kernel.
///
/// # Errors
///
/// A guest that is not there.
pub fn version(kind: &Kind) -> Result<String> {
    let path = kind.folder().join("version");
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The program that plays a driver's hardware, built of a file of `tests/guest`.
///
/// # Errors
///
/// A program that does not compile.
pub fn hardware(source: &str) -> Result<PathBuf> {
    let from = place::root().join("tests/guest").join(source);
    let to = place::below_target("guest").join(Path::new(source).with_extension(""));
    line("cc -O2 -Wall -Wextra -Werror -static -o").arg(&to).arg(from).go()?;
    Ok(to)
}
