use std::fmt;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::mark::Mark;
use crate::read_ahead::ahead::Given;
use crate::read_ahead::stream::task::{Kind, Shared};
use crate::source::Source;
use crate::task::Task;
#[cfg(feature = "tokio")]
use crate::task::spawn_on_tokio;

/// Reads streams ahead: every [`Stream`] has these methods.
///
/// It is in the [`prelude`](crate::prelude).
pub trait ReadAheadStream: Stream + Sized {
    /// Polls at most this many items ahead of the consumer, in a task of tokio.
    ///
    /// It is [`read_ahead_on`](ReadAheadStream::read_ahead_on).
    ///
    /// # Panics
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on), and if it is polled where tokio does not
    /// run.
    ///
    /// # Resources
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, stream};
    /// use headwater::prelude::*;
    /// use std::num::NonZeroUsize;
    ///
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// let ahead = stream::iter(0..9).read_ahead(NonZeroUsize::new(4).unwrap());
    /// assert_eq!(runtime.block_on(ahead.collect::<Vec<_>>()), Vec::from_iter(0..9));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "tokio")]
    fn read_ahead(self, items: NonZeroUsize) -> ReadAhead<Self, fn(Task)>
    where
        Self: Send + 'static,
        Self::Item: Send,
    {
        self.read_ahead_on(items, spawn_on_tokio)
    }

    /// Does the same with a [`Source`], and gives a [`Source`].
    ///
    /// It is [`read_ahead_source_on`](ReadAheadStream::read_ahead_source_on).
    ///
    /// # Panics
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on), and if it is polled where tokio does not
    /// run.
    ///
    /// # Resources
    ///
    /// As [`read_ahead_source_on`](ReadAheadStream::read_ahead_source_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::StreamExt;
    /// use headwater::{prelude::*, stream};
    /// use std::num::NonZeroUsize;
    ///
    /// let numbers = stream::unfold(0, async |n| (n < 9).then_some((n, n + 1)));
    /// let mut ahead = numbers.read_ahead_source(NonZeroUsize::new(4).unwrap());
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// assert_eq!(runtime.block_on(ahead.next()), Some(0));
    /// assert_eq!(ahead.position(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "tokio")]
    fn read_ahead_source(
        self,
        items: NonZeroUsize,
    ) -> ReadAhead<Self, fn(Task), Mark<Self::Position>>
    where
        Self: Source<Position: Send> + Send + Unpin + 'static,
        Self::Item: Send,
    {
        self.read_ahead_source_on(items, spawn_on_tokio)
    }

    /// Polls at most this many items ahead of the consumer, in a task that `spawn` runs.
    ///
    /// So the stream goes on while the consumer works, and not only while it waits, as with
    /// `buffered`. It is lazy: the task starts with the first poll. Item `k + items` is not polled for
    /// before item `k` was given. Once that many are ahead, the task pauses until half of them were
    /// given.
    ///
    /// `spawn` is called with a future that an executor, or a thread, is to run to its end. It is
    /// called with the first poll, and again where a source that was at its end is resumed.
    ///
    /// # Panics
    ///
    /// A panic of the stream is passed on to the poll that would have given the item, behind the items
    /// before it, and the end follows. It panics, too, if the task was dropped before its end.
    ///
    /// # Resources
    ///
    /// The task, which ends at the end of the stream, with its panic, or when this is dropped; it
    /// drops the stream, then, as soon as the executor lets it.
    ///
    /// # Cancel safety
    ///
    /// A `next` of the stream that is dropped before it is ready loses nothing, and stops nothing.
    ///
    /// # Examples
    ///
    /// A thread that does it, where there is no executor:
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, stream};
    /// use headwater::prelude::*;
    /// use std::{num::NonZeroUsize, thread};
    ///
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let ahead = stream::iter(0..9).read_ahead_on(four, |task| drop(thread::spawn(|| block_on(task))));
    /// assert_eq!(block_on(ahead.collect::<Vec<_>>()), Vec::from_iter(0..9));
    /// ```
    fn read_ahead_on<W>(self, items: NonZeroUsize, spawn: W) -> ReadAhead<Self, W>
    where
        Self: Send + 'static,
        Self::Item: Send,
        W: FnMut(Task),
    {
        let kind = Kind { mark: |_| (), resume: None };
        ReadAhead { given: Given::new(()), shared: Shared::new(self, items.get(), kind), spawn }
    }

    /// Does the same with a [`Source`], and gives a [`Source`].
    ///
    /// Positions are those of the items given, whatever was polled beyond them. So a retry after this
    /// loses nothing and repeats nothing. [`resume_at`](Source::resume_at) lets go of what was
    /// polled; the task lets go of what is open as soon as the executor lets it.
    ///
    /// # Panics
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on). The position is that before the item then.
    ///
    /// # Resources
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on), and a position with each item. At its end,
    /// the source is kept, to be resumed.
    ///
    /// # Cancel safety
    ///
    /// As [`read_ahead_on`](ReadAheadStream::read_ahead_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use headwater::{prelude::*, stream};
    /// use std::{num::NonZeroUsize, thread};
    ///
    /// let numbers = stream::unfold(0, async |n| (n < 9).then_some((n, n + 1)));
    /// let four = NonZeroUsize::new(4).unwrap();
    /// let spawn = |task| drop(thread::spawn(|| block_on(task)));
    /// let mut ahead = numbers.read_ahead_source_on(four, spawn);
    /// assert_eq!(block_on(ahead.next()), Some(0));
    /// assert_eq!(ahead.position(), 1);
    /// ahead.resume_at(7);
    /// assert_eq!(block_on(ahead.collect::<Vec<_>>()), [7, 8]);
    /// ```
    fn read_ahead_source_on<W>(
        self,
        items: NonZeroUsize,
        spawn: W,
    ) -> ReadAhead<Self, W, Mark<Self::Position>>
    where
        Self: Source<Position: Send> + Send + Unpin + 'static,
        Self::Item: Send,
        W: FnMut(Task),
    {
        let resume = |source: &mut Pin<Box<Self>>, at: Mark<_>| source.resume_at(at.position);
        let kind = Kind { mark: Mark::of, resume: Some(resume) };
        let given = Given::new(Mark::of(&self));
        ReadAhead { given, shared: Shared::new(self, items.get(), kind), spawn }
    }
}

impl<S: Stream> ReadAheadStream for S {}

/// A stream that is polled ahead of its consumer.
///
/// This struct is created by [`ReadAheadStream::read_ahead_on`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct ReadAhead<S: Stream, W, M = ()> {
    given: Given<M>,
    shared: Arc<Shared<S, M>>,
    spawn: W,
}

/// Nothing is pinned in it.
impl<S: Stream, W, M> Unpin for ReadAhead<S, W, M> {}

impl<S: Stream, W, M> fmt::Debug for ReadAhead<S, W, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAhead").field("is_over", &self.given.is_over).finish_non_exhaustive()
    }
}

impl<S, W, M> Stream for ReadAhead<S, W, M>
where
    S: Stream<Item: Send> + Send + 'static,
    W: FnMut(Task),
    M: Send + 'static,
{
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { given, shared, spawn } = &mut *self;
        if given.is_over {
            return Poll::Ready(None);
        }
        let step = ready!(shared.poll_take(cx, spawn));
        Poll::Ready(given.give(step))
    }

    /// What the stream said behind the last item that was given.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let idle = || self.shared.lock().ahead.idle.as_ref().map(Stream::size_hint);
        self.given.size_hint(idle)
    }
}

impl<S, W, M> FusedStream for ReadAhead<S, W, M>
where
    S: Stream<Item: Send> + Send + 'static,
    W: FnMut(Task),
    M: Send + 'static,
{
    fn is_terminated(&self) -> bool {
        self.given.is_over
    }
}

impl<S: Source + Stream, W> Source for ReadAhead<S, W, Mark<S::Position>> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.given.here.position.clone()
    }

    fn resume_at(&mut self, at: S::Position) {
        let there = Mark { position: at, can_recover: self.can_recover() };
        // If a function of the source panics, it is not pulled where it stands.
        self.given.is_over = true;
        let there = self.shared.resume_at(there.clone()).unwrap_or(there);
        self.given = Given::new(there);
    }

    fn can_recover(&self) -> bool {
        self.given.here.can_recover
    }
}

impl<S: Stream, W, M> Drop for ReadAhead<S, W, M> {
    fn drop(&mut self) {
        self.shared.close();
    }
}
