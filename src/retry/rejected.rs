use std::error::Error;
use std::fmt;

/// What the last attempt of a [`Retry::call_until`](crate::Retry::call_until) ended with.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Rejected};
/// use std::time::Duration;
///
/// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(2);
/// let status = retry.call_until(|status| *status == "done", || Ok::<_, String>("running"));
/// assert_eq!(status.unwrap_err().into_cause(), Rejected::Value("running"));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Rejected<T, E> {
    /// A value that was not accepted.
    Value(T),
    /// An error.
    Error(E),
}

impl<T, E> Rejected<T, E> {
    pub(super) fn error(&self) -> Option<&E> {
        match self {
            Self::Value(_) => None,
            Self::Error(error) => Some(error),
        }
    }
}

impl<T, E: fmt::Display> fmt::Display for Rejected<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("the value was not accepted"),
            Self::Error(error) => error.fmt(f),
        }
    }
}

impl<T: fmt::Debug, E: Error + 'static> Error for Rejected<T, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error()?.source()
    }
}
