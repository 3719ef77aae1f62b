//! What came of a guest, by what it left: its closing line, its console, QEMU's status.

/// How a guest ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The command ended.
    Done {
        /// The command's status.
        status: i32,
        /// Bytes of the files in `/out`, packed.
        bytes: u64,
    },
    /// The command ended, and while it ran the kernel reported that something is badly wrong.
    Complained {
        /// The command's status.
        status: i32,
        /// Bytes of the files in `/out`, packed.
        bytes: u64,
        /// The kernel's lines.
        complaints: String,
    },
    /// The command did not come to an end.
    Lost(String),
}

/// How lines begin in which a kernel reports that something went badly wrong in it.
const COMPLAINTS: &[&str] = &[
    "WARNING: ",
    "BUG: ",
    "Oops",
    "Kernel panic",
    "general protection fault",
    "divide error",
    "Internal error: ",
    "Unable to handle kernel",
    "UBSAN: ",
    "KASAN: ",
    "KFENCE: ",
    "KCSAN: ",
    "list_add corruption",
    "list_del corruption",
    "INFO: task ",
];

fn complains(line: &str) -> bool {
    let text = if line.starts_with('[') { line.split_once("] ").map_or(line, |(_, text)| text) } else { line };
    COMPLAINTS.iter().any(|begin| text.starts_with(begin))
        && (!text.starts_with("INFO: task ") || text.contains("blocked for more than"))
}

/// `result` is the guest's closing line, `qemu` the status of QEMU under `timeout`.
pub fn judge(result: &str, console: &str, qemu: i32, limit: u32) -> End {
    let done = result.trim_end().strip_prefix("status ").and_then(|rest| rest.split_once(" bytes "));
    let done = done.and_then(|(status, bytes)| Some((status.parse().ok()?, bytes.parse().ok()?)));
    if let Some((status, bytes)) = done {
        let during = console.lines().skip_while(|line| !line.contains("guest: COMMAND starts"));
        let complaints: Vec<&str> = during.filter(|line| complains(line)).collect();
        return match complaints.is_empty() {
            true => End::Done { status, bytes },
            false => End::Complained { status, bytes, complaints: complaints.join("\n") },
        };
    }
    End::Lost(if qemu == 124 || qemu == 137 {
        format!("COMMAND was not done after {limit} s")
    } else if console.contains("Kernel panic") {
        "the guest's kernel panicked".into()
    } else if !result.trim().is_empty() {
        result.trim().trim_start_matches("failed: ").into()
    } else {
        "the guest switched itself off before COMMAND was done".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGUN: &str = "[    0.1] WARNING: before it began\n[    1.0] guest: COMMAND starts\n";

    #[test]
    fn the_closing_line_has_the_status() {
        assert_eq!(judge("status 3 bytes 512\n", BEGUN, 0, 9), End::Done { status: 3, bytes: 512 });
    }

    #[test]
    fn a_complaint_while_the_command_ran_counts() {
        let console = format!("{BEGUN}[    2.0] WARNING: CPU: 0 PID: 1\n[    2.1] INFO: task x started\n");
        let End::Complained { status: 0, complaints, .. } = judge("status 0 bytes 0\n", &console, 0, 9) else {
            panic!()
        };
        assert_eq!(complaints, "[    2.0] WARNING: CPU: 0 PID: 1");
    }

    #[test]
    fn without_a_closing_line_it_is_lost() {
        let lost = |result: &str, console: &str, qemu| match judge(result, console, qemu, 9) {
            End::Lost(why) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(lost("", BEGUN, 124), "COMMAND was not done after 9 s");
        assert_eq!(lost("", "[ 1.0] Kernel panic - not syncing", 0), "the guest's kernel panicked");
        assert_eq!(lost("failed: vivid did not load\n", BEGUN, 0), "vivid did not load");
        assert_eq!(lost("", BEGUN, 0), "the guest switched itself off before COMMAND was done");
        assert_eq!(lost("status x bytes 0", BEGUN, 0), "status x bytes 0");
    }
}
