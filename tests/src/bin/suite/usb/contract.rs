//! The contract on the real uvcvideo: the cases that vivid runs, on one camera that is plugged in again when a case has unplugged it.

use std::ffi::CString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vidbuf::node::{Format, Timings};
use vidbuf::queue::SinglePlanar;
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, FourCc};
use vidbuf_linux::Device;
use vidbuf_tests::contract::connectors::{Connected, Connectors, Signal};
use vidbuf_tests::contract::{self, Case, Fault, Rig, controls, events, inputs, node, states};
use vidbuf_tests::rig::kernel::interrupt_soon;
use vidbuf_tests::watched::{Ledger, Watched};

use super::camera::Camera;
use crate::checks::{Checks, Outcome, ensure};

const CAPTURE: BufferType = BufferType::VideoCapture;
const FORMAT: FourCc = FourCc::YUYV;
const SIZE: (u32, u32) = (320, 240);

/// Why a case of vivid's is none of uvcvideo's. A case whose fault the camera does not know is left out by itself.
const WITHOUT: &[(&str, &[&str])] = &[
    (
        "it sets controls of vivid's own",
        &[
            "controls_are_listed_in_order_and_each_is_found",
            "menus_are_listed_without_holes",
            "numbers_are_brought_into_range",
            "try_sets_nothing",
            "item_that_is_no_item_is_refused",
            "control_of_another_kind_is_refused",
            "control_is_not_what_it_is_not",
            "text_is_set_and_read",
            "text_of_another_length_is_refused",
            "arrays_are_set_and_read",
            "array_whose_length_can_be_set_has_it",
            "room_that_is_too_small_is_refused_with_the_size",
            "several_are_set_and_read_at_once",
            "refused_one_of_several_is_named_and_nothing_is_set",
            "refused_text_leaves_those_before_it_set",
            "gain_follows_its_mode",
            "automatic_mode_is_an_event_of_what_it_sets",
            "streaming_holds_controls_with_an_event",
        ],
    ),
    (
        "ENOTTY: uvc_ioctl_ops has neither standards nor S_SELECTION (uvc_v4l2.c)",
        &[
            "input_without_standards_has_no_data",
            "standards_are_listed_and_end",
            "standard_sets_the_size",
            "lost_signal_has_no_standard",
            "higher_priority_keeps_others_out",
        ],
    ),
    (
        "EINVAL: a camera has one input (uvc_ioctl_s_input)",
        &[
            "inputs_are_listed_and_end",
            "rectangles_are_those_of_the_signal",
            "rectangle_that_cannot_be_is_out_of_range",
            "allocated_buffers_keep_the_input",
            "source_change_is_an_event",
            "unsubscribed_events_are_gone",
            "second_subscription_is_the_first",
            "overwritten_events_are_counted",
            "events_belong_to_the_open_file",
            "frames_and_events_come_from_one_wait",
        ],
    ),
    ("EINVAL: the bounds of a picture are all it has (uvc_ioctl_g_selection)", &["camera_has_no_rectangles"]),
    (
        "EINVAL: events are of controls only (uvc_ioctl_subscribe_event)",
        &[
            "wait_for_an_event_ends_in_time",
            "unplugged_node_has_no_events",
            "wait_for_either_on_an_unplugged_node_is_an_error",
        ],
    ),
    ("an event also if the same value is set (uvc_ctrl_send_event)", &["same_value_is_no_event"]),
    ("a camera cannot be told to hold frames back", &["wait_for_either_ends_in_time"]),
];

/// A camera.
struct Usb {
    camera: Mutex<Option<Camera>>,
    ledger: Arc<Ledger>,
}

impl Usb {
    fn camera(&self) -> MutexGuard<'_, Option<Camera>> {
        self.camera.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it is; plugged in if it is not.
    fn path(&self) -> CString {
        let mut camera = self.camera();
        let plugged = camera.get_or_insert_with(|| {
            let camera = Camera::plug("").unwrap_or_else(|why| panic!("{why}"));
            // A file that has set a format keeps others from it until it is closed.
            let set = Device::open(camera.node())
                .and_then(|mut device| device.set_format(CAPTURE, &Format::new(SIZE.0, SIZE.1, FORMAT)));
            set.unwrap_or_else(|error| panic!("{:?}: {error}", camera.node()));
            camera
        });
        plugged.node().to_owned()
    }

    fn device(&self, open: impl FnOnce(&std::ffi::CStr) -> Result<Device, Errno>) -> Device {
        let path = self.path();
        open(&path).unwrap_or_else(|error| {
            let printed = self.camera().as_ref().map(Camera::printed).unwrap_or_default();
            panic!("{path:?}: {error}; the camera: {printed}; the kernel: {}", super::camera::kernel_log())
        })
    }
}

impl Rig for Usb {
    type Backend = Watched<Device>;
    type Node = Device;

    fn open(&self, blocking: bool) -> Self::Backend {
        let device = self.device(|path| if blocking { Device::open(path) } else { Device::open_nonblocking(path) });
        Watched::new(device, self.ledger.clone())
    }

    fn node(&self) -> Device {
        self.device(|path| Device::open(path))
    }

    fn picture(&self) -> (FourCc, u32, u32) {
        (FORMAT, SIZE.0, SIZE.1)
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn inject(&self, fault: Fault) -> bool {
        match fault {
            Fault::Unplug => {
                drop(self.camera().take());
                true
            }
            Fault::Interrupt => interrupt_soon(Duration::from_millis(100)),
            _ => false,
        }
    }

    fn mappings(&self) -> usize {
        std::fs::read_to_string("/proc/self/maps").unwrap_or_default().matches("/dev/video").count()
    }

    fn long(&self) -> Duration {
        super::LONG
    }

    fn frame_time(&self) -> Duration {
        Duration::from_millis(34)
    }

    fn least_payload(&self) -> usize {
        1000
    }
}

impl Connected for Usb {
    fn buffer_type(&self) -> BufferType {
        CAPTURE
    }

    /// There is none: no case that needs one is run.
    fn signal(&self, _hdmi: bool, signal: Signal) {
        panic!("{signal:?} at a camera");
    }
}

/// Adds a check for each case that the driver has the calls for, and prints why others are left out.
pub fn run(checks: &mut Checks) {
    let rig = Usb { camera: Mutex::default(), ledger: Arc::default() };
    let cases: Vec<Case<Usb>> = [
        states::capture::<_, SinglePlanar>(),
        node::cases(),
        controls::cases::<_, SinglePlanar>(),
        inputs::cases::<_, SinglePlanar>(),
        events::cases::<_, SinglePlanar>(),
    ]
    .concat();
    checks.check("uvcvideo: the calls that it has not fail with ENOTTY", has_not(rig.node()));
    let known = |name: &&str| cases.iter().any(|(case, _)| case == name);
    let unknown: Vec<_> = WITHOUT.iter().flat_map(|(_, names)| *names).filter(|name| !known(name)).collect();
    checks.check("uvcvideo: what is left out is a case", ensure(unknown.is_empty(), || format!("{unknown:?}")));
    for (name, case) in cases {
        let without = WITHOUT.iter().find(|(_, names)| names.contains(&name)).map(|(why, _)| *why);
        let outcome = match without {
            Some(why) => Err(why.to_owned()),
            None => contract::once(&rig, name, case),
        };
        match outcome {
            Err(why) if without.is_some() || why.contains(contract::UNKNOWN_FAULT) => println!("without {name}: {why}"),
            outcome => checks.check(&format!("uvcvideo, contract: {name}"), outcome),
        }
    }
}

/// `uvc_ioctl_ops` in the driver's `uvc_v4l2.c` has none of them.
fn has_not(mut device: Device) -> Outcome {
    let any = Timings::default();
    for (call, outcome) in [
        ("QUERYSTD", Connectors::query_standard(&device).err()),
        ("G_STD", Connectors::standard(&device).err()),
        ("ENUM_DV_TIMINGS", Connectors::dv_timings_at(&device, 0).err()),
        ("G_DV_TIMINGS", Connectors::dv_timings(&device).err()),
        ("S_DV_TIMINGS", Connectors::set_dv_timings(&mut device, &any).err()),
        ("QUERY_DV_TIMINGS", Connectors::query_dv_timings(&device).err()),
        ("DV_TIMINGS_CAP", Connectors::dv_timings_range(&device).err()),
        ("G_EDID", Connectors::edid(&device, 0, 0, &mut []).err()),
        ("S_EDID", Connectors::set_edid(&device, 0, &mut []).err()),
        ("ENUMOUTPUT", Connectors::output_description(&device, 0).err()),
        ("G_OUTPUT", Connectors::output(&device).err()),
    ] {
        ensure(outcome == Some(Errno::ENOTTY), || format!("VIDIOC_{call}: {outcome:?}"))?;
    }
    Ok(())
}
