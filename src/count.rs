use std::fmt;
use std::iter::FusedIterator;
use std::ops::Bound;

use crate::countable::Countable;
use crate::source::Source;

/// Counts from `start` on, by ones, unless told otherwise.
///
/// It ends, instead of wrapping or panicking, after the last number that its type holds, so it has
/// two ends whether it is bounded or not.
///
/// As a [`Source`], its position is the next number at the front and at the back, or `None` after the
/// last. A position that it is resumed at has the end that was noted, whatever it is bounded by.
///
/// Ranges, which Rust has, are enough where nobody asks for a position or an end: `0..`, `(1..=9)`,
/// `(0..100).step_by(5)`.
///
/// # Examples
///
/// ```
/// use headwater::{Source, count};
///
/// assert!(count(1).map(|n| n * n).take(3).eq([1, 4, 9]));
/// assert!(count(250_u8).step(2).eq([250, 252, 254]));
/// assert!(count(10).step(-4).until(0).eq([10, 6, 2]));
/// assert!(count(1).through(4).rev().eq([4, 3, 2, 1]));
///
/// let mut numbers = count(1).through(9);
/// (numbers.next(), numbers.next_back());
/// assert_eq!(numbers.position(), Some((2, 8)));
/// ```
pub fn count<T: Countable>(start: T) -> Count<T> {
    Count { start, end: Bound::Unbounded, step: T::ONE, left: Some((start, T::MAX)) }
}

/// An iterator that counts.
///
/// This struct is created by [`count`]. See its documentation for more. Its options are for before
/// the first pull: each of them has it begin at its start.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Count<T> {
    start: T,
    end: Bound<T>,
    step: T,
    /// The next number at either end, a whole number of steps apart; `None` if none is left.
    left: Option<(T, T)>,
}

impl<T: Countable> Count<T> {
    /// Counts in steps of this size; down, if it is negative. It is 1 otherwise.
    ///
    /// # Panics
    ///
    /// If it is 0, as [`Iterator::step_by`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::count;
    ///
    /// assert!(count(0).step(5).take(3).eq([0, 5, 10]));
    /// assert!(count(-126_i8).step(-1).eq([-126, -127, -128]));
    /// ```
    pub fn step(mut self, step: T) -> Self {
        assert!(step != T::default(), "a count in steps of 0 never gets anywhere");
        self.step = step;
        self.begin()
    }

    /// Ends before this number, as `start..end` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::count;
    ///
    /// assert!(count(1).until(4).eq([1, 2, 3]));
    /// assert!(count(0).step(5).until(15).eq([0, 5, 10]));
    /// assert_eq!(count(4).until(1).next(), None);
    /// ```
    pub fn until(mut self, end: T) -> Self {
        self.end = Bound::Excluded(end);
        self.begin()
    }

    /// Ends with this number, as `start..=last` does, or with the one before it in steps.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::count;
    ///
    /// assert!(count(1).through(3).eq([1, 2, 3]));
    /// assert!(count(0).step(5).through(14).eq([0, 5, 10]));
    /// assert_eq!(count(0_u8).through(255).count(), 256);
    /// ```
    pub fn through(mut self, last: T) -> Self {
        self.end = Bound::Included(last);
        self.begin()
    }

    fn begin(mut self) -> Self {
        let is_upward = self.step > T::default();
        let edge = if is_upward { T::MAX } else { T::MIN };
        let last = match self.end {
            Bound::Unbounded => Some(edge),
            Bound::Included(last) => Some(last),
            // Before the first number of its type, going up, there is none.
            Bound::Excluded(end) if is_upward => (end > T::MIN).then(|| end.before(T::ONE, 1)),
            Bound::Excluded(end) => (end < T::MAX).then(|| end.after(T::ONE, 1)),
        };
        self.left = last.and_then(|last| self.steps_between(self.start, last));
        self
    }

    /// The first number and the last one that steps from it reach, if there is any.
    fn steps_between(&self, first: T, last: T) -> Option<(T, T)> {
        let is_ahead = if self.step > T::default() { first <= last } else { first >= last };
        is_ahead.then(|| (first, first.after(self.step, first.steps_to(last, self.step))))
    }

    /// How many steps it is to the last number.
    fn steps(&self) -> Option<u128> {
        self.left.map(|(front, back)| front.steps_to(back, self.step))
    }
}

impl<T: fmt::Debug> fmt::Debug for Count<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Count")
            .field("left", &self.left)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl<T: Countable> Iterator for Count<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        let (front, back) = self.left?;
        self.left = (front != back).then(|| (front.after(self.step, 1), back));
        Some(front)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let Some(steps) = self.steps() else {
            return (0, Some(0));
        };
        let len = usize::try_from(steps).ok().and_then(|steps| steps.checked_add(1));
        (len.unwrap_or(usize::MAX), len)
    }

    fn count(self) -> usize {
        self.size_hint().0
    }

    fn last(mut self) -> Option<T> {
        self.next_back()
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        let (front, back) = self.left?;
        let skipped = n as u128;
        self.left = (skipped <= self.steps()?).then(|| (front.after(self.step, skipped), back));
        self.next()
    }
}

impl<T: Countable> DoubleEndedIterator for Count<T> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        let (front, back) = self.left?;
        self.left = (front != back).then(|| (front, back.before(self.step, 1)));
        Some(back)
    }

    fn nth_back(&mut self, n: usize) -> Option<T> {
        let (front, back) = self.left?;
        let skipped = n as u128;
        self.left = (skipped <= self.steps()?).then(|| (front, back.before(self.step, skipped)));
        self.next_back()
    }
}

impl<T: Countable> FusedIterator for Count<T> {}

impl<T: Countable> Source for Count<T> {
    /// The next number at the front and at the back; `None` after the last.
    type Position = Option<(T, T)>;

    fn position(&self) -> Option<(T, T)> {
        self.left
    }

    fn resume_at(&mut self, at: Option<(T, T)>) {
        self.left = at.and_then(|(front, back)| self.steps_between(front, back));
    }
}
