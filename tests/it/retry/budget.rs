//! Budgets: who empties one, what refills it, and that no token is lost or made by threads.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use headwater::Retry;
use headwater::retry::{Budget, Cancel, FakeClock, Reason, Statistics};

use super::common::{BUSY, below, fails_first, s};

/// A policy that does not wait, and has more attempts than a budget has tokens.
fn spending(budget: &Budget) -> Retry {
    Retry::immediately().unlimited_attempts().unlimited_time().budget(budget)
}

fn attempts(retry: &Retry) -> u32 {
    let error = retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!(error.reason(), Reason::Budget);
    error.attempts()
}

fn succeed(retry: &Retry) {
    assert_eq!(retry.call(fails_first(0)).ok(), Some("here"));
}

#[test]
fn each_retry_takes_a_token_and_first_attempts_take_none() {
    let budget = Budget::new(3);
    let retry = spending(&budget);
    assert_eq!((attempts(&retry), budget.tokens()), (4, 0));
    assert_eq!((attempts(&retry), attempts(&retry)), (1, 1));
    assert_eq!(attempts(&spending(&Budget::new(0))), 1);
}

#[test]
fn a_retry_that_is_not_made_takes_none() {
    let budget = Budget::new(3);
    let retry = spending(&budget);
    let once = retry.clone().max_attempts(1).call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!((once.reason(), budget.tokens()), (Reason::Attempts, 3));
    let hopeless = retry.clone().when(|_: &&str| false).call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!((hopeless.reason(), budget.tokens()), (Reason::NotRetryable, 3));
    let cancel = Cancel::new();
    cancel.cancel();
    let cancelled = retry.clone().cancel(&cancel).call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!((cancelled.reason(), budget.tokens()), (Reason::Cancelled, 3));
    let late = retry.stop_before(s(0)).call(|| Err::<(), _>(BUSY)).unwrap_err();
    assert_eq!((late.reason(), budget.tokens()), (Reason::Time, 3));
}

#[test]
fn a_success_puts_back_a_tenth_unless_said_otherwise() {
    let budget = Budget::new(2);
    let retry = spending(&budget);
    assert_eq!(attempts(&retry), 3);
    for n in 1..=30 {
        retry.call(fails_first(0)).unwrap();
        assert_eq!(budget.tokens(), (n / 10).min(2), "and never more than it holds");
    }
    // A success after a retry is one as well.
    let budget = Budget::new(1).per_success(0.5);
    let retry = spending(&budget);
    retry.call(fails_first(1)).unwrap();
    assert_eq!(budget.tokens(), 0);
    retry.call(fails_first(0)).unwrap();
    assert_eq!(budget.tokens(), 1);
}

#[test]
fn rates_that_make_no_sense_put_back_nothing_or_all() {
    for rate in [f64::NAN, -1.0, f64::NEG_INFINITY, 0.0, 0.000_000_4] {
        let budget = Budget::new(1).per_success(rate).per_second(rate);
        let clock = FakeClock::new();
        let retry = spending(&budget).clock(clock.clone());
        assert_eq!(attempts(&retry), 2);
        for _ in 0..100 {
            retry.call(fails_first(0)).unwrap();
            clock.advance(s(1_000_000_000));
        }
        assert_eq!((attempts(&retry), budget.tokens()), (1, 0), "{rate}");
    }
    for rate in [f64::INFINITY, f64::MAX] {
        let budget = Budget::new(u32::MAX).per_success(rate).per_second(rate);
        let clock = FakeClock::new();
        let retry = spending(&budget).max_attempts(10).clock(clock.clone());
        retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
        assert_eq!(budget.tokens(), u32::MAX - 9);
        retry.call(fails_first(0)).unwrap();
        assert_eq!(budget.tokens(), u32::MAX);
        clock.advance(Duration::MAX);
        retry.call(fails_first(1)).unwrap();
        assert_eq!(budget.tokens(), u32::MAX);
    }
}

#[test]
fn time_puts_back_exactly_what_it_is_told() {
    let clock = FakeClock::new();
    let budget = Budget::new(10).per_success(0.0).per_second(0.5);
    let retry = spending(&budget).clock(clock.clone());
    // Full: the time before the first retry puts back nothing.
    clock.advance(s(1000));
    assert_eq!(attempts(&retry), 11);
    clock.advance(below(s(2)));
    assert_eq!(attempts(&retry), 1);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(attempts(&retry), 2);
    clock.advance(s(1000));
    assert_eq!(attempts(&retry), 11, "and never more than it holds");
}

/// What is less than a millionth of a token is not lost, however often it is looked at.
#[test]
fn no_part_of_a_token_is_lost_to_frequent_retries() {
    let clock = FakeClock::new();
    let budget = Budget::new(1).per_success(0.0).per_second(0.15);
    let retry = spending(&budget).clock(clock.clone());
    assert_eq!(attempts(&retry), 2);
    // Each time puts back ten millionths and a half.
    let retries_later = || {
        clock.advance(Duration::from_micros(70));
        attempts(&retry) - 1
    };
    assert_eq!((0..95_238).map(|_| retries_later()).sum::<u32>(), 0);
    assert_eq!(retries_later(), 1);
}

#[test]
fn threads_neither_lose_nor_make_a_token() {
    const TOKENS: u32 = 10_000;
    let budget = Budget::new(TOKENS).per_success(0.0);
    let (statistics, taken) = (Statistics::new(), AtomicU64::new(0));
    let retry = spending(&budget).statistics(&statistics);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    // Each takes as many as it gets, but not all at once.
                    let error = retry.clone().max_attempts(51).call(|| Err::<(), _>(BUSY));
                    taken.fetch_add(u64::from(error.unwrap_err().attempts()) - 1, Relaxed);
                }
            });
        }
    });
    assert_eq!((taken.into_inner(), budget.tokens()), (u64::from(TOKENS), 0));
    assert_eq!(statistics.retries(), u64::from(TOKENS));
}

#[test]
fn what_threads_put_back_is_put_back_exactly() {
    let budget = Budget::new(1_000).per_success(0.25);
    let retry = spending(&budget);
    assert_eq!(attempts(&retry), 1_001);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..500).for_each(|_| succeed(&retry)));
        }
    });
    assert_eq!(budget.tokens(), 500);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1_000).for_each(|_| succeed(&retry)));
        }
    });
    assert_eq!(budget.tokens(), 1_000, "it is full");
}

/// A storm: everything fails, in many calls that share a budget.
#[test]
fn where_everything_fails_retries_are_a_tenth_of_the_successes() {
    let (budget, statistics) = (Budget::new(20), Statistics::new());
    let retry = Retry::immediately().budget(&budget).statistics(&statistics);
    for _ in 0..1_000 {
        retry.call(fails_first(0)).unwrap();
    }
    for _ in 0..1_000 {
        retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
    }
    assert_eq!(statistics.retries(), 20, "full at first, and full after a thousand successes");
    for _ in 0..200 {
        retry.call(fails_first(0)).unwrap();
        retry.call(|| Err::<(), _>(BUSY)).unwrap_err();
    }
    assert_eq!(statistics.retries(), 20 + 20);
}

#[test]
fn clones_are_the_same_bucket_and_rates_go_with_each() {
    let budget = Budget::new(1).per_success(0.0);
    let generous = budget.clone().per_success(1.0);
    assert_eq!(attempts(&spending(&budget)), 2);
    spending(&budget).call(fails_first(0)).unwrap();
    assert_eq!(budget.tokens(), 0);
    spending(&generous).call(fails_first(0)).unwrap();
    assert_eq!(budget.tokens(), 1);
}
