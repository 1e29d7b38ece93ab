use std::sync::Arc;
use std::time::Duration;

use crate::retry::budget::Budget;
use crate::retry::cancel::Cancel;
use crate::retry::clock::Clock;
#[cfg(feature = "async")]
use crate::retry::clock::Wait;
use crate::retry::failure::Failure;
use crate::retry::jitter::Jitter;
use crate::retry::policy::{Policy, Retry};
use crate::retry::rules::On;
use crate::retry::statistics::Statistics;

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
        self.set(|policy| policy.stop_before = Some(limit))
    }

    /// Stops after an attempt that failed this long after the first one began, or later. The last
    /// wait and attempt may go past it. Default: no such limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let clock = FakeClock::new();
    /// let retry = Retry::fixed(s(4)).unlimited_time().stop_after(s(10)).clock(clock.clone());
    /// let error = retry.call(|| Err::<(), _>("busy")).unwrap_err();
    /// assert_eq!((error.attempts(), clock.elapsed()), (4, s(12)));
    /// ```
    pub fn stop_after(self, limit: Duration) -> Self {
        self.set(|policy| policy.stop_after = Some(limit))
    }

    /// Lifts both limits of time. A call that succeeds does not read the clock then.
    pub fn unlimited_time(self) -> Self {
        self.set(|policy| (policy.stop_before, policy.stop_after) = (None, None))
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

    /// Limits each delay, after its jitter. Default: no limit but that of time.
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
        let policy = &mut self.policy;
        set(policy);
        policy.is_watched = policy.stop_before.is_some()
            || policy.stop_after.is_some()
            || policy.before.is_some()
            || policy.budget.is_some()
            || policy.statistics.is_some();
        self
    }
}

/// # Which errors
///
/// Each of these says something about errors of one type, and makes the policy one for that type.
/// The last of two that are set counts.
impl<R> Retry<R> {
    /// Tries again only if the function says so of the error. For a source, it decides instead of
    /// the source.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Reason};
    /// use std::io::{Error, ErrorKind};
    ///
    /// let retry = Retry::default().when(|error: &Error| error.kind() != ErrorKind::NotFound);
    /// let error = retry.call(|| std::fs::read("no such file")).unwrap_err();
    /// assert_eq!((error.attempts(), error.reason()), (1, Reason::NotRetryable));
    /// ```
    pub fn when<E>(self, when: impl Fn(&E) -> bool + Send + Sync + 'static) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.when = Some(Arc::new(when)))
    }

    /// Waits as long as the other side asks for in the error, as in `Retry-After`.
    ///
    /// What it asks for never makes a delay shorter than it would be without: 0 is as good as
    /// nothing. It is held below [`max_hint`](Retry::max_hint), and all limits hold as ever: who is
    /// asked to wait past the limit of time gives up at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let clock = FakeClock::new();
    /// let retry = Retry::fixed(s(1))
    ///     .max_attempts(4)
    ///     .max_hint(s(30))
    ///     .hint(|seconds: &u64| Some(Duration::from_secs(*seconds)))
    ///     .clock(clock.clone());
    /// let mut hints = [0, 7, 99, 99].into_iter();
    /// assert!(retry.call(|| Err::<(), _>(hints.next().unwrap())).is_err());
    /// assert_eq!(clock.slept(), [1, 7, 30].map(s));
    /// ```
    pub fn hint<E>(
        self,
        hint: impl Fn(&E) -> Option<Duration> + Send + Sync + 'static,
    ) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.hint = Some(Arc::new(hint)))
    }

    /// Calls a function after each attempt that failed and may be tried again, before it is decided
    /// whether there is an attempt left.
    pub fn after<E>(self, after: impl Fn(&Failure<'_, E>) + Send + Sync + 'static) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.after = Some(Arc::new(after)))
    }

    /// Calls a function before each wait: the place to log.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Failure};
    /// use std::{io, sync::mpsc::channel, time::Duration};
    ///
    /// let (log, lines) = channel();
    /// let retry = Retry::fixed(Duration::from_millis(1)).max_attempts(2).before_sleep(
    ///     move |failure: &Failure<'_, io::Error>| {
    ///         let (n, delay) = (failure.attempt(), failure.delay());
    ///         log.send(format!("attempt {n}: {:?}, again in {delay:?}", failure.error())).unwrap();
    ///     },
    /// );
    /// assert!(retry.call(|| std::fs::read("no such file")).is_err());
    /// assert!(lines.recv().unwrap().starts_with("attempt 1: Some(Os { code: 2"));
    /// ```
    pub fn before_sleep<E>(
        self,
        before_sleep: impl Fn(&Failure<'_, E>) + Send + Sync + 'static,
    ) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        self.on(|rules| rules.before_sleep = Some(Arc::new(before_sleep)))
    }

    fn on<E>(self, set: impl FnOnce(&mut On<E>)) -> Retry<On<E>>
    where
        R: Into<On<E>>,
    {
        let mut rules = self.rules.into();
        set(&mut rules);
        Retry { policy: self.policy, rules }
    }
}
