//! Finding cameras: the nodes there are, which of them is meant, and waiting for one that is not there.
//!
//! ```no_run
//! use std::time::Duration;
//! use vidbuf::node::Open as _;
//! use vidbuf::Clock as _;
//! use vidbuf_linux::find::{Finder, NodeKind, Which, nodes};
//!
//! for node in nodes() {
//!     let node = node?;
//!     if node.kind() == NodeKind::Camera {
//!         println!("/dev/video{}: {}", node.number, node.name);
//!     }
//! }
//!
//! // The camera at this place of the bus, now or within a minute.
//! let place = Finder::new(Which::Bus("usb-0000:01:00.0-1.2"))?;
//! let camera = place.open_until(place.now() + Duration::from_secs(60))?;
//! # Ok::<(), vidbuf_linux::Errno>(())
//! ```
//!
//! Nothing is allocated. Nodes are those of `/sys/class/video4linux` (without it, of `/dev`) whose names are `videoN`, in the order
//! of their numbers.

mod finder;
mod folder;
mod kind;
mod node;
mod watch;

pub use finder::{Finder, Which};
pub use kind::NodeKind;
pub use node::{Node, Nodes, nodes};
pub use watch::Watch;
