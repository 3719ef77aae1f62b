//! Ten frames, logged: `logging [NODE] 2>frames`; from the simulator when no node is named. See `../../docs/logging.md`.

#[cfg(feature = "log")]
mod logger;

use std::ffi::CString;
use std::process::ExitCode;

use vidbuf::{Backend, CaptureQueue, Error, Request};
use vidbuf_linux::Device;
use vidbuf_sim::{Call, Profile, Sim, SimErrno};

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1) {
        Some(node) => real(node),
        None => simulated(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            #[cfg(feature = "log")]
            defmt::error!("{=str}", words.as_str());
            println!("logging: {words}");
            ExitCode::FAILURE
        }
    }
}

fn real(node: String) -> Result<(), String> {
    let path = CString::new(node).map_err(|error| error.to_string())?;
    let device = Device::open(&path).map_err(|error| error.to_string())?;
    frames(device).map_err(|error| error.to_string())
}

/// A camera that does not take its buffers back in the end: the one thing that only the log can tell.
fn simulated() -> Result<(), String> {
    let mut memory = vec![0; 4 << 20];
    let camera = Sim::new(Profile::VIVID, &mut memory);
    let open = || camera.open().map_err(|error| error.to_string());
    frames(open()?).map_err(|error| error.to_string())?;
    let queue = CaptureQueue::<_>::new(open()?)
        .request_buffers(Request::exactly(2))
        .map_err(|failed| failed.error.to_string())?;
    camera.fail_next(Call::RequestBuffers, 2, SimErrno::EBUSY);
    drop(queue);
    Ok(())
}

fn frames<B: Backend>(camera: B) -> Result<(), Error<B::Error>> {
    let queue = CaptureQueue::<_>::new(camera).start(Request::up_to(4).at_least(2))?;
    let mut frames = 0;
    while frames < 10 {
        let Some(frame) = queue.dequeue()? else { continue };
        frames += 1;
        // What the program says and what the library says are one log.
        #[cfg(feature = "log")]
        defmt::info!("frame {=u32}, {=usize} bytes, {}", frame.sequence(), frame.bytes()?.len(), frame.flags());
        frame.requeue()?;
    }
    queue.stop()?;
    Ok(())
}
