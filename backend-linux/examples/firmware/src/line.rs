//! One line of text, printed without `core::fmt`, which alone is larger than this program.

/// A line that is being written; what does not fit is cut off.
pub struct Line {
    bytes: [u8; 96],
    length: usize,
}

impl Line {
    pub fn new() -> Self {
        Self { bytes: [b'\n'; 96], length: 0 }
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        for byte in text.bytes() {
            self.byte(byte);
        }
        self
    }

    pub fn number(&mut self, number: u32) -> &mut Self {
        let mut power = 1_000_000_000;
        while power > number && power > 1 {
            power /= 10;
        }
        while power > 0 {
            self.byte(b'0' + (number / power % 10) as u8);
            power /= 10;
        }
        self
    }

    /// The last byte of the room stays a line feed.
    fn byte(&mut self, byte: u8) {
        let last = self.bytes.len() - 1;
        if let Some(place) = self.bytes[..last].get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Prints the line with one system call.
    pub fn print(&self) {
        let whole = self.bytes.get(..=self.length).unwrap_or_default();
        // SAFETY: the program was started with a standard output; without one, the call fails with EBADF.
        let stdout = unsafe { rustix::stdio::stdout() };
        // If the line cannot be printed, nor can an error.
        let _ = rustix::io::write(stdout, whole);
    }
}
