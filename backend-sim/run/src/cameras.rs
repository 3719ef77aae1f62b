//! Which cameras there are: `PATH=PROFILE[,KEY=VALUE]…`.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::buttons::{with_buttons, without_buttons};
use crate::kinds::{self, KINDS};
use vidbuf::node::Timings;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_sim::{Flow, Kernel, PixelFormat, Profile, Recording, Size, Sizes};

/// A camera, as the command line has it.
#[derive(Clone, Debug)]
pub struct Camera {
    /// `/dev/videoN`.
    pub path: String,
    /// N.
    pub minor: u32,
    /// What it is like.
    pub profile: Profile,
    /// Its name, for people.
    pub card: String,
    /// Frames a second at first.
    pub rate: u32,
    /// Bytes for buffers.
    pub memory: usize,
    /// Whether it has vivid's controls for faults.
    pub faults: bool,
    /// Whether frames are lost while the driver has no buffer; else they come late.
    pub loses: bool,
    /// What a real device did, which it does again.
    pub recording: Option<Recording<'static>>,
}

/// Formats that a camera's list can be made of.
const FORMATS: &[PixelFormat] = &[
    PixelFormat::YUYV,
    PixelFormat::UYVY,
    PixelFormat::NV12,
    PixelFormat::GREY,
    PixelFormat::RGB24,
    PixelFormat::SRGGB10P,
    PixelFormat::NV12M,
    PixelFormat::NV16M,
    PixelFormat::YUV420M,
    PixelFormat::MJPEG,
];

/// The four characters of a format.
pub fn fourcc(format: &PixelFormat) -> String {
    format.fourcc.0.to_le_bytes().map(char::from).iter().collect::<String>().trim_end().into()
}

fn names(list: impl IntoIterator<Item = String>) -> String {
    list.into_iter().collect::<Vec<_>>().join(", ")
}

/// The keys of a camera, for error messages.
const KEYS: &str = "size=WIDTHxHEIGHT, sizes=WIDTHxHEIGHT+WIDTHxHEIGHT+…, rate=FRAMES_A_SECOND, formats=YUYV+NV12+…, \
                    memory=MEBIBYTES, card=NAME, read=on|off, \
                    faults=on|off, loss=on|off, offsets=on|off, inputs=on|off|hdmi, requests=on|off";

impl FromStr for Camera {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(',');
        let first = words.next().unwrap_or_default();
        let (path, name) = first.split_once('=').unwrap_or((first, "vivid"));
        let number = path.strip_prefix("/dev/video").and_then(|number| number.parse().ok());
        let minor = number.filter(|minor| *minor < 256 && format!("/dev/video{minor}") == path);
        let minor =
            minor.ok_or_else(|| format!("'{path}' is no path of a camera; use /dev/video0 to /dev/video255"))?;
        let kind = KINDS.iter().find(|kind| kind.name == name);
        let kind = kind.ok_or_else(|| {
            let all = names(KINDS.iter().map(|kind| kind.name.to_owned()));
            format!("there is no profile '{name}'; use one of: {all}")
        })?;
        let mut profile = kind.profile;
        // Requests need a media device beside the node, which is not simulated.
        profile.capabilities.remove(BufferCapabilities::REQUESTS);
        profile.controls = without_buttons(profile.controls);
        let mut camera = Self {
            path: path.into(),
            minor,
            profile,
            card: format!("simulated {name}"),
            rate: 30,
            memory: 1 << 30,
            faults: false,
            loses: true,
            recording: None,
        };
        words.try_for_each(|word| camera.set(word))?;
        if camera.faults {
            camera.profile.controls = with_buttons(camera.profile.controls);
        }
        Ok(camera)
    }
}

/// A size that every profile can have.
fn size(word: &str) -> Option<(u32, u32)> {
    let (width, height) = word.split_once('x')?;
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    let fits = |side: u32| (16..=Profile::LARGEST).contains(&side) && side.is_multiple_of(2);
    (fits(width) && fits(height)).then_some((width, height))
}

fn switch(word: &str) -> Option<bool> {
    match word {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

impl Camera {
    /// The camera does what a real device did.
    ///
    /// # Errors
    ///
    /// What is wrong with the recording, and where.
    pub fn replay(&mut self, text: String) -> Result<(), String> {
        // Once, as long as the runner lives.
        let recording = Recording::parse(text.leak()).map_err(|error| error.to_string())?;
        self.profile = recording.profile(self.profile);
        self.recording = Some(recording);
        Ok(())
    }

    fn set(&mut self, word: &str) -> Result<(), String> {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let wrong = |wanted: &str| format!("'{word}' of {}: use {wanted}", self.path);
        match key {
            "size" => {
                let pair = size(value).ok_or_else(|| wrong("size=WIDTHxHEIGHT, both even, 16 to 16376"))?;
                set_size(&mut self.profile, pair).map_err(|wanted| wrong(&wanted))?;
            }
            "sizes" => {
                let list: Option<Vec<_>> = value.split('+').map(size).collect();
                let list = list.ok_or_else(|| wrong("sizes=640x480+320x240, and so on, both even, 16 to 16376"))?;
                let intervals = match self.profile.sizes {
                    Sizes::Discrete(list) => list.first().map_or(&[][..], |size| size.intervals),
                    _ => self.profile.intervals,
                };
                let of = |&(width, height): &(u32, u32)| Size { width, height, formats: &[], intervals };
                self.profile.size = list[0];
                // Once for each camera, as long as the runner lives.
                self.profile.sizes = Sizes::Discrete(list.iter().map(of).collect::<Vec<_>>().leak());
            }
            "rate" => {
                let rate = value.parse().ok().filter(|rate| (1..=1000).contains(rate));
                self.rate = rate.ok_or_else(|| wrong("rate=1 to rate=1000"))?;
            }
            "memory" => {
                let memory = value.parse().ok().filter(|memory| (1..=65536usize).contains(memory));
                self.memory = memory.ok_or_else(|| wrong("memory=1 to memory=65536, in MiB"))? << 20;
            }
            "formats" => {
                let find = |name: &str| FORMATS.iter().find(|format| fourcc(format) == name).copied();
                let list: Option<Vec<_>> = value.split('+').map(find).collect();
                let planes = |format: &PixelFormat| self.profile.multiplanar || format.memory_planes == 1;
                let list = list.filter(|list| list.iter().all(planes)).ok_or_else(|| {
                    wrong(&format!("formats= and some of {}, with + between", names(FORMATS.iter().map(fourcc))))
                })?;
                // Once for each camera, as long as the runner lives.
                self.profile.formats = list.leak();
            }
            "card" if (1..32).contains(&value.len()) => self.card = value.into(),
            "card" => return Err(wrong("card= and a name of at most 31 bytes")),
            "read" => {
                self.profile.read_write = switch(value).ok_or_else(|| wrong("read=on or read=off"))?;
                // The kernel's write() reports no payload to the driver, and vivid, which wants to know it, fails with EINVAL.
                self.profile.needs_full_payload &= !self.profile.read_write;
            }
            "offsets" => {
                self.profile.data_offsets = switch(value).ok_or_else(|| wrong("offsets=on or offsets=off"))?;
            }
            "inputs" => {
                let own = &mut self.profile;
                let has_more = own.name == "vidbuf-sim" && own.flow == Flow::Capture;
                match value {
                    "off" => {}
                    "on" if has_more => kinds::with_inputs(own),
                    "hdmi" if has_more => kinds::with_hdmi(own),
                    "on" | "hdmi" => {}
                    _ => return Err(wrong("inputs=on, inputs=hdmi or inputs=off")),
                }
            }
            "requests" => {
                let on = switch(value).ok_or_else(|| wrong("requests=on or requests=off"))?;
                self.profile.capabilities.set(BufferCapabilities::REQUESTS, on);
            }
            "loss" => self.loses = switch(value).ok_or_else(|| wrong("loss=on or loss=off"))?,
            "faults" => self.faults = switch(value).ok_or_else(|| wrong("faults=on or faults=off"))?,
            _ => return Err(format!("there is no '{key}' of a camera; use {KEYS}")),
        }
        Ok(())
    }
}

/// The size at first: of a list one of it, of a receiver one that there are timings for.
fn set_size(own: &mut Profile, size: (u32, u32)) -> Result<(), String> {
    if matches!(own.sizes, Sizes::Discrete(_)) && listed(own).all(|listed| listed != size) {
        return Err(format!("size= and one of {}", names(listed(own).map(shown))));
    }
    if own.timings.follows_source {
        let sent = |timings: &Timings| (timings.width, timings.height);
        let found = own.timings.list.iter().rfind(|timings| sent(timings) == size);
        let all = || names(own.timings.list.iter().map(|timings| shown(sent(timings))));
        own.timings.first = *found.ok_or_else(|| format!("size= and one of {}", all()))?;
    }
    own.size = size;
    Ok(())
}

/// The sizes that a driver lists one by one, of its first format.
fn listed(profile: &Profile) -> impl Iterator<Item = (u32, u32)> {
    let (sizes, first) = (profile.sizes, profile.formats.first().map(|format| format.fourcc));
    let list: &'static [Size] = if let Sizes::Discrete(list) = sizes { list } else { &[] };
    let has = move |size: &&Size| size.formats.is_empty() || first.is_some_and(|first| size.formats.contains(&first));
    list.iter().filter(has).map(|size| (size.width, size.height))
}

fn shown((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

/// A kernel, by its version.
///
/// # Errors
///
/// What to write instead.
pub fn kernel(version: &str) -> Result<Kernel, String> {
    match version {
        "6.1" => Ok(Kernel::V6_1),
        "6.12" => Ok(Kernel::V6_12),
        "6.19" => Ok(Kernel::V6_19),
        _ => Err("use 6.1, 6.12 or 6.19".into()),
    }
}

/// The table of profiles.
pub fn list() -> String {
    let mut text = String::new();
    for kind in KINDS {
        let Profile { size: (width, height), formats, sizes, .. } = kind.profile;
        let formats = names(formats.iter().map(fourcc));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<20} {}\n{:20} {width}x{height} at first; {formats}", kind.name, kind.about, "");
        if let Sizes::Discrete(_) = sizes {
            let _ = writeln!(text, "{:20} sizes: {}", "", names(listed(&kind.profile).map(shown)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Camera>().map(|_| ()).expect_err("it was taken")
    }

    #[test]
    fn cameras_are_made_of_words() {
        let camera: Camera =
            "/dev/video7=uvc,size=1280x720,rate=60,formats=NV12+GREY,card=Desk,memory=64".parse().unwrap();
        assert_eq!((camera.minor, camera.profile.size, camera.rate), (7, (1280, 720), 60));
        assert_eq!((camera.profile.formats.len(), &*camera.card, camera.memory), (2, "Desk", 64 << 20));
        let receiver: Camera = "/dev/video1=hdmi,size=1280x720".parse().unwrap();
        assert_eq!((receiver.profile.timings.first.width, receiver.profile.inputs.len()), (1280, 1));
        let vivid: Camera = "/dev/video1=vivid,inputs=hdmi".parse().unwrap();
        assert_eq!((vivid.profile.size, vivid.profile.inputs.len()), ((1280, 720), 1));
        let camera: Camera = "/dev/video0=uvc,sizes=800x600+320x240".parse().unwrap();
        assert!(matches!(camera.profile.sizes, Sizes::Discrete([_, Size { width: 320, .. }])));
        assert_eq!(camera.profile.size, (800, 600));
        let camera: Camera = "/dev/video0=vivid-mplane,offsets=on,formats=YUYV+GREY".parse().unwrap();
        assert!(camera.profile.data_offsets && camera.profile.formats[0].data_offset == [128, 0, 0]);
        assert!("/dev/video0".parse::<Camera>().unwrap().profile.read_write);
        assert!(!"/dev/video0=vivid,read=off".parse::<Camera>().unwrap().profile.read_write);
    }

    #[test]
    fn errors_say_what_to_write() {
        assert!(error("/dev/cam").contains("use /dev/video0 to"));
        assert!(error("/dev/video007").contains("use /dev/video0 to"));
        assert!(error("/dev/video0=kinect").contains("rp1-cfe"));
        assert!(error("/dev/video0=uvc,size=5").contains("size=WIDTHxHEIGHT"));
        assert!(error("/dev/video0=webcam,sizes=640x480+5").contains("sizes=640x480+320x240"));
        assert!(error("/dev/video0=uvc,formats=NM12").contains("YUYV, UYVY, NV12"));
        assert!(error("/dev/video0=webcam,size=640x482").contains("use size= and one of 640x480, 320x240"));
        assert!(error("/dev/video0=hdmi,size=1600x1200").contains("use size= and one of 640x480"));
        assert!(error("/dev/video0=uvc,colour=red").contains("read=on|off"));
    }
}
