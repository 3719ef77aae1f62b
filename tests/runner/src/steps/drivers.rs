//! Drivers other than vivid load in each guest that has them, and the capture example meets what it should (`tests/drivers.toml`).

use anyhow::{Result, ensure};

use super::Asked;
use super::vivid::copied;
use crate::cases::Cases;
use crate::guest::boot::Boot;
use crate::guest::driver;
use crate::{place, workspace};

/// Drivers that another step is about.
const ELSEWHERE: [&str; 2] = ["v4l2loopback", "vivid"];

/// The step.
pub fn drivers(asked: &Asked) -> Result<()> {
    let release = workspace::for_guests("--bin suite --example capture")?;
    let files = place::emptied("driver-files")?;
    copied(&files, &["suite", "examples/capture"].map(|name| release.join(name)))?;
    let mut cases = Cases::new();
    for (name, driver) in driver::all()? {
        if ELSEWHERE.iter().any(|other| name.starts_with(other)) {
            continue;
        }
        for guest in driver.guests.clone() {
            let (name, driver, files) = (name.clone(), driver.clone(), files.clone());
            cases.add(format!("{name} on {guest}"), move || {
                let mut boot = Boot::new(&guest)?.command(&files, &["suite", "driver", &name]);
                boot.drivers = vec![(name, driver)];
                let status = boot.run()?;
                ensure!(status == 0, "status {status}");
                Ok(())
            });
        }
    }
    cases.run(asked.filter())
}
