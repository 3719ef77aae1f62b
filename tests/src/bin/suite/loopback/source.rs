//! Who sends frames to a node: `producer.c`, or the library.

use std::fs;

use crate::checks::Outcome;
use crate::programs::{Background, line};

/// A node that captures and outputs at the same time.
pub const PLAIN: &str = "/dev/video40";
/// One that does not capture before a producer streams.
pub const EXCLUSIVE: &str = "/dev/video41";

/// Whether somebody streams to a node: then its format is in sysfs.
pub fn streams(node: &str) -> bool {
    let name = node.trim_start_matches("/dev/");
    fs::read_to_string(format!("/sys/class/video4linux/{name}/format")).is_ok_and(|format| !format.trim().is_empty())
}

/// A producer. It is killed when its user has gone.
pub struct Source(Background);

impl Source {
    /// Starts one that writes so many frames, with so many milliseconds between them.
    pub fn start(node: &str, frames: u32, milliseconds: u32, mode: &str) -> Result<Self, String> {
        let mut producer = line(&format!("producer {node} {frames} {milliseconds} {mode}"));
        Background::start(&mut producer, "/tmp/producer").map(Self)
    }

    /// Starts one and waits until it streams.
    pub fn streaming(node: &str, frames: u32, milliseconds: u32, mode: &str) -> Result<Self, String> {
        let source = Self::start(node, frames, milliseconds, mode)?;
        super::wait_for_stream(node).map_err(|why| format!("{why}: {}", source.printed()))?;
        Ok(source)
    }

    /// What it has printed.
    pub fn printed(&self) -> String {
        self.0.printed()
    }

    /// Stops it where it is; it holds the node.
    pub fn stop(&self) {
        self.0.signal("STOP");
    }

    /// Waits until it has written all of its frames.
    pub fn wait(&mut self) -> Outcome {
        self.0.wait().map(drop)
    }
}

/// The library, which sends a hundred frames.
pub fn sender(node: &str) -> Result<Background, String> {
    let sender = Background::start(&mut line(&format!("timeout -s KILL 20 loopback send {node}")), "/tmp/sender")?;
    super::wait_for_stream(node).map_err(|why| format!("{why}: {}", sender.printed()))?;
    Ok(sender)
}
