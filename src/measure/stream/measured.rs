use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use crate::measure::installed::require_installed;
use crate::measure::thread::Scope;
use crate::measure::usage::Usage;

/// Measures what a future or a stream uses of the heap while it is polled.
///
/// It counts what the polling thread allocates and frees within its polls, one after the other, on
/// whichever threads they are. What other tasks do between them is not in it, so that futures which
/// are joined are told apart; what it has spawned is not in it, either.
///
/// A future gives what it gave, and its [`Usage`]. A stream gives its items, and
/// [`usage`](Measured::usage) says what it has used so far. What is freed when it is dropped is live at
/// the end.
///
/// # Panics
///
/// Panics if [`Peak`](crate::measure::Peak) is not the program's global allocator.
///
/// # Cancel safety
///
/// That of the future or the stream.
///
/// # Examples
///
/// ```
/// use futures::{executor::block_on, future};
/// use headwater::{measure::Peak, stream};
/// use std::alloc::System;
///
/// #[global_allocator]
/// static HEAP: Peak = Peak::new(System);
///
/// let large = stream::measure(async { vec![0_u8; 1 << 20].len() });
/// let small = stream::measure(async { vec![0_u8; 1 << 10].len() });
/// let ((_, large), (_, small)) = block_on(future::join(large, small));
/// assert_eq!((large.peak(), small.peak()), (1 << 20, 1 << 10));
/// ```
#[track_caller]
pub fn measure<T>(inner: T) -> Measured<T> {
    require_installed();
    Measured { inner, usage: Usage::default() }
}

pin_project! {
    /// A future or a stream whose use of the heap is measured.
    ///
    /// This struct is created by [`stream::measure`](crate::stream::measure). See its documentation
    /// for more.
    #[derive(Clone, Debug)]
    #[must_use = "futures and streams do nothing unless polled"]
    pub struct Measured<T> {
        #[pin]
        inner: T,
        // By all polls so far.
        usage: Usage,
    }
}

impl<T> Measured<T> {
    /// Returns what it has used so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Returns the future or the stream.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn polled<O>(self: Pin<&mut Self>, poll: impl FnOnce(Pin<&mut T>) -> O) -> O {
        let this = self.project();
        let scope = Scope::begin();
        let polled = poll(this.inner);
        *this.usage = this.usage.then(scope.end());
        polled
    }
}

impl<T: Future> Future for Measured<T> {
    type Output = (T::Output, Usage);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.as_mut().polled(|future| future.poll(cx)).map(|value| (value, self.usage))
    }
}

impl<T: Stream> Stream for Measured<T> {
    type Item = T::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T::Item>> {
        self.polled(|stream| stream.poll_next(cx))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.size_hint()
    }
}

impl<T: FusedStream> FusedStream for Measured<T> {
    fn is_terminated(&self) -> bool {
        self.inner.is_terminated()
    }
}
