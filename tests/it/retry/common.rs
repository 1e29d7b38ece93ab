//! What these tests share: policies by a clock that stands still until somebody waits.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::{AnyError, FakeClock, GaveUp, Rules};

pub(super) fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub(super) fn ns(nanoseconds: u64) -> Duration {
    Duration::from_nanos(nanoseconds)
}

/// A nanosecond less.
pub(super) fn below(limit: Duration) -> Duration {
    limit.saturating_sub(ns(1))
}

/// The error of all attempts here.
pub(super) const BUSY: &str = "busy";

/// What became of a call all attempts of which fail.
pub(super) struct Failed {
    pub(super) error: GaveUp<&'static str>,
    pub(super) slept: Vec<Duration>,
    pub(super) elapsed: Duration,
}

/// Calls what always fails, after an attempt that takes this long.
pub(super) fn fails_after<R>(retry: Retry<R>, takes: Duration) -> Failed
where
    R: Rules<&'static str>,
{
    let clock = FakeClock::new();
    let error = retry.clock(clock.clone()).call(|| {
        clock.advance(takes);
        Err::<(), _>(BUSY)
    });
    Failed { error: error.unwrap_err(), slept: clock.slept(), elapsed: clock.elapsed() }
}

/// Calls what always fails at once.
pub(super) fn fails<R: Rules<&'static str>>(retry: Retry<R>) -> Failed {
    fails_after(retry, Duration::ZERO)
}

/// What a call waits that always fails.
pub(super) fn slept(retry: Retry<AnyError>) -> Vec<Duration> {
    fails(retry).slept
}

/// A call that fails this often, and then succeeds.
pub(super) fn fails_first(mut times: u32) -> impl FnMut() -> Result<&'static str, &'static str> {
    move || {
        if times == 0 {
            return Ok("here");
        }
        times -= 1;
        Err(BUSY)
    }
}
