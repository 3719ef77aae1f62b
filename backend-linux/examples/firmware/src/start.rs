//! Where the program begins and ends: `_start`, exit, panic.
//!
//! # Safety
//!
//! What the C library does elsewhere: reading the arguments the kernel left on the stack, and the system call that ends the
//! program.

use core::arch::{asm, global_asm};
use core::ffi::{CStr, c_char};

// The kernel enters with the stack pointer at argc, aligned to 16.
#[cfg(target_arch = "x86_64")]
global_asm!(".globl _start", "_start:", "xor ebp, ebp", "mov rdi, rsp", "call {begin}", "ud2", begin = sym begin);
#[cfg(target_arch = "aarch64")]
global_asm!(".globl _start", "_start:", "mov x29, #0", "mov x30, #0", "mov x0, sp", "b {begin}", begin = sym begin);
#[cfg(target_arch = "arm")]
global_asm!(".globl _start", "_start:", "mov fp, #0", "mov lr, #0", "mov r0, sp", "b {begin}", begin = sym begin);

/// The arguments: `argc`, then as many pointers to strings.
pub struct Arguments(*const usize);

impl Arguments {
    /// Argument number `number`; 0 is the program's name.
    pub fn get(&self, number: usize) -> Option<&'static CStr> {
        // SAFETY: the kernel put argc at the stack's top, and argc pointers to strings behind it, which live as long as the
        // program (`fs/binfmt_elf.c`, create_elf_tables).
        unsafe {
            if number >= *self.0 {
                return None;
            }
            Some(CStr::from_ptr(*self.0.add(1 + number).cast::<*const c_char>()))
        }
    }
}

extern "C" fn begin(stack: *const usize) -> ! {
    exit(crate::main(&Arguments(stack)))
}

/// `exit_group(status)`.
pub fn exit(status: u8) -> ! {
    // SAFETY: the call takes a number and does not come back.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("syscall", in("rax") 231, in("rdi") u32::from(status), options(noreturn, nostack));
        #[cfg(target_arch = "aarch64")]
        asm!("svc 0", in("x8") 94, in("x0") u32::from(status), options(noreturn, nostack));
        #[cfg(target_arch = "arm")]
        asm!("mov r7, {number}", "svc 0", number = const 248, in("r0") u32::from(status), options(noreturn, nostack));
    }
}

/// Nothing here panics; if something did, this would be the end of it.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(101)
}
