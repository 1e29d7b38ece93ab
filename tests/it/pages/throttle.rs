//! Fetches that keep within a rate, by a clock that nobody waits for.

use std::num::NonZeroU32;
use std::time::Duration;

use headwater::Retry;
use headwater::pages::{Throttle, pages};
use headwater::retry::FakeClock;

use super::server::Server;

fn calls(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

const SECOND: Duration = Duration::from_secs(1);

/// When each of twelve calls is allowed, by counting tokens, where each call takes some time.
fn oracle(every: Duration, burst: u32, taken: Duration) -> Vec<Duration> {
    let (mut now, mut full_at) = (Duration::ZERO, Duration::ZERO);
    let mut allowed = Vec::new();
    for _ in 0..12 {
        // A bucket is full at some time; each call makes that later.
        let earliest = full_at.saturating_sub(every * (burst - 1));
        now = now.max(earliest);
        full_at = full_at.max(now) + every;
        allowed.push(now);
        now += taken;
    }
    allowed
}

#[test]
fn calls_are_allowed_when_they_should_be() {
    for (rate, per) in [(1, SECOND), (10, SECOND), (2, 7 * SECOND), (5, 3600 * SECOND)] {
        for burst in [1, 2, 5, 20] {
            for taken in [Duration::ZERO, SECOND / 8, 2 * SECOND] {
                let clock = FakeClock::new();
                let throttle = Throttle::new(calls(rate), per).burst(calls(burst));
                let throttle = throttle.clock(clock.clone());
                let mut allowed = Vec::new();
                for _ in 0..12 {
                    throttle.wait();
                    allowed.push(clock.elapsed());
                    clock.advance(taken);
                }
                assert_eq!(allowed, oracle(per / rate, burst, taken), "{rate} {per:?} {burst}");
            }
        }
    }
}

#[test]
fn sources_that_share_a_throttle_keep_within_one_rate() {
    let clock = FakeClock::new();
    let throttle = Throttle::new(calls(2), SECOND).clock(clock.clone());
    let server = Server::new([3; 4]);
    let feed = || {
        let server = server.clone();
        pages(1, move |number| server.answer(number)).throttle(throttle.clone())
    };
    let pulled = feed().items().zip(feed().items()).filter(|(a, b)| a.is_ok() && b.is_ok());
    assert_eq!(pulled.count(), 12);
    // Eight calls, the first of them at once.
    assert_eq!(clock.elapsed(), SECOND * 7 / 2);
}

#[test]
fn each_attempt_waits_where_the_policy_comes_after() {
    let clock = FakeClock::new();
    for (is_after, elapsed) in [(true, 5), (false, 2)] {
        let start = clock.elapsed();
        let throttle = Throttle::new(calls(1), SECOND).clock(clock.clone());
        let server = Server::failing([1; 3], [0, 2, 4]);
        let retry = Retry::immediately().clock(clock.clone());
        let clone = server.clone();
        let feed = pages(1, move |number| clone.answer(number));
        let given = if is_after {
            feed.throttle(throttle).retry(retry).items().filter_map(Result::ok).count()
        } else {
            feed.retry(retry).throttle(throttle).items().filter_map(Result::ok).count()
        };
        assert_eq!((given, server.requests().len()), (3, 6));
        assert_eq!(clock.elapsed(), start + elapsed * SECOND);
    }
}

#[test]
fn no_rate_is_too_much_for_it() {
    let clock = FakeClock::new();
    for (rate, per) in [(1, Duration::ZERO), (u32::MAX, SECOND), (1, Duration::MAX)] {
        for burst in [1, u32::MAX] {
            let throttle = Throttle::new(calls(rate), per).burst(calls(burst));
            let throttle = throttle.clock(clock.clone());
            throttle.wait();
            if per < Duration::MAX {
                (0..9).for_each(|_| throttle.wait());
                assert!(clock.elapsed() < SECOND);
            }
        }
    }
}

#[test]
fn the_rate_is_printed() {
    let throttle = Throttle::new(calls(4), SECOND).burst(calls(3));
    assert_eq!(format!("{throttle:?}"), "Throttle { every: 250ms, burst: 3, .. }");
}

#[cfg(feature = "async")]
#[test]
fn streams_wait_as_iterators_do() {
    use crate::support::polls::poll_once;
    use futures::StreamExt;
    use futures::executor::block_on;
    use headwater::stream;

    let clock = FakeClock::new();
    let throttle = Throttle::new(calls(1), SECOND).clock(clock.clone());
    let server = Server::failing([2; 3], [0, 2, 4]);
    let fetch = async |number| server.answer(number);
    let feed = stream::pages(1, fetch).throttle(throttle).retry(Retry::immediately());
    assert_eq!(block_on(feed.items().map(Result::unwrap).collect::<Vec<_>>()), server.items());
    assert_eq!(clock.elapsed(), 5 * SECOND);

    let throttle = Throttle::new(calls(1), SECOND).clock(FakeClock::new());
    throttle.wait();
    drop(throttle.wait_async());
    assert!(poll_once(throttle.wait_async()).is_ready());
}
