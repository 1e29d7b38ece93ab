use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What every async fetch does: calls under way, each with a number, which are polled one by one.
///
/// It is a trait, since the type of a future that an `async` block makes can't be written down, but
/// can be hidden.
pub trait Calls<C> {
    /// What a call ends with.
    type Fetched;

    /// Begins the call of this number. Numbers rise.
    fn begin(&mut self, number: u64, cursor: C);

    /// Polls the call of this number. One that is ready or panics is under way no more.
    ///
    /// There is no call that is not under way: it is pending for ever.
    fn poll(&mut self, number: u64, cx: &mut Context<'_>) -> Poll<Self::Fetched>;

    /// Tells whether the call of this number is under way.
    fn is_under_way(&self, number: u64) -> bool;

    /// Drops the calls under way whose numbers are not kept.
    fn keep(&mut self, keep: impl Fn(u64) -> bool)
    where
        Self: Sized;
}

/// An async function that fetches pages, and its futures that are under way.
///
/// It is created by [`pages`](crate::stream::pages()).
pub struct Fetches<F, Fut> {
    fetch: F,
    under_way: Vec<(u64, Pin<Box<Fut>>)>,
}

impl<F, Fut> Fetches<F, Fut> {
    pub(super) fn new(fetch: F) -> Self {
        Self { fetch, under_way: Vec::new() }
    }
}

impl<C, F, Fut> Calls<C> for Fetches<F, Fut>
where
    F: FnMut(C) -> Fut,
    Fut: Future,
{
    type Fetched = Fut::Output;

    fn begin(&mut self, number: u64, cursor: C) {
        self.under_way.push((number, Box::pin((self.fetch)(cursor))));
    }

    fn poll(&mut self, number: u64, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        let Some(index) = self.under_way.iter().position(|call| call.0 == number) else {
            return Poll::Pending;
        };
        // It is put back while it is pending: one that panics is not polled again.
        let mut call = self.under_way.swap_remove(index);
        let polled = call.1.as_mut().poll(cx);
        if polled.is_pending() {
            self.under_way.push(call);
        }
        polled
    }

    fn is_under_way(&self, number: u64) -> bool {
        self.under_way.iter().any(|call| call.0 == number)
    }

    fn keep(&mut self, keep: impl Fn(u64) -> bool) {
        self.under_way.retain(|call| keep(call.0));
    }
}

/// Nothing is pinned in it but what is in its boxes.
impl<F, Fut> Unpin for Fetches<F, Fut> {}

impl<F, Fut> fmt::Debug for Fetches<F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetches").field("under_way", &self.under_way.len()).finish_non_exhaustive()
    }
}
