//! What the environment sets: which nodes there are, and what they are like.

use std::ffi::CStr;
use std::sync::OnceLock;

use vidbuf::node::{EDID_BLOCK, EdidBlock};
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_sim::{Kernel, PixelFormat, Profile};

/// One node.
pub struct Setting {
    /// `/dev/videoN`.
    pub path: String,
    /// N.
    pub minor: u32,
    /// What it is like.
    pub profile: Profile,
    /// Its name for people.
    pub card: String,
}

/// All of it.
pub struct Settings {
    /// The nodes.
    pub nodes: Vec<Setting>,
    /// The kernel.
    pub kernel: Kernel,
    /// Time between frames.
    pub interval_ns: u64,
    /// Bytes for buffers, for each node.
    pub memory: usize,
}

/// Read once, when the program first opens something.
pub fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(read)
}

/// The node of a path.
pub fn find(path: &CStr) -> Option<usize> {
    let path = path.to_bytes();
    if !path.starts_with(b"/dev/video") {
        return None;
    }
    settings().nodes.iter().position(|node| node.path.as_bytes() == path)
}

fn read() -> Settings {
    let nodes = std::env::var("VIDBUF_SIM").unwrap_or_else(|_| "/dev/video0=vivid".into());
    let size = number_pair("VIDBUF_SIM_SIZE");
    let nodes = nodes.split(',').filter(|word| !word.is_empty()).filter_map(|word| node(word, size)).collect();
    let kernel = match std::env::var("VIDBUF_SIM_KERNEL").as_deref() {
        Err(_) | Ok("6.12") => Kernel::V6_12,
        Ok("6.1") => Kernel::V6_1,
        Ok("6.19") => Kernel::V6_19,
        Ok(other) => {
            complain(&format!("VIDBUF_SIM_KERNEL={other}: there are 6.1, 6.12 and 6.19"));
            Kernel::V6_12
        }
    };
    let rate = number("VIDBUF_SIM_RATE", 30).clamp(1, 1000);
    let memory = number("VIDBUF_SIM_MEMORY", 1024).clamp(1, 1 << 20) << 20;
    Settings { nodes, kernel, interval_ns: 1_000_000_000 / rate, memory: memory as usize }
}

fn node(word: &str, size: Option<(u32, u32)>) -> Option<Setting> {
    let (path, name) = word.split_once('=').unwrap_or((word, "vivid"));
    let minor = path.strip_prefix("/dev/video").and_then(|number| number.parse().ok()).filter(|minor| *minor < 256);
    let (Some(minor), Some(mut profile)) = (minor, profile(name)) else {
        complain(&format!(
            "VIDBUF_SIM: no node is made of '{word}'; it wants /dev/videoN=PROFILE, and the profiles are: {PROFILES}"
        ));
        return None;
    };
    // Requests need a media device beside the node, which is not simulated.
    profile.capabilities.remove(BufferCapabilities::REQUESTS);
    profile.size = size.unwrap_or(profile.size);
    Some(Setting { path: path.into(), minor, profile, card: format!("simulated {name}") })
}

/// That of the simulated receiver, so that its source sends something at once.
const EDID: &[EdidBlock] = &[[0; EDID_BLOCK]; 1];

const PROFILES: &str = "vivid, vivid-mplane, vivid-output, vivid-output-mplane, uvc, unicam, rp1-cfe, hdmi";

fn profile(name: &str) -> Option<Profile> {
    Some(match name {
        "vivid" => Profile::VIVID,
        "vivid-mplane" => Profile::VIVID_MULTIPLANAR,
        "vivid-output" => Profile::VIVID_OUTPUT,
        "vivid-output-mplane" => Profile::VIVID_OUTPUT_MULTIPLANAR,
        // Without MJPEG: the simulator's compressed frames are of the right length and no pictures.
        "uvc" => Profile::UVC.formats(&[PixelFormat::YUYV, PixelFormat::NV12, PixelFormat::GREY]),
        "unicam" => Profile::UNICAM,
        "rp1-cfe" => Profile::RP1_CFE,
        "hdmi" => Profile::HDMI_BRIDGE.edid(EDID),
        _ => return None,
    })
}

fn number(name: &str, otherwise: u64) -> u64 {
    let Ok(word) = std::env::var(name) else { return otherwise };
    word.parse().unwrap_or_else(|_| {
        complain(&format!("{name}={word}: not a number"));
        otherwise
    })
}

fn number_pair(name: &str) -> Option<(u32, u32)> {
    let word = std::env::var(name).ok()?;
    let pair = word.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    if pair.is_none() {
        complain(&format!("{name}={word}: not WIDTHxHEIGHT"));
    }
    pair
}

fn complain(words: &str) {
    eprintln!("vidbuf-sim-preload: {words}");
}
