//! Logging: defmt under the feature `defmt-log`, else nothing at all.
//!
//! Levels: `trace` per buffer, `debug` per transition, `warn` for what `Drop` could not report.

#[cfg(feature = "defmt-log")]
macro_rules! log_trace {
    ($($arg:tt)*) => { ::defmt::trace!($($arg)*) };
}
#[cfg(feature = "defmt-log")]
macro_rules! log_debug {
    ($($arg:tt)*) => { ::defmt::debug!($($arg)*) };
}
#[cfg(feature = "defmt-log")]
macro_rules! log_warn {
    ($($arg:tt)*) => { ::defmt::warn!($($arg)*) };
}

#[cfg(not(feature = "defmt-log"))]
macro_rules! nothing {
    ($text:literal $(, $arg:expr)*) => { { $( let _ = &$arg; )* } };
}
#[cfg(feature = "defmt-log")]
pub(crate) use {log_debug as debug, log_trace as trace, log_warn as warn};
#[cfg(not(feature = "defmt-log"))]
pub(crate) use {nothing as debug, nothing as trace, nothing as warn};
