use std::fmt;
use std::iter::FusedIterator;

use crate::retry::gave_up::GaveUp;
use crate::retry::healing::Healing;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::source::Source;

/// Heals sources: every [`Source`] that is an iterator has this method.
///
/// It is in the [`prelude`](crate::prelude).
pub trait RetrySource: Source + Iterator + Sized {
    /// Goes on after an error, behind the last item delivered: nothing is lost, and nothing comes
    /// twice.
    ///
    /// After an error that is worth it the source lets go of what is open, then the delay is waited,
    /// then it is opened again at its position. Limits of attempts and of time are those of
    /// failures in a row, at one position; [`max_failures`](Retry::max_failures) is for the source's
    /// life. Which errors are worth it says [`Retry::when`], or else the source, by
    /// [`Source::can_recover`]: a connection that broke, not corrupt data.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the last error, is the last item, even of a source that would go on after its
    /// errors. The position is still that behind the last item delivered, and nothing is open:
    /// [`resume_at`](Source::resume_at) tries again.
    ///
    /// What was replaced before it was opened again is an error, and no splice, where the source can
    /// tell. Files can: [`SourceChanged`](crate::ErrorKind::SourceChanged).
    ///
    /// # Panics
    ///
    /// If the source or a function of the policy does. The next pull opens the source again, at its
    /// position.
    ///
    /// # Resources
    ///
    /// Those of the source. They are released before a delay is waited.
    ///
    /// # Examples
    ///
    /// The pages of a server whose second page fails twice:
    ///
    /// ```
    /// use headwater::{Retry, prelude::*, try_unfold};
    /// use std::time::Duration;
    ///
    /// let mut failures = 2;
    /// let pages = try_unfold(0, |&page| {
    ///     if page == 1 && failures > 0 {
    ///         failures -= 1;
    ///         return Err("503");
    ///     }
    ///     Ok((page < 3).then_some((page, page + 1)))
    /// });
    /// let retry = Retry::exponential(Duration::from_millis(1)).max_attempts(3);
    /// assert!(pages.retry(retry).map(Result::unwrap).eq(0..3));
    /// ```
    ///
    /// A log on a network drive. What is wrong with the data is not worth another attempt:
    ///
    /// ```
    /// use headwater::{ErrorKind, Retry, lines, prelude::*, retry::Reason};
    ///
    /// let log = lines("fixtures/rotated/access.log")?.max_len(80);
    /// let error = log.retry(Retry::default()).find_map(Result::err).unwrap();
    /// assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 1));
    /// assert_eq!(error.cause().kind(), ErrorKind::LongLine);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn retry<T, E, R>(self, retry: Retry<R>) -> Retrying<Self, R>
    where
        Self: Source<Position: PartialEq> + Iterator<Item = Result<T, E>>,
        R: Rules<E>,
    {
        Retrying { healing: Healing::new(self, retry) }
    }
}

impl<S: Source + Iterator> RetrySource for S {}

/// A source that goes on after errors.
///
/// This struct is created by [`RetrySource::retry`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Retrying<S: Source, R = AnyError> {
    healing: Healing<S, R>,
}

impl<S: Source, R> Retrying<S, R> {
    /// Returns the source: for what it tells of itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, lines, prelude::*};
    ///
    /// let mut log = lines("fixtures/rotated/access.log")?.retry(Retry::default());
    /// log.next();
    /// assert!(log.get_ref().bytes_read() > 0);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn get_ref(&self) -> &S {
        &self.healing.source
    }

    /// Returns the source, which can be gone on with.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, prelude::*, try_unfold};
    ///
    /// let numbers = try_unfold(1, |&n| Ok::<_, &str>(Some((n, n + 1))));
    /// let mut numbers = numbers.retry(Retry::default());
    /// numbers.next();
    /// assert_eq!(numbers.into_inner().next(), Some(Ok(2)));
    /// ```
    pub fn into_inner(self) -> S {
        self.healing.source
    }

    #[inline]
    fn pull<T, E>(
        &mut self,
        pull: impl Fn(&mut S) -> Option<Result<T, E>> + Copy,
    ) -> Option<Result<T, GaveUp<E>>>
    where
        S: Source<Position: PartialEq>,
        R: Rules<E>,
    {
        while self.healing.is_going() {
            match self.healing.pull(pull) {
                Some(Ok(item)) => {
                    self.healing.went_on();
                    return Some(Ok(item));
                }
                Some(Err(error)) => {
                    if let Err(error) = self.recover(error) {
                        return Some(Err(error));
                    }
                }
                None => self.healing.ended(),
            }
        }
        None
    }

    /// Waits until the source can be opened again.
    #[cold]
    fn recover<E>(&mut self, error: E) -> Result<(), GaveUp<E>>
    where
        S: Source<Position: PartialEq>,
        R: Rules<E>,
    {
        let decided = self.healing.failed(&error);
        match decided.and_then(|delay| self.healing.policy().wait(delay)) {
            Ok(()) => {
                self.healing.begin();
                Ok(())
            }
            Err(reason) => Err(self.healing.give_up(error, reason)),
        }
    }
}

impl<S: Source + fmt::Debug, R> fmt::Debug for Retrying<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("source", &self.healing.source)
            .field("is_over", &self.healing.is_over())
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

    /// What the source says holds up to its next error, behind which there may be more.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.healing.is_over().then_some(0))
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
    S: Source<Position: PartialEq> + Iterator<Item = Result<T, E>>,
    R: Rules<E>,
{
}

impl<S: Source, R> Source for Retrying<S, R> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.healing.source.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.healing.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.healing.source.can_recover()
    }
}
