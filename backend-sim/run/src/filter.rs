//! The filter: which system calls come to the runner. Everything else goes by at the kernel's full speed.

use crate::system::inject::MARK;

/// One instruction.
pub type Instruction = libc::sock_filter;

/// Where a call's number, architecture and arguments are in what a filter sees.
mod at {
    pub const NUMBER: u32 = 0;
    pub const ARCHITECTURE: u32 = 4;

    /// The low half of an argument.
    pub const fn argument(place: u32) -> u32 {
        16 + 8 * place
    }
}

/// `AUDIT_ARCH_X86_64`.
const X86_64: u32 = 0xc000_003e;

/// Calls that name a file, and those that ask about one.
const NAMES: &[i64] = &[
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_creat,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_access,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlink,
    libc::SYS_readlinkat,
    libc::SYS_getxattr,
    libc::SYS_lgetxattr,
];

/// Calls that read and write.
const TRANSFERS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_preadv,
    libc::SYS_pwritev,
];

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Pass,
    Notify,
    /// It fails with ENOSYS: what it would do is not seen by the runner, and programs have another way.
    Missing,
}

impl Verdict {
    fn value(self) -> u32 {
        match self {
            Self::Pass => libc::SECCOMP_RET_ALLOW,
            Self::Notify => libc::SECCOMP_RET_USER_NOTIF,
            Self::Missing => libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32,
        }
    }
}

fn load(offset: u32) -> Instruction {
    Instruction { code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16, jt: 0, jf: 0, k: offset }
}

/// Skips `yes` instructions if the value is `k`, else `no`.
fn equal(k: u32, yes: u8, no: u8) -> Instruction {
    Instruction { code: (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16, jt: yes, jf: no, k }
}

/// The same for a value that has any of these bits.
fn bits(k: u32, yes: u8, no: u8) -> Instruction {
    Instruction { code: (libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K) as u16, jt: yes, jf: no, k }
}

fn and(k: u32) -> Instruction {
    Instruction { code: (libc::BPF_ALU | libc::BPF_AND | libc::BPF_K) as u16, jt: 0, jf: 0, k }
}

fn end(verdict: Verdict) -> Instruction {
    Instruction { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: verdict.value() }
}

/// The filter. `transfers`: a camera can be read from or written to.
pub fn filter(transfers: bool) -> Vec<Instruction> {
    use Verdict::{Missing, Notify, Pass};
    let mut code = vec![
        load(at::ARCHITECTURE),
        // 32-bit calls have other numbers, and find no camera.
        equal(X86_64, 1, 0),
        end(Pass),
        load(at::NUMBER),
    ];
    // Each is a piece that falls through if the call is another.
    let mut when = |number: i64, piece: Vec<Instruction>| {
        code.push(equal(number as u32, 0, piece.len() as u8));
        code.extend(piece);
    };
    when(
        libc::SYS_ioctl,
        vec![
            load(at::argument(1)),
            and(0xff00),
            equal(u32::from(b'V') << 8, 1, 0),
            equal(u32::from(b'b') << 8, 0, 1),
            end(Notify),
            end(Pass),
        ],
    );
    when(
        libc::SYS_mmap,
        vec![
            load(at::argument(3)),
            bits(libc::MAP_ANONYMOUS as u32 | MARK as u32, 2, 0),
            bits(libc::MAP_SHARED as u32, 0, 1),
            end(Notify),
            end(Pass),
        ],
    );
    when(libc::SYS_io_uring_setup, vec![end(Missing)]);
    for number in NAMES.iter().chain(TRANSFERS.iter().filter(|_| transfers)) {
        when(*number, vec![end(Notify)]);
    }
    code.push(end(Pass));
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a filter as the kernel does.
    fn verdict(code: &[Instruction], architecture: u32, number: i64, arguments: [u64; 6]) -> u32 {
        let (mut place, mut value) = (0usize, 0u32);
        loop {
            let Instruction { code: what, jt, jf, k } = code[place];
            place += 1;
            let jump = |yes: bool| usize::from(if yes { jt } else { jf });
            match u32::from(what) {
                c if c == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS => {
                    value = match k {
                        at::NUMBER => number as u32,
                        at::ARCHITECTURE => architecture,
                        _ => arguments[(k as usize - 16) / 8] as u32,
                    }
                }
                c if c == libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K => place += jump(value == k),
                c if c == libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K => place += jump(value & k != 0),
                c if c == libc::BPF_ALU | libc::BPF_AND | libc::BPF_K => value &= k,
                c if c == libc::BPF_RET | libc::BPF_K => return k,
                other => panic!("instruction {other:#x}"),
            }
        }
    }

    #[test]
    fn calls_come_up_or_pass() {
        let notify = Verdict::Notify.value();
        let pass = Verdict::Pass.value();
        let mmap = |flags: i32| (libc::SYS_mmap, [0, 4096, 3, flags as u64, 5, 0], X86_64);
        let ioctl = |number: u64| (libc::SYS_ioctl, [3, number, 0, 0, 0, 0], X86_64);
        let plain = |number: i64| (number, [0; 6], X86_64);
        for (transfers, (number, arguments, architecture), expected) in [
            (false, ioctl(0xc058_5611), notify),
            (false, ioctl(0x4008_6200), notify),
            (false, ioctl(0x5413), pass),
            (false, ioctl(0xffff_ffff_0000_5600), notify),
            (false, mmap(libc::MAP_SHARED), notify),
            (false, mmap(libc::MAP_SHARED_VALIDATE), notify),
            (false, mmap(libc::MAP_SHARED | libc::MAP_ANONYMOUS), pass),
            (false, mmap(libc::MAP_SHARED | libc::MAP_DENYWRITE), pass),
            (false, mmap(libc::MAP_PRIVATE), pass),
            (false, plain(libc::SYS_openat), notify),
            (false, plain(libc::SYS_lgetxattr), notify),
            (false, plain(libc::SYS_fstat), notify),
            (false, plain(libc::SYS_read), pass),
            (true, plain(libc::SYS_read), notify),
            (true, plain(libc::SYS_pwritev), notify),
            (true, plain(libc::SYS_poll), pass),
            (false, plain(libc::SYS_close), pass),
            (false, plain(libc::SYS_io_uring_setup), Verdict::Missing.value()),
            // open of 32-bit programs
            (false, (5, [0; 6], 0x4000_0003), pass),
            (false, (libc::SYS_openat, [0; 6], 0xc000_00b7), pass),
        ] {
            let found = verdict(&filter(transfers), architecture, number, arguments);
            assert_eq!(found, expected, "call {number} {arguments:x?} of {architecture:#x}");
        }
    }

    #[test]
    fn it_is_short() {
        assert!(filter(true).len() < 100, "{}", filter(true).len());
    }
}
