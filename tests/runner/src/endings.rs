//! When a signal ends this process, what it has started ends with it, and its temporary folders go: nothing is left of a run that was
//! interrupted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static WATCH: Once = Once::new();

fn hold<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has this folder removed.
pub fn removed(folder: &Path) {
    hold(&FOLDERS).push(folder.into());
    watch();
}

/// A group of processes, which is ended as long as this lives.
pub struct Group(u32);

impl Group {
    /// The group that this process leads.
    pub fn led_by(process: u32) -> Self {
        hold(&GROUPS).push(process);
        watch();
        Self(process)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        hold(&GROUPS).retain(|group| *group != self.0);
    }
}

fn watch() {
    WATCH.call_once(|| {
        // Without it folders stay where temporary files are.
        let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                end();
                std::process::exit(128 + signal);
            }
        });
    });
}

fn end() {
    for group in hold(&GROUPS).iter() {
        let _gone_already = Command::new("kill").args(["-TERM", "--", &format!("-{group}")]).status();
    }
    for folder in hold(&FOLDERS).iter() {
        let _ = std::fs::remove_dir_all(folder);
    }
}
