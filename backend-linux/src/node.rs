//! What a node is and how it is set, apart from its buffers: one file for each thing that can be asked or set, with its type, its calls
//! of [`Device`](crate::Device), and the kernel's structure behind them.

mod capability;
mod control;
mod format;
mod format_list;
mod formats;
mod interval;
mod size;
