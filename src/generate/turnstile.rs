//! The one place of this slice with unsafe code.

use std::mem::MaybeUninit;
use std::ptr;
use std::task::Poll;

use crate::generate::shared::{Arc, AtomicUsize, Cell, Ordering, UnsafeCell, this_thread};

/// Makes a turnstile: in each turn one item passes, on the thread whose turn it is.
///
/// A generator and its body share one. The generator takes a turn for each poll of its body. What
/// runs within that poll, on that thread, lets an item pass, and the generator takes it. An emitter
/// that was taken to another thread, or that is used at another time, is refused. Nobody waits for
/// anybody, and no instruction locks the bus.
///
/// The item is what turns are for; the cells are for all that is rarer.
pub(super) fn turnstile<T, C>(cells: C) -> (Turns<T, C>, Pass<T, C>) {
    let turnstile = Arc::new(Turnstile {
        thread: AtomicUsize::new(NOBODY),
        state: Cell::new(0),
        item: UnsafeCell::new(MaybeUninit::uninit()),
        cells,
    });
    (Turns(Arc::clone(&turnstile)), Pass(turnstile))
}

struct Turnstile<T, C> {
    /// The thread whose turn it is: an address that is its alone, or `NOBODY`.
    thread: AtomicUsize,
    /// The key of the turn, and whether an item has `PASSED` and something was `NOTED` in it.
    state: Cell<usize>,
    /// Holds an item while the state is `PASSED`.
    item: UnsafeCell<MaybeUninit<T>>,
    cells: C,
}

/// No thread has this address.
const NOBODY: usize = 0;

const PASSED: usize = 1;
const NOTED: usize = 2;

// SAFETY: `state`, `item` and `cells` are used in turns, on the thread whose turn it is (`in_turn`
// and `turn`), and between turns by the owner of `Turns` (`turn`, `left` and `with`). It has to be
// shown that no two threads are at once, and that what one did there is seen by the next.
//
// 1. Only a thread itself writes its address (`turn`), and it overwrites it before `turn` returns or
//    unwinds (`Turn::drop`). A thread sees its own writes in order, so one that reads its address
//    in `in_turn` is inside a `turn`. Addresses are of thread-locals: no two living threads have the
//    same, and one that ended has overwritten what it wrote, which its successor at that address
//    sees, as it sees all that was done to the memory that it got.
// 2. `turn`, `left` and `with` borrow the only `Turns` of a turnstile mutably, so no two threads
//    are inside of them at once. While one is, the others read an address that is not theirs.
// 3. Whoever takes the next turn was given `&mut Turns` by whoever took the last one, by means that
//    make all that the latter did visible to the former.
// 4. References to what is in it are lent to a closure for a call, and for no longer; what one call
//    does may run inside another. None runs while `item` is written or read.
// 5. It is dropped by whoever drops the last of `Turns` and `Pass`, which `Arc` sees to.
//
// As all is used and dropped on one thread after another, it has to be `Send`.
#[expect(unsafe_code, reason = "no type of std says that access is bound to a thread and a time")]
unsafe impl<T: Send, C: Send> Sync for Turnstile<T, C> {}

impl<T, C> Turnstile<T, C> {
    /// Lets the item pass if this is the state, or gives it back.
    #[inline]
    fn give(&self, item: T, state: usize) -> Result<(), T> {
        if self.state.get() != state {
            return back(item);
        }
        #[expect(unsafe_code, reason = "an item is there or not, which the state tells")]
        // SAFETY: nobody else uses the place, see `Sync`.
        self.item.with_mut(|place| unsafe { (*place).write(item) });
        self.state.set(state | PASSED);
        Ok(())
    }

    /// Takes the item that has passed, if one has.
    #[inline]
    fn take(&self) -> Option<T> {
        let state = self.state.get();
        if state & PASSED == 0 {
            return None;
        }
        self.state.set(state & !PASSED);
        #[expect(unsafe_code, reason = "an item is there or not, which the state tells")]
        // SAFETY: nobody else uses the place, see `Sync`. The state was `PASSED`, which it becomes
        // when an item is put there, and stays until one is taken.
        Some(self.item.with_mut(|place| unsafe { (*place).assume_init_read() }))
    }
}

impl<T, C> Drop for Turnstile<T, C> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// What a turn is opened with: those who come with the same one pass most quickly.
#[derive(Clone, Copy)]
pub(super) struct Key(usize);

impl Key {
    /// Returns the key that is the address of something.
    #[inline]
    pub(super) fn of<K>(place: &K) -> Self {
        const { assert!(align_of::<K>() > PASSED | NOTED, "it has no room for the state") };
        Self(ptr::from_ref(place).addr())
    }
}

/// The right to use the turnstile in another's turn, on the same thread.
pub(super) struct Pass<T, C>(Arc<Turnstile<T, C>>);

impl<T, C> Pass<T, C> {
    /// Lets the item pass, or gives it back: it is not this thread's turn or not its key, an item
    /// has passed already, or something was noted.
    #[inline]
    pub(super) fn give(&self, item: T, key: Key) -> Result<(), T> {
        self.in_turn(item, |turnstile, item| turnstile.give(item, key.0))
    }

    /// Lets the item pass, or gives it back: it is not this thread's turn, or an item has passed
    /// already.
    pub(super) fn give_with_any_key(&self, item: T) -> Result<(), T> {
        self.in_turn(item, |turnstile, item| turnstile.give(item, turnstile.state.get() & !PASSED))
    }

    /// Tells whether this is the key of the turn, if it is this thread's turn.
    pub(super) fn has_key(&self, key: Key) -> Option<bool> {
        self.in_turn((), |turnstile, ()| Ok(turnstile.state.get() & !(PASSED | NOTED) == key.0))
            .ok()
    }

    /// Uses the cells, if it is this thread's turn.
    pub(super) fn pass<O>(&self, work: impl FnOnce(&C) -> O) -> Option<O> {
        self.in_turn((), |turnstile, ()| Ok(work(&turnstile.cells))).ok()
    }

    /// Uses the cells, if it is this thread's turn, and lets its end tell of it.
    pub(super) fn note<O>(&self, work: impl FnOnce(&C) -> O) -> Option<O> {
        let work = |turnstile: &Turnstile<T, C>, ()| {
            turnstile.state.set(turnstile.state.get() | NOTED);
            Ok(work(&turnstile.cells))
        };
        self.in_turn((), work).ok()
    }

    /// Uses the turnstile with a value, or gives that back, if it is not this thread's turn.
    #[inline]
    fn in_turn<V, O>(
        &self,
        value: V,
        work: impl FnOnce(&Turnstile<T, C>, V) -> Result<O, V>,
    ) -> Result<O, V> {
        if self.0.thread.load(Ordering::Relaxed) == this_thread() {
            work(&self.0, value)
        } else {
            back(value)
        }
    }
}

/// The right to take turns: there is one to a turnstile.
pub(super) struct Turns<T, C>(Arc<Turnstile<T, C>>);

impl<T, C> Turns<T, C> {
    /// Makes it this thread's turn until `work` returns or panics.
    ///
    /// Returns the item, if the work is pending, one has passed and nothing was noted; or else what
    /// the work returned, and an item may be [left](Turns::left), which goes before the next turn.
    #[inline]
    pub(super) fn turn<O>(
        &mut self,
        key: Key,
        work: impl FnOnce(&C) -> Poll<O>,
    ) -> Result<T, Poll<O>> {
        let turnstile = &*self.0;
        turnstile.state.set(key.0);
        turnstile.thread.store(this_thread(), Ordering::Relaxed);
        let turn = Turn(&self.0);
        let polled = work(&turnstile.cells);
        drop(turn);
        if polled.is_pending()
            && turnstile.state.get() == key.0 | PASSED
            && let Some(item) = turnstile.take()
        {
            Ok(item)
        } else {
            back(polled)
        }
    }

    /// Takes the item that passed in the last turn, and tells whether something was noted in it.
    pub(super) fn left(&mut self) -> (Option<T>, bool) {
        (self.0.take(), self.0.state.get() & NOTED != 0)
    }

    /// Uses the cells.
    pub(super) fn with<O>(&mut self, work: impl FnOnce(&C) -> O) -> O {
        work(&self.0.cells)
    }
}

/// A turn, which ends when this is dropped. What it borrows lies in the generator, where it need
/// not be fetched from for the case of a panic.
struct Turn<'a, T, C>(&'a Arc<Turnstile<T, C>>);

impl<T, C> Drop for Turn<'_, T, C> {
    #[inline]
    fn drop(&mut self) {
        self.0.thread.store(NOBODY, Ordering::Relaxed);
    }
}

/// Gives back what could not be used, which is rare: so the compiler puts it out of the way.
#[cold]
#[inline]
fn back<O, V>(value: V) -> Result<O, V> {
    Err(value)
}

/// What threads can do at once: `RUSTFLAGS="--cfg loom" cargo test --release --lib`.
#[cfg(all(test, loom))]
mod models {
    use std::task::Poll;

    use super::{Key, Pass, Turns, turnstile};
    use crate::generate::shared::{Arc, Cell};
    use loom::thread::spawn;

    /// Loom fails a model if two threads reach one, and one need not see what the other did. The
    /// same holds for the item.
    type Count = Cell<u32>;

    static KEY: u32 = 0;

    fn emit(pass: &Pass<u32, Count>, item: u32) -> bool {
        let counted = pass.note(|count| count.set(count.get() + 1)).is_some();
        counted && pass.give_with_any_key(item).is_ok()
    }

    fn emit_quickly(pass: &Pass<u32, Count>, item: u32) -> bool {
        pass.give(item, Key::of(&KEY)).is_ok()
    }

    fn pull(turns: &mut Turns<u32, Count>, body: impl FnOnce()) -> Option<u32> {
        let work = |_: &Count| {
            body();
            Poll::<()>::Pending
        };
        turns.turn(Key::of(&KEY), work).map_or_else(|_| turns.left().0, Some)
    }

    #[test]
    fn a_pull_takes_what_its_emit_gave_on_whatever_thread_both_are() {
        loom::model(|| {
            let (mut turns, pass) = turnstile(Count::new(0));
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), Some(1));
            let other = spawn(move || {
                assert_eq!(pull(&mut turns, || assert!(emit_quickly(&pass, 2))), Some(2));
                (turns, pass)
            });
            let Ok((mut turns, pass)) = other.join() else { panic!("the other thread failed") };
            assert_eq!(pull(&mut turns, || assert!(emit(&pass, 3))), Some(3));
            assert_eq!(turns.with(Count::get), 2);
        });
    }

    #[test]
    fn an_emit_on_a_foreign_thread_is_refused_at_all_times() {
        for emit in [emit, emit_quickly] {
            loom::model(move || {
                let (mut turns, pass) = turnstile(Count::new(0));
                let foreign = Pass(Arc::clone(&pass.0));
                let other = spawn(move || assert!(!emit(&foreign, 8) && !emit(&foreign, 9)));
                assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), Some(1));
                assert!(!emit(&pass, 7), "between two turns");
                assert_eq!(pull(&mut turns, || assert!(emit(&pass, 2))), Some(2));
                assert!(other.join().is_ok());
            });
        }
    }

    #[test]
    fn a_thread_that_had_its_turn_is_refused_in_the_next_ones() {
        for emit in [emit, emit_quickly] {
            loom::model(move || {
                let (mut turns, pass) = turnstile(Count::new(0));
                let foreign = Pass(Arc::clone(&pass.0));
                assert_eq!(pull(&mut turns, || assert!(emit(&pass, 1))), Some(1));
                let other = spawn(move || {
                    assert_eq!(pull(&mut turns, || assert!(emit(&pass, 2))), Some(2));
                });
                assert!(!emit(&foreign, 9));
                assert!(other.join().is_ok());
            });
        }
    }
}
