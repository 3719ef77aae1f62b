//! What the programs need: Debian's packages, Python's, and programs that are built here.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::bench::Peers;
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command, line};
use crate::workspace;

/// Debian's packages, if the programs are missing.
const PACKAGES: &[(&str, &str)] = &[
    ("chromium", "chromium"),
    ("ffmpeg", "ffmpeg"),
    ("file", "file"),
    ("fswebcam", "fswebcam"),
    ("go", "golang-go"),
    ("gst-launch-1.0", "gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good"),
    ("guvcview", "guvcview"),
    ("motion", "motion"),
    ("mpv", "mpv"),
    ("qv4l2", "qv4l2"),
    ("streamer", "streamer"),
    ("ustreamer", "ustreamer"),
    ("v4l2-ctl", "v4l-utils"),
    ("valgrind", "valgrind"),
    ("vlc", "vlc-bin vlc-plugin-base"),
    ("xvfb-run", "xvfb xauth"),
    ("xwininfo", "x11-utils"),
    ("yavta", "yavta"),
    ("zbarcam", "zbar-tools"),
];

/// Where what is built here is.
pub fn folder() -> PathBuf {
    below_target("programs/made")
}

/// Python with its packages.
pub fn python() -> PathBuf {
    below_target("programs/python/bin/python")
}

/// The name of this machine's kernel, and its version without what a distribution adds.
pub fn system() -> Result<String> {
    let system = line("uname -sr").text()?;
    Ok(system.trim().split('-').next().unwrap_or_default().to_owned())
}

/// Whether root runs this.
pub fn is_root() -> bool {
    line("id -u").text().is_ok_and(|id| id.trim() == "0")
}

/// Installs and builds what every program needs.
pub fn make_quick() -> Result<()> {
    let missing = PACKAGES.iter().filter(|(program, _)| !crate::needs::is_there(program));
    let packages: Vec<&str> = missing.flat_map(|(_, packages)| packages.split(' ')).collect();
    if !packages.is_empty() {
        println!("installing {}", packages.join(" "));
        line("apt-get -qq update").persist()?;
        let mut install = line("apt-get -qq install -y --no-install-recommends");
        install.args(packages).env("DEBIAN_FRONTEND", "noninteractive").persist()?;
    }
    workspace::optimised("--bin vidbuf-sim --bin simulated_frames --example capture")?;
    fs::create_dir_all(folder())?;
    if !python().exists() {
        line("python3 -m venv").arg(below_target("programs/python")).go()?;
        command(python()).words("-m pip -q install opencv-python-headless av linuxpy").persist()?;
    }
    Ok(())
}

/// Installs and builds. What cannot be had fails later, with its own row.
pub fn make() -> Result<()> {
    make_quick()?;
    let made = folder();
    let c = place::root().join("tests/any_program/descriptors.c");
    line("cc -O1 -static -pthread -o").arg(made.join("descriptors")).arg(&c).go()?;
    line("cc -O1 -g -fsanitize=thread -pthread -o").arg(made.join("descriptors-tsan")).arg(&c).go()?;
    let go = place::root().join("tests/programs/capture.go");
    let mut build = line("go build -o");
    build.arg(made.join("go-capture")).arg(go).env("CGO_ENABLED", "0").env("GO111MODULE", "off").go()?;
    crates()
}

/// Other people's crates, and our firmware.
fn crates() -> Result<()> {
    let made = folder();
    let target = below_target("programs/crates");
    let take = |from: PathBuf, name: &str| fs::copy(from, made.join(name)).map(drop);
    let mut firmware =
        cargo("build --locked --quiet --release --manifest-path backend-linux/examples/firmware/Cargo.toml");
    firmware.arg("--target-dir").arg(below_target("firmware")).go()?;
    take(below_target("firmware/release/firmware"), "firmware")?;
    let peers = Peers::choose()?;
    for (features, name) in [("peers", "linuxvideo"), ("v4l", "v4l"), ("v4l2r", "v4l2r")] {
        // They are others', and do not change.
        if made.join(name).exists() {
            continue;
        }
        let mut build = cargo("build --locked --quiet --release --manifest-path bench/peers/Cargo.toml --features");
        build.args([features, "--bin", name]).arg("--target-dir").arg(&target).envs(peers.environment());
        if build.go().is_ok() {
            take(target.join("release").join(name), name)?;
        }
    }
    if made.join("nokhwa").exists() {
        return Ok(());
    }
    let package = below_target("programs/nokhwa");
    fs::create_dir_all(package.join("src"))?;
    fs::copy(place::root().join("tests/programs/nokhwa.rs"), package.join("src/main.rs"))?;
    let manifest = "[package]\nname = \"takes-frames\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n\
                    nokhwa = { version = \"0.10\", features = [\"input-v4l\"] }\n[workspace]\n";
    fs::write(package.join("Cargo.toml"), manifest)?;
    let mut build = cargo("build --quiet --release");
    build.arg("--target-dir").arg(&target).current_dir(&package);
    if build.go().is_ok() {
        take(target.join("release/takes-frames"), "nokhwa")?;
    }
    Ok(())
}
