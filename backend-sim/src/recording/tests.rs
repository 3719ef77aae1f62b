//! Lines that can be and lines that cannot.

extern crate std;

use std::format;
use std::string::{String, ToString as _};

use super::{Happening, Malformed, ParseError, Recording};

const FORMAT: &str = "format pixelformat=0x56595559 width=64 height=48 field=1 bytesperline=128 sizeimage=6144";
const FRAME: &str = "frame at=10 sequence=0 flags=0x2001 field=1 timestamp=-5 bytesused=6144";

fn text(lines: &[&str]) -> String {
    lines.join("\n")
}

fn refused(lines: &[&str]) -> ParseError {
    Recording::parse(&text(lines)).unwrap_err()
}

/// What a line is refused with that stands in a stream, after a good frame at 10 with sequence 0.
fn reason(line: &str) -> Malformed {
    let error = refused(&[super::HEADER, FORMAT, "start", FRAME, line]);
    assert_eq!(error.line, 5, "{line}");
    error.reason
}

#[test]
fn happenings_are_what_the_lines_say_and_their_text_is_the_lines() {
    let lines = [
        "start",
        FRAME,
        "lost count=3",
        "frame at=20 sequence=4 flags=0x2041 field=4 timestamp=15 bytesused=100 data_offset=7",
        "error at=30",
        "start",
        "unplug at=0",
    ];
    let text = format!("{}\n# words\n\n{FORMAT}\n{}\n", super::HEADER, lines.join("\n"));
    let recording = Recording::parse(&text).unwrap();
    assert_eq!((recording.frames(), recording.is_multiplanar(), recording.format().total()), (2, false, 6144));
    let again: std::vec::Vec<_> = recording.happenings().map(|happening| happening.to_string()).collect();
    assert_eq!(again, lines);
    let Some(Happening::Frame(frame)) = recording.happenings().nth(1) else { panic!("no frame") };
    assert_eq!((frame.at_us, frame.timestamp_us, frame.planes, frame.payload[0].bytesused), (10, -5, 1, 6144));
}

#[test]
fn fields_come_in_any_order_and_lines_may_end_as_on_another_system() {
    let frame = "frame   bytesused=1,2 timestamp=0 field=1 flags=8192 sequence=0xffffffff data_offset=0,1 at=0x10";
    let format = "format_mplane sizeimage=10,20 bytesperline=0,0 field=1 height=1 width=1 pixelformat=1";
    let text = [super::HEADER, format, "start", frame].join("\r\n");
    let recording = Recording::parse(&text).unwrap();
    let Some(Happening::Frame(frame)) = recording.happenings().nth(1) else { panic!("no frame") };
    assert_eq!((frame.at_us, frame.sequence, frame.planes), (16, u32::MAX, 2));
    assert_eq!((frame.payload[1].bytesused, frame.payload[1].data_offset), (2, 1));
    assert!(recording.is_multiplanar());
}

#[test]
fn text_without_header_format_or_start_is_refused() {
    assert_eq!(refused(&[]), ParseError { line: 0, reason: Malformed::NoHeader });
    assert_eq!(refused(&["vidbuf-trace 2"]), ParseError { line: 1, reason: Malformed::NoHeader });
    assert_eq!(refused(&["# vidbuf-trace 1", FORMAT]), ParseError { line: 1, reason: Malformed::NoHeader });
    assert_eq!(refused(&[super::HEADER, "# end"]), ParseError { line: 2, reason: Malformed::NoFormat });
    assert_eq!(refused(&[super::HEADER, "start"]), ParseError { line: 2, reason: Malformed::NoFormat });
    assert_eq!(refused(&[super::HEADER, FORMAT, FRAME]), ParseError { line: 3, reason: Malformed::NotStarted });
}

#[test]
fn format_that_cannot_be_is_refused() {
    let refused = |line: &str| refused(&[super::HEADER, line]).reason;
    assert_eq!(refused(&FORMAT.replace("width=64", "width=0")), Malformed::ImpossibleFormat);
    assert_eq!(refused(&FORMAT.replace("sizeimage=6144", "sizeimage=0")), Malformed::ImpossibleFormat);
    assert_eq!(refused(&FORMAT.replace("height=48", "height=4000000000")), Malformed::ImpossibleFormat);
    assert_eq!(refused(&FORMAT.replace("sizeimage=6144", "sizeimage=4294967295")), Malformed::ImpossibleFormat);
    assert_eq!(refused(&FORMAT.replace("6144", "6144,1")), Malformed::PlaneCount("bytesperline"));
    assert_eq!(refused(&FORMAT.replace("128", "128,1").replace("6144", "6144,1")), Malformed::PlaneCount("sizeimage"));
    assert_eq!(refused(&FORMAT.replace("6144", "1,1,1,1,1,1,1,1,1")), Malformed::PlaneCount("sizeimage"));
    assert_eq!(refused(&FORMAT.replace(" field=1", "")), Malformed::MissingField("field"));
    assert_eq!(reason(FORMAT), Malformed::SecondFormat);
}

#[test]
fn line_that_cannot_be_is_refused_with_its_number_and_reason() {
    let frame = |from: &str, to: &str| reason(&FRAME.replace("sequence=0", "sequence=1").replace(from, to));
    assert_eq!(reason("frames at=1"), Malformed::UnknownWord);
    assert_eq!(reason(super::HEADER), Malformed::UnknownWord);
    assert_eq!(reason("start now"), Malformed::NoField);
    assert_eq!(reason("start at=1"), Malformed::UnknownField);
    assert_eq!(reason("unplug"), Malformed::MissingField("at"));
    assert_eq!(reason("unplug at=1 at=2"), Malformed::RepeatedField("at"));
    assert_eq!(frame("at=10", "at=-1"), Malformed::NotANumber("at"));
    assert_eq!(frame("at=10", "at="), Malformed::NotANumber("at"));
    assert_eq!(frame("at=10", "at=0xg"), Malformed::NotANumber("at"));
    assert_eq!(frame("at=10", "at=99999999999999999999"), Malformed::NotANumber("at"));
    assert_eq!(frame("sequence=1", "sequence=4294967296"), Malformed::NotANumber("sequence"));
    assert_eq!(frame("bytesused=6144", "bytesused=1,"), Malformed::NotANumber("bytesused"));
    assert_eq!(frame("bytesused=6144", "bytesused=1,1"), Malformed::PlaneCount("bytesused"));
    assert_eq!(frame("bytesused=6144", "bytesused=1 data_offset=0,0"), Malformed::PlaneCount("data_offset"));
    assert_eq!(frame("at=10", "at=9"), Malformed::Backwards { at_us: 9, previous_us: 10 });
    let payload = |data_offset, bytesused| Malformed::Payload { plane: 0, data_offset, bytesused, sizeimage: 6144 };
    assert_eq!(frame("bytesused=6144", "bytesused=6145"), payload(0, 6145));
    assert_eq!(frame("bytesused=6144", "bytesused=5 data_offset=6"), payload(6, 5));
    assert_eq!(frame("flags=0x2001", "flags=0x4001"), Malformed::TimestampKind);
}

#[test]
fn lines_that_contradict_each_other_are_refused() {
    let refused = |lines: &[&str]| refused(&[&[super::HEADER, FORMAT, "start", FRAME], lines].concat());
    let next = "frame at=20 sequence=1 flags=0x2001 field=1 timestamp=15 bytesused=6144";
    let disagrees = Malformed::LostDisagrees { expected: 2, sequence: 1 };
    assert_eq!(refused(&["lost count=1", next]), ParseError { line: 6, reason: disagrees });
    assert_eq!(refused(&["lost count=1", "lost count=1"]), ParseError { line: 6, reason: Malformed::LostWhat });
    assert_eq!(refused(&["lost count=1", "unplug at=30"]), ParseError { line: 6, reason: Malformed::LostWhat });
    assert_eq!(refused(&["error at=30", next]), ParseError { line: 6, reason: Malformed::AfterTheEnd });
    assert_eq!(refused(&["unplug at=30", "error at=40"]), ParseError { line: 6, reason: Malformed::AfterTheEnd });
}

#[test]
fn no_text_whatever_makes_it_panic() {
    let good = text(&[super::HEADER, FORMAT, "start", FRAME, "lost count=1", "error at=30"]);
    for (at, _) in good.char_indices() {
        for replacement in ["", "=", ",", "0x", "-", "9999999999999999999999", "\n", "é", "\0"] {
            let broken = format!("{}{replacement}{}", &good[..at], &good[at + 1..]);
            if let Err(error) = Recording::parse(&broken) {
                assert!(error.line as usize <= broken.lines().count() && !error.to_string().is_empty());
            }
        }
        let _ = Recording::parse(&good[..at]);
    }
}
