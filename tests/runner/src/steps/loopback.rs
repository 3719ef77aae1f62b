//! v4l2loopback, a driver that does not keep its hands off buffers that a program holds, and drivers made odd: the capture example
//! and the library in a guest, each promise a check.

use anyhow::Result;

use super::Asked;
use super::vivid::{copied, script};
use crate::guest::boot::Boot;
use crate::guest::build;
use crate::process::{Go, cargo, line};
use crate::{place, workspace};

/// The step. Its word, if any, is the guest, of this machine's own processor.
pub fn loopback(asked: &Asked) -> Result<()> {
    let kind = asked.rest.first().map_or("amd64-6.1", String::as_str);
    let module = build::built(kind, "v4l2loopback")?.join("v4l2loopback.ko");
    cargo("fetch --locked").persist()?;
    let files = place::emptied("loopback-files")?;
    // Linked dynamically: what is preloaded sees only such programs.
    let release = workspace::optimised("--bin loopback --example capture")?;
    copied(&files, &[release.join("loopback"), release.join("examples/capture")])?;
    copied(&files, &[workspace::for_guests("--bin suite")?.join("suite")])?;
    // What is preloaded changes only system calls that go through the C library.
    workspace::optimised("--bin odd_driver --example capture --features vidbuf-linux/use-libc")?;
    copied(&files, &[release.join("odd_driver"), module])?;
    std::fs::copy(release.join("examples/capture"), files.join("capture-libc"))?;
    let compile = |words: &str, name: &str, source: &str| {
        line("cc -O2 -Wall -Wextra -Werror").words(words).arg("-o").arg(files.join(name)).arg(script(source)).go()
    };
    compile("-static", "producer", "producer.c")?;
    compile("-shared -fPIC", "alarm.so", "alarm.c")?;
    compile("-shared -fPIC", "odd_driver.so", "odd_driver.c")?;
    let version = build::version(kind, "v4l2loopback")?;
    let mut boot = Boot::new(kind)?.counted().command(&files, &["suite", "loopback", version.trim()]);
    boot.with = vec!["v4l2-ctl".into()];
    boot.go()
}
