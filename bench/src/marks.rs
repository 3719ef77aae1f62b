//! What every weighed program does: prints where it is, reads a byte of every page of a frame, takes frames in two windows.
//!
//! The difference between the long window and the short one is what the frames between them cost, with every tool: strace
//! records the lines, and callgrind begins a new count at every [`mark`].

use std::fs::File;
use std::io::Write as _;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd as _;

/// Prints where the program is. Never inlined, under this name: callgrind begins a new count here.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn mark(text: &u8, length: usize) {
    // SAFETY: descriptor 1 is open for the whole run, and `ManuallyDrop` leaves it so; the text is a Rust string's.
    let (mut output, text) =
        unsafe { (ManuallyDrop::new(File::from_raw_fd(1)), std::slice::from_raw_parts(text, length)) };
    // Nothing may be reading standard output: that is no error.
    let _ = output.write_all(text);
}

/// [`mark`], in Rust's words; the text ends with a new line.
pub fn say(text: &str) {
    if let Some(first) = text.as_bytes().first() {
        mark(first, text.len());
    }
}

/// Reads one byte of every page. Never inlined, under this name: what it costs is not the library's, and is taken off.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn touch(bytes: &u8, length: usize) -> u64 {
    // SAFETY: both come from one slice, see `touch_pages`.
    let bytes = unsafe { std::slice::from_raw_parts(bytes, length) };
    bytes.iter().step_by(4096).map(|&byte| u64::from(byte)).sum()
}

/// [`touch`], in Rust's words.
#[inline(always)]
pub fn touch_pages(bytes: &[u8]) -> u64 {
    bytes.first().map_or(0, |first| touch(first, bytes.len()))
}

/// How many frames there are in the two windows.
#[derive(Clone, Copy)]
pub struct Windows {
    /// Frames that are not counted: until every page of every buffer has been seen.
    pub warm: u32,
    /// Frames of the short window.
    pub short: u32,
    /// Frames of the long window.
    pub long: u32,
}

/// The lines of a pair of windows. Made beforehand, so that nothing that is counted holds an allocation of this.
pub struct Words([String; 5]);

impl Words {
    /// Words of the windows of this name.
    pub fn of(name: &str) -> Self {
        Self(["first", "short", "pause", "long", "end"].map(|window| format!("{name} {window}\n")))
    }
}

impl Windows {
    /// The two windows; `frame` takes one frame and gives it back. `between` runs before the long window. The first frame is
    /// counted by itself: some libraries start the stream with it.
    pub fn run<E>(
        self,
        words: &Words,
        between: impl FnOnce(),
        mut frame: impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let Words([first, short, pause, long, end]) = words;
        repeat(1, &mut frame)?;
        say(first);
        repeat(self.warm, &mut frame)?;
        say(short);
        repeat(self.short, &mut frame)?;
        say(pause);
        between();
        say(long);
        repeat(self.long, &mut frame)?;
        say(end);
        Ok(())
    }
}

/// Never inlined, and the only caller of `frame`, so that all windows run the same instructions.
#[inline(never)]
fn repeat<E>(frames: u32, frame: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
    for _ in 0..frames {
        frame()?;
    }
    Ok(())
}
