//! What is built and weighed. Static, so that callgrind sees all of a program in the guest, and at fixed addresses.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Bench, folder, peers};
use crate::measure;
use crate::place::HOST;
use crate::process::{Go, cargo, command, line};

const STATIC: &str = "-C target-feature=+crt-static -C relocation-model=static";

/// A cargo profile, and the name of its opt-level.
pub const PROFILES: [(&str, &str); 2] = [("scales", "3"), ("small", "z")];

/// Programs that vidbuf is compared with, here and without other people's crates.
pub const FLOORS: [&str; 4] = ["floor", "floor-rustix", "floor-syscalls", "nothing"];

/// The loops without a kernel: as firmware, as everybody, as everybody with critical sections.
pub fn frames() -> Result<()> {
    fs::create_dir_all(folder("frames"))?;
    for (profile, features, name) in
        [("small", "", "z"), ("scales", "", "3"), ("scales", "critical-section", "3-critical")]
    {
        let mut build = cargo("build --locked --quiet -p vidbuf-bench --no-default-features --bin frames --target");
        build.args([HOST, "--profile", profile, "--features", features]);
        build.env("RUSTFLAGS", STATIC).env("CARGO_TARGET_DIR", folder("build")).go()?;
        fs::copy(folder("build").join(HOST).join(profile).join("frames"), folder("frames").join(name))?;
    }
    Ok(())
}

/// The programs for the guest, in a folder of each opt-level.
pub fn programs(bench: &Bench) -> Result<()> {
    let peers = if bench.is_check() { peers::Peers::default() } else { peers::Peers::choose()? };
    for (profile, opt) in PROFILES {
        let to = bench.files.join(opt);
        fs::create_dir_all(&to)?;
        let mut build = cargo("build --locked --quiet --manifest-path bench/peers/Cargo.toml --profile");
        build.args([profile, "--target", HOST, "--features", &peers.features()]).envs(peers.environment());
        build.env("RUSTFLAGS", STATIC).env("CARGO_TARGET_DIR", folder("build-peers")).go()?;
        for name in peers.programs() {
            fs::copy(folder("build-peers").join(HOST).join(profile).join(name), to.join(name))?;
        }
        let level = if opt == "3" { "-O2" } else { "-Oz" };
        for (name, definition) in [("floor", ""), ("floor-syscalls", "-DSYSCALLS"), ("nothing", "-DNOTHING")] {
            line("cc -Wall -Werror -static")
                .arg(level)
                .words(definition)
                .arg("-o")
                .arg(to.join(name))
                .arg("bench/peers/floor.c")
                .go()?;
        }
    }
    Ok(())
}

/// vidbuf with its source lines.
pub fn profiled(bench: &Bench) -> Result<()> {
    for (profile, opt) in PROFILES {
        let to = bench.files.join(opt);
        fs::create_dir_all(&to)?;
        fs::create_dir_all(bench.raw.join("kernel").join(opt))?;
        let mut build = cargo("build --locked --quiet --manifest-path bench/peers/Cargo.toml --bin vidbuf --profile");
        build.args([profile, "--target", HOST, "--target-dir"]).arg(folder("build-profile"));
        build.env("CARGO_PROFILE_SCALES_DEBUG", "line-tables-only").env("RUSTFLAGS", STATIC).go()?;
        fs::copy(folder("build-profile").join(HOST).join(profile).join("vidbuf"), to.join("vidbuf"))?;
    }
    Ok(())
}

/// Size of each program beside the one without a camera.
pub fn weigh(bench: &Bench) -> Result<()> {
    for (_, opt) in PROFILES {
        let to = bench.raw.join("kernel").join(opt);
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(bench.files.join(opt))? {
            let program = entry?.path();
            let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let base = if name.starts_with("floor") && name != "floor-rustix" { "nothing" } else { "empty" };
            let added = text(&program)?.cast_signed() - text(&program.with_file_name(base))?.cast_signed();
            command("strip").arg("-o").arg(folder("stripped")).arg(&program).go()?;
            let bytes = fs::metadata(folder("stripped"))?.len();
            fs::write(to.join(format!("{name}.size")), format!("static_bytes {bytes}\ntext_added {added}\n"))?;
        }
    }
    Ok(())
}

fn text(program: &Path) -> Result<u64> {
    measure::functions(program)
}
