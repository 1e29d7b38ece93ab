use std::sync::Arc;
use std::time::Duration;

use crate::retry::budget::Budget;
use crate::retry::cancel::Cancel;
use crate::retry::clock::Clock;
use crate::retry::jitter::Jitter;
use crate::retry::policy::{Policy, Retry, StopBefore};
use crate::retry::statistics::Statistics;
#[cfg(feature = "async")]
use crate::retry::timer::Wait;

/// # How often and how long
impl<R> Retry<R> {
    /// Limits the attempts, the first one counted; 0 counts as 1. Of a source, those in a row that
    /// give no item. Default: 10.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.set(|policy| policy.max_attempts = Some(attempts))
    }

    /// Makes as many attempts as there is time for, or as the backoff has delays.
    pub fn unlimited_attempts(self) -> Self {
        self.set(|policy| policy.max_attempts = None)
    }

    /// Limits how often a source may fail in its life, however many items it gave between. Default:
    /// no limit.
    pub fn max_failures(self, failures: u32) -> Self {
        self.set(|policy| policy.max_failures = Some(failures))
    }

    /// Stops before a wait that would end this long after the first attempt began, or later. Of a
    /// source, after the first failure in a row. Default: 45 seconds.
    ///
    /// Nothing is waited past the limit; an attempt that has begun is not interrupted.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let clock = FakeClock::new();
    /// let retry = Retry::fixed(s(4)).stop_before(s(10)).clock(clock.clone());
    /// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
    /// assert_eq!((error.attempts(), clock.elapsed()), (3, s(8)));
    /// ```
    pub fn stop_before(self, limit: Duration) -> Self {
        self.set(|policy| policy.stop_before = StopBefore::At(limit))
    }

    /// Stops after an attempt that failed this long after the first one began, or later. The last
    /// wait and attempt may go past it. Default: no such limit. It takes the place of the default of
    /// [`stop_before`](Retry::stop_before), but not of one that was set.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let clock = FakeClock::new();
    /// let retry = Retry::fixed(s(4)).stop_after(s(10)).clock(clock.clone());
    /// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
    /// assert_eq!((error.attempts(), clock.elapsed()), (4, s(12)));
    /// ```
    pub fn stop_after(self, limit: Duration) -> Self {
        self.set(|policy| policy.stop_after = Some(limit))
    }

    /// Lifts both limits of time. A call that succeeds does not read the clock then.
    pub fn unlimited_time(self) -> Self {
        self.set(|policy| (policy.stop_before, policy.stop_after) = (StopBefore::Never, None))
    }

    /// Ends the attempts, and interrupts the wait between two, when the switch is set. The first
    /// attempt is made even if it is set already.
    pub fn cancel(self, cancel: &Cancel) -> Self {
        self.set(|policy| policy.cancel = Some(cancel.clone()))
    }

    /// Takes each retry out of a budget, which others may share.
    pub fn budget(self, budget: &Budget) -> Self {
        self.set(|policy| policy.budget = Some(budget.clone()))
    }

    /// Makes one attempt only, and waits for nothing, if this is `false`: for tests of what calls.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    ///
    /// let retry = Retry::default().enabled(false);
    /// assert_eq!(retry.call(|| Err::<(), _>("busy")).unwrap_err().attempts(), 1);
    /// ```
    pub fn enabled(self, is_enabled: bool) -> Self {
        self.set(|policy| policy.is_enabled = is_enabled)
    }
}

/// # Which delays
impl<R> Retry<R> {
    /// Makes each delay this long at least, after its jitter, and whatever
    /// [`max_delay`](Retry::max_delay) says. Default: nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Jitter};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let retry = Retry::exponential(s(1)).min_delay(s(4)).max_delay(s(10));
    /// assert!(retry.delays().take(5).eq([4, 4, 4, 8, 10].map(s)));
    /// ```
    pub fn min_delay(self, delay: Duration) -> Self {
        self.set(|policy| policy.min_delay = delay)
    }

    /// Limits each delay of the backoff, after its jitter; a [hint](Retry::hint) may be longer. Default:
    /// no limit but that of time.
    pub fn max_delay(self, delay: Duration) -> Self {
        self.set(|policy| policy.max_delay = delay)
    }

    /// Strews the delays. Default: [`Jitter::None`].
    pub fn jitter(self, jitter: Jitter) -> Self {
        self.set(|policy| policy.jitter = jitter)
    }

    /// Has each call strew its delays in the same way, which this number picks. For tests: clients
    /// that do so come back together.
    pub fn seed(self, seed: u64) -> Self {
        self.set(|policy| policy.seed = Some(seed))
    }

    /// Limits what a [hint](Retry::hint) can make of a delay. Default: 60 seconds.
    pub fn max_hint(self, delay: Duration) -> Self {
        self.set(|policy| policy.max_hint = delay)
    }
}

/// # The world
impl<R> Retry<R> {
    /// Tells the time by this clock, and waits by it, unless [`sleep`](Retry::sleep) or a timer
    /// does.
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        self.set(|policy| policy.clock = Arc::new(clock))
    }

    /// Waits, where a thread may be blocked, by this function. A [`Cancel`] is looked at after it.
    pub fn sleep(self, sleep: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.set(|policy| policy.sleep = Some(Arc::new(sleep)))
    }

    /// Waits, in async calls, by the future that this function gives.
    ///
    /// Without it, that is a timer of tokio where one runs (feature `tokio`), else a thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{executor::block_on, future::ready};
    /// use headwater::Retry;
    /// use std::time::Duration;
    ///
    /// let retry = Retry::fixed(Duration::from_secs(5)).max_attempts(2).timer(|_| ready(()));
    /// let error = block_on(retry.call_async(|| ready(Err::<(), _>("busy")))).unwrap_err();
    /// assert_eq!(error.attempts(), 2);
    /// ```
    #[cfg(feature = "async")]
    pub fn timer<Fut>(self, timer: impl Fn(Duration) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output: Sized> + Send + 'static,
    {
        let wait = move |delay| -> Wait {
            let timer = timer(delay);
            Box::pin(async move { drop(timer.await) })
        };
        self.set(|policy| policy.timer = Some(Arc::new(wait)))
    }

    /// Adds what happens to these counts.
    pub fn statistics(self, statistics: &Statistics) -> Self {
        self.set(|policy| policy.statistics = Some(statistics.clone()))
    }

    /// Calls a function before each attempt, with its number, from 1. Of a source, before each that
    /// goes on after a failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::sync::mpsc::channel;
    ///
    /// let (begun, attempts) = channel();
    /// let retry = Retry::immediately().max_attempts(3).before(move |n| begun.send(n).unwrap());
    /// assert!(retry.call(|| Err::<(), _>("busy")).is_err());
    /// assert!(attempts.try_iter().eq([1, 2, 3]));
    /// ```
    pub fn before(self, before: impl Fn(u32) + Send + Sync + 'static) -> Self {
        self.set(|policy| policy.before = Some(Arc::new(before)))
    }

    fn set(mut self, set: impl FnOnce(&mut Policy)) -> Self {
        self.policy.set(set);
        self
    }
}
