//! What threads share, of std, or of loom, which runs the models.

#[cfg(all(test, loom))]
pub(super) use loom::{
    cell::{Cell, UnsafeCell},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
#[cfg(not(all(test, loom)))]
pub(super) use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// std's cell, with the methods of loom's.
#[cfg(not(all(test, loom)))]
pub(super) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(all(test, loom)))]
impl<T> UnsafeCell<T> {
    pub(super) fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    #[inline]
    pub(super) fn with_mut<O>(&self, work: impl FnOnce(*mut T) -> O) -> O {
        work(self.0.get())
    }
}

/// Returns an address that only this thread has while it lives.
#[cfg(not(all(test, loom)))]
#[inline]
pub(super) fn this_thread() -> usize {
    // A `Cell`, so that it can't become a constant, which threads would share.
    thread_local!(static HERE: Cell<u8> = const { Cell::new(0) });
    HERE.with(|here| std::ptr::from_ref(here).addr())
}

/// A model runs all of its threads on one thread of the system, and has thread-locals of its own.
#[cfg(all(test, loom))]
pub(super) fn this_thread() -> usize {
    loom::thread_local!(static HERE: Box<u8> = Box::new(0));
    HERE.with(|here| std::ptr::from_ref::<u8>(here).addr())
}
