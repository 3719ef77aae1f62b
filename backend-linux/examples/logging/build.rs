//! Gives the linker the script that puts defmt's messages where `defmt-print` looks for them.

fn main() {
    println!("cargo::rerun-if-changed=messages.x");
    if std::env::var_os("CARGO_FEATURE_DEFMT").is_some() {
        let here = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
        println!("cargo::rustc-link-arg-bins=-T{here}/messages.x");
    }
}
