//! The kernel's structures as the types of the package `vidbuf`, and back: written once, for crates that depend on both. As macros, because
//! this crate has no dependency, and `vidbuf` knows no structure of the kernel's. Each defines a private module of the name that it is given.

/// A `Format`: `write_single` and `write_mplane` fill structures of zeroes, `read_single` and `read_mplane` read them.
#[doc(hidden)]
#[macro_export]
macro_rules! format_conversions {
    ($module:ident) => {
        mod $module {
            use ::vidbuf::FourCc;
            use ::vidbuf::backend::MAX_PLANES;
            use ::vidbuf::node::{Format, PlaneFormat};
            use ::vidbuf::v4l2::Field;
            use $crate::format::{
                V4L2_PIX_FMT_PRIV_MAGIC, v4l2_pix_format, v4l2_pix_format_mplane, v4l2_plane_pix_format,
            };

            pub(crate) fn write_single(format: &Format, pix: &mut v4l2_pix_format) {
                let [first, ..] = format.planes;
                pix.width = format.width;
                pix.height = format.height;
                pix.pixelformat = format.pixel_format.0;
                pix.field = format.field.0;
                pix.bytesperline = first.bytesperline;
                pix.sizeimage = first.sizeimage;
                pix.colorspace = format.colorspace;
                pix.priv_ = V4L2_PIX_FMT_PRIV_MAGIC;
                pix.flags = format.flags;
                pix.ycbcr_enc = format.ycbcr_encoding;
                pix.quantization = format.quantization;
                pix.xfer_func = format.transfer_function;
            }

            pub(crate) fn write_mplane(format: &Format, pix: &mut v4l2_pix_format_mplane) {
                pix.width = format.width;
                pix.height = format.height;
                pix.pixelformat = format.pixel_format.0;
                pix.field = format.field.0;
                pix.colorspace = format.colorspace;
                for (theirs, ours) in pix.plane_fmt.iter_mut().zip(format.used_planes()) {
                    theirs.bytesperline = ours.bytesperline;
                    theirs.sizeimage = ours.sizeimage;
                }
                pix.num_planes = format.num_planes.min(MAX_PLANES as u32) as u8;
                pix.flags = format.flags as u8;
                pix.ycbcr_enc = format.ycbcr_encoding as u8;
                pix.quantization = format.quantization as u8;
                pix.xfer_func = format.transfer_function as u8;
            }

            pub(crate) fn read_single(pix: &v4l2_pix_format) -> Format {
                let mut format = Format::new(pix.width, pix.height, FourCc(pix.pixelformat));
                let [first, ..] = &mut format.planes;
                *first = PlaneFormat { bytesperline: pix.bytesperline, sizeimage: pix.sizeimage };
                format.field = Field(pix.field);
                format.colorspace = pix.colorspace;
                // Without it, flags, encoding, quantization and transfer function are not valid.
                if pix.priv_ == V4L2_PIX_FMT_PRIV_MAGIC {
                    format.flags = pix.flags;
                    format.ycbcr_encoding = pix.ycbcr_enc;
                    format.quantization = pix.quantization;
                    format.transfer_function = pix.xfer_func;
                }
                format
            }

            pub(crate) fn read_mplane(pix: &v4l2_pix_format_mplane) -> Format {
                let mut format = Format::new(pix.width, pix.height, FourCc(pix.pixelformat));
                format.field = Field(pix.field);
                format.num_planes = u32::from(pix.num_planes).min(MAX_PLANES as u32);
                for (ours, theirs) in format.planes.iter_mut().zip(&pix.plane_fmt).take(format.num_planes as usize) {
                    let v4l2_plane_pix_format { bytesperline, sizeimage, .. } = *theirs;
                    *ours = PlaneFormat { bytesperline, sizeimage };
                }
                format.colorspace = pix.colorspace;
                format.flags = pix.flags.into();
                format.ycbcr_encoding = pix.ycbcr_enc.into();
                format.quantization = pix.quantization.into();
                format.transfer_function = pix.xfer_func.into();
                format
            }
        }
    };
}

/// `to_kernel`: a `Subscription`; `from_kernel`: an `Event`.
#[doc(hidden)]
#[macro_export]
macro_rules! event_conversions {
    ($module:ident) => {
        mod $module {
            use ::core::time::Duration;
            use ::vidbuf::node::{
                ControlChange, ControlChanges, Event, EventData, EventType, SourceChanges, Subscription,
            };
            use ::vidbuf::v4l2::Field;
            use $crate::buffer::v4l2_timespec;
            use $crate::control::V4L2_CTRL_TYPE_INTEGER64;
            use $crate::event::{
                V4L2_EVENT_CTRL, V4L2_EVENT_EOS, V4L2_EVENT_FRAME_SYNC, V4L2_EVENT_MD_FL_HAVE_FRAME_SEQ,
                V4L2_EVENT_MOTION_DET, V4L2_EVENT_SOURCE_CHANGE, V4L2_EVENT_VSYNC, v4l2_event, v4l2_event_ctrl,
                v4l2_event_motion_det, v4l2_event_subscription,
            };

            pub(crate) fn to_kernel(subscription: Subscription) -> v4l2_event_subscription {
                v4l2_event_subscription {
                    type_: subscription.event_type.0,
                    id: subscription.id,
                    flags: subscription.flags.bits(),
                    ..v4l2_event_subscription::default()
                }
            }

            pub(crate) fn from_kernel(kernel: &v4l2_event) -> Event {
                let mut event = Event::new(data(kernel), kernel.id);
                (event.sequence, event.pending) = (kernel.sequence, kernel.pending);
                let v4l2_timespec { tv_sec, tv_nsec } = kernel.timestamp;
                // CLOCK_MONOTONIC is never negative.
                event.timestamp = Duration::from_secs(u64::try_from(tv_sec).unwrap_or_default())
                    .saturating_add(Duration::from_nanos(u64::try_from(tv_nsec).unwrap_or_default()));
                event
            }

            fn data(kernel: &v4l2_event) -> EventData {
                match kernel.type_ {
                    V4L2_EVENT_VSYNC => EventData::VerticalSync { field: Field(kernel.u.vsync().field.into()) },
                    V4L2_EVENT_EOS => EventData::EndOfStream,
                    V4L2_EVENT_CTRL => EventData::Control(control_change(&kernel.u.ctrl())),
                    V4L2_EVENT_FRAME_SYNC => EventData::FrameSync { sequence: kernel.u.frame_sync().frame_sequence },
                    V4L2_EVENT_SOURCE_CHANGE => {
                        EventData::SourceChange(SourceChanges::from_bits_retain(kernel.u.src_change().changes))
                    }
                    V4L2_EVENT_MOTION_DET => {
                        let v4l2_event_motion_det { flags, frame_sequence, region_mask } = kernel.u.motion_det();
                        let sequence = (flags & V4L2_EVENT_MD_FL_HAVE_FRAME_SEQ != 0).then_some(frame_sequence);
                        EventData::Motion { sequence, regions: region_mask }
                    }
                    other => EventData::Other { event_type: EventType(other), data: kernel.u.data() },
                }
            }

            fn control_change(kernel: &v4l2_event_ctrl) -> ControlChange {
                // Of a 32-bit value the upper half is not defined.
                let is_wide = kernel.type_ == V4L2_CTRL_TYPE_INTEGER64;
                let value = if is_wide { kernel.value.value64() } else { kernel.value.value().into() };
                let mut change = ControlChange::of_value(kernel.type_, value);
                change.changes = ControlChanges::from_bits_retain(kernel.changes);
                change.flags = kernel.flags;
                (change.minimum, change.maximum) = (kernel.minimum, kernel.maximum);
                (change.step, change.default) = (kernel.step, kernel.default_value);
                change
            }
        }
    };
}

/// `fill` and `from_kernel`: `Timings`; `range`: a `TimingsRange`.
#[doc(hidden)]
#[macro_export]
macro_rules! timings_conversions {
    ($module:ident) => {
        mod $module {
            use ::vidbuf::node::{
                Blanking, Polarities, Timings, TimingsCapabilities, TimingsFlags, TimingsRange, TimingsStandards,
            };
            use $crate::frame::v4l2_fract;
            use $crate::timings::{V4L2_DV_BT_656_1120, v4l2_bt_timings, v4l2_dv_timings, v4l2_dv_timings_cap};

            /// `None` for a type that is not known here; the kernel has one.
            pub(crate) fn from_kernel(kernel: &v4l2_dv_timings) -> Option<Timings> {
                if kernel.type_ != V4L2_DV_BT_656_1120 {
                    return None;
                }
                let bt = kernel.timings.bt();
                let mut timings = Timings::default();
                (timings.width, timings.height, timings.interlaced) = (bt.width, bt.height, bt.interlaced != 0);
                timings.pixel_clock = bt.pixelclock;
                let blanking = |front_porch, sync, back_porch| Blanking { front_porch, sync, back_porch };
                timings.horizontal = blanking(bt.hfrontporch, bt.hsync, bt.hbackporch);
                timings.vertical = blanking(bt.vfrontporch, bt.vsync, bt.vbackporch);
                timings.vertical_second_field = blanking(bt.il_vfrontporch, bt.il_vsync, bt.il_vbackporch);
                timings.polarities = Polarities::from_bits_retain(bt.polarities);
                timings.standards = TimingsStandards::from_bits_retain(bt.standards);
                timings.flags = TimingsFlags::from_bits_retain(bt.flags);
                let v4l2_fract { numerator, denominator } = bt.picture_aspect;
                timings.picture_aspect = (numerator, denominator);
                (timings.cea861_vic, timings.hdmi_vic) = (bt.cea861_vic, bt.hdmi_vic);
                Some(timings)
            }

            pub(crate) fn fill(timings: &Timings, kernel: &mut v4l2_dv_timings) {
                kernel.type_ = V4L2_DV_BT_656_1120;
                let (first, second) = (timings.vertical, timings.vertical_second_field);
                kernel.timings.set_bt(v4l2_bt_timings {
                    width: timings.width,
                    height: timings.height,
                    interlaced: timings.interlaced.into(),
                    polarities: timings.polarities.bits(),
                    pixelclock: timings.pixel_clock,
                    hfrontporch: timings.horizontal.front_porch,
                    hsync: timings.horizontal.sync,
                    hbackporch: timings.horizontal.back_porch,
                    vfrontporch: first.front_porch,
                    vsync: first.sync,
                    vbackporch: first.back_porch,
                    il_vfrontporch: second.front_porch,
                    il_vsync: second.sync,
                    il_vbackporch: second.back_porch,
                    standards: timings.standards.bits(),
                    flags: timings.flags.bits(),
                    picture_aspect: v4l2_fract {
                        numerator: timings.picture_aspect.0,
                        denominator: timings.picture_aspect.1,
                    },
                    cea861_vic: timings.cea861_vic,
                    hdmi_vic: timings.hdmi_vic,
                    ..v4l2_bt_timings::default()
                });
            }

            pub(crate) fn range(kernel: &v4l2_dv_timings_cap) -> Option<TimingsRange> {
                if kernel.type_ != V4L2_DV_BT_656_1120 {
                    return None;
                }
                let cap = kernel.cap.bt();
                let clock = (cap.min_pixelclock, cap.max_pixelclock);
                let mut range =
                    TimingsRange::new((cap.min_width, cap.max_width), (cap.min_height, cap.max_height), clock);
                range.standards = TimingsStandards::from_bits_retain(cap.standards);
                range.capabilities = TimingsCapabilities::from_bits_retain(cap.capabilities);
                Some(range)
            }
        }
    };
}

/// `input`: an `Input`; `output`: an `Output`; `standard`: a `StandardDescription`; `rectangle`: a `Rectangle`.
#[doc(hidden)]
#[macro_export]
macro_rules! connector_conversions {
    ($module:ident) => {
        pub(crate) mod $module {
            use ::vidbuf::node::{
                ConnectorCapabilities, FrameInterval, Input, InputKind, InputStatus, Output, OutputKind, Rectangle,
                StandardDescription, Standards, Text,
            };
            use $crate::input::{v4l2_input, v4l2_output, v4l2_standard};
            use $crate::selection::v4l2_rect;

            pub(crate) fn input(kernel: &v4l2_input) -> Input {
                let mut input = Input::new(kernel.index);
                input.name = Text::new(kernel.name);
                input.kind = InputKind::from_raw(kernel.type_);
                (input.tuner, input.audio_inputs) = (kernel.tuner, kernel.audioset);
                input.standards = Standards::from_bits_retain(kernel.std);
                input.status = InputStatus::from_bits_retain(kernel.status);
                input.capabilities = ConnectorCapabilities::from_bits_retain(kernel.capabilities);
                input
            }

            pub(crate) fn output(kernel: &v4l2_output) -> Output {
                let mut output = Output::new(kernel.index);
                output.name = Text::new(kernel.name);
                output.kind = OutputKind::from_raw(kernel.type_);
                (output.modulator, output.audio_outputs) = (kernel.modulator, kernel.audioset);
                output.standards = Standards::from_bits_retain(kernel.std);
                output.capabilities = ConnectorCapabilities::from_bits_retain(kernel.capabilities);
                output
            }

            pub(crate) fn standard(kernel: &v4l2_standard) -> StandardDescription {
                let v4l2_standard { id, name, frameperiod, framelines, .. } = *kernel;
                let interval = FrameInterval { numerator: frameperiod.numerator, denominator: frameperiod.denominator };
                StandardDescription::new(Standards::from_bits_retain(id), Text::new(name), interval, framelines)
            }

            pub(crate) fn rectangle(kernel: v4l2_rect) -> Rectangle {
                let v4l2_rect { left, top, width, height } = kernel;
                Rectangle { left, top, width, height }
            }
        }
    };
}
