//! How to link a program that brings its own `_start` and no C library.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    // Set by cargo when another linker than the C compiler is configured; `rust-lld` needs no C toolchain.
    let linker = std::env::var("RUSTC_LINKER").unwrap_or_default();
    let own = linker.ends_with("lld") || linker.ends_with("ld");
    if !own {
        for argument in ["-nostartfiles", "-nostdlib", "-static", "-no-pie"] {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
    println!("cargo::rerun-if-changed=link.ld");
    let script = format!("-T{}/link.ld", std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    for argument in [&script, "-znorelro", "--build-id=none", "--no-eh-frame-hdr"] {
        let for_compiler = if own { "" } else { "-Wl," };
        println!("cargo::rustc-link-arg-bins={for_compiler}{argument}");
    }
}
