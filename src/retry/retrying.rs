use std::fmt;
use std::iter::FusedIterator;

use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::retry::tally::Tally;
use crate::source::Source;

/// Heals sources: every [`Source`] that is an iterator has this method.
///
/// It is in the [`prelude`](crate::prelude).
pub trait RetrySource: Source + Iterator + Sized {
    /// Goes on after an error, behind the last item delivered: nothing is lost, and nothing comes
    /// twice.
    ///
    /// After an error that is worth it the source lets go of what is open, then the delay is waited,
    /// then the next pull opens it again at its position. Limits of attempts and of time are those of
    /// failures in a row, at one position; [`max_failures`](Retry::max_failures) is for the source's
    /// life. Which errors are worth it says [`Retry::when`], or else the source, by
    /// [`Source::can_recover`]: a connection that broke, not corrupt data.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item. The position is still that behind the last
    /// item delivered.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, lines, prelude::*};
    /// use std::time::Duration;
    ///
    /// let retry = Retry::exponential(Duration::from_millis(10)).max_attempts(5);
    /// let mut log = lines("fixtures/rotated/access.log")?.retry(retry);
    /// assert_eq!(log.by_ref().filter(|line| line.is_ok()).count(), 100);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn retry<R>(self, retry: Retry<R>) -> Retrying<Self, R> {
        let tally = Tally::default();
        Retrying { source: self, retry, tally, failed_at: None, has_given_up: false }
    }
}

impl<S: Source + Iterator> RetrySource for S {}

/// A source that goes on after errors.
///
/// This struct is created by [`RetrySource::retry`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Retrying<S: Source, R = AnyError> {
    source: S,
    retry: Retry<R>,
    /// The failures since it last went on.
    tally: Tally,
    /// Where it last failed.
    failed_at: Option<S::Position>,
    /// Whether the last error was given.
    has_given_up: bool,
}

impl<S: Source, R> Retrying<S, R> {
    /// Returns the source.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// Returns the source, which can be gone on with.
    pub fn into_inner(self) -> S {
        self.source
    }

    #[inline]
    fn pull<T, E>(
        &mut self,
        mut pull: impl FnMut(&mut S) -> Option<Result<T, E>>,
    ) -> Option<Result<T, GaveUp<E>>>
    where
        S: Source<Position: PartialEq>,
        R: Rules<E>,
    {
        if self.has_given_up {
            return None;
        }
        loop {
            match pull(&mut self.source) {
                Some(Ok(item)) => {
                    if self.tally.is_failing() {
                        self.go_on();
                    }
                    return Some(Ok(item));
                }
                Some(Err(error)) => {
                    if let Err(error) = self.recover(error) {
                        return Some(Err(error));
                    }
                }
                None => return None,
            }
        }
    }

    #[cold]
    fn go_on(&mut self) {
        self.tally.progressed();
        self.retry.policy.succeeded();
    }

    /// Lets go of what is open, and waits until it can be opened again.
    #[cold]
    fn recover<E>(&mut self, error: E) -> Result<(), GaveUp<E>>
    where
        S: Source<Position: PartialEq>,
        R: Rules<E>,
    {
        let here = self.source.position();
        // What filters gets on without giving an item.
        if self.failed_at.as_ref().is_some_and(|there| *there != here) {
            self.tally.progressed();
        }
        let decided = self.tally.failed(&self.retry, Some(&error), self.source.can_recover());
        self.source.resume_at(here.clone());
        self.failed_at = Some(here);
        let waited = decided.and_then(|delay| self.retry.policy.wait(delay));
        if let Err(reason) = waited {
            self.has_given_up = true;
            return Err(self.tally.gave_up(error, reason));
        }
        self.retry.policy.attempt(self.tally.attempts().saturating_add(1));
        Ok(())
    }
}

impl<S: Source + fmt::Debug, R> fmt::Debug for Retrying<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("source", &self.source)
            .field("retry", &self.retry)
            .field("has_given_up", &self.has_given_up)
            .finish_non_exhaustive()
    }
}

impl<S, T, E, R> Iterator for Retrying<S, R>
where
    S: Source<Position: PartialEq> + Iterator<Item = Result<T, E>>,
    R: Rules<E>,
{
    type Item = Result<T, GaveUp<E>>;

    #[inline]
    fn next(&mut self) -> Option<Result<T, GaveUp<E>>> {
        self.pull(S::next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self.source.size_hint() {
            (_, Some(0)) => (0, Some(0)),
            _ if self.has_given_up => (0, Some(0)),
            // An error of the source is no item, and one that was given may be followed by others.
            _ => (0, None),
        }
    }
}

impl<S, T, E, R> DoubleEndedIterator for Retrying<S, R>
where
    S: Source<Position: PartialEq> + DoubleEndedIterator<Item = Result<T, E>>,
    R: Rules<E>,
{
    #[inline]
    fn next_back(&mut self) -> Option<Result<T, GaveUp<E>>> {
        self.pull(S::next_back)
    }
}

impl<S, T, E, R> FusedIterator for Retrying<S, R>
where
    S: Source<Position: PartialEq> + FusedIterator<Item = Result<T, E>>,
    R: Rules<E>,
{
}

impl<S: Source, R> Source for Retrying<S, R> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.source.resume_at(at);
        self.tally.progressed();
        self.failed_at = None;
        self.has_given_up = false;
    }

    fn can_recover(&self) -> bool {
        self.source.can_recover()
    }
}
