use std::fmt;
use std::iter::FusedIterator;
use std::num::NonZeroUsize;
use std::sync::Arc;

use crate::mark::Mark;
use crate::read_ahead::ahead::Given;
use crate::read_ahead::thread::{Kind, Shared};
use crate::source::Source;

/// Reads iterators ahead: every [`Iterator`] has these methods.
///
/// It is in the [`prelude`](crate::prelude).
pub trait ReadAheadIterator: Iterator + Sized {
    /// Pulls at most this many items ahead of the consumer, on a thread of its own.
    ///
    /// So the input goes on while the consumer works. It is lazy: the thread starts with the first
    /// pull. Item `k + items` is not pulled before item `k` was given. Once that many are ahead, the
    /// thread pauses until half of them were given.
    ///
    /// Handing over costs some hundreds of nanoseconds an item, and some microseconds where one of the
    /// two has to wait for the other. [`Lines`](crate::Lines) have a [`read_ahead`](crate::Lines::read_ahead) of their
    /// own, which goes before this one, and hands over blocks.
    ///
    /// # Positions
    ///
    /// The input is ahead by what was pulled. To resume where the consumer is, use
    /// [`read_ahead_source`](ReadAheadIterator::read_ahead_source).
    ///
    /// # Panics
    ///
    /// A panic of the input is passed on by the pull that would have given the item, behind the items
    /// before it, and `None` follows.
    ///
    /// # Resources
    ///
    /// The thread, which ends at the end of the input, with its panic, or when this is dropped.
    /// Dropping does not wait for a pull that is under way, since that may last for ever: thread and
    /// input end with that pull. Where no thread is to be had, items are pulled when they are asked
    /// for.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::prelude::*;
    /// use std::{num::NonZeroUsize, sync::mpsc};
    ///
    /// let (asked, asks) = mpsc::channel();
    /// let slow = (0..9).inspect(move |n| asked.send(*n).unwrap());
    /// let mut ahead = slow.read_ahead(NonZeroUsize::new(4).unwrap());
    /// assert_eq!(ahead.next(), Some(0));
    /// // Nobody has asked for these yet.
    /// assert!(asks.iter().take(4).eq(0..4));
    /// assert!(ahead.eq(1..9));
    /// ```
    fn read_ahead(self, items: NonZeroUsize) -> ReadAhead<Self>
    where
        Self: Send + 'static,
        Self::Item: Send,
    {
        let kind = Kind { mark: |_| (), resume: None };
        ReadAhead { given: Given::new(()), shared: Shared::new(self, items.get(), kind) }
    }

    /// Does the same with a [`Source`], and gives a [`Source`].
    ///
    /// Positions are those of the items given, whatever was pulled beyond them. So a retry or a
    /// checkpoint after this loses nothing and repeats nothing. [`resume_at`](Source::resume_at)
    /// lets go of what was pulled. If a pull is under way, the source goes elsewhere once that is
    /// over, and the next item waits for it.
    ///
    /// # Panics
    ///
    /// As [`read_ahead`](ReadAheadIterator::read_ahead). The position is that before the item then.
    ///
    /// # Resources
    ///
    /// As [`read_ahead`](ReadAheadIterator::read_ahead), and a position with each item. At its end,
    /// the source is kept, to be resumed.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{lines, prelude::*};
    /// use std::num::NonZeroUsize;
    ///
    /// let log = || lines("fixtures/apache_access.log");
    /// let mut failures =
    ///     log()?.containing(" 500 ").read_ahead_source(NonZeroUsize::new(2).unwrap());
    /// let first = failures.next().unwrap()?;
    /// let noted = failures.position();
    /// assert_eq!(noted.offset(), first.offset() + first.len() as u64 + 1);
    /// assert_eq!(log()?.from(noted).containing(" 500 ").count(), 2);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn read_ahead_source(self, items: NonZeroUsize) -> ReadAhead<Self, Mark<Self::Position>>
    where
        Self: Source<Position: Send> + Send + 'static,
        Self::Item: Send,
    {
        let kind = Kind {
            mark: Mark::of,
            resume: Some(|source: &mut Self, at: Mark<_>| source.resume_at(at.position)),
        };
        let given = Given::new(Mark::of(&self));
        ReadAhead { given, shared: Shared::new(self, items.get(), kind) }
    }
}

impl<I: Iterator> ReadAheadIterator for I {}

/// An iterator that is pulled ahead of its consumer.
///
/// This struct is created by [`ReadAheadIterator::read_ahead`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ReadAhead<I: Iterator, M = ()> {
    given: Given<M>,
    shared: Arc<Shared<I, M>>,
}

impl<I: Iterator, M> fmt::Debug for ReadAhead<I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAhead").field("is_over", &self.given.is_over).finish_non_exhaustive()
    }
}

impl<I, M> Iterator for ReadAhead<I, M>
where
    I: Iterator<Item: Send> + Send + 'static,
    M: Send + 'static,
{
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.given.is_over {
            return None;
        }
        let step = self.shared.take();
        self.given.give(step)
    }

    /// What the input said behind the last item that was given.
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.given.size_hint(|| self.shared.lock().ahead.idle.as_ref().map(I::size_hint))
    }
}

impl<I: ExactSizeIterator<Item: Send> + Send + 'static> ExactSizeIterator for ReadAhead<I> {}

impl<I, M> FusedIterator for ReadAhead<I, M>
where
    I: Iterator<Item: Send> + Send + 'static,
    M: Send + 'static,
{
}

impl<I: Source + Iterator> Source for ReadAhead<I, Mark<I::Position>> {
    type Position = I::Position;

    fn position(&self) -> I::Position {
        self.given.here.position.clone()
    }

    fn resume_at(&mut self, at: I::Position) {
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

impl<I: Iterator, M> Drop for ReadAhead<I, M> {
    fn drop(&mut self) {
        self.shared.close();
    }
}
