use std::cell::Cell;
use std::marker::PhantomData;

use crate::measure::counts::{Counts, signed};
use crate::measure::usage::Usage;

/// What a thread counts. The cells are apart so that a call writes only those that it changes.
struct Tally {
    live: Cell<i64>,
    /// The highest that `live` was since the innermost scope began.
    peak: Cell<i64>,
    allocations: Cell<u64>,
    bytes: Cell<u64>,
    /// Where the innermost scope began, if one is running.
    start: Cell<Option<Counts>>,
}

thread_local! {
    static HERE: Tally = const {
        Tally {
            live: Cell::new(0),
            peak: Cell::new(0),
            allocations: Cell::new(0),
            bytes: Cell::new(0),
            start: Cell::new(None),
        }
    };
}

impl Tally {
    #[inline]
    fn ask(&self, bytes: usize) {
        self.allocations.set(self.allocations.get().wrapping_add(1));
        self.bytes.set(self.bytes.get().wrapping_add(bytes as u64));
    }

    #[inline]
    fn change(&self, by: i64) {
        let live = self.live.get().wrapping_add(by);
        self.live.set(live);
        if live > self.peak.get() {
            self.peak.set(live);
        }
    }

    fn counts(&self) -> Counts {
        Counts {
            live: self.live.get(),
            allocations: self.allocations.get(),
            bytes: self.bytes.get(),
        }
    }
}

#[inline]
pub(super) fn allocated(bytes: usize) {
    // It is always there, see `HERE`; an allocator may not panic, whatever a platform does.
    let _ = HERE.try_with(|here| {
        here.ask(bytes);
        here.change(signed(bytes));
    });
}

#[inline]
pub(super) fn freed(bytes: usize) {
    let _ = HERE.try_with(|here| here.live.set(here.live.get().wrapping_sub(signed(bytes))));
}

#[inline]
pub(super) fn resized(from: usize, to: usize) {
    let _ = HERE.try_with(|here| {
        here.ask(to.saturating_sub(from));
        here.change(signed(to).wrapping_sub(signed(from)));
    });
}

/// Returns how often this thread has asked for memory.
pub(super) fn allocations() -> u64 {
    HERE.with(|here| here.allocations.get())
}

/// Returns what the innermost scope of this thread has used so far.
pub(super) fn so_far() -> Option<Usage> {
    HERE.with(|here| here.start.get().map(|start| here.counts().since(start, here.peak.get())))
}

/// A scope of this thread, which ends when it is dropped. Scopes end in the reverse order of their
/// beginnings, since each is one of a function's own.
pub(super) struct Scope {
    start: Counts,
    /// Where the scope around it began, if there is one, and its peak when this one began.
    outer: Option<Counts>,
    outer_peak: i64,
    /// It ends on the thread that it began on.
    not_send: PhantomData<*const ()>,
}

impl Scope {
    pub(super) fn begin() -> Self {
        HERE.with(|here| {
            let start = here.counts();
            Self {
                start,
                outer: here.start.replace(Some(start)),
                outer_peak: here.peak.replace(start.live),
                not_send: PhantomData,
            }
        })
    }

    pub(super) fn end(self) -> Usage {
        HERE.with(|here| here.counts().since(self.start, here.peak.get()))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        HERE.with(|here| {
            here.start.set(self.outer);
            here.peak.set(here.peak.get().max(self.outer_peak));
        });
    }
}
