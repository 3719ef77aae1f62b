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

    /// A text, with the next of the numbers in the place of each `#`.
    #[inline(never)]
    pub fn text(&mut self, text: &str, numbers: &[u32]) {
        let mut numbers = numbers.iter();
        for byte in text.bytes() {
            match numbers.as_slice() {
                [number, ..] if byte == b'#' => {
                    self.number(*number);
                    numbers.next();
                }
                _ => self.byte(byte),
            }
        }
    }

    /// Of several lines one, counted from 1.
    pub fn one_of(&mut self, lines: &str, number: u8) {
        let mut line = 1;
        for byte in lines.bytes() {
            if byte == b'\n' {
                line += 1;
            } else if line == number {
                self.byte(byte);
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

    /// Prints the line with one system call.
    pub fn print(&self) {
        let whole = self.bytes.get(..self.length).unwrap_or_default();
        // SAFETY: the program was started with a standard output; without one, the call fails with EBADF.
        let stdout = unsafe { rustix::stdio::stdout() };
        // If the line cannot be printed, nor can an error.
        let _ = rustix::io::write(stdout, whole);
    }
}
