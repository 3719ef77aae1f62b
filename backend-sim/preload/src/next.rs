//! The functions that this library stands in front of.

use core::ffi::{c_char, c_int, c_uint, c_void};

/// One function each: finds the next definition of the symbol once and calls it.
macro_rules! next {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(
            /// The next function of this name.
            ///
            /// # Safety
            ///
            /// As that function's.
            pub unsafe fn $name($($argument: $type),*) -> $answer {
                use core::sync::atomic::{AtomicPtr, Ordering};
                static NEXT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
                let mut found = NEXT.load(Ordering::Relaxed);
                if found.is_null() {
                    // SAFETY: the name ends with a zero.
                    found = unsafe { libc::dlsym(libc::RTLD_NEXT, concat!(stringify!($name), "\0").as_ptr().cast()) };
                    if found.is_null() {
                        // A C library without it: no program can have called it.
                        // SAFETY: ends the process.
                        unsafe { libc::abort() };
                    }
                    NEXT.store(found, Ordering::Relaxed);
                }
                // SAFETY: the symbol of this name has this signature (variadic ones: see the crate's head).
                let next: unsafe extern "C" fn($($type),*) -> $answer = unsafe { core::mem::transmute(found) };
                // SAFETY: the caller's promise.
                unsafe { next($($argument),*) }
            }
        )*
    };
}

next! {
    open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int;
    openat(directory: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int;
    close(fd: c_int) -> c_int;
    close_range(first: c_uint, last: c_uint, flags: c_int) -> c_int;
    dup(fd: c_int) -> c_int;
    dup2(fd: c_int, to: c_int) -> c_int;
    dup3(fd: c_int, to: c_int, flags: c_int) -> c_int;
    fcntl(fd: c_int, command: c_int, argument: usize) -> c_int;
    ioctl(fd: c_int, request: usize, argument: *mut c_void) -> c_int;
    mmap(address: *mut c_void, length: usize, protection: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    munmap(address: *mut c_void, length: usize) -> c_int;
    read(fd: c_int, bytes: *mut c_void, length: usize) -> isize;
    write(fd: c_int, bytes: *const c_void, length: usize) -> isize;
    poll(fds: *mut libc::pollfd, count: libc::nfds_t, timeout: c_int) -> c_int;
    ppoll(fds: *mut libc::pollfd, count: libc::nfds_t, timeout: *const libc::timespec, mask: *const libc::sigset_t) -> c_int;
    select(count: c_int, read: *mut libc::fd_set, write: *mut libc::fd_set, except: *mut libc::fd_set, timeout: *mut libc::timeval) -> c_int;
    pselect(count: c_int, read: *mut libc::fd_set, write: *mut libc::fd_set, except: *mut libc::fd_set, timeout: *const libc::timespec, mask: *const libc::sigset_t) -> c_int;
    epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, event: *mut libc::epoll_event) -> c_int;
    epoll_pwait(epoll: c_int, events: *mut libc::epoll_event, most: c_int, timeout: c_int, mask: *const libc::sigset_t) -> c_int;
    stat(path: *const c_char, answer: *mut libc::stat) -> c_int;
    lstat(path: *const c_char, answer: *mut libc::stat) -> c_int;
    fstat(fd: c_int, answer: *mut libc::stat) -> c_int;
    fstatat(directory: c_int, path: *const c_char, answer: *mut libc::stat, flags: c_int) -> c_int;
    access(path: *const c_char, mode: c_int) -> c_int;
    fopen(path: *const c_char, mode: *const c_char) -> *mut libc::FILE;
}
