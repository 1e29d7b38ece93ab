use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream, TryFuture};

use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::retry::stream::reopening::Reopening;
use crate::source::Source;

/// # Streams of one's own
impl<R> Retry<R> {
    /// Makes a stream of what can be opened at a position: after an error it is opened again behind
    /// the last item delivered.
    ///
    /// It is [`resume`](Retry::resume), whose `open` is async and gives a stream.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item. The position is still that behind the last
    /// item delivered.
    ///
    /// # Panics
    ///
    /// If a function, its future or what it opened does. What is open is dropped, and the next poll
    /// opens it again behind the last item delivered.
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
    /// use futures::{StreamExt, executor::block_on, stream};
    /// use headwater::Retry;
    ///
    /// // The events of a feed, by their numbers. It breaks after each second one.
    /// let subscribe = async |after: Option<u32>| {
    ///     let first = after.map_or(1, |number| number + 1);
    ///     let events = (first..=7).map(Ok).take(2);
    ///     Ok(stream::iter(events.chain((first < 7).then_some(Err("connection reset")))))
    /// };
    /// let feed = Retry::immediately().resume_stream(|after| subscribe(after), |number| *number);
    /// let numbers: Vec<_> = block_on(feed.map(Result::unwrap).collect());
    /// assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    /// ```
    pub fn resume_stream<P, T, E, I, Fut, O, A>(
        self,
        open: O,
        position_after: A,
    ) -> Resume<P, Fut, O, A, R>
    where
        O: FnMut(Option<P>) -> Fut,
        Fut: Future<Output = Result<I, E>>,
        I: Stream<Item = Result<T, E>>,
        A: FnMut(&T) -> P,
        P: Clone,
        R: Rules<E>,
    {
        Resume { retry: self, open, position_after, at: None, items: Reopening::new() }
    }
}

/// A stream of what can be opened at a position, which goes on after errors.
///
/// This struct is created by [`Retry::resume_stream`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Resume<P, Fut: TryFuture, O, A, R = AnyError> {
    retry: Retry<R>,
    open: O,
    position_after: A,
    /// Behind the last item delivered; `None` before the first.
    at: Option<P>,
    items: Reopening<Fut>,
}

/// Nothing is pinned in it but what is in its boxes.
impl<P, Fut: TryFuture, O, A, R> Unpin for Resume<P, Fut, O, A, R> {}

impl<P: fmt::Debug, Fut: TryFuture, O, A, R> fmt::Debug for Resume<P, Fut, O, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume")
            .field("at", &self.at)
            .field("is_over", &self.items.is_over())
            .finish_non_exhaustive()
    }
}

impl<P, T, E, I, Fut, O, A, R> Stream for Resume<P, Fut, O, A, R>
where
    O: FnMut(Option<P>) -> Fut,
    Fut: Future<Output = Result<I, E>>,
    I: Stream<Item = Result<T, E>>,
    A: FnMut(&T) -> P,
    P: Clone,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<T, GaveUp<E>>>> {
        let Self { retry, open, position_after, at, items } = &mut *self;
        let mut behind = None;
        let note = |item: &T| {
            behind = Some(position_after(item));
            true
        };
        let polled = items.poll(cx, retry, || open(at.clone()), note);
        if behind.is_some() {
            *at = behind;
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over().then_some(0))
    }
}

impl<P, T, E, I, Fut, O, A, R> FusedStream for Resume<P, Fut, O, A, R>
where
    O: FnMut(Option<P>) -> Fut,
    Fut: Future<Output = Result<I, E>>,
    I: Stream<Item = Result<T, E>>,
    A: FnMut(&T) -> P,
    P: Clone,
    R: Rules<E>,
{
    fn is_terminated(&self) -> bool {
        self.items.is_over()
    }
}

impl<P: Clone, Fut: TryFuture, O, A, R> Source for Resume<P, Fut, O, A, R> {
    /// `None` is before the first item.
    type Position = Option<P>;

    fn position(&self) -> Option<P> {
        self.at.clone()
    }

    fn resume_at(&mut self, at: Option<P>) {
        self.at = at;
        self.items.let_go();
    }
}
