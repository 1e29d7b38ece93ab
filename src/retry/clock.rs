use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::retry::cancel::Cancel;
#[cfg(feature = "async")]
use crate::retry::timer::Wait;

/// Tells the time and waits: what a [`Retry`](crate::Retry) does with the world.
///
/// [`SystemClock`] is the real one, [`FakeClock`](crate::retry::FakeClock) one for tests.
pub trait Clock: Send + Sync {
    /// Returns what time it is.
    fn now(&self) -> Instant;

    /// Blocks the thread for a while, or until it is cancelled.
    fn sleep(&self, delay: Duration, cancel: Option<&Cancel>);

    /// Waits for a while, in a future.
    ///
    /// Unless it is overridden, that is a timer of tokio where one runs (feature `tokio`), and else
    /// a thread that sleeps as long.
    #[cfg(feature = "async")]
    fn timer(&self, delay: Duration) -> Wait {
        crate::retry::timer::timer(delay)
    }
}

/// The system's monotonic clock, and real waits.
///
/// # Examples
///
/// ```
/// use headwater::retry::{Clock, SystemClock};
/// use std::time::Duration;
///
/// let before = SystemClock.now();
/// SystemClock.sleep(Duration::from_millis(1), None);
/// assert!(SystemClock.now() - before >= Duration::from_millis(1));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, delay: Duration, cancel: Option<&Cancel>) {
        match cancel {
            Some(cancel) => _ = cancel.sleep(delay),
            None => thread::sleep(delay),
        }
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }

    fn sleep(&self, delay: Duration, cancel: Option<&Cancel>) {
        (**self).sleep(delay, cancel);
    }

    #[cfg(feature = "async")]
    fn timer(&self, delay: Duration) -> Wait {
        (**self).timer(delay)
    }
}
