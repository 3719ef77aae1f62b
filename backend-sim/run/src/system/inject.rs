//! `mmap` of a node: the caller is stopped for a moment, and made to do the same call on the buffer's memory.
//!
//! It is the only call that the descriptor of an open node cannot do itself. Nothing else is done with `ptrace`.

use std::io;

use vidbuf_sim::Errno;

use super::listener::{Call, Listener};
use super::{check, errno};

/// The mark of a call that is made here: the filter lets it pass, and the kernel ignores it.
pub const MARK: u64 = libc::MAP_DENYWRITE as u64;

/// Bytes of the instruction `syscall`.
const INSTRUCTION: u64 = 2;

/// What an interrupted call returns inside the kernel: it is to be made again, if the signal's handler allows that.
const RESTART: u64 = -512i64 as u64;
/// The same, whatever the handler.
const RESTART_ALWAYS: u64 = -513i64 as u64;

type Registers = libc::user_regs_struct;

/// A thread that is stopped.
struct Tracee(i32);

impl Tracee {
    fn request(&self, request: libc::c_uint, address: usize, data: usize) -> io::Result<()> {
        // SAFETY: requests that read or write what `data` points to point to something of the right size: see the callers.
        check(unsafe { libc::ptrace(request, self.0, address, data) }).map(drop)
    }

    fn registers(&self) -> io::Result<Registers> {
        // SAFETY: plain integers, for which zero is a value.
        let mut registers: Registers = unsafe { core::mem::zeroed() };
        self.request(libc::PTRACE_GETREGS, 0, &raw mut registers as usize)?;
        Ok(registers)
    }

    fn set_registers(&self, registers: &Registers) -> io::Result<()> {
        self.request(libc::PTRACE_SETREGS, 0, &raw const *registers as usize)
    }

    /// Waits for the next stop. Returns its signal, with the event in the second byte.
    fn stop(&self) -> io::Result<i32> {
        loop {
            // SAFETY: plain integers, for which zero is a value.
            let mut info: libc::siginfo_t = unsafe { core::mem::zeroed() };
            // Only stops: if the thread dies meanwhile, its status is left to be collected.
            // SAFETY: room for the result.
            let waited = unsafe { libc::waitid(libc::P_PID, self.0 as u32, &mut info, libc::WSTOPPED | libc::__WALL) };
            match check(waited.into()) {
                // SAFETY: a child's state.
                Ok(_) => return Ok(unsafe { info.si_status() }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes one system call there.
    fn call(&self, base: &Registers, number: i64, arguments: [u64; 6]) -> io::Result<u64> {
        let [rdi, rsi, rdx, r10, r8, r9] = arguments;
        let rip = base.rip - INSTRUCTION;
        let registers = Registers { rip, rax: number as u64, orig_rax: u64::MAX, rdi, rsi, rdx, r10, r8, r9, ..*base };
        self.set_registers(&registers)?;
        // Into it, and out of it.
        for _ in 0..2 {
            self.request(libc::PTRACE_SYSCALL, 0, 0)?;
            while self.stop()? != libc::SIGTRAP | 0x80 {
                self.request(libc::PTRACE_SYSCALL, 0, 0)?;
            }
        }
        Ok(self.registers()?.rax)
    }
}

/// Completes an `mmap` with the mapping of another file, from its beginning. Returns whether the caller has it, or `None` if a signal
/// came first: then it makes the call again.
///
/// # Errors
///
/// - `EPERM`: a debugger is at work on the thread. The call is not completed.
/// - `ESRCH`: the caller is gone.
/// - whatever `mmap` fails with; that the caller knows.
pub fn map(listener: &Listener, call: &Call, descriptor: i32) -> Result<Option<Result<u64, Errno>>, Errno> {
    let thread = Tracee(call.thread);
    thread.request(libc::PTRACE_SEIZE, 0, libc::PTRACE_O_TRACESYSGOOD as usize).map_err(|error| errno(&error))?;
    let outcome = map_in(&thread, listener, call, descriptor);
    outcome.map_err(|error| errno(&error))
}

fn map_in(
    thread: &Tracee,
    listener: &Listener,
    call: &Call,
    descriptor: i32,
) -> io::Result<Option<Result<u64, Errno>>> {
    thread.request(libc::PTRACE_INTERRUPT, 0, 0)?;
    // Out of its wait, straight into the stop.
    let answered = listener.answer(call.id, Ok(0)).is_ok();
    let stop = thread.stop()?;
    // A stop without an event is that of a signal about to be delivered: it is, in the end.
    let signal = if stop >> 8 == 0 { stop } else { 0 };
    let (mut mask, all) = (0u64, u64::MAX);
    thread.request(libc::PTRACE_GETSIGMASK, 8, &raw mut mask as usize)?;
    thread.request(libc::PTRACE_SETSIGMASK, 8, &raw const all as usize)?;
    let mut saved = thread.registers()?;
    // If not, a signal's handler is at work already, and the call comes again by itself.
    let inside =
        saved.orig_rax == libc::SYS_mmap as u64 && saved.rip == call.instruction && (answered || saved.rax == RESTART);
    let base = Registers { rip: call.instruction, ..saved };
    let mut outcome = None;
    if inside {
        let [address, length, protection, flags, ..] = call.arguments;
        let mapped =
            thread.call(&base, libc::SYS_mmap, [address, length, protection, flags | MARK, descriptor as u64, 0])?;
        (saved.rax, saved.orig_rax) = (mapped, u64::MAX);
        outcome = Some(match mapped as i64 {
            error @ -4095..0 => Err(Errno::from_raw(-error as i32).unwrap_or(Errno::EINVAL)),
            _ => Ok(mapped),
        });
    } else if saved.rax == RESTART {
        // No kernel ends an mmap with EINTR.
        saved.rax = RESTART_ALWAYS;
    }
    thread.call(&base, libc::SYS_close, [descriptor as u64, 0, 0, 0, 0, 0])?;
    thread.set_registers(&saved)?;
    thread.request(libc::PTRACE_SETSIGMASK, 8, &raw const mask as usize)?;
    thread.request(libc::PTRACE_DETACH, 0, signal as usize)?;
    Ok(outcome)
}
