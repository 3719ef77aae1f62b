//! Tells the linker where memory is: in the emulated board that `../steps/bare_metal` runs the lifecycle on.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let target = env::var("TARGET").unwrap_or_default();
    let memory = fs::read(format!("memory/{target}.x")).expect("a memory map for this target");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("memory.x"), memory).expect("OUT_DIR can be written");
    println!("cargo::rustc-link-search={}", out.display());
    let scripts: &[&str] =
        if target.starts_with("thumb") { &["link.x", "defmt.x"] } else { &["memory.x", "link.x", "defmt.x"] };
    for script in scripts {
        println!("cargo::rustc-link-arg-bin=lifecycle=-T{script}");
    }
    // A frame of the stack that is not the heart of the matter: no start-up code, no interrupt table, a device that is
    // nothing but names.
    println!("cargo::rustc-link-arg-bin=one_queue=-efirmware");
    println!("cargo::rustc-link-arg-bin=one_queue=-Tone_queue.x");
    println!("cargo::rustc-link-search={}", env::var("CARGO_MANIFEST_DIR").expect("cargo sets it") + "/memory");
    println!("cargo::rerun-if-changed=memory");
}
