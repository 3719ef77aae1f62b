//! Other people's crates: which can be built here.

use std::path::PathBuf;

use anyhow::Result;

use super::folder;
use crate::apt::Apt;
use crate::guest::kind::Kind;
use crate::needs;
use crate::process::Go;
use crate::process::line;

/// Programs without other people's crates.
const OURS: [&str; 5] = ["empty", "floor-rustix", "growth", "vidbuf", "vidbuf-timeout"];

/// What is built beside vidbuf.
#[derive(Default)]
pub struct Peers {
    /// linuxvideo and moq-v4l.
    all: bool,
    /// v4l, which makes its structures with bindgen.
    v4l: bool,
    /// v4l2r, too, which wants newer headers than Debian 12 has: those of the newer guest, in this folder.
    headers: Option<PathBuf>,
}

impl Peers {
    /// Those that can be built here.
    pub fn choose() -> Result<Self> {
        let mut peers = Self { all: true, ..Self::default() };
        if std::env::var("LIBCLANG").is_ok_and(|word| word != "yes") {
            return Ok(peers);
        }
        if !has_libclang()
            && let Err(why) = needs::ensure_package("libclang-dev")
        {
            println!("bench: no libclang: without v4l and v4l2r: {why:#}");
            return Ok(peers);
        }
        peers.v4l = true;
        match headers() {
            Ok(headers) => peers.headers = Some(headers),
            Err(why) => println!("bench: no newer kernel headers: without v4l2r: {why:#}"),
        }
        Ok(peers)
    }

    /// Cargo's features.
    pub fn features(&self) -> String {
        let all = [("peers", self.all), ("v4l", self.v4l), ("v4l2r", self.headers.is_some())];
        all.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect::<Vec<_>>().join(",")
    }

    /// The programs that belong to this run: an earlier run with more features may have left others.
    pub fn programs(&self) -> Vec<&'static str> {
        let mut programs = OURS.to_vec();
        programs.extend(if self.all { &["linuxvideo", "moq-v4l"][..] } else { &[] });
        programs.extend(self.v4l.then_some("v4l"));
        programs.extend(self.headers.is_some().then_some("v4l2r"));
        programs
    }

    /// What bindgen is to know.
    pub fn environment(&self) -> Option<(&'static str, String)> {
        let include = self.headers.as_ref()?.join("usr/include");
        Some(("BINDGEN_EXTRA_CLANG_ARGS", format!("-I{0} -I{0}/x86_64-linux-gnu", include.display())))
    }
}

fn has_libclang() -> bool {
    line("sh -c").arg("ls /usr/lib/llvm-*/lib/libclang.so*").succeeds()
}

fn headers() -> Result<PathBuf> {
    let headers = folder("headers");
    if !headers.join("usr/include").exists() {
        let kind = Kind::named("amd64-6.12")?;
        Apt::new(&kind.suite, &kind.arch, kind.security)?.unpack("linux-libc-dev", &headers, &[])?;
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_builds_nobody_elses_crates() {
        let none = Peers::default();
        assert_eq!((none.features(), none.programs().len()), (String::new(), OURS.len()));
        let all = Peers { all: true, v4l: true, headers: Some("/h".into()) };
        assert_eq!(all.features(), "peers,v4l,v4l2r");
        assert!(all.programs().contains(&"v4l2r") && all.environment().is_some());
    }
}
