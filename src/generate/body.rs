use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::end::End;
use crate::generate::slot::{Giver, Taker, slot};

/// A body and how far it got: the machine in all generators.
pub(super) struct Body<T, R, F, Fut: Future> {
    /// What makes the future, until the first pull.
    unstarted: Option<F>,
    /// From the first pull until the future ends or panics.
    running: Option<Running<T, R, Fut>>,
    /// What the future ended with, if it gave an item in the same pull, which goes first.
    output: Option<Fut::Output>,
}

struct Running<T, R, Fut> {
    future: Pin<Box<Fut>>,
    taker: Taker<T, R>,
}

/// What a pull brings.
pub(super) enum Pulled<T, O> {
    Item(T),
    /// The body has just ended, with this.
    Ended(O),
    /// The body ended before this pull, or it panicked.
    Over,
}

impl<T, R, F, Fut: Future> Body<T, R, F, Fut> {
    pub(super) fn new(body: F) -> Self {
        Self { unstarted: Some(body), running: None, output: None }
    }

    /// Tells whether no item will come any more.
    pub(super) fn is_over(&self) -> bool {
        self.unstarted.is_none() && self.running.is_none() && self.output.is_none()
    }

    /// Lets go of the body.
    pub(super) fn end(&mut self) {
        self.unstarted = None;
        self.running = None;
        self.output = None;
    }

    /// Takes what makes the future, the first time.
    pub(super) fn unstarted(&mut self) -> Option<F> {
        self.unstarted.take()
    }

    pub(super) fn start(&mut self, future: impl FnOnce(Giver<T, R>) -> Fut) {
        let (taker, giver) = slot();
        self.running = Some(Running { future: Box::pin(future(giver)), taker });
    }

    /// Runs the body until it gives an item, ends or waits for something else.
    #[inline]
    pub(super) fn pull(
        &mut self,
        cx: &mut Context<'_>,
        start: impl FnOnce(F, Giver<T, R>) -> Fut,
    ) -> Poll<Pulled<T, Fut::Output>> {
        if self.running.is_none() {
            self.start_once(start);
        }
        self.resume(None, cx)
    }

    /// Does what [`pull`](Body::pull) does with a body that was started, and sends it a reply.
    #[inline]
    pub(super) fn resume(
        &mut self,
        reply: Option<R>,
        cx: &mut Context<'_>,
    ) -> Poll<Pulled<T, Fut::Output>> {
        let end = End(&mut self.running);
        let Some(Running { future, taker }) = end.0 else {
            return Poll::Ready(self.output.take().map_or(Pulled::Over, Pulled::Ended));
        };
        let (polled, item) = taker.pull(reply, cx, |cx| future.as_mut().poll(cx));
        match (polled, item) {
            (Poll::Pending, item) => {
                mem::forget(end);
                item.map_or(Poll::Pending, |item| Poll::Ready(Pulled::Item(item)))
            }
            (Poll::Ready(output), None) => Poll::Ready(Pulled::Ended(output)),
            (Poll::Ready(output), Some(item)) => {
                drop(end);
                self.output = Some(output);
                Poll::Ready(Pulled::Item(item))
            }
        }
    }

    #[cold]
    fn start_once(&mut self, start: impl FnOnce(F, Giver<T, R>) -> Fut) {
        if let Some(body) = self.unstarted() {
            self.start(|giver| start(body, giver));
        }
    }
}

/// Nothing is pinned in it but what is in its box.
impl<T, R, F, Fut: Future> Unpin for Body<T, R, F, Fut> {}
