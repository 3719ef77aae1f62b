//! The functions that programs call. Each looks whether it is about a node of ours, and hands everything else on at once.
//!
//! # Safety
//!
//! All of them have the safety of the C function whose name they have; nothing is added to it.
#![allow(clippy::missing_safety_doc, missing_docs)]

pub mod close;
pub mod control;
pub mod epoll;
pub mod file;
pub mod map;
pub mod open;
pub mod poll;
pub mod select;
pub mod status;
pub mod transfer;
