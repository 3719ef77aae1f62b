//! The same contract suite, the capture example and the counts, on a real kernel's vivid driver: in a guest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::guest::boot::Boot;
use crate::process::{Go, cargo, command};
use crate::{place, workspace};

/// Copies files into a folder.
///
/// # Errors
///
/// A file that is not there.
pub fn copied(folder: &Path, files: &[PathBuf]) -> Result<()> {
    for file in files {
        let to = folder.join(file.file_name().unwrap_or_default());
        fs::copy(file, &to).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// A file that runs in guests.
pub fn script(name: &str) -> PathBuf {
    place::root().join("tests/guest").join(name)
}

/// The kind of guest that a step was asked for, as its first word.
fn kind(asked: &Asked) -> &str {
    asked.rest.first().map_or("amd64-6.1", String::as_str)
}

/// The step. Its word, if any, is the guest.
pub fn vivid(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    let release = workspace::for_guests(
        "--bin contract --bin lifecycle --bin suite --bin colour_bars \
         --example capture --example record --example hdmi --example replay",
    )?;
    let vivid =
        test_program(&mut workspace::for_guests_by("test", "--test vivid --no-run --message-format=json"), "vivid")?;
    let (files, out) = (place::emptied("guest-files")?, place::emptied("guest-out")?);
    let programs = ["contract", "lifecycle", "suite", "examples/capture", "examples/record", "examples/hdmi"];
    copied(&files, &programs.map(|name| release.join(name)))?;
    fs::copy(vivid, files.join("vivid"))?;
    let mut boot = Boot::new(kind(asked))?.counted().command(&files, &["suite", "vivid"]);
    boot.with = vec!["strace".into(), "v4l2-ctl".into()];
    boot.limit = 600;
    boot.out = Some(out.clone());
    boot.go()?;

    let mut cases = Cases::new();
    for file in files_below(&out)? {
        let name = file.strip_prefix(&out).unwrap_or(&file).display().to_string();
        if name.ends_with(".png") {
            let program = release.join("colour_bars");
            cases.add(format!("{name} shows vivid's colour bars"), move || colour_bars(&program, &file));
        } else if name.ends_with(".trace") {
            let program = release.join("examples/replay");
            cases.add(format!("{name} is what a program sees on the simulator"), move || {
                command(&program).arg(&file).go()
            });
        }
    }
    cases.run(asked.filter())
}

/// Whether a picture that came back is vivid's.
///
/// # Errors
///
/// It is not.
pub fn colour_bars(program: &Path, picture: &Path) -> Result<()> {
    let seen = command(program).arg(picture).seen()?;
    ensure!(seen.ok(), "{}", seen.both());
    println!("{}", seen.out.lines().next().unwrap_or_default());
    Ok(())
}

/// Files of a folder and of those below it, in order.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The program of a test that a command of cargo builds, by its messages.
///
/// # Errors
///
/// It does not build.
pub fn test_program(cargo: &mut Command, test: &str) -> Result<PathBuf> {
    let messages = cargo.text()?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut programs = messages
        .filter(|message| message["target"]["name"] == test)
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    programs.next().with_context(|| format!("cargo built no test {test}"))
}

/// The same random system calls on vivid's nodes and on the simulator, result by result, on two kernels. Words: how many operations
/// (50,000 in all), and the seed. The last thing that it prints is a table; a divergence is printed shortened, with its seed.
pub fn differential(asked: &Asked) -> Result<()> {
    let number = |at: usize, otherwise: u32| {
        asked.rest.get(at).map_or(Ok(otherwise), |word| word.parse().with_context(|| word.clone()))
    };
    let (operations, seed) = (number(0, 50_000)?, number(1, 1)?);
    cargo("fetch --locked").persist()?;
    let release = workspace::for_guests("--bin differential --bin suite")?;
    let (files, logs) = (place::emptied("differential-files")?, place::emptied("differential")?);
    copied(&files, &[release.join("differential"), release.join("suite")])?;
    // One guest a processor; a guest's time is counted in its own instructions, so a busy machine changes nothing.
    let per_node = operations.div_ceil(8);
    let kinds = ["amd64-6.1", "amd64-6.12"];
    let run = |kind: &str| -> Result<i32> {
        let words = [per_node.to_string(), seed.to_string()];
        let mut boot = Boot::new(kind)?.counted().command(&files, &["suite", "differential", &words[0], &words[1]]);
        // Four times what it takes on two idle processors.
        boot.limit = 1200 + per_node / 10;
        boot.printed = Some(logs.join(kind));
        boot.run()
    };
    let ended: Vec<Result<i32>> = std::thread::scope(|scope| {
        let guests = kinds.map(|kind| scope.spawn(move || run(kind)));
        guests.into_iter().map(|guest| guest.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?).collect()
    });
    let mut table = String::from(
        "\n| kernel | node | sequences | operations | refused by both | divergences |\n|---|---|---|---|---|---|\n",
    );
    for kind in kinds {
        let printed = fs::read_to_string(logs.join(kind))?;
        print!("{printed}");
        let rows = printed.lines().filter(|line| {
            line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        });
        table.extend(rows.map(|row| format!("{row}\n")));
    }
    print!("{table}");
    for (kind, ended) in kinds.iter().zip(ended) {
        let status = ended?;
        ensure!(status == 0, "the guest {kind} ended with status {status}");
    }
    Ok(())
}
