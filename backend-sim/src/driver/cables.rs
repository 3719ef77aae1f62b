//! When something else arrives at an input, whether the device streams or not.

use crate::cable::Cable;
use crate::kernel::{NodeOf, Rooms};

use super::Engine;

impl Engine<'_> {
    /// Changes what arrives at the input in use at this time of the node's clock. False if eight changes are planned already.
    pub fn plan_cable(&mut self, at_ns: u64, cable: Cable) -> bool {
        let place = self.cables.iter().position(|(planned_ns, _)| *planned_ns > at_ns).unwrap_or(self.cables.len());
        self.cables.insert(place, (at_ns, cable)).is_ok()
    }

    /// When the next change is.
    pub(super) fn next_cable_ns(&self) -> Option<u64> {
        self.cables.first().map(|(at_ns, _)| *at_ns)
    }

    /// The next change.
    pub(super) fn turn_cable<R: Rooms>(&mut self, node: &mut NodeOf<R>) {
        if !self.cables.is_empty() {
            let (_, cable) = self.cables.remove(0);
            node.set_cable(node.input(), cable);
        }
    }
}
