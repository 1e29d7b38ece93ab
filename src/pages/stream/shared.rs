use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::pages::stream::calls::Calls;

/// Calls that futures of their own wait for: what is put around a fetch is made of these.
pub(super) struct Shared<S>(Arc<Mutex<Numbered<S>>>);

struct Numbered<S> {
    calls: S,
    /// The number of the last call.
    last: u64,
}

impl<S> Shared<S> {
    pub(super) fn new(calls: S) -> Self {
        Self(Arc::new(Mutex::new(Numbered { calls, last: 0 })))
    }

    fn lock(&self) -> MutexGuard<'_, Numbered<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a call, which ends with its future.
    pub(super) fn call<C>(&self, cursor: C) -> Call<C, S>
    where
        S: Calls<C>,
    {
        let mut shared = self.lock();
        shared.last += 1;
        let number = shared.last;
        shared.calls.begin(number, cursor);
        Call { shared: self.clone(), number, cursor: PhantomData }
    }
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The future of a call.
pub(super) struct Call<C, S: Calls<C>> {
    shared: Shared<S>,
    number: u64,
    cursor: PhantomData<fn(C)>,
}

impl<C, S: Calls<C>> Future for Call<C, S> {
    type Output = S::Fetched;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Fetched> {
        self.shared.lock().calls.poll(self.number, cx)
    }
}

impl<C, S: Calls<C>> Drop for Call<C, S> {
    fn drop(&mut self) {
        self.shared.lock().calls.keep(|number| number != self.number);
    }
}
