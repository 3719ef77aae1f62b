//! A node, found without being opened for long.

use core::ffi::CStr;

use vidbuf::node::{Capabilities, Text};

use super::folder::{attribute, next_number};
use super::kind::NodeKind;
use crate::node_path::sealed::WithPath;
use crate::{Device, Errno};

/// A video node of this system ([`nodes`]). It is a path for [`Device::open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Node {
    /// `N` of `/dev/videoN`. Another node may have it after the device was plugged in again.
    pub number: u32,
    /// The node's name (`/sys/class/video4linux/videoN/name`), for people; empty without sysfs. The nodes of one device may share it.
    pub name: Text<64>,
    /// Which node of its device it is, from 0; 0 without sysfs.
    pub index: u32,
    /// What it is and can do, or why that is not known: EACCES, EBUSY, or ENODEV of one that has just gone.
    pub capabilities: Result<Capabilities, Errno>,
    kind: Option<NodeKind>,
}

impl Node {
    /// What it is for; [`Other`](NodeKind::Other) if its capabilities are not known.
    pub fn kind(&self) -> NodeKind {
        self.kind.unwrap_or(NodeKind::Other)
    }

    /// The node with this number, whether or not it can be opened.
    pub(super) fn look(number: u32) -> Self {
        Self::found(number, Device::open_nonblocking(number).as_ref().map_err(|error| *error))
    }

    /// The same of a device that is open.
    pub(super) fn found(number: u32, device: Result<&Device, Errno>) -> Self {
        let capabilities = device.and_then(Device::capabilities);
        let kind = match (&device, &capabilities) {
            (Ok(device), Ok(about)) => Some(NodeKind::of(device, about)),
            _ => None,
        };
        let index = attribute::<16>(number, "index").map_or(0, |text| {
            let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
            digits.fold(0, |index: u32, digit| index.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
        });
        Self { number, name: Text::new(attribute(number, "name").unwrap_or([0; 64])), index, capabilities, kind }
    }
}

impl WithPath for &Node {
    fn with_path<T>(self, open: impl FnOnce(&CStr) -> Result<T, Errno>) -> Result<T, Errno> {
        self.number.with_path(open)
    }
}

/// The nodes of this system ([`nodes`]).
#[derive(Debug)]
pub struct Nodes {
    /// `None`: no more.
    next: Option<u32>,
}

/// All video nodes, in the order of their numbers. Each is opened for a moment, without waiting, and asked what it is.
///
/// Nodes that come and go meanwhile may be missed. An error, of reading the folder, is the last item; a node that cannot be
/// opened is an item with that error in its [`capabilities`](Node::capabilities).
pub const fn nodes() -> Nodes {
    Nodes { next: Some(0) }
}

impl Iterator for Nodes {
    type Item = Result<Node, Errno>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.next.take()?;
        match next_number(from) {
            Ok(found) => {
                let number = found?;
                self.next = number.checked_add(1);
                Some(Ok(Node::look(number)))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl core::iter::FusedIterator for Nodes {}
