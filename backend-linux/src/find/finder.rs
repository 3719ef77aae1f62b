//! One camera among the nodes, there or not.

use core::time::Duration;

use vidbuf::Clock;
use vidbuf::node::{Open, Text};

use super::kind::NodeKind;
use super::node::{Node, nodes};
use super::watch::Watch;
use crate::{Device, Errno};

/// Which camera is meant ([`Finder`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Which<'a> {
    /// The one with the lowest number.
    First,
    /// The first whose name is this: the node's or the card's (`card` of QUERYCAP).
    Name(&'a str),
    /// The first at this place (`bus_info` of QUERYCAP), whatever it is.
    Bus(&'a str),
    /// The camera at the place of one that was found before ([`Which::same`]).
    Place {
        /// `bus_info` of QUERYCAP.
        bus_info: Text<32>,
        /// Which node of its device.
        index: u32,
    },
}

impl Which<'_> {
    /// The same camera, also after it was unplugged and plugged in again at the same place, whatever its number is then. `None` if the
    /// node did not report where it is.
    pub fn same(node: &Node) -> Option<Which<'static>> {
        let about = node.capabilities.ok()?;
        (!about.bus_info.as_bytes().is_empty()).then_some(Which::Place { bus_info: about.bus_info, index: node.index })
    }

    /// Whether this camera is meant.
    fn is(&self, node: &Node) -> bool {
        let Ok(about) = &node.capabilities else { return false };
        match *self {
            Self::First => true,
            Self::Name(name) => [node.name.as_bytes(), about.card.as_bytes()].contains(&name.as_bytes()),
            Self::Bus(place) => about.bus_info.as_bytes() == place.as_bytes(),
            Self::Place { bus_info, index } => about.bus_info == bus_info && node.index == index,
        }
    }
}

/// Opens one camera of this system, when it is there.
///
/// Each [`open`](Open::open) looks through the [`nodes`] anew: for those of kind [`Camera`](NodeKind::Camera). It is the same opened
/// file that is looked at and returned, so that no other device can take its place in between.
///
/// A program that keeps going while the camera comes and goes is generic over [`Open`], and runs on the simulator as well.
#[derive(Debug)]
pub struct Finder<'a> {
    which: Which<'a>,
    nonblocking: bool,
    watch: Watch,
}

impl<'a> Finder<'a> {
    /// Of this camera. Watches `/dev` from now on.
    ///
    /// # Errors
    ///
    /// As [`Watch::new`].
    pub fn new(which: Which<'a>) -> Result<Self, Errno> {
        Ok(Self { which, nonblocking: false, watch: Watch::new()? })
    }

    /// Opens devices whose DQBUF never sleeps ([`Device::open_nonblocking`]).
    #[must_use]
    pub fn nonblocking(self) -> Self {
        Self { nonblocking: true, ..self }
    }

    /// The watch of `/dev`, for an event loop.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Opens the camera, and returns where it was found.
    ///
    /// # Errors
    ///
    /// - ENOENT: there is none.
    /// - EACCES, EBUSY: a node cannot be opened, and may be the one.
    pub fn find(&self) -> Result<(Device, Node), Errno> {
        let mut refused = Errno::ENOENT;
        for node in nodes() {
            let number = node?.number;
            let device = if self.nonblocking { Device::open_nonblocking(number) } else { Device::open(number) };
            let device = match device {
                Ok(device) => device,
                Err(error) => {
                    // It has gone, or may be the one.
                    if !matches!(error, Errno::ENOENT | Errno::ENODEV | Errno::ENXIO) {
                        refused = error;
                    }
                    continue;
                }
            };
            let node = Node::found(number, Ok(&device));
            if node.kind() == NodeKind::Camera && self.which.is(&node) {
                return Ok((device, node));
            }
        }
        Err(refused)
    }
}

impl Clock for Finder<'_> {
    fn now(&self) -> Duration {
        crate::clock::now()
    }
}

impl Open for Finder<'_> {
    type Camera = Device;

    fn open(&self) -> Result<Device, Errno> {
        self.find().map(|(device, _)| device)
    }

    fn wait_for_change(&self, deadline: Duration) -> Result<bool, Errno> {
        self.watch.wait(Some(deadline.saturating_sub(self.now())))
    }
}
