use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::measure::counts::{Counts, signed};
use crate::measure::usage::Usage;

/// How many scopes of the process are running. While none is, nothing here is written, and all that
/// an allocation pays is to read this.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

static LIVE: AtomicI64 = AtomicI64::new(0);
/// The highest that `LIVE` was since a scope began or ended, see `change`.
static PEAK: AtomicI64 = AtomicI64::new(0);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The scopes that are running. They need not nest: threads begin and end them as they like.
static SCOPES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// So many scopes at once need no memory that other scopes would count.
const UNCOUNTED: usize = 16;

struct Entry {
    id: u64,
    start: Counts,
    /// The highest that `LIVE` was up to the last beginning or end of any scope.
    peak: i64,
}

#[inline]
pub(super) fn is_counting() -> bool {
    RUNNING.load(Relaxed) != 0
}

#[cold]
pub(super) fn allocated(bytes: usize) {
    ask(bytes);
    change(signed(bytes));
}

#[cold]
pub(super) fn freed(bytes: usize) {
    LIVE.fetch_sub(signed(bytes), Relaxed);
}

#[cold]
pub(super) fn resized(from: usize, to: usize) {
    ask(to.saturating_sub(from));
    change(signed(to).wrapping_sub(signed(from)));
}

fn ask(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Relaxed);
    BYTES.fetch_add(bytes as u64, Relaxed);
}

/// Each change sees the sum of all before it, in the one order that all threads agree on: while no
/// scope begins or ends, no peak is missed. (Counters for each thread would cost less, but their sum
/// is never there to be looked at.)
///
/// The sum and the peak are two steps. Where a scope begins or ends between those of another thread,
/// that thread's peak falls to the time after it: a scope that ends may miss the last one, and one
/// that begins may have one from just before. A lock would close the gap, and have each allocation of
/// the program wait for it.
fn change(by: i64) {
    let live = LIVE.fetch_add(by, Relaxed).wrapping_add(by);
    if live > PEAK.load(Relaxed) {
        PEAK.fetch_max(live, Relaxed);
    }
}

fn counts() -> Counts {
    Counts {
        live: LIVE.load(Relaxed),
        allocations: ALLOCATIONS.load(Relaxed),
        bytes: BYTES.load(Relaxed),
    }
}

/// Takes the list, and lets each scope know the peak up to here.
fn scopes() -> MutexGuard<'static, Vec<Entry>> {
    let mut scopes = SCOPES.lock().unwrap_or_else(PoisonError::into_inner);
    let peak = PEAK.swap(LIVE.load(Relaxed), Relaxed);
    for scope in &mut *scopes {
        scope.peak = scope.peak.max(peak);
    }
    scopes
}

/// A scope of the whole process, which ends when it is dropped.
pub(super) struct Scope(u64);

impl Scope {
    pub(super) fn begin() -> Self {
        let id = NEXT_ID.fetch_add(1, Relaxed);
        let mut scopes = scopes();
        if scopes.is_empty() {
            scopes.reserve(UNCOUNTED);
        }
        RUNNING.store(scopes.len() + 1, Relaxed);
        let start = counts();
        scopes.push(Entry { id, start, peak: start.live });
        Self(id)
    }

    pub(super) fn end(self) -> Usage {
        let (now, scopes) = (counts(), scopes());
        let entry = scopes.iter().find(|entry| entry.id == self.0);
        // It is running: the default is never taken.
        let usage = entry.map_or_else(Usage::default, |entry| now.since(entry.start, entry.peak));
        drop(scopes);
        usage
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let mut scopes = scopes();
        scopes.retain(|entry| entry.id != self.0);
        RUNNING.store(scopes.len(), Relaxed);
    }
}
