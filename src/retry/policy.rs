use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::retry::backoff;
use crate::retry::budget::Budget;
use crate::retry::cancel::Cancel;
use crate::retry::clock::{Clock, SystemClock};
use crate::retry::delays::Delays;
use crate::retry::jitter::Jitter;
use crate::retry::rules::AnyError;
use crate::retry::statistics::Statistics;
#[cfg(feature = "async")]
use crate::retry::timer::Wait;

/// How often, how long and after which delays something that failed is tried again.
///
/// One value serves [calls](Retry::call), async calls, [loops](Retry::attempts) and
/// [sources](crate::prelude::RetrySource), any number of them at once: it is `Clone`, `Send` and
/// `Sync`, and nothing in it is used up. A call that succeeds builds nothing.
///
/// Unless told otherwise it makes 10 attempts at the most, and does not wait beyond 45 seconds after
/// the first began: the limits of Python's `stamina`. It retries whatever the error is, until
/// [`when`](Retry::when) says which.
///
/// # Examples
///
/// ```
/// use headwater::Retry;
/// use std::{io, time::Duration};
///
/// let retry = Retry::exponential(Duration::from_millis(1))
///     .max_attempts(5)
///     .when(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut);
///
/// let mut answers = [Err(io::ErrorKind::TimedOut.into()), Ok("here")].into_iter();
/// assert_eq!(retry.call(|| answers.next().unwrap())?, "here");
/// # Ok::<(), headwater::retry::GaveUp<io::Error>>(())
/// ```
///
/// In a field of a type, with a rule and without:
///
/// ```
/// use headwater::{Retry, retry::On};
///
/// struct Client {
///     connect: Retry,
///     request: Retry<On<std::io::Error>>,
/// }
/// # let retry = Retry::default();
/// # _ = Client { connect: retry.clone(), request: retry.when(|_| true) };
/// ```
#[derive(Clone)]
#[must_use = "a policy does nothing by itself"]
pub struct Retry<R = AnyError> {
    pub(super) policy: Policy,
    pub(super) rules: R,
}

type Backoff = Arc<dyn Fn() -> Box<dyn Iterator<Item = Duration> + Send> + Send + Sync>;
type Sleep = Arc<dyn Fn(Duration) + Send + Sync>;
#[cfg(feature = "async")]
type Timer = Arc<dyn Fn(Duration) -> Wait + Send + Sync>;

/// What does not depend on the type of the errors.
#[derive(Clone)]
pub(super) struct Policy {
    backoff: Backoff,
    pub(super) jitter: Jitter,
    pub(super) seed: Option<u64>,
    pub(super) min_delay: Duration,
    pub(super) max_delay: Duration,
    pub(super) max_hint: Duration,
    pub(super) max_attempts: Option<u32>,
    pub(super) max_failures: Option<u32>,
    pub(super) stop_before: StopBefore,
    pub(super) stop_after: Option<Duration>,
    pub(super) is_enabled: bool,
    pub(super) cancel: Option<Cancel>,
    pub(super) budget: Option<Budget>,
    pub(super) statistics: Option<Statistics>,
    pub(super) before: Option<Arc<dyn Fn(u32) + Send + Sync>>,
    pub(super) clock: Arc<dyn Clock>,
    /// What waits in place of the clock.
    pub(super) sleep: Option<Sleep>,
    #[cfg(feature = "async")]
    pub(super) timer: Option<Timer>,
    /// Whether a rule asks how long it took.
    pub(super) is_measured: bool,
    /// Whether a call that succeeds has to look at any of these: one look tells.
    pub(super) is_watched: bool,
}

#[derive(Clone, Copy)]
pub(super) enum StopBefore {
    /// At the default, unless another limit of time is set.
    Default,
    At(Duration),
    Never,
}

impl Retry {
    /// Makes a policy of any backoff: an iterator of delays, or what gives one.
    ///
    /// The backoff is cloned for each call that fails. Where it ends, the attempts do.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::time::Duration;
    ///
    /// let retry = Retry::new([1, 10].map(Duration::from_millis));
    /// assert_eq!(retry.call(|| Err::<(), _>("busy")).unwrap_err().attempts(), 3);
    /// ```
    pub fn new<B>(backoff: B) -> Self
    where
        B: IntoIterator<Item = Duration, IntoIter: Send + 'static> + Clone + Send + Sync + 'static,
    {
        let policy = Policy {
            backoff: Arc::new(move || Box::new(backoff.clone().into_iter())),
            jitter: Jitter::None,
            seed: None,
            min_delay: Duration::ZERO,
            max_delay: Duration::MAX,
            max_hint: Duration::from_secs(60),
            max_attempts: Some(10),
            max_failures: None,
            stop_before: StopBefore::Default,
            stop_after: None,
            is_enabled: true,
            cancel: None,
            budget: None,
            statistics: None,
            before: None,
            clock: Arc::new(SystemClock),
            sleep: None,
            #[cfg(feature = "async")]
            timer: None,
            is_measured: false,
            is_watched: true,
        };
        Self { policy, rules: AnyError }
    }

    /// Makes a policy that does not wait: see [`backoff::none`].
    pub fn immediately() -> Self {
        Self::new(backoff::none())
    }

    /// Makes a policy of equal delays: see [`backoff::fixed`].
    pub fn fixed(delay: Duration) -> Self {
        Self::new(backoff::fixed(delay))
    }

    /// Makes a policy of delays that grow by a step: see [`backoff::linear`].
    pub fn linear(first: Duration, step: Duration) -> Self {
        Self::new(backoff::linear(first, step))
    }

    /// Makes a policy of delays that double: see [`backoff::exponential`].
    pub fn exponential(first: Duration) -> Self {
        Self::new(backoff::exponential(first))
    }

    /// Makes a policy of delays that are the sum of the two before: see [`backoff::fibonacci`].
    pub fn fibonacci(first: Duration) -> Self {
        Self::new(backoff::fibonacci(first))
    }

    /// Makes a policy of delays drawn evenly from a range: its start, and [`Jitter::Additive`].
    pub fn random(range: RangeInclusive<Duration>) -> Self {
        let (start, end) = range.into_inner();
        Self::fixed(start).jitter(Jitter::Additive(end.saturating_sub(start)))
    }
}

/// Delays that double from 100 milliseconds up to 5 seconds, strewn by [`Jitter::Full`].
impl Default for Retry {
    fn default() -> Self {
        Self::exponential(Duration::from_millis(100))
            .max_delay(Duration::from_secs(5))
            .jitter(Jitter::Full)
    }
}

impl<R> Retry<R> {
    /// Returns the delays that one call would wait, if no error brings a hint.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let delays = Retry::exponential(s(1)).max_delay(s(5)).delays();
    /// assert!(delays.take(5).eq([1, 2, 4, 5, 5].map(s)));
    /// ```
    pub fn delays(&self) -> Delays {
        self.policy.delays()
    }
}

impl Policy {
    pub(super) fn delays(&self) -> Delays {
        Delays::new((self.backoff)(), self.jitter, self.seed, (self.min_delay, self.max_delay))
    }

    /// Begins a call: reads the clock if there is a limit of time.
    #[inline]
    pub(super) fn begin(&self) -> Option<Instant> {
        if self.is_watched { self.begin_watched() } else { None }
    }

    fn begin_watched(&self) -> Option<Instant> {
        self.attempt(1);
        self.is_timed().then(|| self.clock.now())
    }

    fn is_timed(&self) -> bool {
        self.stop_before().is_some() || self.stop_after.is_some() || self.is_measured
    }

    /// Returns the limit of time that no wait may reach.
    pub(super) fn stop_before(&self) -> Option<Duration> {
        match self.stop_before {
            StopBefore::Default if self.stop_after.is_some() => None,
            StopBefore::Default => Some(Duration::from_secs(45)),
            StopBefore::At(limit) => Some(limit),
            StopBefore::Never => None,
        }
    }

    /// Sets options, and whether a call that succeeds has to look at any.
    pub(super) fn set(&mut self, set: impl FnOnce(&mut Self)) {
        set(self);
        self.is_watched = self.is_timed()
            || self.before.is_some()
            || self.budget.is_some()
            || self.statistics.is_some();
    }

    /// Tells who wants to know that an attempt begins.
    pub(super) fn attempt(&self, number: u32) {
        if let Some(before) = &self.before {
            before(number);
        }
    }

    /// Notes that a call succeeded.
    #[inline]
    pub(super) fn succeeded(&self) {
        if self.is_watched {
            self.succeeded_watched();
        }
    }

    fn succeeded_watched(&self) {
        if let Some(budget) = &self.budget {
            budget.succeeded();
        }
        if let Some(statistics) = &self.statistics {
            statistics.succeeded();
        }
    }

    /// Notes that nothing is tried any more, though a delay had been decided on.
    pub(super) fn gave_up(&self) {
        if let Some(statistics) = &self.statistics {
            statistics.gave_up_once();
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }
}

impl<R> fmt::Debug for Retry<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = &self.policy;
        f.debug_struct("Retry")
            .field("jitter", &policy.jitter)
            .field("min_delay", &policy.min_delay)
            .field("max_delay", &policy.max_delay)
            .field("max_attempts", &policy.max_attempts)
            .field("stop_before", &policy.stop_before())
            .field("stop_after", &policy.stop_after)
            .field("is_enabled", &policy.is_enabled)
            .finish_non_exhaustive()
    }
}
