//! How to link a program that brings its own `_start` and no C library: through a C compiler, as by default on the machine's own
//! processor, or by a linker, as `.cargo/config.toml` has it for others.

use std::env;
use std::path::Path;

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    notice_another_linker(Path::new(&folder));
    let by_linker = links_by_linker();
    // For a C compiler: none of its own start files and libraries.
    let whole: &[&str] = if by_linker { &[] } else { &["-nostartfiles", "-nostdlib"] };
    for argument in [whole, &["-static", "-no-pie"]].concat() {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    let is = |variable: &str, value: &str| env::var(variable).is_ok_and(|found| found == value);
    // Debuggers read the table of sections, and nothing else does. A linker that is older than `nosectionheader` ignores it. The small
    // file is for x86-64 alone: on Arm, Rust's own library has statics that are written.
    let (script, form) = match is("PROFILE", "release") {
        true if is("CARGO_CFG_TARGET_ARCH", "x86_64") => ("small.ld", "--oformat=binary"),
        true => ("link.ld", "-znosectionheader"),
        false => ("link.ld", "-znorelro"),
    };
    let scripts = ["names.ld", script].map(|script| {
        println!("cargo::rerun-if-changed={script}");
        format!("-T{folder}/{script}")
    });
    let arguments = [&scripts[0], &scripts[1], form, "-znorelro", "--build-id=none", "--no-eh-frame-hdr"];
    for argument in arguments {
        let for_compiler = if by_linker { "" } else { "-Wl," };
        println!("cargo::rustc-link-arg-bins={for_compiler}{argument}");
    }
}

/// Whether rustc calls a linker itself, and not a C compiler that calls one.
fn links_by_linker() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let option = |name: &str| {
        let value = |flag: &str| {
            Some(flag.strip_prefix("-C").unwrap_or(flag).trim().strip_prefix(name)?.strip_prefix('=')?.to_string())
        };
        flags.split('\x1f').filter_map(value).next_back()
    };
    if let Some(flavor) = option("linker-flavor") {
        return !flavor.ends_with("cc");
    }
    let linker = option("linker").or(env::var("RUSTC_LINKER").ok()).unwrap_or_default();
    let name = Path::new(&linker).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.trim_end_matches(".exe");
    name == "ld" || name.starts_with("ld.") || name.ends_with("-ld") || name.ends_with("lld")
}

/// Cargo names the linker (`RUSTC_LINKER`), but does not run this again by itself when another is configured.
fn notice_another_linker(folder: &Path) {
    println!("cargo::rerun-if-changed=build.rs");
    let target = env::var("TARGET").expect("cargo sets it").to_uppercase().replace(['-', '.'], "_");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_{target}_LINKER");
    let home = env::var("CARGO_HOME").unwrap_or_default();
    let folders = folder.ancestors().map(|folder| folder.join(".cargo")).chain([home.into()]);
    for file in folders.flat_map(|folder| [folder.join("config.toml"), folder.join("config")]) {
        // One that is not there would run this at every build.
        if file.is_file() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
}
