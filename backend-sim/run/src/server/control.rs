//! What `vidbuf-sim do` asks for.

use crate::control::DONE;
use crate::faults::Line;

use super::Server;

impl Server {
    /// A line has come, or several.
    pub(super) fn control(&mut self) {
        let mut bytes = [0; 1024];
        // Not blocking: the error in the end is that there is no more.
        while let Ok((length, from)) = self.control.recv_from(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let answer = match Line::read(0, &text) {
                Ok(Some(line)) => self.plan(vec![line]),
                Ok(None) => Ok(()),
                Err(mistake) => Err(mistake.to_string()),
            };
            self.frames();
            let answer = answer.err().unwrap_or_else(|| DONE.into());
            // Who asked may be gone.
            let _ = self.control.send_to_addr(answer.as_bytes(), &from);
        }
    }
}
