//! Ten frames, logged: `logging [NODE] 2>frames`; from the simulator when no node is named. See `../../docs/logging.md`.

#[cfg(feature = "defmt")]
mod logger;

use std::ffi::OsString;
use std::process::ExitCode;

use vidbuf::error::ErrorKind;
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::{Backend, Error, Recovery, Request};
use vidbuf_linux::Device;
use vidbuf_sim::{Call, Errno, Profile, Sim};

fn main() -> ExitCode {
    let outcome = match std::env::args_os().nth(1) {
        Some(node) => real(node),
        None => simulated(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            #[cfg(feature = "defmt")]
            defmt::error!("{=str}", sentence.as_str());
            println!("logging: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn real(node: OsString) -> Result<(), String> {
    let device = Device::open(node).map_err(|error| format!("open: {error}"))?;
    frames(device).map_err(|error| error.to_string())
}

/// A camera that fails to free its buffers in the end. Dropping a queue cannot return that: only the log has it.
fn simulated() -> Result<(), String> {
    let mut memory = vec![0; 4 << 20];
    let camera = Sim::new(Profile::VIVID, &mut memory);
    let open = || camera.open().map_err(|error| error.to_string());
    frames(open()?).map_err(|error| error.to_string())?;
    let queue = CaptureQueue::<_>::new(open()?)
        .request_buffers(Request::exactly(2))
        .map_err(|failed| failed.error.to_string())?;
    camera.fail_next(Call::RequestBuffers, 2, Errno::EBUSY);
    drop(queue);
    Ok(())
}

/// How often in a row the program tries again after an error.
const TRIES: u32 = 10;

fn frames<B: Backend>(camera: B) -> Result<(), Error> {
    let buffers = Request::up_to(4).at_least(2);
    let mut queue = CaptureQueue::<_>::new(camera).start(buffers)?;
    let (mut frames, mut tries) = (0, 0);
    while frames < 10 {
        let error = match frame(&queue) {
            Ok(taken) => {
                (frames, tries) = (frames + u32::from(taken), 0);
                continue;
            }
            // A signal: nothing has changed.
            Err(error) if error.kind() == Some(ErrorKind::Interrupted) => continue,
            Err(error) => error,
        };
        tries += 1;
        match error.recovery() {
            Recovery::Again | Recovery::SkipFrame if tries < TRIES => {}
            Recovery::Restart if tries < TRIES => queue = queue.stop()?.start(buffers)?,
            _ => return Err(error),
        }
    }
    queue.stop()?;
    Ok(())
}

/// Takes a frame and gives it back. False if none was ready.
fn frame<B: Backend>(queue: &CaptureQueue<B, Streaming>) -> Result<bool, Error> {
    let Some(frame) = queue.dequeue()? else { return Ok(false) };
    // The messages of the program and those of the library are one log.
    #[cfg(feature = "defmt")]
    defmt::info!("frame {=u32}, {=u32} bytes, {}", frame.sequence(), frame.payload_range(0)?.bytesused, frame.flags());
    frame.requeue()?;
    Ok(true)
}
