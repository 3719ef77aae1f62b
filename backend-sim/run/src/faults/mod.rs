//! What goes wrong, and when: by a script, or now by `vidbuf-sim do`.

mod fault;
mod plan;
mod script;
mod words;

pub use fault::Fault;
pub use plan::Plan;
pub use script::{Line, read};
