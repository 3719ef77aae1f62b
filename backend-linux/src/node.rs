//! What a node is and how it is set, apart from its buffers: one file for each thing that can be asked or set, with its type, its calls
//! of [`Device`](crate::Device), and the kernel's structure behind them.
//!
//! What sets a format, by itself or with an input, a standard or timings, takes `&mut self`. A queue that has buffers lends its device only
//! as `&Device`, so that their format stays. What may change while frames stream takes `&self`.

mod capability;
mod control;
mod edid;
mod event;
mod format;
mod format_list;
mod formats;
mod input;
mod interval;
mod output;
mod priority;
mod selection;
mod size;
mod standard;
mod timings;

// One for each thing that both ends of a cable have.
vidbuf_abi::connector_conversions!(connectors);
