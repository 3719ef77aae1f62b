//! What a queue makes of a driver's answers, each of which the test chooses.

mod buffers;
mod cleaning;
mod driver;
mod losses;
mod parked;
mod pauses;
mod requests;
mod words;
