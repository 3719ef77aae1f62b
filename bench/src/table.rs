//! The tables, in Markdown.

use std::fmt::Write as _;

use crate::figures::Figures;
use crate::verdict::{curve, short};

/// The programs of the guest, the floor first: file name, and name for people.
pub const PROGRAMS: [(&str, &str); 9] = [
    ("floor", "C, the C library's ioctl: the floor"),
    ("floor-syscalls", "C, system calls without the C library"),
    ("floor-rustix", "Rust, bare rustix"),
    ("vidbuf", "**vidbuf**, blocking"),
    ("vidbuf-timeout", "**vidbuf**, with a time-out"),
    ("linuxvideo", "linuxvideo 0.3.5, blocking, 2 buffers"),
    ("moq-v4l", "moq-v4l 0.1.0, polls"),
    ("v4l", "v4l 0.14.0, polls"),
    ("v4l2r", "v4l2r 0.0.8, blocking, maps each frame"),
];

/// The curves: family without figure, and name for people.
pub const CURVES: [(&str, &str); 6] = [
    ("kernel.3.buffers", "buffers, on vivid"),
    ("kernel.3.held", "frames held of 8, on vivid"),
    ("kernel.3.cameras", "cameras on one thread by epoll, on vivid"),
    ("core.3.buffers", "buffers, core over an instant backend"),
    ("core.3.held", "frames held of 8, core over an instant backend"),
    ("core.z.buffers", "buffers, the same at opt-level z"),
];

/// Every table under its heading.
pub fn all(figures: &Figures) -> String {
    let mut text = String::new();
    for (heading, table) in [
        ("A frame, beside what people would otherwise use", side_by_side(figures)),
        ("Besides", weight(figures)),
        ("As it grows", growth(figures)),
        ("Planes, in a program that takes frames in several places", planes(figures)),
        ("Without a kernel", core(figures)),
    ] {
        let _ = write!(text, "\n## {heading}\n\n{table}");
    }
    text
}

/// Words that were written down, or a question mark.
pub(crate) fn words<'f>(figures: &'f Figures, name: &str) -> &'f str {
    figures.words.get(name).map_or("?", String::as_str)
}

/// A figure, or a dash.
pub(crate) fn cell(figures: &Figures, name: &str) -> String {
    figures.number(name).map_or("-".to_string(), short)
}

/// A figure without decimals: instructions of user space, of which a fraction of one is noise of a loop's last round.
pub(crate) fn whole(figures: &Figures, name: &str) -> String {
    figures.number(name).map_or("-".to_string(), |number| format!("{number:.0}"))
}

fn measured(figures: &Figures) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
    PROGRAMS.into_iter().filter(|(name, _)| figures.number(&format!("kernel.3.{name}.instructions")).is_some())
}

fn side_by_side(figures: &Figures) -> String {
    let mut text =
        "| a frame | system calls | user instructions at 3 | at z | user and kernel time, floor = 1 | allocations |\n\
                    |---|---|---|---|---|---|\n"
            .to_string();
    let floor = figures.number("kernel.3.floor.nanoseconds");
    for (program, name) in measured(figures) {
        let at = |figure: &str| format!("kernel.3.{program}.{figure}");
        let ratio = figures.number(&at("nanoseconds")).zip(floor).map(|(own, floor)| format!("{:.2}", own / floor));
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} |",
            words(figures, &at("syscalls")),
            whole(figures, &at("instructions")),
            whole(figures, &format!("kernel.z.{program}.instructions")),
            ratio.unwrap_or("-".to_string()),
            cell(figures, &at("allocations")),
        );
    }
    text
}

fn weight(figures: &Figures) -> String {
    let mut text = "| besides | system calls from open to first frame | allocations until then | private memory, KiB | bytes of code added at 3 | at z | \
                    packages (and to build it) |\n|---|---|---|---|---|---|---|\n"
        .to_string();
    for (program, name) in measured(figures) {
        let at = |figure: &str| cell(figures, &format!("kernel.3.{program}.{figure}"));
        let packages = figures.words.get(&format!("{program}.packages")).map(|words| words.split_once(" of "));
        let packages = packages.flatten().map_or("-".to_string(), |(run, build)| format!("{run} ({build})"));
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {packages} |",
            at("set_up_syscalls"),
            at("set_up_allocations"),
            at("private_kib"),
            at("text_added"),
            cell(figures, &format!("kernel.z.{program}.text_added")),
        );
    }
    text
}

fn growth(figures: &Figures) -> String {
    let mut text = "| user instructions a frame, as this grows | |\n|---|---|\n".to_string();
    for (family, name) in CURVES {
        let points: Vec<String> = curve(figures, &format!("{family}.instructions"))
            .into_iter()
            .map(|(size, number)| format!("{size}: {number:.0}"))
            .collect();
        let _ = writeln!(text, "| {name} | {} |", points.join(", "));
    }
    let calls: Vec<String> = curve(figures, "kernel.3.cameras.syscalls")
        .into_iter()
        .map(|(size, number)| format!("{size}: {}", short(number)))
        .collect();
    let _ = writeln!(text, "| cameras: system calls a frame | {} |", calls.join(", "));
    text
}

fn planes(figures: &Figures) -> String {
    let mut text =
        "| user instructions a frame | single-planar | multi-planar, 1 plane | 3 planes |\n|---|---|---|---|\n"
            .to_string();
    for (place, name) in
        [("kernel.3", "vivid, 3"), ("kernel.z", "vivid, z"), ("core.3", "core, 3"), ("core.z", "core, z")]
    {
        let at = |planes: &str| whole(figures, &format!("{place}.planes-{planes}.instructions"));
        let _ = writeln!(text, "| {name} | {} | {} | {} |", at("single"), at("1"), at("3"));
    }
    text
}

fn core(figures: &Figures) -> String {
    let mut text =
        "| without a kernel, instructions | at 3 | at z | at 3 with critical sections |\n|---|---|---|---|\n"
            .to_string();
    let builds = ["core.3", "core.z", "core.3-critical"];
    let mut row = |name: &str, figure: &dyn Fn(&str) -> Option<f64>| {
        let cells = builds.map(|build| figure(build).map_or("-".to_string(), |number| format!("{number:.0}")));
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    let at = |build: &str, figure: &str| figures.number(&format!("{build}.{figure}"));
    row("a frame, core over a backend that returns at once", &|build| at(build, "buffers-4.instructions"));
    row("the same without the core", &|build| at(build, "bare.instructions"));
    row("a frame over the simulator", &|build| at(build, "simulator.instructions"));
    row("from the driver's end to the program's bytes, simulator", &|build| at(build, "simulator.arrive"));
    row("a frame that stays in its thread, by functions that are not inlined", &|build| at(build, "stay.stay"));
    row("one that goes to another thread and back through two heapless `spsc` queues", &|build| {
        hand_over(figures, build)
    });
    text
}

/// What a frame costs that goes to another thread and back, without the meetings of the threads. All of it: what it costs more than
/// one that stays would grow when staying becomes cheaper.
pub fn hand_over(figures: &Figures, build: &str) -> Option<f64> {
    let at = |figure: &str| figures.number(&format!("{build}.{figure}"));
    Some(at("go.out")? + at("go.there")? + at("go.home")?)
}
