use std::fmt;
use std::iter::FusedIterator;

use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::reopening::Reopening;
use crate::retry::rules::{AnyError, Rules};
use crate::source::Source;

/// # Sources of one's own
impl<R> Retry<R> {
    /// Makes a source of what can be opened at a position: after an error it is opened again behind
    /// the last item delivered.
    ///
    /// `open` is given the position, `None` before the first item, and gives the items from there
    /// on, or an error. `position_after` says which position is the one behind an item: the number
    /// of an event, the key of a row, a token. Nothing is opened before the first pull. What is open
    /// is dropped before a delay is waited.
    ///
    /// As of all sources, failures in a row without an item between them are what is counted; an
    /// error of `open` is one of them. Which errors are worth it says [`when`](Retry::when), or else
    /// all are.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item. The position is still that behind the last
    /// item delivered.
    ///
    /// # Panics
    ///
    /// If a function or what it opened does. What is open is dropped, and the next pull opens it
    /// again behind the last item delivered.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    ///
    /// // The events of a feed, by their numbers. It breaks after each second one.
    /// let subscribe = |after: Option<u32>| {
    ///     let first = after.map_or(1, |number| number + 1);
    ///     let events = (first..=7).map(Ok).take(2);
    ///     Ok(events.chain((first < 7).then_some(Err("connection reset"))))
    /// };
    /// let feed = Retry::immediately().resume(subscribe, |number| *number);
    /// assert!(feed.map(Result::unwrap).eq(1..=7));
    /// ```
    pub fn resume<P, T, E, I, O, A>(
        self,
        open: O,
        position_after: A,
    ) -> Resume<P, I::IntoIter, O, A, R>
    where
        O: FnMut(Option<P>) -> Result<I, E>,
        I: IntoIterator<Item = Result<T, E>>,
        A: FnMut(&T) -> P,
        P: Clone,
        R: Rules<E>,
    {
        Resume { retry: self, open, position_after, at: None, items: Reopening::new() }
    }
}

/// A source of what can be opened at a position, which goes on after errors.
///
/// This struct is created by [`Retry::resume`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Resume<P, I, O, A, R = AnyError> {
    retry: Retry<R>,
    open: O,
    position_after: A,
    /// Behind the last item delivered; `None` before the first.
    at: Option<P>,
    items: Reopening<I>,
}

impl<P: fmt::Debug, I, O, A, R> fmt::Debug for Resume<P, I, O, A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume")
            .field("at", &self.at)
            .field("is_over", &self.items.is_over)
            .finish_non_exhaustive()
    }
}

impl<P, T, E, I, O, A, R> Iterator for Resume<P, I::IntoIter, O, A, R>
where
    O: FnMut(Option<P>) -> Result<I, E>,
    I: IntoIterator<Item = Result<T, E>>,
    A: FnMut(&T) -> P,
    P: Clone,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    fn next(&mut self) -> Option<Result<T, GaveUp<E>>> {
        let Self { retry, open, position_after, at, items } = self;
        let mut behind = None;
        let note = |item: &T| {
            behind = Some(position_after(item));
            true
        };
        let item = items.pull(retry, || open(at.clone()).map(I::into_iter), note);
        if behind.is_some() {
            *at = behind;
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.items.is_over.then_some(0))
    }
}

impl<P, T, E, I, O, A, R> FusedIterator for Resume<P, I::IntoIter, O, A, R>
where
    O: FnMut(Option<P>) -> Result<I, E>,
    I: IntoIterator<Item = Result<T, E>>,
    A: FnMut(&T) -> P,
    P: Clone,
    R: Rules<E>,
{
}

impl<P: Clone, I, O, A, R> Source for Resume<P, I, O, A, R> {
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
