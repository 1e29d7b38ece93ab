use std::fmt;
use std::iter::FusedIterator;

use crate::scope::held::Held;
use crate::scope::outcome::Outcome;

/// Makes an iterator that opens a resource, takes its items from it, and closes it.
///
/// It is opened at the first pull, and closed in the pull in which `next` gives `None` (the outcome
/// is [`Finished`](Outcome::Finished)), fails ([`Failed`](Outcome::Failed)) or panics
/// ([`Abandoned`](Outcome::Abandoned)), or when the iterator is dropped before that (`Abandoned`).
/// So a half that was read, when nobody wants the other, can be told from a whole. From
/// then on it gives `None`.
///
/// It is `Stream.resource` of Elixir, and a source of one's own in three closures. Where closing has
/// neither to know the outcome nor to fail, [`try_generate`](crate::try_generate) and `Drop` are
/// enough.
///
/// # Errors
///
/// The error of `open`, after which there is nothing to close; that of `next`; that of `close`,
/// after a last item, or from [`Resource::close`]. If both `next` and `close` fail, the first error,
/// that of `next`, is given.
///
/// # Panics
///
/// If a closure does. A panic of `close` during another panic goes no further.
///
/// # Resources
///
/// What `open` gives, until `close` has it. No allocation.
///
/// # Examples
///
/// ```
/// use headwater::{Outcome, resource};
/// use std::io::{self, BufRead};
///
/// let mut closed = None;
/// let lines = resource(
///     || Ok(io::Cursor::new("one\ntwo\n")),
///     |reader| {
///         let mut line = String::new();
///         Ok::<_, io::Error>((reader.read_line(&mut line)? > 0).then_some(line))
///     },
///     |_, outcome| {
///         closed = Some(outcome);
///         Ok(())
///     },
/// );
/// assert_eq!(lines.map(Result::unwrap).collect::<String>(), "one\ntwo\n");
/// assert_eq!(closed, Some(Outcome::Finished));
/// ```
pub fn resource<R, T, E, O, N, C>(open: O, next: N, close: C) -> Resource<R, E, O, N, C>
where
    O: FnOnce() -> Result<R, E>,
    N: FnMut(&mut R) -> Result<Option<T>, E>,
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
    Resource { unopened: Some((open, close)), next, held: Held::nothing() }
}

/// An iterator that opens a resource and closes it.
///
/// This struct is created by [`resource`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Resource<R, E, O, N, C>
where
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
    /// Until the first pull.
    unopened: Option<(O, C)>,
    next: N,
    held: Held<R, C, Result<(), E>>,
}

impl<R, E, O, N, C> Resource<R, E, O, N, C>
where
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
    /// Closes the resource before its end, with the outcome [`Outcome::Abandoned`].
    ///
    /// A drop does the same, and can't say that it failed.
    ///
    /// # Errors
    ///
    /// What `close` returns. If the resource was never opened, or is closed, there is nothing to do.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut numbers = headwater::resource(
    ///     || Ok(0..),
    ///     |numbers| Ok(numbers.next()),
    ///     |_, _| Err("it was still flowing"),
    /// );
    /// assert_eq!(numbers.next(), Some(Ok(0)));
    /// assert_eq!(numbers.close(), Err("it was still flowing"));
    /// ```
    pub fn close(mut self) -> Result<(), E> {
        self.held.release(Outcome::Abandoned).unwrap_or(Ok(()))
    }
}

impl<R, E, O, N, C> fmt::Debug for Resource<R, E, O, N, C>
where
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource").field("is_open", &self.held.is_held()).finish_non_exhaustive()
    }
}

impl<R, T, E, O, N, C> Iterator for Resource<R, E, O, N, C>
where
    O: FnOnce() -> Result<R, E>,
    N: FnMut(&mut R) -> Result<Option<T>, E>,
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
    type Item = Result<T, E>;

    fn next(&mut self) -> Option<Result<T, E>> {
        if let Some((open, close)) = self.unopened.take() {
            match open() {
                Ok(resource) => _ = self.held.hold(resource, close),
                Err(error) => return Some(Err(error)),
            }
        }
        match self.held.with(&mut self.next)? {
            Ok(Some(item)) => Some(Ok(item)),
            Ok(None) => self.held.release(Outcome::Finished)?.err().map(Err),
            Err(error) => {
                self.held.release(Outcome::Failed);
                Some(Err(error))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let is_over = self.unopened.is_none() && !self.held.is_held();
        (0, is_over.then_some(0))
    }
}

impl<R, T, E, O, N, C> FusedIterator for Resource<R, E, O, N, C>
where
    O: FnOnce() -> Result<R, E>,
    N: FnMut(&mut R) -> Result<Option<T>, E>,
    C: FnOnce(R, Outcome) -> Result<(), E>,
{
}
