//! `vidbuf-sim`: runs any program on simulated V4L2 cameras, by seccomp user notification.

mod answers;
mod arguments;
mod cameras;
mod device;
mod dma_bufs;
mod filter;
mod foreign;
mod names;
mod open_file;
mod server;
mod system;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Run};
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
                ExitCode::from(125)
            }
        },
        Command::List => {
            print!("{}", cameras::list());
            ExitCode::SUCCESS
        }
        Command::Check => ExitCode::SUCCESS,
    }
}

fn run(run: Run) -> Result<Ended, String> {
    let transfers = run.cameras.iter().any(|camera| camera.profile.read_write);
    let signals = Signals::new().map_err(|error| error.to_string())?;
    let names = Names::new(&run.cameras).map_err(|error| error.to_string())?;
    let started =
        spawn::spawn(&run.program, &filter::filter(transfers), &signals).map_err(|error| error.to_string())?;
    let server = Server::new(run.cameras, names, run.kernel, started, signals).map_err(|error| error.to_string())?;
    server.run().map_err(|error| error.to_string())
}
