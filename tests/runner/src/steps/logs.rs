//! Logs on Linux, end to end: the example's frames come out and are decoded, each level is there, and a program built without logs
//! has nothing of them.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Result, ensure};

use super::vivid::test_program;
use super::{Asked, logged};
use crate::cases::Cases;
use crate::place::{self, HOST, below_target};
use crate::process::{Go, cargo, command};
use crate::workspace;

/// The step.
pub fn logs(asked: &Asked) -> Result<()> {
    logged::decoder()?;
    let package = place::root().join("backend-linux/examples/logging");
    let folder = below_target("logging");
    // In its folder, as a user does: what is in .cargo/config.toml counts.
    cargo("fetch --locked").current_dir(&package).persist()?;
    let (on, off) = (folder.join("with-logs"), folder.join("without-logs"));
    for (program, features) in [(&on, ""), (&off, "--no-default-features")] {
        let mut build = cargo("build --locked --quiet --release --target-dir");
        build.arg(&folder).words(features).current_dir(&package).go()?;
        fs::copy(folder.join(HOST).join("release/logging"), program)?;
    }

    let frames = folder.join("frames");
    command(&on).stderr(File::create(&frames)?).go()?;
    let log = logged::decoded(&on, &frames)?;
    print!("{log}");
    println!("{} messages from {} bytes", log.lines().count(), fs::metadata(&frames)?.len());

    let mut cases = Cases::new();
    let whole = log.clone();
    cases.add("the log has the whole lifecycle", move || logged::whole_lifecycle(&whole, 10));
    cases.expect("what Drop could not free is logged", move || log.contains(" warn  dropping a queue left buffers "));
    let (with, without) = (on, off);
    cases.add("the search finds defmt where it is", move || {
        let count = symbols_of_defmt(&with)?;
        println!("{count} symbols of defmt with logs");
        ensure!(count > 0, "none");
        Ok(())
    });
    let program = without.clone();
    cases.add("no symbol of defmt in a program without logs", move || {
        let count = symbols_of_defmt(&program)?;
        ensure!(count == 0, "{count}");
        Ok(())
    });
    let program = without.clone();
    cases.add("no section of messages, either", move || {
        ensure!(!command("size").arg("-A").arg(&program).text()?.contains("defmt"), "there is one");
        Ok(())
    });
    // Nor are the texts of the messages in there: those of `log` would be. A program with `log` has them.
    cases.add("the search finds messages of log where they are", || {
        let program = test_program(
            &mut workspace::unoptimised(
                "test",
                "--quiet --no-run --message-format json --no-default-features --features vidbuf-tests/log --test log",
            ),
            "log",
        )?;
        ensure!(has_messages(&program)?, "none in {}", program.display());
        Ok(())
    });
    let program = without.clone();
    cases.add("no text of a message in a program without logs", move || {
        ensure!(!has_messages(&program)?, "there is one");
        Ok(())
    });
    cases.add("nothing on standard error", move || {
        let seen = command(&without).seen()?;
        ensure!(seen.err.is_empty(), "{}", seen.err);
        Ok(())
    });
    cases.run(asked.filter())
}

/// Whether texts of the library's messages are in a program.
fn has_messages(program: &Path) -> Result<bool> {
    let bytes = fs::read(program)?;
    let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    Ok(has(b"released the buffers") || has(b"dropping a queue left buffers"))
}

/// How many symbols of a program are of defmt.
pub fn symbols_of_defmt(program: &Path) -> Result<usize> {
    let symbols = command("nm").arg(program).text()?;
    Ok(symbols.lines().filter(|line| line.to_lowercase().contains("defmt")).count())
}
