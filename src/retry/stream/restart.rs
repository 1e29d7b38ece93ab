use std::cell::Cell;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream, TryFuture};

use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::retry::stream::reopening::Reopening;

impl<R> Retry<R> {
    /// Makes a stream of what can only be opened at its beginning: after an error it begins again,
    /// and **all items that were given up to there are given once more**.
    ///
    /// It is [`restart`](Retry::restart), whose `open` is async and gives a stream. What has a
    /// position goes on by [`resume_stream`](Retry::resume_stream), and repeats nothing.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item.
    ///
    /// # Panics
    ///
    /// If the function, its future or what it opened does. The next poll opens it again, at its
    /// beginning.
    ///
    /// # Cancel safety
    ///
    /// A `next` of the stream that is dropped before it is ready loses nothing: the opening, the
    /// stream and the delay that is waited stay where they are.
    ///
    /// # Resources
    ///
    /// What is open, which is dropped before a delay is waited. Two allocations an opening.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, future::ready, stream};
    /// use headwater::Retry;
    ///
    /// let mut breaks = [true, false].into_iter();
    /// let open = || {
    ///     let broken = breaks.next().unwrap().then_some(Err("connection reset"));
    ///     ready(Ok(stream::iter([Ok('a'), Ok('b')].into_iter().chain(broken))))
    /// };
    /// let letters = Retry::immediately().restart_stream(open).map(Result::unwrap);
    /// assert_eq!(block_on(letters.collect::<Vec<char>>()), ['a', 'b', 'a', 'b']);
    /// ```
    pub fn restart_stream<T, E, I, Fut, O>(self, open: O) -> Restart<Fut, O, R>
    where
        O: FnMut() -> Fut,
        Fut: Future<Output = Result<I, E>>,
        I: Stream<Item = Result<T, E>>,
        R: Rules<E>,
    {
        Restart { retry: self, open, given: 0, most: 0, items: Reopening::new() }
    }
}

/// A stream that begins again after errors.
///
/// This struct is created by [`Retry::restart_stream`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Restart<Fut: TryFuture, O, R = AnyError> {
    retry: Retry<R>,
    open: O,
    /// How many items were given since it was opened.
    given: u64,
    /// How many that were at the most.
    most: u64,
    items: Reopening<Fut>,
}

/// Nothing is pinned in it but what is in its boxes.
impl<Fut: TryFuture, O, R> Unpin for Restart<Fut, O, R> {}

impl<Fut: TryFuture, O, R> fmt::Debug for Restart<Fut, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restart")
            .field("given", &self.given)
            .field("is_over", &self.items.is_over())
            .finish_non_exhaustive()
    }
}

impl<T, E, I, Fut, O, R> Stream for Restart<Fut, O, R>
where
    O: FnMut() -> Fut,
    Fut: Future<Output = Result<I, E>>,
    I: Stream<Item = Result<T, E>>,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<T, GaveUp<E>>>> {
        let Self { retry, open, given, most, items } = &mut *self;
        let since_opened = Cell::from_mut(given);
        let open = || {
            since_opened.set(0);
            open()
        };
        let note = |_: &T| {
            since_opened.update(|items| items + 1);
            let is_progress = since_opened.get() > *most;
            *most = since_opened.get().max(*most);
            is_progress
        };
        items.poll(cx, retry, open, note)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over().then_some(0))
    }
}

impl<T, E, I, Fut, O, R> FusedStream for Restart<Fut, O, R>
where
    O: FnMut() -> Fut,
    Fut: Future<Output = Result<I, E>>,
    I: Stream<Item = Result<T, E>>,
    R: Rules<E>,
{
    fn is_terminated(&self) -> bool {
        self.items.is_over()
    }
}
