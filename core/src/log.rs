//! Logging: through defmt under the feature `defmt-log`, through the crate `log` under the feature `log`, through both under both;
//! else nothing at all.
//!
//! Levels: `trace` per buffer, `debug` per transition, `warn` for what `Drop` could not report. A message is written once, with
//! defmt's type hints; arguments are cheap and have no side effect, because each logger evaluates them.

/// A message to every logger that is compiled in.
macro_rules! event {
    ($level:ident, $text:literal $(, $arg:expr)*) => {{
        #[cfg(feature = "defmt-log")]
        ::defmt::$level!($text $(, $arg)*);
        // The target is a fixed name: a filter does not depend on how the modules are called.
        #[cfg(feature = "log")]
        ::log::$level!(target: "vidbuf", "{}", $crate::log::Message($text, &[$(&$arg),*]));
        $( let _ = &$arg; )*
    }};
}
macro_rules! log_trace {
    ($($message:tt)*) => { $crate::log::event!(trace, $($message)*) };
}
macro_rules! log_debug {
    ($($message:tt)*) => { $crate::log::event!(debug, $($message)*) };
}
macro_rules! log_warn {
    ($($message:tt)*) => { $crate::log::event!(warn, $($message)*) };
}
pub(crate) use {event, log_debug as debug, log_trace as trace, log_warn as warn};

/// A message for `log`: a text with defmt's hints (`{=u32}`) and the numbers that take their places.
#[cfg(feature = "log")]
pub(crate) struct Message<'a>(pub &'static str, pub &'a [&'a dyn core::fmt::Display]);

#[cfg(feature = "log")]
impl core::fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut rest = self.0;
        for argument in self.1 {
            let Some((before, from_hint)) = rest.split_once('{') else { break };
            f.write_str(before)?;
            argument.fmt(f)?;
            rest = from_hint.split_once('}').map_or("", |(_, after)| after);
        }
        f.write_str(rest)
    }
}
