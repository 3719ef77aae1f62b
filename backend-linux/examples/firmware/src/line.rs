//! One line of text, printed without `core::fmt`, which alone is larger than this program.

use heapless::Vec;

/// A line that is being written; what does not fit is cut off.
#[derive(Default)]
pub struct Line(Vec<u8, 96>);

impl Line {
    /// Of several lines one, counted from 0, with the next of the numbers in the place of each `#`.
    #[inline(never)]
    pub fn one_of(&mut self, lines: &str, mut wanted: u8, mut numbers: &[u32]) {
        for byte in lines.bytes() {
            match numbers {
                _ if byte == b'\n' => wanted = wanted.wrapping_sub(1),
                _ if wanted != 0 => {}
                [number, rest @ ..] if byte == b'#' => {
                    self.number(*number);
                    numbers = rest;
                }
                _ => self.byte(byte),
            }
        }
    }

    fn number(&mut self, number: u32) {
        let (rest, digit) = (number / 10, number % 10);
        if rest > 0 {
            self.number(rest);
        }
        self.byte(b'0' + digit as u8);
    }

    fn byte(&mut self, byte: u8) {
        // A full line takes no more.
        let _ = self.0.push(byte);
    }

    /// Ends the line and prints it with one system call.
    pub fn print(&mut self) {
        self.byte(b'\n');
        // SAFETY: the program was started with a standard output; without one, the call fails with EBADF.
        let stdout = unsafe { rustix::stdio::stdout() };
        // If the line cannot be printed, nor can an error.
        let _ = rustix::io::write(stdout, &self.0);
    }
}
