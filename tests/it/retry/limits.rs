//! Limits of attempts and of time, to the nanosecond.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::{AnyError, Failure, FakeClock, Reason};
use proptest::collection::vec;
use proptest::prelude::any;

use super::common::{BUSY, below, fails, fails_after, fails_first, ms, ns, s};
use super::jitter::any_jitter;
use crate::support::property;

#[track_caller]
fn ends(retry: Retry, takes: Duration, attempts: u32, reason: Reason) {
    let failed = fails_after(retry, takes);
    assert_eq!((failed.error.attempts(), failed.error.reason()), (attempts, reason));
}

#[test]
fn attempts_are_counted_with_the_first() {
    let retry = Retry::fixed(ms(1));
    for (limit, attempts) in [(0, 1), (1, 1), (2, 2), (3, 3), (100, 100)] {
        ends(retry.clone().max_attempts(limit), s(0), attempts, Reason::Attempts);
    }
    ends(retry.clone(), s(0), 10, Reason::Attempts);
    ends(Retry::new([s(1); 2]).max_attempts(u32::MAX), s(0), 3, Reason::Backoff);
    // Up to 45 seconds, and not one millisecond more.
    ends(retry.unlimited_attempts(), s(0), 45_000, Reason::Time);
}

#[test]
fn no_wait_ends_at_its_limit_or_later() {
    let retry = Retry::fixed(s(4)).unlimited_attempts();
    let before = |limit| retry.clone().stop_before(limit);
    for (limit, attempts) in [
        (s(0), 1),
        (below(s(4)), 1),
        (s(4), 1),
        (s(4) + ns(1), 2),
        (s(8), 2),
        (s(8) + ns(1), 3),
        (s(12), 3),
    ] {
        ends(before(limit), s(0), attempts, Reason::Time);
    }
    // The time of attempts counts.
    ends(before(s(10)), s(1), 2, Reason::Time);
    ends(before(s(10) + ns(1)), s(1), 3, Reason::Time);
    ends(before(s(5)), s(100), 1, Reason::Time);
    ends(Retry::immediately().stop_before(s(0)), s(0), 1, Reason::Time);
}

#[test]
fn no_attempt_is_made_after_one_that_failed_at_its_limit_or_later() {
    let retry = Retry::fixed(s(4)).unlimited_attempts();
    let after = |limit| retry.clone().stop_after(limit);
    for (limit, attempts) in
        [(s(0), 1), (ns(1), 2), (s(4), 2), (s(4) + ns(1), 3), (s(8), 3), (s(8) + ns(1), 4)]
    {
        ends(after(limit), s(0), attempts, Reason::Time);
    }
    ends(after(s(6)), s(1), 2, Reason::Time);
    ends(after(s(6) + ns(1)), s(1), 3, Reason::Time);
    assert_eq!(fails(after(s(9))).elapsed, s(12), "it may go past it");
}

#[test]
fn a_limit_of_time_replaces_the_default_and_no_other() {
    let retry = Retry::fixed(s(10)).max_attempts(20);
    ends(retry.clone(), s(0), 5, Reason::Time);
    ends(retry.clone().stop_after(s(100)), s(0), 11, Reason::Time);
    ends(retry.clone().stop_before(s(100)), s(0), 10, Reason::Time);
    let both = retry.clone().stop_before(s(100)).stop_after(s(300));
    ends(both, s(0), 10, Reason::Time);
    let both = retry.clone().stop_after(s(30)).stop_before(s(100));
    ends(both, s(0), 4, Reason::Time);
    ends(retry.clone().stop_after(s(30)).unlimited_time(), s(0), 20, Reason::Attempts);
    ends(retry.unlimited_time().stop_after(s(30)), s(0), 4, Reason::Time);
}

#[test]
fn the_ends_of_a_duration_are_limits_like_others() {
    let max = Duration::MAX;
    let retry = Retry::fixed(s(1)).max_attempts(3);
    ends(retry.clone().stop_before(max), s(0), 3, Reason::Attempts);
    ends(retry.clone().stop_after(max), max, 3, Reason::Attempts);
    // Nothing can be waited for as long as there is time.
    ends(Retry::fixed(max).stop_before(max), s(0), 1, Reason::Time);
    ends(Retry::fixed(max).unlimited_time().max_attempts(3), max, 3, Reason::Attempts);
    let failed = fails_after(Retry::fixed(max).unlimited_time().max_attempts(4), max);
    assert_eq!((failed.slept, failed.error.idle()), (vec![max; 3], max));
}

#[test]
fn time_is_counted_for_each_call_anew() {
    let clock = FakeClock::new();
    let retry = Retry::fixed(s(4)).stop_before(s(10)).clock(clock.clone());
    for _ in 0..3 {
        clock.advance(s(1000));
        assert_eq!(retry.call(|| Err::<(), _>(BUSY)).unwrap_err().attempts(), 3);
    }
}

#[test]
fn nothing_is_waited_past_the_limit_of_time() {
    let values = (
        vec(any::<u16>(), 0..20),
        vec(0_u64..500, 20),
        (1_u64..20_000, any_jitter(), any::<u64>()),
    );
    property::check(2000, &values, |(backoff, takes, (limit, jitter, seed))| {
        let clock = FakeClock::new();
        let retry =
            Retry::new(backoff.into_iter().map(|delay| ms(delay.into())).collect::<Vec<_>>())
                .jitter(jitter)
                .seed(seed)
                .stop_before(ms(limit))
                .unlimited_attempts()
                .clock(clock.clone());
        let (mut takes, mut begun) = (takes.into_iter().cycle(), vec![]);
        let error = retry.call(|| {
            begun.push(clock.elapsed());
            clock.advance(ms(takes.next().unwrap()));
            Err::<(), _>(BUSY)
        });
        let error = error.unwrap_err();
        // The first attempt is made whatever the limit is; each later one begins within it.
        assert!(begun[1..].iter().all(|&begun| begun < ms(limit)));
        assert_eq!(error.attempts() as usize, begun.len());
        assert_eq!(error.elapsed(), clock.elapsed());
        assert_eq!(error.idle(), clock.slept().iter().sum());
        assert!(error.idle() <= error.elapsed());
    });
}

#[test]
fn a_rule_of_ones_own_stops_it() {
    let retry = Retry::fixed(s(1)).unlimited_time().unlimited_attempts();
    let both = retry.clone().stop_when(|failure: &Failure<'_, &str>| {
        failure.attempt() >= 3 && failure.elapsed() >= s(10)
    });
    let failed = fails_after(both.clone(), s(1));
    assert_eq!((failed.error.attempts(), failed.error.reason()), (6, Reason::Stopped));
    // The first attempt counts, as it does with limits of time.
    assert_eq!(fails_after(both, s(10)).error.attempts(), 3);
    let never = retry.max_attempts(2).stop_when(|_: &Failure<'_, &str>| false);
    assert_eq!(fails(never).error.reason(), Reason::Attempts);
}

#[test]
fn what_is_switched_off_calls_once_and_waits_for_nothing() {
    let retry = Retry::default().enabled(false);
    let failed = fails(retry.clone());
    assert_eq!((failed.error.attempts(), failed.slept), (1, vec![]));
    assert_eq!(retry.call(fails_first(0)).ok(), Some("here"));
    let on_again = fails(retry.enabled(true));
    assert_eq!(on_again.error.attempts(), 10);
}

#[test]
fn a_call_may_have_a_policy_of_its_own() {
    let retry = Retry::fixed(s(1)).max_attempts(5);
    assert_eq!(fails(retry.clone().max_attempts(2)).error.attempts(), 2);
    let slower: Retry<AnyError> = retry.clone().min_delay(s(3));
    assert_eq!(fails(slower).slept, [s(3); 4]);
    assert_eq!(fails(retry).slept, [s(1); 4], "it is what it was");
}
