//! Makes text of defmt's log frames: `decode PROGRAM <FRAMES`.
//!
//! `defmt-print -e PROGRAM` does the same and more; this is the same decoder without the rest. Ends with status 1 when
//! something is not a frame of that program.

use std::error::Error;
use std::io::{Read as _, stdin};

use defmt_decoder::{DecodeError, Table};

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::args().nth(1).ok_or("usage: decode PROGRAM <FRAMES")?;
    let table = Table::parse(&std::fs::read(program)?)?.ok_or("the program does not log")?;
    let mut frames = Vec::new();
    stdin().read_to_end(&mut frames)?;
    let mut decoder = table.new_stream_decoder();
    decoder.received(&frames);
    loop {
        match decoder.decode() {
            Ok(frame) => {
                let level = frame.level().map_or("", |level| level.as_str());
                let time = frame.display_timestamp().map_or(String::new(), |time| time.to_string());
                println!("{time} {level:5} {}", frame.display_message());
            }
            Err(DecodeError::UnexpectedEof) => return Ok(()),
            Err(DecodeError::Malformed) => return Err("not a frame of this program".into()),
        }
    }
}
