//! `vidbuf-sim do`: a line to a runner, and its reply.

use std::env;
use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::PathBuf;
use std::time::Duration;

use crate::arguments::Do;
use crate::names::{CONTROL, PREFIX};

/// The variable that has the control socket of the runner around a program.
pub const VARIABLE: &str = "VIDBUF_SIM_CONTROL";

/// A runner's reply when it has understood.
pub const DONE: &str = "ok";

/// Sends it.
///
/// # Errors
///
/// A sentence.
pub fn send(wish: &Do) -> Result<(), String> {
    let path = wish.control.clone().or_else(|| env::var_os(VARIABLE).map(PathBuf::from)).map_or_else(only_one, Ok)?;
    let reached = |error: std::io::Error| format!("{}: {error}; is the runner still there?", path.display());
    let name = format!("vidbuf-sim-do-{}", std::process::id());
    let here = SocketAddr::from_abstract_name(name).map_err(reached)?;
    let socket = UnixDatagram::bind_addr(&here).map_err(reached)?;
    socket.set_read_timeout(Some(Duration::from_secs(5))).map_err(reached)?;
    socket.send_to(wish.words.join(" ").as_bytes(), &path).map_err(reached)?;
    let mut answer = [0; 1024];
    let length = socket.recv(&mut answer).map_err(reached)?;
    match String::from_utf8_lossy(&answer[..length]) {
        answer if answer == DONE => Ok(()),
        answer => Err(answer.into_owned()),
    }
}

/// The socket of the only runner of this user.
fn only_one() -> Result<PathBuf, String> {
    let folder = env::temp_dir();
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let runners = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    let sockets: Vec<PathBuf> = runners.map(|entry| entry.path().join(CONTROL)).filter(|path| path.exists()).collect();
    match &sockets[..] {
        [socket] => Ok(socket.clone()),
        [] => Err("no runner is at work; start one with vidbuf-sim run".into()),
        several => {
            let list = several.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
            Err(format!("there are several runners; choose one with --control: {list}"))
        }
    }
}
