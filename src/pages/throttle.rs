use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use governor::clock::Clock as Watch;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::pages::iter::{Fetched, Pages};
use crate::retry::{Clock, SystemClock};

/// Keeps within the rate that a server allows.
///
/// Its clones are the same throttle: what several sources fetch, on any threads, keeps within one
/// rate. Calls are spread evenly, but for a [`burst`](Throttle::burst) after a pause.
///
/// # Examples
///
/// ```
/// use headwater::pages::{Page, Throttle, pages};
/// use headwater::retry::FakeClock;
/// use std::{num::NonZeroU32, time::Duration};
///
/// let (clock, second) = (FakeClock::new(), Duration::from_secs(1));
/// let ten = NonZeroU32::new(10).unwrap();
/// let throttle = Throttle::new(ten, second).clock(clock.clone());
///
/// let feed = pages(1, |n| Ok::<_, String>(Page::new([n]).next((n < 31).then_some(n + 1))));
/// assert_eq!(feed.throttle(throttle).count(), 31);
/// assert_eq!(clock.elapsed(), 3 * second);
/// ```
#[derive(Clone)]
pub struct Throttle {
    limiter: Arc<RateLimiter<NotKeyed, InMemoryState, Since, NoOpMiddleware<Duration>>>,
    quota: Quota,
    clock: Since,
}

/// A century is as good as for ever, and can be counted in nanoseconds.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl Throttle {
    /// Allows as many calls in as much time: each has to wait for a part of it. Without any time there
    /// is next to no limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::Throttle;
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let ten = NonZeroU32::new(10).unwrap();
    /// let throttle = Throttle::new(ten, Duration::from_secs(1));
    /// assert!(format!("{throttle:?}").contains("every: 100ms, burst: 1"));
    /// ```
    #[must_use]
    pub fn new(calls: NonZeroU32, per: Duration) -> Self {
        let every = (per / calls.get()).clamp(Duration::from_nanos(1), FOR_EVER);
        let second = Quota::per_second(NonZeroU32::MIN);
        let quota = Quota::with_period(every).unwrap_or(second).allow_burst(NonZeroU32::MIN);
        Self::made_of(quota, Since::now_on(Arc::new(SystemClock)))
    }

    /// Allows as many calls at once, if there were fewer before than are allowed. Default: 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{pages::Throttle, retry::FakeClock};
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let (one, three) = (NonZeroU32::MIN, NonZeroU32::new(3).unwrap());
    /// let (clock, second) = (FakeClock::new(), Duration::from_secs(1));
    /// let throttle = Throttle::new(one, second).burst(three).clock(clock.clone());
    /// (0..3).for_each(|_| throttle.wait());
    /// assert_eq!(clock.slept(), []);
    /// (0..2).for_each(|_| throttle.wait());
    /// assert_eq!(clock.slept(), [second, second]);
    /// ```
    #[must_use]
    pub fn burst(self, calls: NonZeroU32) -> Self {
        let every = self.quota.replenish_interval().min(FOR_EVER / calls.get());
        let quota = Quota::with_period(every).unwrap_or(self.quota).allow_burst(calls);
        Self::made_of(quota, self.clock)
    }

    /// Tells the time and waits by this clock. Default: [`SystemClock`]. What was counted before is
    /// forgotten, as with [`burst`](Throttle::burst).
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self::made_of(self.quota, Since::now_on(Arc::new(clock)))
    }

    /// Blocks the thread until a call is allowed: to be called before each.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{pages::Throttle, retry::FakeClock};
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let (clock, second) = (FakeClock::new(), Duration::from_secs(1));
    /// let throttle = Throttle::new(NonZeroU32::MIN, second).clock(clock.clone());
    /// (0..3).for_each(|_| throttle.wait());
    /// assert_eq!(clock.slept(), [second, second]);
    /// ```
    pub fn wait(&self) {
        while let Err(delay) = self.ask() {
            self.clock.clock.sleep(delay, None);
        }
    }

    /// Waits, in a future, until a call is allowed.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no call is counted.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::executor::block_on;
    /// use headwater::{pages::Throttle, retry::FakeClock};
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let clock = FakeClock::new();
    /// let throttle = Throttle::new(NonZeroU32::MIN, Duration::from_secs(1)).clock(clock.clone());
    /// block_on(async {
    ///     throttle.wait_async().await;
    ///     throttle.wait_async().await;
    /// });
    /// assert_eq!(clock.elapsed(), Duration::from_secs(1));
    /// ```
    #[cfg(feature = "async")]
    pub async fn wait_async(&self) {
        while let Err(delay) = self.ask() {
            self.clock.clock.timer(delay).await;
        }
    }

    /// Counts a call, if it is allowed; or says how long it is not.
    fn ask(&self) -> Result<(), Duration> {
        self.limiter.check().map_err(|until| until.wait_time_from(self.clock.now()))
    }

    fn made_of(quota: Quota, clock: Since) -> Self {
        let limiter = Arc::new(RateLimiter::direct_with_clock(quota, clock.clone()));
        Self { limiter, quota, clock }
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle")
            .field("every", &self.quota.replenish_interval())
            .field("burst", &self.quota.burst_size())
            .finish_non_exhaustive()
    }
}

/// A clock from zero on.
#[derive(Clone)]
struct Since {
    clock: Arc<dyn Clock>,
    start: Instant,
}

impl Since {
    fn now_on(clock: Arc<dyn Clock>) -> Self {
        Self { start: clock.now(), clock }
    }
}

impl Watch for Since {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.start)
    }
}

impl<C, F> Pages<C, F> {
    /// Waits before each fetch until the throttle allows it.
    ///
    /// A [`retry`](Pages::retry) after it has each attempt wait.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::pages::{Page, Throttle, pages};
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::{num::NonZeroU32, time::Duration};
    ///
    /// let (clock, second) = (FakeClock::new(), Duration::from_secs(1));
    /// let throttle = Throttle::new(NonZeroU32::MIN, second).clock(clock.clone());
    ///
    /// let mut answers = [Err("busy"), Err("busy"), Ok(Page::<_, u32>::new(["a"]))].into_iter();
    /// let feed = pages(1, |_| answers.next().unwrap()).throttle(throttle);
    /// assert!(feed.retry(Retry::immediately()).items().map(Result::unwrap).eq(["a"]));
    /// assert_eq!(clock.elapsed(), 2 * second);
    /// ```
    pub fn throttle<T, M, E>(
        self,
        throttle: Throttle,
    ) -> Pages<C, impl FnMut(C) -> Fetched<T, C, M, E>>
    where
        F: FnMut(C) -> Fetched<T, C, M, E>,
    {
        self.map_fetch(|mut fetch, _| {
            move |cursor| {
                throttle.wait();
                fetch(cursor)
            }
        })
    }
}
