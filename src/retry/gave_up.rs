use std::error::Error;
use std::fmt;
use std::time::Duration;

/// The error of what was tried for the last time: the last cause, and what was done about it.
///
/// It is one word wide. Its text says how often and how long it was tried, and why not any longer;
/// the cause is its [`source`](Error::source), which `anyhow` and its like print as well.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Reason};
/// use std::{io, time::Duration};
///
/// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(3);
/// let error = retry.call(|| Err::<(), _>(io::Error::other("no route"))).unwrap_err();
/// assert_eq!((error.attempts(), error.reason()), (3, Reason::Attempts));
/// assert_eq!(error.cause().to_string(), "no route");
/// assert!(error.to_string().starts_with("gave up after 3 attempts"));
/// ```
pub struct GaveUp<E>(Box<Given<E>>);

struct Given<E> {
    cause: E,
    reason: Reason,
    attempts: u32,
    elapsed: Duration,
    idle: Duration,
}

/// Why nothing is tried any more.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Reason};
/// use std::time::Duration;
///
/// let retry = Retry::fixed(Duration::from_secs(60)).stop_before(Duration::from_secs(30));
/// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
/// assert_eq!((error.attempts(), error.reason()), (1, Reason::Time));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The error is not one that another attempt can help against.
    NotRetryable,
    /// As many attempts as are allowed were made; of a source, in a row.
    Attempts,
    /// A source failed as often as is allowed in its life.
    Failures,
    /// As much time as is allowed has passed, or would have by the next attempt.
    Time,
    /// [`stop_when`](crate::Retry::stop_when) said that it is enough.
    Stopped,
    /// The backoff ended.
    Backoff,
    /// The [`Budget`](crate::retry::Budget) is used up.
    Budget,
    /// The [`Cancel`](crate::retry::Cancel) was set.
    Cancelled,
    /// A loop over [`Attempts`](crate::retry::Attempts) was left after an attempt that failed.
    Left,
}

impl<E> GaveUp<E> {
    pub(super) fn new(
        cause: E,
        reason: Reason,
        attempts: u32,
        elapsed: Duration,
        idle: Duration,
    ) -> Self {
        Self(Box::new(Given { cause, reason, attempts, elapsed, idle }))
    }

    /// Returns the error of the last attempt.
    #[must_use]
    pub fn cause(&self) -> &E {
        &self.0.cause
    }

    /// Returns the error of the last attempt, and lets go of the rest.
    #[must_use]
    pub fn into_cause(self) -> E {
        self.0.cause
    }

    /// Makes another error of the last one: one that is an [`Error`], where it is none itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::{error::Error, io};
    ///
    /// fn ask() -> Result<u32, Box<dyn Error>> {
    ///     let answer = Retry::immediately().call(|| Err("busy"));
    ///     Ok(answer.map_err(|error| error.map_cause(io::Error::other))?)
    /// }
    /// assert_eq!(ask().unwrap_err().source().unwrap().to_string(), "busy");
    /// ```
    #[must_use]
    pub fn map_cause<F>(self, map: impl FnOnce(E) -> F) -> GaveUp<F> {
        let Given { cause, reason, attempts, elapsed, idle } = *self.0;
        GaveUp::new(map(cause), reason, attempts, elapsed, idle)
    }

    /// Returns why nothing is tried any more.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Returns how many attempts were made; of a source, how often it failed in a row.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long it was tried, up to the last failure: since the first attempt began, if there
    /// is a limit of time or a [`stop_when`](crate::Retry::stop_when), and else since that failed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns how much of that was waited.
    #[must_use]
    pub fn idle(&self) -> Duration {
        self.0.idle
    }
}

impl<E: fmt::Debug> fmt::Debug for GaveUp<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GaveUp")
            .field("reason", &self.0.reason)
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("idle", &self.0.idle)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl<E> fmt::Display for GaveUp<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Given { reason, attempts, elapsed, .. } = &*self.0;
        let plural = if *attempts == 1 { "" } else { "s" };
        write!(f, "gave up after {attempts} attempt{plural}")?;
        // Of a single attempt without a limit of time, nobody looked at the clock before.
        if !elapsed.is_zero() {
            write!(f, " in {elapsed:.3?}")?;
        }
        write!(f, ": {reason}")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotRetryable => "another attempt would not help",
            Self::Attempts => "no attempt is left",
            Self::Failures => "it failed too often in its life",
            Self::Time => "no time is left",
            Self::Stopped => "it was enough",
            Self::Backoff => "no delay is left",
            Self::Budget => "the budget for retries is used up",
            Self::Cancelled => "it was cancelled",
            Self::Left => "the loop over its attempts was left",
        })
    }
}

impl<E: Error + 'static> Error for GaveUp<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0.cause)
    }
}
