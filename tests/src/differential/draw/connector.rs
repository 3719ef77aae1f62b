//! Events, inputs, and what is set of their signals.

use vidbuf_abi::event::{
    V4L2_EVENT_ALL, V4L2_EVENT_CTRL, V4L2_EVENT_PRIVATE_START, V4L2_EVENT_SOURCE_CHANGE, v4l2_event,
    v4l2_event_subscription,
};
use vidbuf_abi::input::{v4l2_input, v4l2_standard};
use vidbuf_abi::ioctl::{
    VIDIOC_CROPCAP, VIDIOC_DQEVENT, VIDIOC_DV_TIMINGS_CAP, VIDIOC_ENUM_DV_TIMINGS, VIDIOC_ENUMINPUT, VIDIOC_ENUMSTD,
    VIDIOC_G_CROP, VIDIOC_G_DV_TIMINGS, VIDIOC_G_EDID, VIDIOC_G_INPUT, VIDIOC_G_SELECTION, VIDIOC_G_STD,
    VIDIOC_QUERY_DV_TIMINGS, VIDIOC_QUERYSTD, VIDIOC_S_CROP, VIDIOC_S_DV_TIMINGS, VIDIOC_S_EDID, VIDIOC_S_INPUT,
    VIDIOC_S_SELECTION, VIDIOC_S_STD, VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT,
};
use vidbuf_abi::selection::{v4l2_crop, v4l2_cropcap, v4l2_rect, v4l2_selection};
use vidbuf_abi::timings::{v4l2_dv_timings_cap, v4l2_edid, v4l2_enum_dv_timings};
use vidbuf_abi::value::Value;

use super::super::memories::{LENGTH, START};
use super::super::operation::{CABLES, Ioctl, Operation};
use super::super::subject::{HDMI, timings};
use super::Draw;

impl Draw<'_> {
    /// A call about events or inputs, or another signal at the HDMI input.
    pub(super) fn connector(&mut self, descriptor: usize) -> Operation {
        // Outputs and what belongs to them are not modelled.
        if self.simulated.node.profile().inputs.is_empty() {
            return if self.rng.bool() { self.subscribe(descriptor) } else { self.take_event(descriptor) };
        }
        let kinds: [fn(&mut Self, usize) -> Operation; 16] = [
            Self::subscribe,
            Self::subscribe,
            Self::take_event,
            Self::take_event,
            Self::cable,
            Self::cable,
            |draw, at| draw.listed(at, VIDIOC_ENUMINPUT, 5, |index| v4l2_input { index, ..Default::default() }),
            |draw, at| draw.noisy(Ioctl::new(at, VIDIOC_G_INPUT, 0_u32)),
            Self::select_input,
            |draw, at| draw.listed(at, VIDIOC_ENUMSTD, 32, |index| v4l2_standard { index, ..Default::default() }),
            Self::standard,
            Self::timings,
            Self::timings,
            Self::timings_list,
            Self::edid,
            Self::selection,
        ];
        self.one_of(&kinds)(self, descriptor)
    }

    /// Not of controls that there are: those are not the node's here.
    fn subscribe(&mut self, descriptor: usize) -> Operation {
        let others = [V4L2_EVENT_ALL, 1, 2, V4L2_EVENT_CTRL, 4, 6, 7, V4L2_EVENT_PRIVATE_START, u32::MAX];
        let type_ = self.usual(70, V4L2_EVENT_SOURCE_CHANGE, &others);
        let id = match type_ {
            V4L2_EVENT_CTRL => self.one_of(&[0, 0x0098_0fff, u32::MAX]),
            _ => self.usual(80, HDMI, &[0, 1, 77, u32::MAX]),
        };
        let asked = v4l2_event_subscription {
            type_,
            id,
            flags: self.usual(70, 0, &[1, 2, 3, u32::MAX]),
            reserved: self.noise_words(),
        };
        let number = self.usual(75, VIDIOC_SUBSCRIBE_EVENT, &[VIDIOC_UNSUBSCRIBE_EVENT]);
        self.noisy(Ioctl::new(descriptor, number, asked))
    }

    fn take_event(&mut self, descriptor: usize) -> Operation {
        let mut ioctl = Ioctl::new(descriptor, VIDIOC_DQEVENT, v4l2_event::default());
        ioctl.argument = self.noise::<{ size_of::<v4l2_event>() }>().to_vec();
        Operation::Ioctl(ioctl)
    }

    /// vivid sets the signal of the input in use.
    fn cable(&mut self, descriptor: usize) -> Operation {
        if self.simulated.node.input() != HDMI {
            return self.select_input(descriptor);
        }
        Operation::Cable { cable: self.rng.usize(0..CABLES.len()) }
    }

    /// An item of a list, most of the time one that there may be.
    fn listed<T: Value>(
        &mut self,
        descriptor: usize,
        number: u32,
        length: u32,
        ask: impl FnOnce(u32) -> T,
    ) -> Operation {
        let (some, other) = (self.rng.u32(0..length), self.rng.u32(..));
        let index = self.usual(92, some, &[other]);
        let mut ioctl = Ioctl::new(descriptor, number, ask(index));
        // What the kernel only writes.
        if self.chance(15) {
            self.rng.fill(&mut ioctl.argument[4..]);
        }
        Operation::Ioctl(ioctl)
    }

    fn select_input(&mut self, descriptor: usize) -> Operation {
        let input = self.usual(60, HDMI, &[0, 0, 0, 1, 2, 4, 1000, u32::MAX]);
        Operation::Ioctl(Ioctl::new(descriptor, VIDIOC_S_INPUT, input))
    }

    fn standard(&mut self, descriptor: usize) -> Operation {
        let bits = self.one_of(&[0, 0xff, 0xb000, 0x1000, 0x10, 0x40_0000, 0xff_0000, 1 << 24, 1 << 40, u64::MAX]);
        let number = self.one_of(&[VIDIOC_G_STD, VIDIOC_S_STD, VIDIOC_QUERYSTD]);
        Operation::Ioctl(Ioctl::new(descriptor, number, bits))
    }

    /// Timings that both sides list, and some that nobody has.
    fn timings(&mut self, descriptor: usize) -> Operation {
        let list = timings();
        let mut asked = self.one_of(&list);
        if self.chance(20) {
            let mut bt = asked.timings.bt();
            match self.rng.u32(0..4) {
                0 => bt.width = self.one_of(&[0, 1, 5000, u32::MAX]),
                1 => bt.pixelclock = self.one_of(&[0, 1, u64::MAX]),
                2 => bt.height = 0,
                _ => asked.type_ = self.one_of(&[1, u32::MAX]),
            }
            asked.timings.set_bt(bt);
        }
        let number = self.one_of(&[VIDIOC_G_DV_TIMINGS, VIDIOC_S_DV_TIMINGS, VIDIOC_QUERY_DV_TIMINGS]);
        self.noisy(Ioctl::new(descriptor, number, asked))
    }

    /// The simulator lists fewer.
    fn timings_list(&mut self, descriptor: usize) -> Operation {
        if self.rng.bool() {
            let cap = v4l2_dv_timings_cap { type_: self.noise_word(), ..Default::default() };
            return self.noisy(Ioctl::new(descriptor, VIDIOC_DV_TIMINGS_CAP, cap));
        }
        let index = self.one_of(&[1000, u32::MAX]);
        let reserved = [self.noise_word(), self.noise_word()];
        let ask = v4l2_enum_dv_timings { index, reserved, ..Default::default() };
        self.noisy(Ioctl::new(descriptor, VIDIOC_ENUM_DV_TIMINGS, ask))
    }

    /// Blocks in memory that can be written, that can be read only, and that is not there.
    fn edid(&mut self, descriptor: usize) -> Operation {
        let addresses = [START + LENGTH - 4096, START + LENGTH, 0];
        let edid = v4l2_edid {
            pad: self.usual(80, HDMI, &[0, 2, 4, u32::MAX]),
            start_block: self.usual(70, 0, &[1, 2, 3, u32::MAX]),
            blocks: self.usual(50, 0, &[1, 2, 3, 256, 257, u32::MAX]),
            reserved: self.noise_words(),
            edid: self.usual(70, addresses[0], &addresses) as usize,
        };
        // More than a page is not there.
        let edid = if edid.blocks == 256 { v4l2_edid { edid: addresses[1] as usize, ..edid } } else { edid };
        let number = self.one_of(&[VIDIOC_G_EDID, VIDIOC_S_EDID]);
        self.noisy(Ioctl::new(descriptor, number, edid))
    }

    fn selection(&mut self, descriptor: usize) -> Operation {
        let type_ = match self.buffer_type() {
            // Overlays have rectangles and no buffers.
            3 | 8 => 0,
            other => other,
        };
        if self.chance(20) {
            let mut limits = Ioctl::new(descriptor, VIDIOC_CROPCAP, v4l2_cropcap { type_, ..Default::default() });
            if self.chance(15) {
                self.rng.fill(&mut limits.argument[4..]);
            }
            return Operation::Ioctl(limits);
        }
        let side = |draw: &mut Self, most: u32| {
            let some = draw.rng.u32(1..most);
            draw.usual(80, some, &[0, 1, 15, 16, most, 4096, 5000, u32::MAX])
        };
        let edge = |draw: &mut Self| {
            let some = draw.rng.i32(0..1300);
            draw.usual(80, some, &[0, -1, 5000, i32::MIN, i32::MAX])
        };
        let crop_or_compose = self.rng.u32(0..2) << 8;
        let selection = v4l2_selection {
            type_,
            target: self.usual(85, crop_or_compose, &[1, 2, 3, 0x101, 0x102, 0x103, 0x1234]),
            flags: self.usual(60, 0, &[1, 2, 3, 4, 8, u32::MAX]),
            r: v4l2_rect { left: edge(self), top: edge(self), width: side(self, 1400), height: side(self, 800) },
            reserved: self.noise_words(),
        };
        if self.chance(20) {
            let number = self.one_of(&[VIDIOC_G_CROP, VIDIOC_S_CROP]);
            return self.noisy(Ioctl::new(descriptor, number, v4l2_crop { type_, c: selection.r }));
        }
        let number = self.one_of(&[VIDIOC_G_SELECTION, VIDIOC_S_SELECTION]);
        self.noisy(Ioctl::new(descriptor, number, selection))
    }
}
