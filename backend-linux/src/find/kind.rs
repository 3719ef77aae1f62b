//! What a node is for.

use vidbuf::node::{Capabilities, CapabilityFlags, FormatFlags};
use vidbuf::v4l2::BufferType;

use crate::Device;

/// What a node is for, as far as it can be found out.
///
/// Decided by the first line that fits, with `device_caps` (what this node can do, never what the whole device can):
///
/// | kind | what the node reports |
/// |---|---|
/// | [`Isp`](Self::Isp) | the driver is `bcm2835-isp`, `pispbe` or `rkisp1`; or the card is `bcm2835-codec-isp` |
/// | [`Codec`](Self::Codec) | memory to memory, with a compressed format on one side |
/// | [`Converter`](Self::Converter) | memory to memory, without |
/// | [`Other`](Self::Other) | a touch sensor |
/// | [`Camera`](Self::Camera) | captures video: also a receiver for television or HDMI, and a loopback device |
/// | [`Output`](Self::Output) | takes video |
/// | [`Metadata`](Self::Metadata) | captures or takes metadata |
/// | [`Other`](Self::Other) | anything else |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NodeKind {
    /// Frames come from it.
    Camera,
    /// Memory to memory: an encoder or a decoder.
    Codec,
    /// Memory to memory: a scaler, a deinterlacer, a test driver.
    Converter,
    /// Part of an image signal processor: raw pictures in, pictures and statistics out.
    Isp,
    /// Frames go to it.
    Output,
    /// Metadata: what a USB camera sends beside its frames, for instance.
    Metadata,
    /// None of these.
    Other,
}

/// Drivers whose nodes are parts of an image signal processor.
const ISPS: [&[u8]; 3] = [b"bcm2835-isp", b"pispbe", b"rkisp1"];

impl NodeKind {
    /// What an open node is for.
    pub(super) fn of(device: &Device, about: &Capabilities) -> Self {
        Self::by(about, || {
            let types = [
                BufferType::VideoOutput,
                BufferType::VideoOutputMplane,
                BufferType::VideoCapture,
                BufferType::VideoCaptureMplane,
            ];
            types.into_iter().any(|buffer_type| {
                device
                    .formats(buffer_type)
                    .map_while(Result::ok)
                    .any(|format| format.flags.contains(FormatFlags::COMPRESSED))
            })
        })
    }

    fn by(about: &Capabilities, has_compressed: impl FnOnce() -> bool) -> Self {
        let metadata = CapabilityFlags::META_CAPTURE.union(CapabilityFlags::META_OUTPUT);
        if ISPS.contains(&about.driver.as_bytes()) || about.card.as_bytes() == b"bcm2835-codec-isp" {
            Self::Isp
        } else if about.is_mem2mem() {
            if has_compressed() { Self::Codec } else { Self::Converter }
        } else if about.node.contains(CapabilityFlags::TOUCH) {
            Self::Other
        } else if about.capture_type().is_some() {
            Self::Camera
        } else if about.outputs() || about.outputs_mplane() {
            Self::Output
        } else if about.node.intersects(metadata) {
            Self::Metadata
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NodeKind;
    use vidbuf::node::{Capabilities, CapabilityFlags, Text};

    fn kind(driver: &str, card: &str, device_caps: u32, has_compressed: bool) -> NodeKind {
        fn text<const N: usize>(name: &str) -> Text<N> {
            let mut bytes = [0; N];
            bytes[..name.len()].copy_from_slice(name.as_bytes());
            Text::new(bytes)
        }
        let device_caps = CapabilityFlags::from_bits_retain(device_caps);
        let all = device_caps | CapabilityFlags::DEVICE_CAPS;
        let about = Capabilities::new(text(driver), text(card), text("bus"), 0, all, device_caps);
        NodeKind::by(&about, || has_compressed)
    }

    #[test]
    fn nodes_are_what_they_report() {
        for (driver, card, device_caps, has_compressed, expected) in [
            ("uvcvideo", "USB Camera", 0x0420_0001, true, NodeKind::Camera),
            ("uvcvideo", "USB Camera", 0x04a0_0000, false, NodeKind::Metadata),
            ("vivid", "vivid", 0x0523_0005, false, NodeKind::Camera),
            ("vivid", "vivid", 0x0522_2000, false, NodeKind::Output),
            ("unicam", "unicam", 0x2420_0001, false, NodeKind::Camera),
            ("v4l2 loopback", "Dummy", 0x0520_0003, false, NodeKind::Camera),
            ("bcm2835-codec", "bcm2835-codec-decode", 0x0420_4000, true, NodeKind::Codec),
            ("bcm2835-codec", "bcm2835-codec-isp", 0x0420_4000, false, NodeKind::Isp),
            ("bcm2835-codec", "bcm2835-codec-image_fx", 0x0420_4000, false, NodeKind::Converter),
            ("bcm2835-isp", "bcm2835-isp-capture0", 0x0420_0001, false, NodeKind::Isp),
            ("pispbe", "pispbe", 0x0c20_0000, false, NodeKind::Isp),
            ("vim2m", "vim2m", 0x0420_8000, false, NodeKind::Converter),
            ("atmel_mxt_ts", "touch", 0x1520_0001, false, NodeKind::Other),
            ("radio", "radio", 0x0005_0000, false, NodeKind::Other),
        ] {
            assert_eq!(kind(driver, card, device_caps, has_compressed), expected, "{card} {device_caps:#x}");
        }
    }
}
