//! Drivers other than vivid load in each guest that has them, and the capture example meets what it should (`tests/drivers.toml`).

use anyhow::{Result, ensure};

use super::Asked;
use super::vivid::copied;
use crate::cases::Cases;
use crate::guest::boot::Boot;
use crate::guest::driver;
use crate::place::{self, HOST, below_target};
use crate::process::{Go, cargo};

/// Drivers that another step is about.
const ELSEWHERE: [&str; 2] = ["v4l2loopback", "vivid"];

/// The step.
pub fn drivers(asked: &Asked) -> Result<()> {
    let build = |words: &str| {
        cargo(&format!("build --locked --release --target {HOST} {words}"))
            .env("RUSTFLAGS", "-C target-feature=+crt-static")
            .go()
    };
    build("-p vidbuf-tests --bin suite")?;
    build("-p vidbuf-linux --example capture")?;
    let files = place::emptied("driver-files")?;
    let release = below_target(HOST).join("release");
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
