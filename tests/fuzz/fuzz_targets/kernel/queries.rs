//! Every call that is not about buffers.

use vidbuf::FourCc;
use vidbuf::backend::MAX_PLANES;
use vidbuf::node::{ControlId, Controls as _};
use vidbuf::v4l2::BufferType;
use vidbuf_linux::{Device, Format, FrameInterval};

use crate::kernel::{choose, is_over};

const TYPES: [BufferType; 4] =
    [BufferType::VideoCapture, BufferType::VideoOutput, BufferType::VideoCaptureMplane, BufferType::VideoOutputMplane];

/// Words for whatever it is: they exist, and making them does not fail.
fn told(what: impl std::fmt::Debug) {
    assert!(!format!("{what:?}").is_empty());
}

fn look(format: &Format) {
    assert!(format.used_planes().len() <= MAX_PLANES);
    let sum: u64 = format.used_planes().iter().map(|plane| u64::from(plane.sizeimage)).sum();
    assert_eq!(format.total_size(), sum);
    told((format, format.pixel_format.to_string()));
}

/// Asks until the bytes run out.
pub fn ask(mut device: Device) {
    while !is_over() {
        let buffer_type = TYPES[choose(3) as usize];
        match choose(10) {
            0 => {
                let Ok(answer) = device.capabilities() else { continue };
                told((answer, answer.capture_type(), answer.can_stream(), answer.captures(), answer.captures_mplane()));
                told((answer.outputs(), answer.outputs_mplane(), answer.is_mem2mem()));
            }
            1 => {
                let _ = device.format(buffer_type).map(|format| look(&format));
            }
            2 => {
                let Ok(format) = device.format(buffer_type) else { continue };
                // What the kernel said is given back to it, and its answer looked at.
                let _ = device.try_format(buffer_type, &format).map(|format| look(&format));
                let _ = device.set_format(buffer_type, &format).map(|format| look(&format));
            }
            3 => device.formats(buffer_type).take(20).for_each(|format| match format {
                Ok(format) => told((format, format.description.to_string(), format.description.to_str().is_ok())),
                Err(error) => told(error.to_string()),
            }),
            4 => device.sizes(FourCc(choose(255))).take(20).for_each(|size| match size {
                Ok(size) => told(size),
                Err(error) => told(error.to_string()),
            }),
            5 => told(device.frame_interval(buffer_type)),
            6 => told(device.set_frame_interval(buffer_type, FrameInterval { numerator: 1, denominator: choose(60) })),
            7 => told(device.control(ControlId(choose(255)))),
            8 => told(device.set_control(ControlId(choose(255)), -1)),
            9 => device.controls().take(20).for_each(|control| match control {
                Ok(control) => {
                    told((
                        control,
                        control.spelling().to_string(),
                        control.size(),
                        control.nearest(choose(255).into()),
                    ));
                    told((device.value(&control), device.menu(&control).take(20).count()));
                }
                Err(error) => told(error.to_string()),
            }),
            _ => told(device.try_format(buffer_type, &Format::new(choose(4096), choose(4096), FourCc::YUYV))),
        }
    }
}
