//! The one place of this slice with unsafe code.

#[cfg(all(test, loom))]
use loom::sync::Arc;
#[cfg(all(test, loom))]
use loom::sync::atomic::{AtomicUsize, Ordering};
#[cfg(not(all(test, loom)))]
use std::sync::Arc;
#[cfg(not(all(test, loom)))]
use std::sync::atomic::{AtomicUsize, Ordering};

/// Makes a value that is reached only on the thread whose turn it is, and the right to take turns.
///
/// A generator and its body share such a value. The generator takes a turn for each poll of its
/// body, and what runs within that poll, on that thread, reaches the value: an emitter that was
/// taken to another thread, or that is used at another time, does not. Nobody waits for anybody,
/// and no instruction locks the bus.
pub(super) fn turnstile<C>(cells: C) -> (Turns<C>, Pass<C>) {
    let turnstile = Arc::new(Turnstile { thread: AtomicUsize::new(NOBODY), cells });
    (Turns(Arc::clone(&turnstile)), Pass(turnstile))
}

struct Turnstile<C> {
    /// The thread whose turn it is: an address that is its alone, or `NOBODY`.
    thread: AtomicUsize,
    /// Reached on that thread alone, so it needs no lock: `Cell`s will do.
    cells: C,
}

/// No thread has this address.
const NOBODY: usize = 0;

// SAFETY: `cells` is used in `pass` and in `turn` alone, on the thread whose turn it is. It has to be shown that no two threads are at once, and that what
// one did there is seen by the next.
//
// 1. Only a thread itself writes its address (`turn`), and it overwrites it before `turn` returns or
//    unwinds (`Turn::drop`). A thread sees its own writes in order, so one that reads its address
//    in `pass` is inside a `turn`. Addresses are of thread-locals: no two living threads have the
//    same, and one that ended has overwritten what it wrote, which its successor at that address
//    sees, as it sees all that was done to the memory that it got.
// 2. `turn` borrows the only `Turns` of a turnstile mutably, so no two threads are inside a `turn`
//    of one turnstile. While one is, the others read an address that is not theirs.
// 3. Whoever takes the next turn was given `&mut Turns` by whoever took the last one, by means that
//    make all that the latter did visible to the former.
// 4. `pass` and `turn` lend `cells`, as shared references, to a closure for a call inside the turn,
//    and for no longer. One may run inside the other.
// 5. `cells` is dropped by whoever drops the last of `Turns` and `Pass`, which `Arc` sees to.
//
// As `cells` is used and dropped on one thread after another, it has to be `Send`.
#[expect(unsafe_code, reason = "no type of std says that access is bound to a thread and a time")]
unsafe impl<C: Send> Sync for Turnstile<C> {}

/// The right to use the value in another's turn, on the same thread.
pub(super) struct Pass<C>(Arc<Turnstile<C>>);

impl<C> Pass<C> {
    /// Uses the value, if it is this thread's turn.
    #[inline]
    pub(super) fn pass<O>(&self, work: impl FnOnce(&C) -> O) -> Option<O> {
        let has_turn = self.0.thread.load(Ordering::Relaxed) == this_thread();
        has_turn.then(|| work(&self.0.cells))
    }
}

/// The right to take turns: there is one to a turnstile.
pub(super) struct Turns<C>(Arc<Turnstile<C>>);

impl<C> Turns<C> {
    /// Makes it this thread's turn until `work` returns or panics.
    #[inline]
    pub(super) fn turn<O>(&mut self, work: impl FnOnce(&C) -> O) -> O {
        self.0.thread.store(this_thread(), Ordering::Relaxed);
        let turn = Turn(&self.0);
        work(&turn.0.cells)
    }
}

/// A turn, which ends when this is dropped.
struct Turn<'a, C>(&'a Turnstile<C>);

impl<C> Drop for Turn<'_, C> {
    #[inline]
    fn drop(&mut self) {
        self.0.thread.store(NOBODY, Ordering::Relaxed);
    }
}

/// Returns an address that only this thread has while it lives.
#[cfg(not(all(test, loom)))]
#[inline]
fn this_thread() -> usize {
    use std::cell::Cell;
    // A `Cell`, so that it can't become a constant, which threads would share.
    thread_local!(static HERE: Cell<u8> = const { Cell::new(0) });
    HERE.with(|here| std::ptr::from_ref(here).addr())
}

/// A model runs all of its threads on one thread of the system, and has thread-locals of its own.
#[cfg(all(test, loom))]
fn this_thread() -> usize {
    loom::thread_local!(static HERE: Box<u8> = Box::new(0));
    HERE.with(|here| std::ptr::from_ref::<u8>(here).addr())
}

/// What threads can do at once: `RUSTFLAGS="--cfg loom" cargo test --release --lib`.
#[cfg(all(test, loom))]
mod models {
    use super::{Pass, Turns, turnstile};
    use loom::cell::Cell;
    use loom::sync::Arc;
    use loom::thread::spawn;

    /// Loom fails a model if two threads reach this, and one need not see what the other did.
    type Item = Cell<u32>;

    fn emit(pass: &Pass<Item>, item: u32) -> bool {
        pass.pass(|slot| slot.set(item)).is_some()
    }

    fn pull(turns: &mut Turns<Item>, body: impl FnOnce()) -> u32 {
        turns.turn(|slot| {
            body();
            slot.replace(0)
        })
    }

    #[test]
    fn a_pull_takes_what_its_emit_gave_on_whatever_thread_both_are() {
        loom::model(|| {
            let (mut turns, pass) = turnstile(Cell::new(0));
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), 1);
            let other = spawn(move || {
                assert_eq!(pull(&mut turns, || assert!(emit(&pass, 2))), 2);
                (turns, pass)
            });
            let Ok((mut turns, pass)) = other.join() else { panic!("the other thread failed") };
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 3))), 3);
        });
    }

    #[test]
    fn an_emit_on_a_foreign_thread_is_refused_at_all_times() {
        loom::model(|| {
            let (mut turns, pass) = turnstile(Cell::new(0));
            let foreign = Pass(Arc::clone(&pass.0));
            let other = spawn(move || assert!(!emit(&foreign, 8) && !emit(&foreign, 9)));
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), 1);
            assert!(!emit(&pass, 7), "between two turns");
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 2))), 2);
            assert!(other.join().is_ok());
        });
    }

    #[test]
    fn a_thread_that_had_its_turn_is_refused_in_the_next_ones() {
        loom::model(|| {
            let (mut turns, pass) = turnstile(Cell::new(0));
            let foreign = Pass(Arc::clone(&pass.0));
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), 1);
            let other = spawn(move || {
                assert_eq!(pull(&mut turns, || assert!(emit(&pass, 2))), 2);
            });
            assert!(!emit(&foreign, 9));
            assert!(other.join().is_ok());
        });
    }
}
