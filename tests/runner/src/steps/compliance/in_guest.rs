//! v4l2-compliance on real drivers: a shell script in a guest, which calls it as `$tool`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::judge::Tool;
use crate::guest::boot::Boot;
use crate::guest::driver;
use crate::process::{Go as _, command};

/// The beginning of every such script.
const BEGIN: &str = r#"
tool=v4l2-compliance
if [ -f root.tar ]; then
    mkdir /newer
    tar -C /newer -xf root.tar
    libraries=/newer/usr/lib/x86_64-linux-gnu
    tool="$libraries/ld-linux-x86-64.so.2 --library-path $libraries /newer/usr/bin/v4l2-compliance"
fi
"#;

/// A guest with these drivers, in which the script runs from `files`; what it leaves in `/out` comes to `out`.
///
/// # Errors
///
/// There is no such guest or driver, or `files` cannot be written.
pub fn guest(kind: &str, drivers: &str, tool: &Tool, script: &str, files: &Path, out: PathBuf) -> Result<Boot> {
    fs::write(files.join("judge.sh"), format!("{BEGIN}{script}"))?;
    let mut boot = Boot::new(kind)?.command(files, &["sh", "./judge.sh"]);
    boot.drivers = driver::named(drivers)?;
    match tool {
        Tool::Installed => boot.with = vec!["v4l2-compliance".into()],
        // Packed, so that nobody looks for this machine's libraries to go with it.
        Tool::Newer(root) => command("tar")
            .arg("-C")
            .arg(root)
            .arg("-cf")
            .arg(files.join("root.tar"))
            .words("usr/bin/v4l2-compliance usr/lib")
            .go()?,
    }
    boot.limit = 600;
    boot.out = Some(out);
    Ok(boot)
}
