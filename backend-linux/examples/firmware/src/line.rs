//! One line of text, printed without `core::fmt`, which alone is larger than this program.

/// A line that is being written; what does not fit is cut off.
pub struct Line {
    bytes: [u8; 96],
    length: usize,
}

impl Line {
    pub fn new() -> Self {
        Self { bytes: [0; 96], length: 0 }
    }

    /// Of several lines one, counted from 0, with the next of the numbers in the place of each `#`.
    #[inline(never)]
    pub fn one_of(&mut self, lines: &str, wanted: u8, mut numbers: &[u32]) {
        let mut line = 0;
        for byte in lines.bytes() {
            match numbers {
                _ if byte == b'\n' => line += 1,
                _ if line != wanted => {}
                [number, rest @ ..] if byte == b'#' => {
                    self.number(*number);
                    numbers = rest;
                }
                _ => self.byte(byte),
            }
        }
    }

    fn number(&mut self, number: u32) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.byte(b'0' + (number % 10) as u8);
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Ends the line and prints it with one system call.
    pub fn print(&mut self) {
        self.byte(b'\n');
        let whole = self.bytes.get(..self.length).unwrap_or_default();
        // SAFETY: the program was started with a standard output; without one, the call fails with EBADF.
        let stdout = unsafe { rustix::stdio::stdout() };
        // If the line cannot be printed, nor can an error.
        let _ = rustix::io::write(stdout, whole);
    }
}
