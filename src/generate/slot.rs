use std::cell::Cell;
use std::task::{Context, Poll, Waker};

use crate::generate::turnstile::{Key, Pass, Turns, turnstile};

/// Makes the slot through which a body hands its items, one a pull, to its generator, and the emits
/// that wait are woken. What else the two have in common is in it, too.
pub(super) fn slot<T, X>(common: X) -> (Taker<T, X>, Giver<T, X>) {
    let (turns, pass) = turnstile(Cells { apart: Cell::default(), common });
    (Taker(turns), Giver(pass))
}

/// The waker of those that nobody has to wake: a generator's body is polled at each pull.
pub(super) const ASLEEP: &Waker = Waker::noop();

struct Cells<X> {
    /// The wakers of emits that wait apart, see [`Giver::wait`].
    apart: Cell<Vec<Waker>>,
    common: X,
}

/// The generator's side.
pub(super) struct Taker<T, X>(Turns<T, Cells<X>>);

impl<T, X> Taker<T, X> {
    /// Polls the body once, and takes its item, if it gave one and no emit waits apart. Else what
    /// it said is returned, and [`left`](Taker::left) has the item.
    #[inline]
    pub(super) fn pull<O>(
        &mut self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<O>,
    ) -> Result<T, Poll<O>> {
        // While the body is polled its waker stays where it is, so that it is this one and no
        // other that an emit finds there.
        self.0.turn(Key::of(cx.waker()), |_| poll(cx))
    }

    /// Takes the item that the last pull has left, and tells whether any emit waits apart.
    pub(super) fn left(&mut self) -> (Option<T>, bool) {
        self.0.left()
    }

    /// Wakes the emits that wait apart, but for those that wait with this waker after all.
    pub(super) fn wake(&mut self, waker: &Waker) {
        let apart = self.0.with(|cells| cells.apart.take());
        apart.into_iter().filter(|other| !other.will_wake(waker)).for_each(Waker::wake);
    }

    pub(super) fn common<O>(&mut self, work: impl FnOnce(&X) -> O) -> O {
        self.0.with(|cells| work(&cells.common))
    }
}

/// The body's side. What returns an `Option` is `None` outside of the body: it is not its turn.
pub(super) struct Giver<T, X>(Pass<T, Cells<X>>);

impl<T, X> Giver<T, X> {
    /// Gives the item of an emit that is polled with the waker of the body, and none has been given
    /// in this pull. All others are given back, for [`give_or_wait`](Giver::give_or_wait).
    #[inline]
    pub(super) fn give(&self, item: T, waker: &Waker) -> Result<(), T> {
        self.0.give(item, Key::of(waker))
    }

    /// Gives the item, unless another has been given in this pull, and waits for the next one.
    pub(super) fn give_or_wait(&self, item: &mut Option<T>, waker: &Waker) -> Option<()> {
        *item = item.take().and_then(|item| self.0.give_with_any_key(item).err());
        self.wait(waker)
    }

    /// Sees to it that who waits with this waker is polled at the next pull.
    ///
    /// That is so by itself if it is the waker of the body. With another one it waits apart: what
    /// is between the two may poll only those that were woken, as `join_all` does.
    pub(super) fn wait(&self, waker: &Waker) -> Option<()> {
        if self.0.has_key(Key::of(waker))? {
            return Some(());
        }
        self.0.note(|cells| cells.keep(waker))
    }

    pub(super) fn common<O>(&self, work: impl FnOnce(&X) -> O) -> Option<O> {
        self.0.pass(|cells| work(&cells.common))
    }
}

impl<X> Cells<X> {
    fn keep(&self, waker: &Waker) {
        let waker = waker.clone();
        let mut apart = self.apart.take();
        // One that is polled over and over within a pull is kept once.
        if !apart.last().is_some_and(|last| last.will_wake(&waker)) {
            apart.push(waker);
        }
        self.apart.set(apart);
    }
}
