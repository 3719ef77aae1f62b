//! A program on the scales: `PROGRAM NODE SHORT LONG [WAIT]`.
//!
//! It opens the node, sets YUYV in 320x180, asks for four buffers, and takes frames one by one, a few to warm up, SHORT of
//! them, LONG of them. With WAIT it then waits for the end of its standard input, so that its memory can be looked at.

use std::cell::Cell;
use std::ffi::CString;
use std::io::Read as _;
use std::process::ExitCode;

#[path = "../../src/marks.rs"]
pub mod marks;

pub use marks::{Windows, Words, say, touch_pages};

/// Size of the pictures: small, because an emulated processor draws them.
pub const WIDTH: u32 = 320;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 180;
/// Buffers asked for.
pub const BUFFERS: u32 = 4;
/// Frames after which every page of every buffer has been seen.
pub const WARM: u32 = 12;

/// One run: which node, how many frames, and whether to wait before cleaning up.
pub struct Run {
    /// Path of the node.
    pub node: String,
    /// The same for who wants it with a NUL.
    pub path: CString,
    windows: Windows,
    words: Words,
    wait: bool,
}

impl Run {
    /// The two windows, on a camera that is ready; `frame` takes one frame and gives it back.
    pub fn frames<E>(&self, frame: impl FnMut() -> Result<(), E>) -> Result<(), E> {
        let before = Cell::new(0);
        self.windows.run(&self.words, || before.set(processor_time()), frame)?;
        let spent = processor_time() - before.get();
        println!("nanoseconds {}", spent / u64::from(self.windows.long));
        if self.wait {
            println!("waiting");
            // Every event, and an error too, means: go on.
            let _ = std::io::stdin().read(&mut [0]);
        }
        Ok(())
    }
}

/// Nanoseconds that this process had the processor, in user space and in the kernel.
fn processor_time() -> u64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|spent| spent.parse().ok()).unwrap_or_default()
}

/// `main` of every program.
pub fn main<E>(program: impl FnOnce(&Run) -> Result<(), E>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let run = match arguments.as_slice() {
        [node, short, long, wait @ ..] => short.parse().ok().zip(long.parse().ok()).map(|(short, long)| Run {
            node: node.clone(),
            path: CString::new(node.as_str()).unwrap_or_default(),
            windows: Windows { warm: WARM, short, long },
            words: Words::of("frame"),
            wait: !wait.is_empty(),
        }),
        _ => None,
    };
    let Some(run) = run else {
        eprintln!("usage: PROGRAM NODE SHORT LONG [WAIT]");
        return ExitCode::FAILURE;
    };
    say("open\n");
    match program(&run) {
        Ok(()) => ExitCode::SUCCESS,
        // Without the error: its text would add to the size. strace shows it.
        Err(_) => {
            eprintln!("failed");
            ExitCode::FAILURE
        }
    }
}
