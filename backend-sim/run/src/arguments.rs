//! The command line.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

use crate::cameras::{self, Camera};
use vidbuf_sim::Kernel;

/// Simulated V4L2 cameras for any program, without a camera, a kernel module or privileges.
#[derive(Debug, Parser)]
#[command(name = "vidbuf-sim", version, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  vidbuf-sim run -- v4l2-ctl -d /dev/video0 --all
  vidbuf-sim run --camera /dev/video0=uvc,size=1280x720,rate=60 -- ffmpeg -f v4l2 -i /dev/video0 -frames:v 100 x.mkv
  vidbuf-sim run --camera /dev/video0=vivid --camera /dev/video1=vivid-output --kernel 6.1 -- cargo test
  vidbuf-sim list
  vidbuf-sim check";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a program, its threads and its children on simulated cameras; exit status and signals are the program's
    Run(Run),
    /// Print the profiles, with their formats
    List,
    /// Print what of this works on this machine
    Check,
}

/// `run`.
#[derive(Args, Debug)]
pub struct Run {
    /// A camera: /dev/videoN=PROFILE[,KEY=VALUE…]; keys are size, rate, formats, memory, card, read
    #[arg(long = "camera", value_name = "CAMERA", default_value = "/dev/video0=vivid")]
    pub cameras: Vec<Camera>,
    /// The kernel that is simulated: 6.1, 6.12 or 6.19
    #[arg(long, value_name = "VERSION", default_value = "6.12", value_parser = cameras::kernel)]
    pub kernel: Kernel,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "PROGRAM")]
    pub program: Vec<OsString>,
}
