use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Counts what happens to all calls and sources that it is given to. Its clones are the same counts.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::Statistics};
/// use std::time::Duration;
///
/// let statistics = Statistics::new();
/// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(3).statistics(&statistics);
/// let mut left = 2;
/// let answer = retry.call(|| if left == 0 { Ok("here") } else { left -= 1; Err("busy") });
/// assert!(answer.is_ok());
/// assert_eq!((statistics.successes(), statistics.failures(), statistics.retries()), (1, 2, 2));
/// assert_eq!(statistics.idle(), Duration::from_millis(2));
/// ```
#[derive(Clone, Default)]
pub struct Statistics(Arc<Counts>);

#[derive(Default)]
struct Counts {
    successes: AtomicU64,
    failures: AtomicU64,
    retries: AtomicU64,
    gave_up: AtomicU64,
    idle_nanos: AtomicU64,
}

impl Statistics {
    /// Makes counts that are all 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many calls succeeded; of sources, how often one went on after failures.
    #[must_use]
    pub fn successes(&self) -> u64 {
        self.0.successes.load(Relaxed)
    }

    /// Returns how many attempts failed.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Relaxed)
    }

    /// Returns how many attempts were made after one that failed and a wait.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.0.retries.load(Relaxed)
    }

    /// Returns how many calls and sources were given up.
    #[must_use]
    pub fn gave_up(&self) -> u64 {
        self.0.gave_up.load(Relaxed)
    }

    /// Returns how much was waited in all.
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::from_nanos(self.0.idle_nanos.load(Relaxed))
    }

    pub(super) fn succeeded(&self) {
        self.0.successes.fetch_add(1, Relaxed);
    }

    pub(super) fn failed(&self) {
        self.0.failures.fetch_add(1, Relaxed);
    }

    pub(super) fn gave_up_once(&self) {
        self.0.gave_up.fetch_add(1, Relaxed);
    }

    pub(super) fn waited(&self, delay: Duration) {
        self.0.retries.fetch_add(1, Relaxed);
        let nanos = u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX);
        let _ = self
            .0
            .idle_nanos
            .fetch_update(Relaxed, Relaxed, |idle| Some(idle.saturating_add(nanos)));
    }
}

impl fmt::Debug for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statistics")
            .field("successes", &self.successes())
            .field("failures", &self.failures())
            .field("retries", &self.retries())
            .field("gave_up", &self.gave_up())
            .field("idle", &self.idle())
            .finish()
    }
}
