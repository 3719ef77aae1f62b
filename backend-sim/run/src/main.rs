//! `vidbuf-sim`: runs any program on simulated V4L2 cameras, by seccomp user notification.

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
compile_error!(
    "vidbuf-sim runs on x86-64 Linux: how a call is seen and how a thread is stopped differ on other processors"
);

mod answers;
mod arguments;
mod buttons;
mod cameras;
mod check;
mod control;
mod device;
mod dma_bufs;
mod faults;
mod filter;
mod foreign;
mod kinds;
mod names;
mod open_file;
mod server;
mod system;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Run};
use cameras::Camera;
use names::Names;
use server::Server;
use system::signals::Signals;
use system::spawn::{self, Ended};

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Run(run) => match self::run(run) {
            Ok(ended) => ended.imitate(),
            Err(sentence) => {
                eprintln!("vidbuf-sim: {sentence}");
                ExitCode::from(CANNOT)
            }
        },
        Command::List => {
            print!("{}", cameras::list());
            ExitCode::SUCCESS
        }
        Command::Do(wish) => match control::send(&wish) {
            Ok(()) => ExitCode::SUCCESS,
            Err(sentence) => {
                eprintln!("vidbuf-sim: {sentence}");
                ExitCode::FAILURE
            }
        },
        Command::Check => {
            let (text, whole) = check::report();
            print!("{text}");
            if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

/// What the runner exits with if it cannot run the program.
const CANNOT: u8 = 125;

/// Runs a program; a sentence if that is not possible here.
fn run(mut run: Run) -> Result<Ended, String> {
    distinct(&run.cameras)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let script = match &run.script {
        Some(path) => faults::read(&read(path)?).map_err(|mistake| format!("{}, {mistake}", path.display()))?,
        None => Vec::new(),
    };
    for line in &script {
        let paths = run.cameras.iter().map(|camera| &*camera.path);
        let shown = run.script.as_deref().unwrap_or(Path::new("")).display();
        line.camera(paths).map_err(|mistake| format!("{shown}, {mistake}"))?;
    }
    for camera in &mut run.cameras {
        camera.loses &= !run.no_loss;
    }
    if let (Some(path), Some(camera)) = (&run.replay, run.cameras.first_mut()) {
        camera.replay(read(path)?).map_err(|error| format!("{}, {error}", path.display()))?;
    }
    if let Some(sentence) = check::missing() {
        return Err(sentence);
    }
    let other = |error: std::io::Error| error.to_string();
    let transfers = run.cameras.iter().any(|camera| camera.profile.read_write);
    // Before signals are blocked and the program is there.
    let borrows = !run.copies && check::borrows();
    let signals = Signals::new().map_err(other)?;
    let names = Names::new(&run.cameras).map_err(other)?;
    let control = names.control();
    let variable = (control::VARIABLE, control.as_os_str());
    let started = spawn::spawn(&run.program, variable, &filter::filter(transfers), &signals);
    let started = started.map_err(|error| check::refused(&error))?;
    let mut server = Server::new(run.cameras, names, run.kernel, started, signals, borrows).map_err(other)?;
    server.plan(script)?;
    server.run().map_err(other)
}

/// No two cameras have one name.
fn distinct(cameras: &[Camera]) -> Result<(), String> {
    for (place, camera) in cameras.iter().enumerate() {
        if cameras[..place].iter().any(|other| other.path == camera.path) {
            return Err(format!("{} is there twice; give each camera a path of its own", camera.path));
        }
    }
    Ok(())
}
