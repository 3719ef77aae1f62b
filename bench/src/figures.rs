//! Figures from a folder of what was measured. Every figure has a name: `kernel.3.vidbuf.instructions`.
//!
//! The folder holds `WHERE/OPT/PROGRAM.WHAT`: WHERE is `kernel` (in the guest) or `core` (no kernel at all), OPT the opt-level,
//! WHAT the tool.

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::path::Path;

use crate::{callgrind, strace};

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Figures {
    /// Numbers, by name.
    pub numbers: BTreeMap<String, f64>,
    /// Words, by name: which system calls, which kernel.
    pub words: BTreeMap<String, String>,
}

/// By how many frames the two windows differ.
#[derive(Clone, Copy, Debug)]
pub struct Lengths {
    /// In the guest.
    pub kernel: f64,
    /// Without a kernel.
    pub core: f64,
}

impl Lengths {
    /// From four numbers, `20,120,100,1100`: the windows in the guest, and those without a kernel.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<f64> = text.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let &[short, long, few, many] = numbers.as_slice() else { return None };
        (short < long && few < many).then_some(Self { kernel: long - short, core: many - few })
    }
}

impl Figures {
    /// Reads a folder. Files that are not there are figures that are not there.
    ///
    /// # Errors
    ///
    /// A file that is there cannot be read.
    pub fn read(folder: &Path, lengths: Lengths) -> std::io::Result<Self> {
        let mut figures = Self::default();
        for (place, frames) in [("kernel", lengths.kernel), ("core", lengths.core)] {
            for entry in folder.join(place).read_dir().into_iter().flatten() {
                let opt = entry?;
                for entry in opt.path().read_dir()? {
                    let path = entry?.path();
                    let Some((program, what)) = path.file_name().and_then(|name| name.to_str()?.rsplit_once('.'))
                    else {
                        continue;
                    };
                    let prefix = format!("{place}.{}", opt.file_name().to_string_lossy());
                    figures.read_file(&prefix, program, what, &path, frames)?;
                }
            }
        }
        figures.take_off_the_loop();
        for line in read_to_string(folder.join("words")).unwrap_or_default().lines() {
            if let Some((name, words)) = line.split_once(' ') {
                figures.words.insert(name.to_string(), words.to_string());
            }
        }
        Ok(figures)
    }

    /// A number, if it was measured.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.numbers.get(name).copied()
    }

    fn set(&mut self, name: String, number: f64) {
        self.numbers.insert(name, number);
    }

    /// The programs for the guest all have the same loop around the library, which one of them runs empty: `nothing` in C,
    /// `empty` in Rust. Those two keep what they cost.
    fn take_off_the_loop(&mut self) {
        for (name, number) in self.numbers.clone() {
            let mut words = name.split('.');
            let (Some("kernel"), Some(opt), Some(program), Some("instructions"), None) =
                (words.next(), words.next(), words.next(), words.next(), words.next())
            else {
                continue;
            };
            let of = match program {
                "empty" | "nothing" => continue,
                "floor" | "floor-syscalls" => "nothing",
                _ => "empty",
            };
            if let Some(empty) = self.number(&format!("kernel.{opt}.{of}.instructions")) {
                self.set(name, number - empty);
            }
        }
    }

    fn read_file(&mut self, prefix: &str, program: &str, what: &str, path: &Path, frames: f64) -> std::io::Result<()> {
        let text = read_to_string(path)?;
        let name = format!("{prefix}.{program}");
        match what {
            "callgrind" => {
                let said = read_to_string(path.with_extension("lines"))?;
                self.read_callgrind(prefix, program, &callgrind::parse(&text), &said, frames);
            }
            "strace" => self.read_strace(prefix, program, &text, frames),
            "smaps" => self.set(format!("{name}.private_kib"), private_kib(&text)),
            "time" => {
                let times = text.lines().filter_map(|line| line.parse::<f64>().ok());
                // The least is the one that the fewest interrupts of others were charged to.
                self.set(format!("{name}.nanoseconds"), times.fold(f64::INFINITY, f64::min));
            }
            "size" => {
                for line in text.lines() {
                    if let Some((what, size)) = line.split_once(' ') {
                        self.set(format!("{name}.{what}"), size.parse().unwrap_or(f64::NAN));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn read_callgrind(&mut self, prefix: &str, program: &str, parts: &[callgrind::Part], said: &str, frames: f64) {
        // The first part is what came before the first line.
        let parts: BTreeMap<&str, &callgrind::Part> = said.lines().zip(parts.iter().skip(1)).collect();
        for (line, short) in &parts {
            let Some(name) = line.strip_suffix(" short") else { continue };
            let Some(long) = parts.get(format!("{name} long").as_str()) else { continue };
            let name = window_name(prefix, program, name);
            let of = |part: &callgrind::Part| (part.total - part.function("touch").own) as f64;
            self.set(format!("{name}.instructions"), (of(long) - of(short)) / frames);
            let allocations = long.allocations() as f64 - short.allocations() as f64;
            self.set(format!("{name}.allocations"), allocations / frames);
            // Functions that ask to be counted: `counted_arrive` is the figure `arrive`.
            for (function, after) in &long.functions {
                let Some(figure) = function.strip_prefix("counted_") else { continue };
                let more = after.inclusive as f64 - short.function(function).inclusive as f64;
                self.set(format!("{name}.{figure}"), more / frames);
            }
        }
        if let Some(set_up) = parts.get("open") {
            self.set(format!("{prefix}.{program}.set_up_allocations"), set_up.allocations() as f64);
        }
    }

    fn read_strace(&mut self, prefix: &str, program: &str, text: &str, frames: f64) {
        let calls = strace::parse(text);
        for (line, short) in &calls {
            let Some(name) = line.strip_suffix(" short") else { continue };
            let Some(long) = calls.get(&format!("{name} long")) else { continue };
            let name = window_name(prefix, program, name);
            self.set(format!("{name}.syscalls"), (long.len() as f64 - short.len() as f64) / frames);
            let (before, mut words) = (strace::count(short), Vec::new());
            for (call, count) in strace::count(long) {
                let more = (count as f64 - before.get(call).copied().unwrap_or(0) as f64) / frames;
                if more != 0.0 {
                    words.push(if more == 1.0 { call.to_string() } else { format!("{more:.2} {call}") });
                }
            }
            self.words.insert(format!("{name}.syscalls"), words.join(", "));
        }
        if let Some(set_up) = calls.get("open") {
            let first = set_up.iter().position(|call| call.name == "DQBUF" && call.succeeded);
            if let Some(first) = first {
                self.set(format!("{prefix}.{program}.set_up_syscalls"), first as f64 + 1.0);
            }
        }
    }
}

/// A program with one pair of windows gives its own name; one with several gives the windows' (`buffers 4`).
fn window_name(prefix: &str, program: &str, window: &str) -> String {
    match window {
        "frame" => format!("{prefix}.{program}"),
        window => format!("{prefix}.{}", window.replace(' ', "-")),
    }
}

/// Private memory in KiB from `/proc/PID/smaps`: pages of its own, which neither a file nor the driver is behind.
fn private_kib(smaps: &str) -> f64 {
    let pages = smaps.lines().filter_map(|line| line.strip_prefix("Anonymous:"));
    pages.filter_map(|size| size.trim().strip_suffix(" kB")?.parse::<f64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::private_kib;

    #[test]
    fn pages_of_files_and_drivers_are_not_private_memory() {
        let smaps = "00400000-00500000 r-xp 00000000 00:01 7 /t/program\nPrivate_Dirty: 128 kB\nAnonymous:      4 kB\n\
                     7f0000000000-7f0000020000 rw-s 00000000 00:05 9 /dev/video0\nPrivate_Dirty: 128 kB\nAnonymous: 0 kB\n\
                     7ff000000000-7ff000020000 rw-p 00000000 00:00 0 [stack]\nAnonymous:           16 kB\n";
        assert_eq!(private_kib(smaps), 20.0);
    }
}
