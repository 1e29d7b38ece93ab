use std::fmt;
use std::iter::FusedIterator;
use std::mem;
#[cfg(feature = "async")]
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "async")]
use std::task::{Context, Poll};

#[cfg(feature = "async")]
use futures_core::{FusedStream, Stream};

use crate::source::Source;

/// Tracks sources: every [`Source`] has this method.
///
/// It is in the [`prelude`](crate::prelude).
pub trait TrackSource: Source + Sized {
    /// Gives the source, to be put behind adapters, and a handle that tells its position there.
    ///
    /// The position is that behind the last item that the source gave. Behind adapters that pull an
    /// item when they are asked for one, that is the item that the consumer has, or one behind it
    /// that was left out: `map`, `filter`, `filter_map`, `inspect`, `enumerate`, `skip`, `take`,
    /// `skip_while`, `step_by`, `chain`, `fuse`, `flatten` of `Result`s, and loops around
    /// them.
    ///
    /// # Which adapters run ahead
    ///
    /// Some have pulled items that the consumer has not seen. To resume at the position would lose
    /// them.
    ///
    /// - `peekable` is ahead by the item that was peeked at; `chunk_by`, and `chunks` of `itertools`,
    ///   by the first of the next group.
    /// - `take_while`, `map_while` and `scan` are ahead by the item that ended them, once they have ended.
    ///   `peekable` with `next_if` gives that item next.
    /// - `zip` is ahead by one if the source is its left side and the right one has ended first.
    /// - `tuples`, `tuple_windows` and the like have taken all of a group when they give it, and
    ///   `flat_map` the whole item when it gives the first part of it.
    /// - Channels, other threads, and the streams `buffered` and `buffer_unordered` are ahead by what
    ///   is under way.
    /// - `parallel_map` and `read_ahead` too, but not `parallel_map_source` and `read_ahead_source`, which
    ///   have positions of their own.
    ///
    /// There, note positions before the adapter, beside each item: `map` can make a pair of both.
    /// Reading ahead by [`Lines::read_ahead`](crate::Lines::read_ahead) is not among these: a line
    /// that was read and not given does not count. What is taken from the other end, by `rev`, the
    /// position knows of.
    ///
    /// # Resources
    ///
    /// An uncontended lock a pull, 10 to 20 ns. [`count`](Iterator::count) and
    /// [`last`](Iterator::last) pull each item. The handle keeps the last position, but nothing
    /// open: what is open is let go of with the source.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{lines, prelude::*};
    ///
    /// let (log, place) = lines("fixtures/rotated/access.log")?.tracked();
    /// let mut posts = log.flatten().filter(|line| line.contains(&b'"')).skip(30);
    /// let line = posts.next().unwrap();
    /// assert_eq!(place.position().offset(), line.offset() + line.len() as u64 + 1);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn tracked(self) -> (Tracked<Self>, Tracker<Self>) {
        let shared = Arc::new(Mutex::new(Place::Source(self)));
        (Tracked(Arc::clone(&shared)), Tracker(shared))
    }
}

impl<S: Source> TrackSource for S {}

/// What a source and its handle share.
enum Place<S: Source> {
    Source(S),
    /// The source was dropped there.
    Left(S::Position),
}

fn lock<S: Source>(shared: &Mutex<Place<S>>) -> MutexGuard<'_, Place<S>> {
    // A pull that panicked has left the source in a state that is its own business.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A source whose position is known elsewhere.
///
/// This struct is created by [`TrackSource::tracked`]. See its documentation for more.
#[must_use = "sources are lazy and do nothing unless consumed"]
pub struct Tracked<S: Source>(Arc<Mutex<Place<S>>>);

impl<S: Source> Tracked<S> {
    /// Does something with the source, which is there until this is dropped.
    #[inline]
    fn with<T>(&self, work: impl FnOnce(&mut S) -> T) -> Option<T> {
        match &mut *lock(&self.0) {
            Place::Source(source) => Some(work(source)),
            Place::Left(_) => None,
        }
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Tracked<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_tuple("Tracked");
        self.with(|source| _ = shown.field(source));
        shown.finish()
    }
}

impl<S: Source + Iterator> Iterator for Tracked<S> {
    type Item = S::Item;

    #[inline]
    fn next(&mut self) -> Option<S::Item> {
        self.with(S::next).flatten()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.with(|source| source.size_hint()).unwrap_or((0, Some(0)))
    }

    fn nth(&mut self, n: usize) -> Option<S::Item> {
        self.with(|source| source.nth(n)).flatten()
    }
}

impl<S: Source + DoubleEndedIterator> DoubleEndedIterator for Tracked<S> {
    #[inline]
    fn next_back(&mut self) -> Option<S::Item> {
        self.with(S::next_back).flatten()
    }

    fn nth_back(&mut self, n: usize) -> Option<S::Item> {
        self.with(|source| source.nth_back(n)).flatten()
    }
}

impl<S: Source + ExactSizeIterator> ExactSizeIterator for Tracked<S> {}

impl<S: Source + FusedIterator> FusedIterator for Tracked<S> {}

#[cfg(feature = "async")]
impl<S: Source + Stream + Unpin> Stream for Tracked<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.with(|source| Pin::new(source).poll_next(cx)).unwrap_or(Poll::Ready(None))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.with(|source| source.size_hint()).unwrap_or((0, Some(0)))
    }
}

#[cfg(feature = "async")]
impl<S: Source + FusedStream + Unpin> FusedStream for Tracked<S> {
    fn is_terminated(&self) -> bool {
        self.with(|source| source.is_terminated()).unwrap_or(true)
    }
}

impl<S: Source> Source for Tracked<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        position(&self.0)
    }

    fn resume_at(&mut self, at: S::Position) {
        self.with(|source| source.resume_at(at));
    }

    fn can_recover(&self) -> bool {
        self.with(|source| source.can_recover()).unwrap_or(false)
    }
}

impl<S: Source> Drop for Tracked<S> {
    fn drop(&mut self) {
        let mut place = lock(&self.0);
        let Place::Source(source) = &*place else { return };
        let left = Place::Left(source.position());
        let source = mem::replace(&mut *place, left);
        // What runs in the source's drop may ask for the position.
        drop(place);
        drop(source);
    }
}

/// Tells the position of a source that is behind adapters, or on another thread.
///
/// It is created by [`TrackSource::tracked`]. See its documentation for more.
pub struct Tracker<S: Source>(Arc<Mutex<Place<S>>>);

impl<S: Source> Tracker<S> {
    /// Returns the position behind the last item that the source gave; once the source is dropped,
    /// where it was then.
    ///
    /// While another thread pulls, this waits for that pull to end. So a function that is part of
    /// the source, as that of an `unfold`, must not ask: it would wait for itself. Of a source that
    /// [heals](crate::prelude::RetrySource::retry) a pull may wait for a delay, so put this before it:
    /// `source.tracked()`, then `.retry(policy)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{prelude::*, unfold};
    ///
    /// let (numbers, place) = unfold(1_u32, |&n| Some((n, n + 1))).tracked();
    /// assert_eq!(numbers.filter(|n| n % 7 == 0).nth(1), Some(14));
    /// assert_eq!(place.position(), 15);
    /// ```
    #[must_use]
    pub fn position(&self) -> S::Position {
        position(&self.0)
    }
}

fn position<S: Source>(shared: &Mutex<Place<S>>) -> S::Position {
    match &*lock(shared) {
        Place::Source(source) => source.position(),
        Place::Left(left) => left.clone(),
    }
}

impl<S: Source> Clone for Tracker<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Source<Position: fmt::Debug>> fmt::Debug for Tracker<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tracker").field(&self.position()).finish()
    }
}
