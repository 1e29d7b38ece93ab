use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A state, and the async function that makes an item of it: the machine in both streams.
pub(super) struct Awaited<S, F, Fut> {
    /// The state that the next item is made of.
    pub(super) state: S,
    next: F,
    /// The next item, while it is waited for. Its place is there from the first poll on, for all
    /// the items.
    item: Option<Pin<Box<Option<Fut>>>>,
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
        let item = self.item.get_or_insert_with(|| Box::pin(None));
        if item.is_none() {
            item.set(Some((self.next)(self.state.clone())));
        }
        let mut done = Done(item.as_mut());
        let Some(future) = done.0.as_mut().as_pin_mut() else { return Poll::Pending };
        let polled = future.poll(cx);
        if polled.is_pending() {
            mem::forget(done);
        }
        polled
    }
}

/// Drops an item where it is: it has come, or it panicked and is not polled again.
struct Done<'a, Fut>(Pin<&'a mut Option<Fut>>);

impl<Fut> Drop for Done<'_, Fut> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl<S, F, Fut> Awaited<S, F, Fut> {
    pub(super) fn new(state: S, next: F) -> Self {
        Self { state, next, item: None, is_over: false }
    }

    pub(super) fn resume_at(&mut self, at: S) {
        if let Some(item) = &mut self.item {
            item.set(None);
        }
        self.state = at;
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
