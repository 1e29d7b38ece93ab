use std::time::Instant;

use crate::retry::failure::Failure;
use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rejected::Rejected;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;

/// # Calls
impl<R> Retry<R> {
    /// Calls a function until it succeeds, and returns what it gives: Python's `@retry`.
    ///
    /// # Errors
    ///
    /// [`GaveUp`], with the error of the last call, how often and how long it was tried, and why not
    /// any longer.
    ///
    /// # Panics
    ///
    /// If the function does: a panic is not tried again.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::{fs, time::Duration};
    ///
    /// let retry = Retry::exponential(Duration::from_millis(1)).max_attempts(3);
    /// let text = retry.call(|| fs::read_to_string("fixtures/README.md"))?;
    /// assert!(!text.is_empty());
    /// # Ok::<(), headwater::retry::GaveUp<std::io::Error>>(())
    /// ```
    ///
    /// Another policy for one call:
    ///
    /// ```
    /// # use headwater::Retry;
    /// let retry = Retry::immediately();
    /// let once = retry.clone().max_attempts(1).call(|| Err::<(), _>("busy"));
    /// assert_eq!(once.unwrap_err().attempts(), 1);
    /// ```
    #[inline]
    pub fn call<T, E>(&self, mut attempt: impl FnMut() -> Result<T, E>) -> Result<T, GaveUp<E>>
    where
        R: Rules<E>,
    {
        let begun = self.policy.begin();
        match attempt() {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            Err(error) => self.call_again(begun, error, itself, |_| attempt()),
        }
    }

    /// Calls a function until it gives a value that is accepted: `retry_if_not_result`.
    ///
    /// # Errors
    ///
    /// As [`call`](Retry::call); the cause is the last value, if that was not accepted, or the error.
    ///
    /// # Panics
    ///
    /// If a function does.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    ///
    /// let mut states = ["queued", "running", "done"].into_iter();
    /// let done = Retry::immediately()
    ///     .call_until(|state| *state == "done", || states.next().ok_or("no such job"));
    /// assert_eq!(done.ok(), Some("done"));
    /// ```
    pub fn call_until<T, E>(
        &self,
        accept: impl Fn(&T) -> bool,
        mut attempt: impl FnMut() -> Result<T, E>,
    ) -> Result<T, GaveUp<Rejected<T, E>>>
    where
        R: Rules<E>,
    {
        let mut attempt = || match attempt() {
            Ok(value) if accept(&value) => Ok(value),
            Ok(value) => Err(Rejected::Value(value)),
            Err(error) => Err(Rejected::Error(error)),
        };
        let begun = self.policy.begin();
        match attempt() {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            Err(rejected) => self.call_again(begun, rejected, Rejected::error, |_| attempt()),
        }
    }

    /// Calls a function with a request that is changed after each failure: a smaller page, another
    /// mirror.
    ///
    /// # Errors
    ///
    /// As [`call`](Retry::call).
    ///
    /// # Panics
    ///
    /// If a function does.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Failure};
    ///
    /// let mut page_size = 1000;
    /// let page = Retry::immediately().call_adapting(
    ///     &mut page_size,
    ///     |size| if *size > 300 { Err("too large") } else { Ok(vec![0; *size]) },
    ///     |size, _: &Failure<'_, _>| *size /= 2,
    /// );
    /// assert_eq!(page.map(|page| page.len()).ok(), Some(250));
    /// ```
    pub fn call_adapting<Q, T, E>(
        &self,
        request: &mut Q,
        mut attempt: impl FnMut(&mut Q) -> Result<T, E>,
        mut adapt: impl FnMut(&mut Q, &Failure<'_, E>),
    ) -> Result<T, GaveUp<E>>
    where
        R: Rules<E>,
    {
        let begun = self.policy.begin();
        match attempt(request) {
            Ok(value) => {
                self.policy.succeeded();
                Ok(value)
            }
            Err(error) => self.call_again(begun, error, itself, |failure| {
                adapt(request, failure);
                attempt(request)
            }),
        }
    }

    /// Goes on after a first attempt that failed.
    #[cold]
    fn call_again<T, X, E>(
        &self,
        begun: Option<Instant>,
        mut last: X,
        error: impl Fn(&X) -> Option<&E>,
        mut attempt: impl FnMut(&Failure<'_, E>) -> Result<T, X>,
    ) -> Result<T, GaveUp<X>>
    where
        R: Rules<E>,
    {
        let mut tally = Tally::begun(begun);
        loop {
            let decided = tally.failed(self, error(&last), true);
            let waited = decided.and_then(|delay| self.policy.wait(delay).map(|()| delay));
            let delay = match waited {
                Ok(delay) => delay,
                Err(reason) => return Err(tally.gave_up(last, reason)),
            };
            self.policy.attempt(tally.attempts().saturating_add(1));
            match attempt(&tally.failure(error(&last), Some(delay))) {
                Ok(value) => {
                    self.policy.succeeded();
                    return Ok(value);
                }
                Err(next) => last = next,
            }
        }
    }
}

/// The error of an attempt that can end with nothing else.
#[expect(clippy::unnecessary_wraps, reason = "other attempts end with what is no error")]
pub(super) fn itself<E>(error: &E) -> Option<&E> {
    Some(error)
}
