//! What a run will install and fetch, said before it begins; and what it cannot have.

use anyhow::{Result, bail};

use crate::fetch::Thing;
use crate::steps::Step;
use crate::{needs, place};

/// Prints what the steps will put on this machine and into the target folder, and installs what they need of this machine.
///
/// # Errors
///
/// Programs that are missing and cannot be installed: one sentence for each.
pub fn announce(steps: &[&'static Step]) -> Result<()> {
    let mut things: Vec<Thing> = Vec::new();
    for thing in steps.iter().flat_map(|step| step.fetches) {
        if !things.contains(thing) && !thing.is_there() {
            things.push(*thing);
        }
    }
    if !things.is_empty() {
        println!("will fetch into {}, while the first steps run:", place::target().display());
        things.iter().for_each(|thing| println!("    {thing}"));
    }
    let wanted = steps.iter().flat_map(|step| step.all_needs());
    let missing = needs::missing(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    if let Some(hindrance) = needs::hindrance() {
        bail!("\n{}", needs::sentences(&missing, hindrance).join("\n"));
    }
    let packages: Vec<_> = needs::packages(&missing).into_iter().collect();
    println!("will install on this machine, with apt: {}", packages.join(" "));
    needs::ensure(&missing.into_iter().collect::<Vec<_>>())
}
