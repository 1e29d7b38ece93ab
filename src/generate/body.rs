use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::generate::slot::{Giver, Taker, slot};

/// A body and how far it got: the machine in all generators.
pub(super) enum Body<T, X, F, Fut: Future> {
    /// What makes the future, until the first pull.
    Unstarted(F),
    Running(Running<T, X, Fut>),
    /// As running, and emits wait that have to be woken before the next pull.
    Waking(Running<T, X, Fut>),
    /// What the future ended with, if it gave an item in the same pull, which goes first.
    Ended(Fut::Output),
    /// The future ended and that was told, or it panicked.
    Over,
}

pub(super) struct Running<T, X, Fut> {
    future: Pin<Box<Fut>>,
    pub(super) taker: Taker<T, X>,
}

/// What a pull brings.
pub(super) enum Pulled<T, O> {
    Item(T),
    /// The body waits for something else than the next pull.
    Waits,
    /// The body has just ended, with this.
    Ended(O),
    /// The body ended before this pull, or it panicked.
    Over,
}

/// What a pull brings that does not bring an item and nothing else: what the body said, if it ran.
pub(super) type Rest<O> = Option<Poll<O>>;

impl<T, X, F, Fut: Future> Body<T, X, F, Fut> {
    /// Tells whether no item will come any more.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    /// Runs the body, from its start or where it is, until it gives an item, ends or waits for
    /// something else. [`settle`](Body::settle) has to follow where that is not an item.
    #[inline]
    pub(super) fn pull(
        &mut self,
        cx: &mut Context<'_>,
        start: impl FnOnce(F, Giver<T, X>) -> Fut,
    ) -> Result<T, Rest<Fut::Output>>
    where
        X: Default,
    {
        if !matches!(self, Self::Running(_)) {
            self.start(start);
        }
        self.resume(cx)
    }

    /// Does what [`pull`](Body::pull) does with a body that was started.
    #[inline]
    pub(super) fn resume(&mut self, cx: &mut Context<'_>) -> Result<T, Rest<Fut::Output>> {
        if !matches!(self, Self::Running(_)) {
            self.wake(cx.waker());
        }
        let end = End(self);
        let Self::Running(Running { future, taker }) = &mut *end.0 else {
            mem::forget(end);
            return Err(None);
        };
        let pulled = taker.pull(cx, |cx| future.as_mut().poll(cx));
        mem::forget(end);
        pulled.map_err(Some)
    }

    /// Makes the future, unless that was done.
    #[cold]
    #[inline(never)]
    pub(super) fn start(&mut self, start: impl FnOnce(F, Giver<T, X>) -> Fut)
    where
        X: Default,
    {
        match mem::replace(self, Self::Over) {
            Self::Unstarted(body) => {
                let (taker, giver) = slot(X::default());
                let future = Box::pin(start(body, giver));
                *self = Self::Running(Running { future, taker });
            }
            other => *self = other,
        }
    }

    /// Wakes the emits that have to be woken, if any.
    #[cold]
    #[inline(never)]
    fn wake(&mut self, waker: &Waker) {
        match mem::replace(self, Self::Over) {
            Self::Waking(mut running) => {
                running.taker.wake(waker);
                *self = Self::Running(running);
            }
            other => *self = other,
        }
    }

    /// Finds out what a pull brought, where that is not an item and nothing else.
    #[cold]
    #[inline(never)]
    pub(super) fn settle(&mut self, rest: Rest<Fut::Output>) -> Pulled<T, Fut::Output> {
        let (mut running, polled) = match (mem::replace(self, Self::Over), rest) {
            (Self::Running(running), Some(polled)) => (running, polled),
            (Self::Ended(output), _) => return Pulled::Ended(output),
            _ => return Pulled::Over,
        };
        let (item, is_any_apart) = running.taker.left();
        match polled {
            Poll::Pending => {
                *self = if is_any_apart { Self::Waking(running) } else { Self::Running(running) };
                item.map_or(Pulled::Waits, Pulled::Item)
            }
            Poll::Ready(output) => {
                drop(running);
                let Some(item) = item else { return Pulled::Ended(output) };
                *self = Self::Ended(output);
                Pulled::Item(item)
            }
        }
    }
}

/// Lets go of a body that panics.
struct End<'a, T, X, F, Fut: Future>(&'a mut Body<T, X, F, Fut>);

impl<T, X, F, Fut: Future> Drop for End<'_, T, X, F, Fut> {
    #[cold]
    fn drop(&mut self) {
        *self.0 = Body::Over;
    }
}

/// Nothing is pinned in it but what is in its box.
impl<T, X, F, Fut: Future> Unpin for Body<T, X, F, Fut> {}
