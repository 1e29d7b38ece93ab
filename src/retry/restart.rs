use std::cell::Cell;
use std::fmt;
use std::iter::FusedIterator;

use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::reopening::Reopening;
use crate::retry::rules::{AnyError, Rules};

impl<R> Retry<R> {
    /// Makes an iterator of what can only be opened at its beginning: after an error it begins
    /// again, and **all items that were given up to there are given once more**.
    ///
    /// It is for those who do not mind: whoever writes into a set, or takes the last value. What has
    /// a position goes on by [`resume`](Retry::resume), and repeats nothing.
    ///
    /// Failures in a row are those after which it did not get further than it had ever got before:
    /// one that always fails at the same item ends.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item.
    ///
    /// # Panics
    ///
    /// If the function or what it opened does. The next pull opens it again, at its beginning.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    ///
    /// let mut breaks = [true, false].into_iter();
    /// let open = || {
    ///     let broken = breaks.next().unwrap().then_some(Err("connection reset"));
    ///     Ok([Ok('a'), Ok('b')].into_iter().chain(broken))
    /// };
    /// let letters: Vec<char> = Retry::immediately().restart(open).map(Result::unwrap).collect();
    /// assert_eq!(letters, ['a', 'b', 'a', 'b']);
    /// ```
    pub fn restart<T, E, I, O>(self, open: O) -> Restart<I::IntoIter, O, R>
    where
        O: FnMut() -> Result<I, E>,
        I: IntoIterator<Item = Result<T, E>>,
        R: Rules<E>,
    {
        Restart { retry: self, open, given: 0, most: 0, items: Reopening::new() }
    }
}

/// An iterator that begins again after errors.
///
/// This struct is created by [`Retry::restart`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Restart<I, O, R = AnyError> {
    retry: Retry<R>,
    open: O,
    /// How many items were given since it was opened.
    given: u64,
    /// How many that were at the most.
    most: u64,
    items: Reopening<I>,
}

impl<I, O, R> fmt::Debug for Restart<I, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restart")
            .field("given", &self.given)
            .field("is_over", &self.items.is_over)
            .finish_non_exhaustive()
    }
}

impl<T, E, I, O, R> Iterator for Restart<I::IntoIter, O, R>
where
    O: FnMut() -> Result<I, E>,
    I: IntoIterator<Item = Result<T, E>>,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    fn next(&mut self) -> Option<Result<T, GaveUp<E>>> {
        let Self { retry, open, given, most, items } = self;
        let since_opened = Cell::from_mut(given);
        let open = || {
            since_opened.set(0);
            open().map(I::into_iter)
        };
        let note = |_: &T| {
            since_opened.update(|items| items + 1);
            let is_progress = since_opened.get() > *most;
            *most = since_opened.get().max(*most);
            is_progress
        };
        items.pull(retry, open, note)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over.then_some(0))
    }
}

impl<T, E, I, O, R> FusedIterator for Restart<I::IntoIter, O, R>
where
    O: FnMut() -> Result<I, E>,
    I: IntoIterator<Item = Result<T, E>>,
    R: Rules<E>,
{
}
