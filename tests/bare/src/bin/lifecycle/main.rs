//! The lifecycle on the simulator, on a processor without an operating system; what it does is logged with defmt.
//!
//! An interrupt is the camera: it lets the simulator's time pass, while the main loop takes frames. Both have the simulator
//! at once, so its state and the queue's are under critical sections. Ends with status 0 if every frame was right.
#![no_std]
#![no_main]
#![deny(unsafe_code)]

mod board;

use core::cell::Cell;
use core::time::Duration;

use critical_section::Mutex;
use defmt_semihosting as _;
use static_cell::StaticCell;
use vidbuf::queue::{CaptureQueue, Idle};
use vidbuf::{Errno, Error, FourCc, Request};
use vidbuf_sim::{Call, Event, Profile, Sim, SimFile};

/// A simulated camera with room for four buffers.
type Camera = Sim<'static, 4>;
type Frames<S = Idle> = CaptureQueue<SimFile<'static, 'static, 4>, S, 4>;

const SIZE: (u32, u32) = (32, 24);
const FRAMES: u32 = 100;

static MEMORY: StaticCell<[u8; 6 * (SIZE.0 * SIZE.1) as usize]> = StaticCell::new();
static CAMERA: StaticCell<Camera> = StaticCell::new();
/// The camera that the interrupt drives.
static DRIVEN: Mutex<Cell<Option<&'static Camera>>> = Mutex::new(Cell::new(None));

defmt::timestamp!("{=u64:us}", now());

/// The camera's own time.
fn now() -> u64 {
    let camera = critical_section::with(|section| DRIVEN.borrow(section).get());
    camera.map_or(0, |camera| camera.now().as_micros() as u64)
}

/// The interrupt: some of a frame's time has passed.
fn tick() {
    if let Some(camera) = critical_section::with(|section| DRIVEN.borrow(section).get()) {
        camera.advance(Duration::from_millis(7));
    }
}

fn run() -> ! {
    let memory = MEMORY.init([0; 6 * (SIZE.0 * SIZE.1) as usize]);
    // Pages of 64 bytes: what there is of memory is for pictures.
    let camera: &'static Camera =
        CAMERA.init_with(|| Sim::sized(Profile::VIVID, memory).page_size(64).format(FourCc::GREY, SIZE.0, SIZE.1));
    critical_section::with(|section| DRIVEN.borrow(section).set(Some(camera)));
    board::start_timer();
    match lifecycle(camera).and_then(|right| left_behind(camera).map(|()| right)) {
        Ok(right) => {
            defmt::info!("done: {=u32} calls, {=u32} rules broken", camera.total_calls(), camera.violations());
            let clean = right && camera.violations() == 0 && camera.mappings() == 0;
            semihosting::process::exit(i32::from(!clean))
        }
        Err(error) => {
            defmt::error!("{}", error);
            semihosting::process::exit(1)
        }
    }
}

/// Up, a hundred frames, down. Whether every frame was as it should be.
fn lifecycle(camera: &'static Camera) -> Result<bool, Error> {
    let file = camera.open_nonblocking().expect("the camera is there");
    let queue = Frames::new(file).request_buffers(Request::exactly(4))?.query_buffers()?.map()?.stream_on()?;
    defmt::info!(
        "a queue takes {=usize} bytes, the simulated camera {=usize}",
        size_of_val(&queue),
        size_of::<Camera>()
    );
    camera.script([Event::Frame, Event::Drop(2), Event::Frame, Event::Error]);
    let (mut good, mut flagged, mut wrong, mut lost) = (0, 0, 0, 0);
    while good < FRAMES {
        let Some(frame) = queue.dequeue()? else {
            board::sleep();
            continue;
        };
        lost += frame.lost_before().unwrap_or(0);
        match frame.bytes() {
            Ok(bytes) if camera.picture(frame.sequence()).is_in(0, bytes) => good += 1,
            Ok(_) => wrong += 1,
            Err(_) => flagged += 1,
        }
        if good.is_multiple_of(3) {
            frame.requeue()?;
        } // else it goes back with the next call
    }
    queue.stream_off()?.unmap()?.release()?;
    defmt::info!("{=u32} frames, {=u32} wrong, {=u32} flagged bad, {=u32} lost", good, wrong, flagged, lost);
    Ok((wrong, flagged, lost) == (0, 1, 2))
}

/// What only `Drop` can tell, it tells the log: a driver that does not take its buffers back.
fn left_behind(camera: &'static Camera) -> Result<(), Error> {
    let file = camera.open_nonblocking().expect("the camera is there");
    let queue = Frames::new(file).request_buffers(Request::exactly(2))?;
    camera.fail_next(Call::RequestBuffers, 2, Errno::EBUSY);
    // Closing the file frees what is left.
    drop(queue);
    Ok(())
}
