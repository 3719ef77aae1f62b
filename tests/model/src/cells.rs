//! Interruptions before every access to a shared number of the queue: slots, attention counter, sequence.
//!
//! The library has no place for that. A copy of it has: [`mutants`](crate::mutants) makes it call the functions here,
//! and `vidbuf-model --cells` explores that copy, which has many more states, to a depth. The numbers then are sequentially
//! consistent; what weaker orders allow is the part of loom (`tests/loom`).
#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::machine::Machine;

thread_local! {
    static WATCHED: Cell<Option<NonNull<Machine>>> = const { Cell::new(None) };
}

/// Accesses belong to this machine's threads while the guard lives.
pub struct Watch<'m>(PhantomData<&'m Machine>);

pub fn watch(machine: &Machine) -> Watch<'_> {
    WATCHED.set(Some(NonNull::from(machine)));
    Watch(PhantomData)
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        WATCHED.set(None);
    }
}

fn with(body: impl FnOnce(&Machine)) {
    if let Some(machine) = WATCHED.get() {
        // SAFETY: the guard borrows the machine and takes the pointer back when it is dropped.
        body(unsafe { machine.as_ref() });
    }
}

/// Called before an access, by the copy of the library.
#[unsafe(no_mangle)]
extern "Rust" fn vidbuf_model_before() {
    with(Machine::before_cell);
}

/// Called with what the access found, by the copy of the library.
#[unsafe(no_mangle)]
extern "Rust" fn vidbuf_model_found(number: u32) {
    with(|machine| machine.tell(&number));
}

/// The number of an allocation, for the copy of the library.
#[unsafe(no_mangle)]
extern "Rust" fn vidbuf_model_allocation() -> u32 {
    let mut number = 0;
    with(|machine| number = machine.next_allocation());
    number
}
