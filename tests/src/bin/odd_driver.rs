//! What a driver's odd answers do to a program of this library: `odd_driver CHECK NODE`. One check a run; the status is its
//! outcome, and a failed one is explained in a line. Run it with `tests/guest/odd_driver.c` preloaded, which makes a driver odd,
//! and built with the backend's feature `use-libc`, or the system calls pass it by.

use std::ffi::{CStr, CString};
use std::process::ExitCode;

use vidbuf::error::DriverFault;
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc, Request};
use vidbuf_linux::{Device, FrameInterval};

type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let [_, check, node] = words.as_slice() else {
        eprintln!("usage: odd_driver CHECK NODE");
        return ExitCode::FAILURE;
    };
    let outcome = CString::new(node.as_str()).map_err(|error| error.to_string()).and_then(|path| {
        let device = Device::open(path.as_c_str()).map_err(|error| error.to_string())?;
        match check.as_str() {
            "same-cookie" => same_cookie(device, &path),
            "endless-formats" => ends("formats", device.formats(BufferType::VideoCapture).count()),
            "endless-sizes" => ends("sizes", device.sizes(FourCc::YUYV).count()),
            "no-nul" => no_nul(&device),
            "no-rate" => no_rate(&device),
            _ => Err("no such check".into()),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            println!("odd_driver {check} {node}: {words}");
            ExitCode::FAILURE
        }
    }
}

/// Two buffers that would be one memory are refused, and nothing of them stays mapped.
fn same_cookie(device: Device, node: &CStr) -> Outcome {
    let failed = match CaptureQueue::<_>::new(device).start(Request::up_to(4)) {
        Ok(_) => return Err("buffers that share memory were accepted".into()),
        Err(failed) => failed,
    };
    println!("{failed}");
    let Error::Driver(DriverFault::SharedCookie { .. }) = failed else {
        return Err("another error than SharedCookie".into());
    };
    let maps = std::fs::read_to_string("/proc/self/maps").map_err(|error| error.to_string())?;
    if maps.contains(node.to_string_lossy().as_ref()) { Err("buffers are still mapped".into()) } else { Ok(()) }
}

/// A list that the driver never ends; the script's time limit finds one that the library does not end either.
fn ends(what: &str, count: usize) -> Outcome {
    println!("{count} {what}");
    if count > 0 { Ok(()) } else { Err("nothing was listed".into()) }
}

fn no_nul(device: &Device) -> Outcome {
    let capabilities = device.capabilities().map_err(|error| error.to_string())?;
    let (driver, card) = (capabilities.driver.to_string(), capabilities.card.to_string());
    println!("{driver:?} {card:?}");
    if driver.chars().count() == 16 && !card.is_empty() { Ok(()) } else { Err("not the whole names".into()) }
}

fn no_rate(device: &Device) -> Outcome {
    let interval = device.frame_interval(BufferType::VideoCapture).map_err(|error| error.to_string())?;
    let expected = FrameInterval { numerator: 0, denominator: 0 };
    if interval == expected { Ok(()) } else { Err(format!("{interval:?}")) }
}
