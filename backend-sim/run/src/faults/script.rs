//! A script: a line for each fault.
//!
//! ```text
//! # frames of a stream are counted from 0
//! frame 10 drop 3
//! frame 20 error
//! /dev/video1 at 1.5 unplug
//! /dev/video1 at 3 plug-in
//! fail QBUF 3 EIO
//! call STREAMON 2 unplug
//! ```

use vidbuf_sim::Call;

use super::fault::{self, Fault};
use super::words::{Mistake, Words};

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// So many nanoseconds after the runner has started.
    At(u64),
    /// At this frame of a stream.
    Frame(u64),
    /// Before this call from now on is made; 1 is the next.
    Call(Call, u32),
}

/// A camera's path, as a line has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `/dev/videoN`.
    pub path: String,
    /// Where it stands, if there is no such camera.
    missing: Mistake,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which camera; none is the first.
    pub camera: Option<Place>,
    /// When.
    pub when: When,
    /// What.
    pub fault: Fault,
}

impl Line {
    /// Reads a line; `None` if there is nothing in it.
    ///
    /// # Errors
    ///
    /// What to write instead, and where.
    pub fn read(number: usize, text: &str) -> Result<Option<Self>, Mistake> {
        let mut words = Words::new(number, text);
        let Some(first) = words.peek() else { return Ok(None) };
        let camera = first.starts_with('/').then(|| {
            let missing = words.mistake(&format!("there is no camera {first}; add it with --camera {first}"));
            words.next();
            Place { path: first.into(), missing }
        });
        let when = if words.take("at") {
            let seconds = |word: &str| word.parse().ok().filter(|seconds: &f64| (0.0..1e9).contains(seconds));
            When::At((words.value("a time in seconds", seconds)? * 1e9) as u64)
        } else if words.take("call") {
            let (call, nth) = fault::read_call(&mut words, "which of these calls, 1 for the first")?;
            When::Call(call, nth)
        } else if words.is("frame") && words.len() > 1 && words.take("frame") {
            When::Frame(words.number("the number of a frame")?.into())
        } else {
            When::Now
        };
        let fault = Fault::read(&mut words)?;
        Ok(Some(Self { camera, when, fault }))
    }

    /// Which of these cameras it is for.
    ///
    /// # Errors
    ///
    /// None of them.
    pub fn camera<'p>(&self, mut paths: impl Iterator<Item = &'p str>) -> Result<usize, Mistake> {
        match &self.camera {
            None => Ok(0),
            Some(place) => paths.position(|path| path == place.path).ok_or_else(|| place.missing.clone()),
        }
    }
}

/// Reads a script.
///
/// # Errors
///
/// The first line that cannot be.
pub fn read(text: &str) -> Result<Vec<Line>, Mistake> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(|(number, line)| Line::read(number, line).transpose()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidbuf_sim::{Call, Errno, Event};

    #[test]
    fn lines_are_read() {
        let text =
            "# all\n\nframe 10 drop 3 # three\n/dev/video1 at 1.5 unplug\nfail QBUF 3 EIO\n  stall\nsource 640x480\n";
        let lines = read(text).unwrap();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0], Line { camera: None, when: When::Frame(10), fault: Fault::Event(Event::Drop(3)) });
        assert_eq!((lines[1].when, lines[1].fault), (When::At(1_500_000_000), Fault::Unplug));
        assert_eq!(lines[1].camera(["/dev/video0", "/dev/video1"].into_iter()), Ok(1));
        let missing = lines[1].camera(["/dev/video0"].into_iter()).unwrap_err().to_string();
        assert!(missing.starts_with("line 4, column 1: there is no camera /dev/video1;"), "{missing}");
        assert_eq!(lines[2].fault, Fault::Fail { call: Call::Enqueue, nth: 3, errno: Errno::EIO, times: 1 });
        assert_eq!(lines[3].fault, Fault::Event(Event::StallForever));
        let lines = read("frame\nframe 3 frame\ncall STREAMON 2 unplug\ncable out\nclock realtime\ntorn").unwrap();
        assert_eq!(lines[0], Line { camera: None, when: When::Now, fault: Fault::Event(Event::Frame) });
        assert_eq!(lines[1].when, When::Frame(3));
        assert_eq!((lines[2].when, lines[2].fault), (When::Call(Call::StreamOn, 2), Fault::Unplug));
    }

    #[test]
    fn mistakes_have_their_places() {
        for (text, expected) in [
            ("drop", "line 1, column 5: use how many frames here"),
            ("drop many", "line 1, column 6: use how many frames here"),
            ("error\nframe x error", "line 2, column 7: use the number of a frame here"),
            ("frame 3 explode", "line 1, column 9: use frame, drop, error,"),
            ("error now", "line 1, column 7: 'now' is one word too many"),
            ("fail QBUF 1 EWHAT", "line 1, column 13: use the name of an error"),
            ("call STREAM 1 error", "line 1, column 6: use REQBUFS, "),
            ("call QBUF 0 error", "line 1, column 11: use which of these calls"),
            ("clock local", "line 1, column 7: use monotonic, "),
            ("at soon error", "line 1, column 4: use a time in seconds"),
        ] {
            let mistake = read(text).unwrap_err().to_string();
            assert!(mistake.starts_with(expected), "{text}: {mistake}");
        }
    }
}
