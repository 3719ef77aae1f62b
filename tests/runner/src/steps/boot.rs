//! Guests themselves: exit statuses, files, clean ends. A guest that lies about its command's end would let every other check pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place;
use crate::process::{Go, Seen, status};

/// A guest by hand, as its user has it; temporary files in a folder of its own.
struct Hand {
    kind: String,
    files: PathBuf,
    temporary: PathBuf,
}

impl Hand {
    fn guest(&self, options: &[&str], words: &[&str]) -> Result<Command> {
        let mut guest = crate::process::command(place::runner());
        guest
            .args(["guest", &self.kind, "--files"])
            .arg(&self.files)
            .args(options)
            .args(words)
            .env("TMPDIR", &self.temporary);
        Ok(guest)
    }

    fn seen(&self, options: &[&str], words: &[&str]) -> Result<Seen> {
        self.guest(options, words)?.seen()
    }

    /// Neither a file nor a process of it is left.
    fn nothing_is_left(&self) -> Result<()> {
        let files: Vec<_> = fs::read_dir(&self.temporary)?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        ensure!(files.is_empty(), "left: {files:?}");
        let processes = processes_with(&self.temporary)?;
        ensure!(processes.is_empty(), "still running: {processes:?}");
        Ok(())
    }
}

/// The command lines of processes that name a folder.
fn processes_with(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        // A process may end meanwhile.
        let Ok(line) = fs::read(entry?.path().join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(&*folder.to_string_lossy()) {
            found.push(line);
        }
    }
    Ok(found)
}

/// A way for a guest to end: its name, options, command, status, and words that are printed.
type End = (&'static str, &'static [&'static str], &'static [&'static str], i32, &'static str);

const NODES: &str = r#"for node in "$VIVID_CAP" "$VIVID_OUT" "$VIVID_CAP_MPLANE" "$VIVID_OUT_MPLANE"; do
    test -c "$node" && echo "$node"; done | sort -u | echo "nodes $(wc -l)""#;

const ENDS: &[End] = &[
    ("nodes have names", &[], &["sh", "-c", NODES], 0, "nodes 4"),
    ("status 1", &[], &["false"], 1, ""),
    (
        "status of a signal, odd words",
        &[],
        &["sh", "-c", "echo \"$1\" >/dev/stderr; kill -9 $$", "sh", "it's $HOME"],
        137,
        "it's $HOME",
    ),
    ("no such command", &[], &["no-such-command"], 127, "not found"),
    ("guest switched off", &[], &["poweroff", "-f"], 125, "before COMMAND was done"),
    ("guest rebooted", &[], &["reboot", "-f"], 125, "before COMMAND was done"),
    ("kernel panic", &[], &["sh", "-c", "echo c >/proc/sysrq-trigger"], 125, "kernel panicked"),
    (
        "kernel complains",
        &[],
        &["sh", "-c", "echo 'WARNING: CPU: 0 PID: 1 at nowhere' >/dev/kmsg"],
        126,
        "the kernel complained",
    ),
    ("time limit", &["--time-limit", "15"], &["sleep", "1000"], 125, "not done after 15 s"),
    ("bad module parameter", &["--parameters", "n_devs=x"], &["true"], 125, "vivid did not load"),
    ("no such driver", &["--drivers", "nothing"], &["true"], 125, "there is no driver nothing"),
];

/// The step. Its word, if any, is the guest.
pub fn boot(asked: &Asked) -> Result<()> {
    let kind = asked.rest.first().map_or("amd64-6.1", String::as_str);
    let work = place::emptied("tests/boot")?;
    let hand = Hand { kind: kind.into(), files: work.join("files"), temporary: work.join("tmp") };
    fs::create_dir_all(&hand.files)?;
    fs::create_dir_all(&hand.temporary)?;
    // Bytes of all values, and many of them.
    let random: Vec<u8> = (0..5_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(hand.files.join("random"), random)?;
    let hand: &'static Hand = Box::leak(Box::new(hand));
    let mut cases = Cases::new();
    for &(name, options, words, wanted, printed) in ENDS {
        cases.add(format!("{kind}: {name}"), move || {
            let seen = hand.seen(options, words)?;
            ensure!(
                seen.status == wanted && seen.both().contains(printed),
                "status {}, not {wanted}: {}",
                seen.status,
                seen.both()
            );
            hand.nothing_is_left()
        });
    }
    cases.add(format!("{kind}: files come back"), move || files_come_back(hand, &work.join("out")));
    cases.add(format!("{kind}: long output"), move || {
        let seen = hand.seen(&[], &["seq", "100000"])?;
        let whole: String = (1..=100_000).map(|number| format!("{number}\n")).collect();
        ensure!(seen.status == 0 && seen.out == whole, "status {}, {} bytes", seen.status, seen.out.len());
        Ok(())
    });
    for (signal, wanted) in [("INT", 130), ("TERM", 143), ("KILL", 137)] {
        cases.add(format!("{kind}: SIG{signal} ends it, and QEMU with it"), move || killed(hand, signal, wanted));
    }
    cases.run(asked.filter())
}

fn files_come_back(hand: &Hand, out: &Path) -> Result<()> {
    let words = ["sh", "-c", "mkdir '/out/a b'; cp random '/out/a b/'; echo x >/out/.hidden"];
    let seen = hand.seen(&["--out", &out.to_string_lossy()], &words)?;
    ensure!(seen.status == 0, "status {}: {}", seen.status, seen.both());
    ensure!(fs::read(out.join("a b/random"))? == fs::read(hand.files.join("random"))?, "the file is another one");
    ensure!(fs::read(out.join(".hidden"))? == b"x\n", "the hidden file is another one");
    Ok(())
}

/// Ends a guest in the middle of a run: QEMU must go with it.
fn killed(hand: &Hand, signal: &str, wanted: i32) -> Result<()> {
    let mut guest = hand.guest(&[], &["sh", "-c", "echo running; sleep 1000"])?;
    let mut child = guest.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let outcome = kill_when_running(&mut child, signal);
    if outcome.is_err() {
        child.kill()?;
    }
    let ended = status(child.wait()?);
    outcome?;
    ensure!(ended == wanted, "status {ended}");
    for _ in 0..100 {
        if processes_with(&hand.temporary)?.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    if signal == "KILL" {
        // Nobody was left to do it.
        fs::remove_dir_all(&hand.temporary)?;
        fs::create_dir_all(&hand.temporary)?;
    }
    hand.nothing_is_left()
}

fn kill_when_running(child: &mut Child, signal: &str) -> Result<()> {
    use std::io::{BufRead, BufReader};
    let lines = BufReader::new(child.stdout.take().context("no pipe")?).lines();
    for line in lines {
        if line?.contains("running") {
            return crate::process::line(&format!("kill -{signal} {}", child.id())).go();
        }
    }
    bail!("it ended before it ran")
}
