use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::retry::cancel::Cancel;
use crate::retry::clock::Clock;

/// A clock for tests: nobody waits, and what would have been waited passes at once.
///
/// Its clones are the same clock. It counts to a hundred years, and stands still then.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::FakeClock};
/// use std::time::Duration;
///
/// let clock = FakeClock::new();
/// let retry = Retry::exponential(Duration::from_secs(1)).max_attempts(4).clock(clock.clone());
/// assert!(retry.call(|| Err::<(), _>("busy")).is_err());
/// assert_eq!(clock.slept(), [1, 2, 4].map(Duration::from_secs));
/// assert_eq!(clock.elapsed(), Duration::from_secs(7));
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock {
    start: Instant,
    passed: Arc<Mutex<Passed>>,
}

#[derive(Debug, Default)]
struct Passed {
    elapsed: Duration,
    slept: Vec<Duration>,
}

impl Passed {
    fn advance(&mut self, by: Duration) {
        self.elapsed = self.elapsed.saturating_add(by).min(CENTURY);
    }
}

const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl FakeClock {
    /// Makes a clock, which stands still until somebody waits.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now(), passed: Arc::default() }
    }

    /// Lets time pass, as an attempt does that takes some.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::retry::FakeClock;
    /// use std::time::Duration;
    ///
    /// let clock = FakeClock::new();
    /// clock.advance(Duration::from_secs(5));
    /// assert_eq!(clock.elapsed(), Duration::from_secs(5));
    /// assert!(clock.slept().is_empty());
    /// ```
    pub fn advance(&self, by: Duration) {
        self.passed().advance(by);
    }

    /// Returns how much time has passed.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.passed().elapsed
    }

    /// Returns all that was waited, one after the other.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.passed().slept.clone()
    }

    fn wait(&self, delay: Duration) {
        let mut passed = self.passed();
        passed.slept.push(delay);
        passed.advance(delay);
    }

    fn passed(&self) -> MutexGuard<'_, Passed> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    fn sleep(&self, delay: Duration, _: Option<&Cancel>) {
        self.wait(delay);
    }

    #[cfg(feature = "async")]
    fn timer(&self, delay: Duration) -> crate::retry::timer::Wait {
        let clock = self.clone();
        Box::pin(async move { clock.wait(delay) })
    }
}
