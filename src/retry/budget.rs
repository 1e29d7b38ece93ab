use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Limits the retries of all that share it, so that they do not add to the load of what is down.
///
/// It is a bucket of tokens, full at first. Each retry takes one token; where there is none, the
/// error is given at once, as [`Reason::Budget`](crate::retry::Reason::Budget). Each success puts
/// back a part of one, a tenth unless said otherwise, and so does time, if it is told so. So a few
/// failures are all retried, and if everything fails, retries are a tenth of the successes there
/// were: the scheme of gRPC (proposal A6) and of the AWS SDKs. First attempts take nothing.
///
/// Its clones are the same bucket. What a success and a second put back goes with each clone: say it
/// before there are any.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::{Budget, Reason}};
/// use std::time::Duration;
///
/// let budget = Budget::new(2);
/// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(5).budget(&budget);
/// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
/// assert_eq!((error.attempts(), error.reason()), (3, Reason::Budget));
/// for _ in 0..10 {
///     retry.call(|| Ok::<_, ()>("here")).unwrap();
/// }
/// assert_eq!(budget.tokens(), 1);
/// ```
#[derive(Clone)]
pub struct Budget {
    bucket: Arc<Bucket>,
    capacity: u64,
    per_success: u64,
    per_second: u64,
}

struct Bucket {
    /// In millionths.
    tokens: AtomicU64,
    /// Up to when time has put back tokens; `None` before the first retry.
    refilled: Mutex<Option<Instant>>,
}

const TOKEN: u64 = 1_000_000;
const NANOS: u128 = 1_000_000_000;

impl Budget {
    /// Makes a bucket that is full, of this many tokens.
    #[must_use]
    pub fn new(tokens: u32) -> Self {
        let capacity = u64::from(tokens) * TOKEN;
        let bucket = Bucket { tokens: AtomicU64::new(capacity), refilled: Mutex::new(None) };
        Self { bucket: Arc::new(bucket), capacity, per_success: TOKEN / 10, per_second: 0 }
    }

    /// Has each success put back this much, to a millionth of a token. Default: 0.1.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Budget};
    /// use std::time::Duration;
    ///
    /// let budget = Budget::new(1).per_success(1.0);
    /// let retry = Retry::fixed(Duration::from_millis(1)).budget(&budget);
    /// assert!(retry.call(|| Err::<(), _>("busy")).is_err());
    /// assert_eq!(budget.tokens(), 0);
    /// assert!(retry.call(|| Ok::<_, ()>("here")).is_ok());
    /// assert_eq!(budget.tokens(), 1);
    /// ```
    #[must_use]
    pub fn per_success(mut self, tokens: f64) -> Self {
        self.per_success = millionths(tokens);
        self
    }

    /// Has each second put back this much, to a millionth of a token. Default: nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::{Budget, FakeClock}};
    /// use std::time::Duration;
    ///
    /// let clock = FakeClock::new();
    /// let budget = Budget::new(1).per_second(0.5);
    /// let retry = Retry::fixed(Duration::ZERO).max_attempts(2).budget(&budget).clock(clock.clone());
    /// let mut attempts = || retry.call(|| Err::<(), _>("busy")).unwrap_err().attempts();
    /// assert_eq!((attempts(), attempts()), (2, 1));
    /// clock.advance(Duration::from_secs(2));
    /// assert_eq!(attempts(), 2);
    /// ```
    #[must_use]
    pub fn per_second(mut self, tokens: f64) -> Self {
        self.per_second = millionths(tokens);
        self
    }

    /// Returns how many whole tokens there are, up to the last retry or success.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        u32::try_from(self.bucket.tokens.load(Relaxed) / TOKEN).unwrap_or(u32::MAX)
    }

    /// Takes a token for a retry, if there is one.
    pub(super) fn take(&self, now: Instant) -> bool {
        self.refill(now);
        let taken = |tokens: u64| tokens.checked_sub(TOKEN);
        self.bucket.tokens.fetch_update(Relaxed, Relaxed, taken).is_ok()
    }

    /// Puts back what a success does.
    pub(super) fn succeeded(&self) {
        self.put_back(self.per_success);
    }

    fn put_back(&self, part: u64) {
        // A bucket that is full, as most are, is only looked at.
        let more = |tokens: u64| {
            (tokens < self.capacity).then(|| tokens.saturating_add(part).min(self.capacity))
        };
        let _ = self.bucket.tokens.fetch_update(Relaxed, Relaxed, more);
    }

    fn refill(&self, now: Instant) {
        if self.per_second == 0 {
            return;
        }
        let mut refilled = self.bucket.refilled.lock().unwrap_or_else(PoisonError::into_inner);
        let then = *refilled.get_or_insert(now);
        let passed = now.saturating_duration_since(then).as_nanos();
        let per_second = u128::from(self.per_second);
        let part = passed.saturating_mul(per_second) / NANOS;
        // What is less than a millionth of a token is left to the next time.
        let counted = part.saturating_mul(NANOS).div_ceil(per_second).min(passed);
        let counted = u64::try_from(counted).map(Duration::from_nanos);
        *refilled = counted.ok().and_then(|counted| then.checked_add(counted)).or(Some(now));
        self.put_back(u64::try_from(part).unwrap_or(u64::MAX));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn millionths(tokens: f64) -> u64 {
    (tokens * 1e6).round() as u64
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("tokens", &self.tokens()).finish_non_exhaustive()
    }
}
