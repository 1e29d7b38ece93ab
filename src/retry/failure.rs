use std::time::Duration;

/// An attempt that failed: what the hooks of a [`Retry`](crate::Retry) are told.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Failure};
/// use std::time::Duration;
///
/// let retry = Retry::fixed(Duration::from_millis(1))
///     .max_attempts(2)
///     .before_sleep(|failure: &Failure<'_, String>| {
///         assert_eq!(failure.attempt(), 1);
///         assert_eq!(failure.error().map(String::as_str), Some("busy"));
///         assert_eq!(failure.delay(), Some(Duration::from_millis(1)));
///     });
/// assert!(retry.call(|| Err::<(), _>("busy".to_owned())).is_err());
/// ```
#[derive(Debug)]
pub struct Failure<'a, E> {
    pub(super) attempt: u32,
    pub(super) error: Option<&'a E>,
    pub(super) elapsed: Duration,
    pub(super) idle: Duration,
    pub(super) delay: Option<Duration>,
}

impl<'a, E> Failure<'a, E> {
    /// Returns the number of the attempt that failed, from 1; of a source, how often it failed in a
    /// row.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the error; `None` if it was a value that was not accepted.
    #[must_use]
    pub fn error(&self) -> Option<&'a E> {
        self.error
    }

    /// Returns how long it took up to this failure: since the first attempt began, if there is a
    /// limit of time or a [`stop_when`](crate::Retry::stop_when), and else since that failed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns how much of that was waited.
    #[must_use]
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// Returns the delay that is waited next; `None` before that is decided.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }
}
