use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// The value of HTTP's `Retry-After`: how long, or until when, to wait (RFC 9110, section 10.2.3).
///
/// # Examples
///
/// ```
/// use headwater::retry::RetryAfter;
/// use std::time::{Duration, SystemTime};
///
/// let seconds: RetryAfter = "120".parse()?;
/// assert_eq!(seconds.delay(SystemTime::now()), Duration::from_secs(120));
/// let date: RetryAfter = "Thu, 01 Jan 1970 00:01:00 GMT".parse()?;
/// assert_eq!(date.delay(SystemTime::UNIX_EPOCH), Duration::from_secs(60));
/// assert_eq!(date.delay(SystemTime::now()), Duration::ZERO);
/// # Ok::<(), headwater::retry::InvalidRetryAfter>(())
/// ```
///
/// As the hint of a policy, whose error keeps the header:
///
/// ```
/// use headwater::{Retry, retry::RetryAfter};
///
/// struct Response { status: u16, retry_after: Option<String> }
///
/// let retry = Retry::default()
///     .when(|response: &Response| matches!(response.status, 429 | 503))
///     .hint(|response| RetryAfter::hint(response.retry_after.as_deref()?));
/// # let teapot = || Err::<(), _>(Response { status: 418, retry_after: None });
/// # assert_eq!(retry.call(teapot).map_err(|error| error.into_cause().status), Err(418));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryAfter {
    /// As many seconds from now.
    Delay(Duration),
    /// Not before this time.
    Date(SystemTime),
}

impl RetryAfter {
    /// Returns how long that is from `now` on; nothing if it is past.
    #[must_use]
    pub fn delay(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::Date(date) => date.duration_since(now).unwrap_or_default(),
        }
    }

    /// Returns how long the value of a header asks to wait from now on, if it asks for anything.
    #[must_use]
    pub fn hint(value: &str) -> Option<Duration> {
        Some(value.parse::<Self>().ok()?.delay(SystemTime::now()))
    }
}

/// All three forms of dates in HTTP are read. More seconds than can be counted are as many as can.
impl FromStr for RetryAfter {
    type Err = InvalidRetryAfter;

    fn from_str(value: &str) -> Result<Self, InvalidRetryAfter> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds = value.parse().unwrap_or(u64::MAX);
            return Ok(Self::Delay(Duration::from_secs(seconds)));
        }
        httpdate::parse_http_date(value).map(Self::Date).map_err(|_| InvalidRetryAfter(()))
    }
}

/// A value that is neither a number of seconds nor a date.
///
/// # Examples
///
/// ```
/// let error = "soon".parse::<headwater::retry::RetryAfter>().unwrap_err();
/// assert_eq!(error.to_string(), "neither a number of seconds nor a date of HTTP");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidRetryAfter(());

impl fmt::Display for InvalidRetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither a number of seconds nor a date of HTTP")
    }
}

impl Error for InvalidRetryAfter {}
