//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

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
  vidbuf-sim run --script faults.txt -- ./program          lines: frame 10 drop 3; at 1.5 unplug; fail QBUF 3 EIO
  vidbuf-sim run --no-loss -- ./program                    a busy machine loses nothing
  vidbuf-sim do unplug
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
    /// Have something happen to a camera that a program is using, for example: vidbuf-sim do unplug
    Do(Do),
}

/// `run`.
#[derive(Args, Debug)]
pub struct Run {
    /// A camera: /dev/videoN=PROFILE[,KEY=VALUE…]; keys are size, sizes, rate, formats, memory, card, read, faults, loss, offsets, inputs, requests
    #[arg(long = "camera", value_name = "CAMERA", default_value = "/dev/video0=vivid-webcam")]
    pub cameras: Vec<Camera>,
    /// No camera loses a frame: where the driver has no buffer, or the machine is busy, frames come late
    #[arg(long)]
    pub no_loss: bool,
    /// The kernel that is simulated: 6.1, 6.12 or 6.19
    #[arg(long, value_name = "VERSION", default_value = "6.12", value_parser = cameras::kernel)]
    pub kernel: Kernel,
    /// What goes wrong, and when: a line for each fault, see `vidbuf-sim do --help`
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// What a real device did: the first camera does it again
    #[arg(long, value_name = "RECORDING")]
    pub replay: Option<PathBuf>,
    /// Keep copies of descriptors as if they could not be borrowed, as in a container: to test that
    #[arg(long, hide = true)]
    pub copies: bool,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "PROGRAM")]
    pub program: Vec<OsString>,
}

/// `do`.
#[derive(Args, Debug)]
#[command(after_help = FAULTS)]
pub struct Do {
    /// The runner's control socket; by default that of the runner around this program, or of the only one there is
    #[arg(long, value_name = "SOCKET")]
    pub control: Option<PathBuf>,
    /// What happens, and to which camera: [/dev/videoN] [frame N | at SECONDS | call CALL NTH] FAULT
    #[arg(required = true, trailing_var_arg = true, value_name = "FAULT")]
    pub words: Vec<String>,
}

const FAULTS: &str = "\
Faults, to the next frames:
  frame  drop N  error  short BYTES  torn  stall [N]  stall-forever  out-of-order N  last  empty-last  queue-error  sequence N
  payload PLANE END BEGINNING  source-change WIDTHxHEIGHT
The device:
  unplug  plug-in  rate N  clock realtime|boottime|zero|monotonic  clear  cable out|in|no-lock|out-of-range|WIDTHxHEIGHT
Calls that fail (REQBUFS, QUERYBUF, QBUF, DQBUF, STREAMON, STREAMOFF, mmap): the how many-th from now on, with which error, how often:
  fail CALL NTH ERROR [TIMES]
What the driver reports that is not so:
  granted N  planes N  length PLANE BYTES  cookie PLANE OFFSET  cookie-of INDEX
  index N  index-not-queued  dequeued-planes N
When: frame N of a stream, from 0; SECONDS after the start of the runner; before the NTH CALL from the start of the runner; else at once.
A script has such lines, with # before comments.";
