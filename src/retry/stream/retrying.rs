use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream, TryStream};

use crate::retry::gave_up::GaveUp;
use crate::retry::healing::Healing;
use crate::retry::pause::Pause;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::source::Source;

/// Heals streams: every [`Source`] that is a `Stream` has this method.
///
/// It is in the [`prelude`](crate::prelude).
pub trait RetryStream: Source + TryStream + Sized {
    /// Goes on after an error, behind the last item delivered: nothing is lost, and nothing comes
    /// twice.
    ///
    /// It is the [`retry`](crate::retry::RetrySource::retry) of iterators, and waits without
    /// blocking, by tokio where it runs (feature `tokio`), by the [`timer`](Retry::timer) that is
    /// set, or else by a thread.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item. The position is still that behind the last
    /// item delivered, and nothing is open.
    ///
    /// # Panics
    ///
    /// If the source or a function of the policy does. The next poll opens the source again, at its
    /// position.
    ///
    /// # Cancel safety
    ///
    /// A `next` of the stream that is dropped before it is ready loses nothing: what is waited for
    /// stays in the stream, and so do the error and the delay that is waited after it.
    ///
    /// # Resources
    ///
    /// Those of the source. They are released before a delay is waited.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{Retry, prelude::*, stream};
    /// use std::cell::Cell;
    ///
    /// let failures = Cell::new(2);
    /// let fetch = async |page: u32| {
    ///     if page == 1 && failures.get() > 0 {
    ///         failures.set(failures.get() - 1);
    ///         return Err("503");
    ///     }
    ///     Ok((page < 3).then_some((page, page + 1)))
    /// };
    /// let pages = stream::try_unfold(0, |page| fetch(page)).retry(Retry::immediately());
    /// assert_eq!(block_on(pages.map(Result::unwrap).collect::<Vec<_>>()), [0, 1, 2]);
    /// ```
    fn retry<R>(self, retry: Retry<R>) -> Retrying<Self, R>
    where
        Self: Source<Position: PartialEq> + Unpin,
        R: Rules<Self::Error>,
    {
        Retrying { healing: Healing::new(self, retry), waiting: None }
    }
}

impl<S: Source + TryStream> RetryStream for S {}

/// A stream that goes on after errors.
///
/// This struct is created by [`RetryStream::retry`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Retrying<S: Source + TryStream, R = AnyError> {
    healing: Healing<S, R>,
    /// The last error, while the delay after it is waited.
    waiting: Option<(S::Error, Pause)>,
}

impl<S: Source + TryStream, R> Retrying<S, R> {
    /// Returns the source: for what it tells of itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, prelude::*, stream};
    /// use std::future::ready;
    ///
    /// let numbers = stream::try_unfold(1, |n| ready(Ok::<_, &str>(Some((n, n + 1)))));
    /// let numbers = numbers.retry(Retry::default());
    /// assert_eq!(numbers.get_ref().position(), 1);
    /// ```
    pub fn get_ref(&self) -> &S {
        &self.healing.source
    }

    /// Returns the source, which can be gone on with.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, future::ready};
    /// use headwater::{Retry, prelude::*, stream};
    ///
    /// let numbers = stream::try_unfold(1, |n| ready(Ok::<_, &str>(Some((n, n + 1)))));
    /// let mut numbers = numbers.retry(Retry::default());
    /// assert_eq!(block_on(numbers.next()).unwrap().ok(), Some(1));
    /// assert_eq!(block_on(numbers.into_inner().next()), Some(Ok(2)));
    /// ```
    pub fn into_inner(self) -> S {
        self.healing.source
    }

    /// Waits until the source can be opened again, if it has to be.
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), GaveUp<S::Error>>> {
        // It is put back while it is pending: one that panics is not polled again.
        let Some((error, mut pause)) = self.waiting.take() else { return Poll::Ready(Ok(())) };
        match Pin::new(&mut pause).poll(cx) {
            Poll::Pending => {
                self.waiting = Some((error, pause));
                Poll::Pending
            }
            Poll::Ready(Ok(())) => {
                self.healing.begin();
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(reason)) => Poll::Ready(Err(self.healing.give_up(error, reason))),
        }
    }
}

/// Nothing is pinned in it but what is in its box.
impl<S: Source + TryStream + Unpin, R> Unpin for Retrying<S, R> {}

impl<S: Source + TryStream + fmt::Debug, R> fmt::Debug for Retrying<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("source", &self.healing.source)
            .field("is_waiting", &self.waiting.is_some())
            .field("is_over", &self.healing.is_over())
            .finish_non_exhaustive()
    }
}

impl<S, T, E, R> Stream for Retrying<S, R>
where
    S: Source<Position: PartialEq> + Stream<Item = Result<T, E>> + Unpin,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<T, GaveUp<E>>>> {
        let this = &mut *self;
        loop {
            if let Err(error) = ready!(this.poll_pause(cx)) {
                return Poll::Ready(Some(Err(error)));
            }
            if !this.healing.is_going() {
                return Poll::Ready(None);
            }
            match ready!(this.healing.pull(|source| Pin::new(source).poll_next(cx))) {
                Some(Ok(item)) => {
                    this.healing.went_on();
                    return Poll::Ready(Some(Ok(item)));
                }
                Some(Err(error)) => match this.healing.failed(&error) {
                    Ok(delay) => {
                        this.waiting = Some((error, this.healing.policy().pause(delay)));
                    }
                    Err(reason) => {
                        return Poll::Ready(Some(Err(this.healing.give_up(error, reason))));
                    }
                },
                None => this.healing.ended(),
            }
        }
    }

    /// What the source says holds up to its next error, behind which there may be more.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.healing.is_over().then_some(0))
    }
}

impl<S, T, E, R> FusedStream for Retrying<S, R>
where
    S: Source<Position: PartialEq> + Stream<Item = Result<T, E>> + Unpin,
    R: Rules<E>,
{
    fn is_terminated(&self) -> bool {
        self.healing.is_over()
    }
}

impl<S: Source + TryStream, R> Source for Retrying<S, R> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.healing.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.waiting = None;
        self.healing.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.healing.source.can_recover()
    }
}
