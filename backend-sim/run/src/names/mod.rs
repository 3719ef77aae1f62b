//! Names of what is simulated: nodes, their links, and what sysfs has of them.
//!
//! They are in a tree of ordinary files in a temporary folder ([`tree`]), which is also what a program gets that opens a directory: so
//! reading, rewinding and sharing directories is the kernel's business. What a name means is found by its text ([`meaning`]).

mod folder;
mod meaning;
mod tree;

pub use folder::PREFIX;
pub use meaning::{Meaning, descriptor};
pub use tree::{CONTROL, Found, Names};
