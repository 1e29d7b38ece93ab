use std::fmt;
use std::iter::FusedIterator;
use std::mem;

use crate::end::End;

/// Ties the life of a value to an iterator: both are dropped when the iterator ends.
///
/// That is in the pull that gives `None`, or that panics, not only when the whole is dropped; first
/// the iterator, then the value that it may need. From then on it gives `None`. Typical values are a
/// folder of temporary files, a lock, a connection: those of which a drop is all that they need.
///
/// The value is not told whether that was the end. What has to know it, to commit or to roll back,
/// belongs into a [`resource`](crate::resource()). So does a [`Stack`](crate::Stack), for which every
/// drop is [`Abandoned`](crate::Outcome::Abandoned):
/// [`close_with`](crate::Stack::close_with) has an example.
///
/// # Panics
///
/// A pull panics where the iterator does, once both are dropped.
///
/// # Resources
///
/// Both, until the end. No allocation.
///
/// # Examples
///
/// The lines of a file that is gone when they are:
///
/// ```
/// use headwater::{guard, lines};
/// # use std::{fs, io::{self, Write}};
///
/// let mut file = tempfile::NamedTempFile::new()?;
/// file.write_all(b"one\ntwo\n")?;
/// let path = file.path().to_owned();
///
/// let mut lines = guard(lines(&path)?, file);
/// assert_eq!(lines.by_ref().count(), 2);
/// assert!(!path.exists());
/// # Ok::<(), io::Error>(())
/// ```
pub fn guard<I: IntoIterator, V>(iterator: I, value: V) -> Guard<I::IntoIter, V> {
    Guard { held: Some((iterator.into_iter(), value)) }
}

/// An iterator and a value that lives as long.
///
/// This struct is created by [`guard`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Guard<I, V> {
    /// Until the iterator ends or panics. Dropped from left to right.
    held: Option<(I, V)>,
}

impl<I, V> Guard<I, V> {
    /// Returns the value, until the iterator ends.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut numbers = headwater::guard(0..1, "value");
    /// assert_eq!(numbers.value(), Some(&"value"));
    /// numbers.by_ref().for_each(drop);
    /// assert_eq!(numbers.value(), None);
    /// ```
    pub fn value(&self) -> Option<&V> {
        self.held.as_ref().map(|(_, value)| value)
    }

    /// Pulls, and lets go of both unless that gives an item.
    fn pull<T>(&mut self, pull: impl FnOnce(&mut I) -> Option<T>) -> Option<T> {
        let end = End(&mut self.held);
        let (iterator, _) = end.0.as_mut()?;
        let item = pull(iterator)?;
        mem::forget(end);
        Some(item)
    }
}

impl<I, V> fmt::Debug for Guard<I, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("is_over", &self.held.is_none()).finish_non_exhaustive()
    }
}

impl<I: Iterator, V> Iterator for Guard<I, V> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.pull(Iterator::next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.held.as_ref().map_or((0, Some(0)), |(iterator, _)| iterator.size_hint())
    }

    fn count(self) -> usize {
        let Some((iterator, _value)) = self.held else {
            return 0;
        };
        iterator.count()
    }

    fn nth(&mut self, n: usize) -> Option<I::Item> {
        self.pull(|iterator| iterator.nth(n))
    }

    fn fold<A, F: FnMut(A, I::Item) -> A>(self, init: A, fold: F) -> A {
        let Some((iterator, _value)) = self.held else {
            return init;
        };
        iterator.fold(init, fold)
    }
}

impl<I: DoubleEndedIterator, V> DoubleEndedIterator for Guard<I, V> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.pull(DoubleEndedIterator::next_back)
    }

    fn nth_back(&mut self, n: usize) -> Option<I::Item> {
        self.pull(|iterator| iterator.nth_back(n))
    }

    fn rfold<A, F: FnMut(A, I::Item) -> A>(self, init: A, fold: F) -> A {
        let Some((iterator, _value)) = self.held else {
            return init;
        };
        iterator.rfold(init, fold)
    }
}

impl<I: ExactSizeIterator, V> ExactSizeIterator for Guard<I, V> {}

impl<I: Iterator, V> FusedIterator for Guard<I, V> {}
