//! A USB camera in software, plugged in and unplugged.

use std::ffi::{CStr, CString};
use std::fs;

use crate::checks::Outcome;
use crate::programs::{Background, line, until};

/// Where the second port's camera is on the bus.
const PORT: &str = "1";

/// A camera. It is unplugged when its user has gone.
pub struct Camera {
    node: CString,
    hardware: Option<Background>,
}

impl Camera {
    /// The one that the guest started.
    pub fn first() -> Result<Self, String> {
        Ok(Self { node: named(&crate::programs::node("SOFT_CAMERA"))?, hardware: None })
    }

    /// Another one, which does what these words have it do.
    pub fn plug(words: &str) -> Result<Self, String> {
        let before = nodes();
        let hardware = Background::start(&mut line(&format!("/hardware --port {PORT} {words}")), "/tmp/camera")?;
        let mut node = None;
        until("a camera's node", || {
            node = nodes().into_iter().find(|node| !before.contains(node));
            node.is_some()
        })
        .map_err(|why| format!("{why}: {}", hardware.printed()))?;
        Ok(Self { node: named(&node.unwrap_or_default())?, hardware: Some(hardware) })
    }

    /// Its device node.
    pub fn node(&self) -> &CStr {
        &self.node
    }

    /// What its hardware has printed so far.
    pub fn printed(&self) -> String {
        self.hardware.as_ref().map(Background::printed).unwrap_or_default()
    }

    /// Pulls the plug.
    pub fn unplug(self) -> Outcome {
        drop(self);
        Ok(())
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        if let Some(hardware) = self.hardware.take() {
            drop(hardware);
            // The port is free when the node has gone.
            let node = self.node.to_string_lossy().into_owned();
            let _stays_for_ever = until("the end of a node", || !nodes().contains(&node));
        }
    }
}

/// The kernel's last words, for a camera that has gone by itself.
pub fn kernel_log() -> String {
    let log = line("dmesg").output().map(|output| output.stdout).unwrap_or_default();
    let log = String::from_utf8_lossy(&log).into_owned();
    log.lines().rev().take(20).collect::<Vec<_>>().into_iter().rev().map(|line| format!("{line}\n")).collect()
}

fn named(node: &str) -> Result<CString, String> {
    CString::new(node).map_err(|error| error.to_string())
}

/// Nodes of USB cameras that give pictures; the other node of each gives metadata.
fn nodes() -> Vec<String> {
    let entries = fs::read_dir("/sys/class/video4linux").into_iter().flatten().flatten();
    let pictures =
        entries.filter(|entry| fs::read_to_string(entry.path().join("index")).is_ok_and(|index| index.trim() == "0"));
    let nodes = pictures.map(|entry| format!("/dev/{}", entry.file_name().to_string_lossy()));
    nodes.filter(|node| fs::exists(node).unwrap_or_default()).collect()
}
