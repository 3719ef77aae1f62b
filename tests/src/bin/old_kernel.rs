//! Runs a program as on a Linux before 5.6: `old_kernel PROGRAM [ARGUMENT]...`. 32-bit programs only.
//!
//! Such a kernel does not know the calls with a `v4l2_buffer` of 64-bit time and answers ENOTTY. A seccomp filter has the
//! running kernel answer the same, so a program gets its buffers by the older form or not at all.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};

/// The calls with a `v4l2_buffer`.
const UNKNOWN: [u32; 4] = [VIDIOC_QUERYBUF, VIDIOC_QBUF, VIDIOC_DQBUF, VIDIOC_PREPARE_BUF];

fn main() -> ExitCode {
    if size_of::<usize>() != 4 {
        eprintln!("old_kernel: this program is a 64-bit one, whose calls were never any other");
        return ExitCode::FAILURE;
    }
    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else {
        eprintln!("usage: old_kernel PROGRAM [ARGUMENT]...");
        return ExitCode::FAILURE;
    };
    let error = match forget() {
        Ok(()) => Command::new(program).args(words).exec(),
        Err(error) => error,
    };
    eprintln!("old_kernel: {error}");
    ExitCode::FAILURE
}

/// Has the kernel refuse these calls of this process, and of what it becomes, from now on.
fn forget() -> std::io::Result<()> {
    /// Where `struct seccomp_data` has the system call's number, and the lower half of its second argument.
    const NUMBER: u32 = 0;
    const REQUEST: u32 = 24;
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const IS_EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const ANSWER: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let mut steps = [
        step(LOAD, 0, 0, NUMBER),
        step(IS_EQUAL, 0, 5, libc::SYS_ioctl as u32),
        step(LOAD, 0, 0, REQUEST),
        step(IS_EQUAL, 4, 0, UNKNOWN[0]),
        step(IS_EQUAL, 3, 0, UNKNOWN[1]),
        step(IS_EQUAL, 2, 0, UNKNOWN[2]),
        step(IS_EQUAL, 1, 0, UNKNOWN[3]),
        step(ANSWER, 0, 0, libc::SECCOMP_RET_ALLOW),
        step(ANSWER, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOTTY as u32),
    ];
    let filter = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: plain system calls; the kernel copies the filter, which lives until they are done.
    let done = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const filter) == 0
    };
    if done { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}
