use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A state, and the async function that makes an item of it: the machine in both streams.
pub(super) struct Awaited<S, F, Fut> {
    /// The state that the next item is made of.
    pub(super) state: S,
    next: F,
    /// The next item, while it is waited for.
    item: Option<Pin<Box<Fut>>>,
    /// Whether no item will come any more.
    pub(super) is_over: bool,
}

impl<S, F, Fut> Awaited<S, F, Fut>
where
    S: Clone,
    F: FnMut(S) -> Fut,
    Fut: Future,
{
    /// Waits for what the function gives.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        // It is put back while it is pending: one that panics is not polled again.
        let mut item =
            self.item.take().unwrap_or_else(|| Box::pin((self.next)(self.state.clone())));
        let polled = item.as_mut().poll(cx);
        if polled.is_pending() {
            self.item = Some(item);
        }
        polled
    }
}

impl<S, F, Fut> Awaited<S, F, Fut> {
    pub(super) fn new(state: S, next: F) -> Self {
        Self { state, next, item: None, is_over: false }
    }

    pub(super) fn resume_at(&mut self, at: S) {
        self.state = at;
        self.item = None;
        self.is_over = false;
    }
}

/// Nothing is pinned in it but what is in its box.
impl<S, F, Fut> Unpin for Awaited<S, F, Fut> {}

impl<S: fmt::Debug, F, Fut> fmt::Debug for Awaited<S, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Awaited")
            .field("state", &self.state)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
