//! Each stop, wait and retry rule of tenacity, against tables.
//!
//! The tables were computed from its formulas, and confirmed by tenacity 9.2.1 itself: its waits
//! called with each number of an attempt, its random numbers replaced by their least and their
//! greatest, its stops run by a clock that stands still until somebody sleeps.

use std::error::Error;
use std::io;
use std::time::Duration;

use headwater::Retry;
use headwater::retry::backoff::{exponential, exponential_by, fixed, linear, sum};
use headwater::retry::{Cancel, Failure, FakeClock, GaveUp, Jitter, Reason, Rejected};

use super::common::{BUSY, fails, fails_after, fails_first, ms, s};

/// Without limits, as in tenacity.
fn unlimited(retry: Retry) -> Retry {
    retry.unlimited_attempts().unlimited_time()
}

#[track_caller]
fn waits<const N: usize>(retry: &Retry, millis: [u64; N]) {
    assert_eq!(retry.delays().take(N).collect::<Vec<_>>(), millis.map(ms));
}

/// A jitter's least and greatest, in milliseconds, of as many seeds as it takes to come near them.
#[track_caller]
fn strews<const N: usize>(retry: &Retry, least: [u64; N], greatest: [u64; N]) {
    let seeded = |seed| retry.clone().seed(seed).delays().take(N).collect::<Vec<_>>();
    let all: Vec<_> = (0..400).map(seeded).collect();
    for n in 0..N {
        let (low, high) = (ms(least[n]), ms(greatest[n]));
        let drawn = || all.iter().map(|delays| delays[n]);
        assert!(drawn().all(|delay| delay >= low && delay <= high), "the delay {n}");
        let margin = high.abs_diff(low) / 20;
        assert!(drawn().min().unwrap() <= low + margin, "the delay {n}");
        assert!(drawn().max().unwrap() >= high.saturating_sub(margin), "the delay {n}");
    }
}

#[test]
fn wait_none_and_wait_fixed() {
    waits(&Retry::immediately(), [0; 8]);
    waits(&Retry::fixed(s(3)), [3000; 8]);
}

#[test]
fn wait_incrementing() {
    // (start=1, increment=2, max=6), its default, and (start=.5, increment=.25)
    let retry = Retry::linear(s(1), s(2)).max_delay(s(6));
    waits(&retry, [1000, 3000, 5000, 6000, 6000, 6000, 6000, 6000]);
    let default = Retry::linear(s(0), s(100));
    waits(&default, [0, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000]);
    let small = Retry::linear(ms(500), ms(250));
    waits(&small, [500, 750, 1000, 1250, 1500, 1750, 2000, 2250]);
}

#[test]
fn wait_exponential() {
    waits(&Retry::exponential(s(1)), [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000]);
    // multiplier=.1, max=5
    let retry = Retry::exponential(ms(100)).max_delay(s(5));
    waits(&retry, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    // exp_base=3, min=4, max=60
    let retry = Retry::new(exponential_by(s(1), 3.0)).min_delay(s(4)).max_delay(s(60));
    waits(&retry, [4000, 4000, 9000, 27_000, 60_000, 60_000, 60_000, 60_000]);
    // multiplier=8, exp_base=.5
    let shrinking = Retry::new(exponential_by(s(8), 0.5));
    waits(&shrinking, [8000, 4000, 2000, 1000, 500, 250, 125]);
    // Attempt 5,000, whose power is no float any more, and a min above the max.
    assert_eq!(Retry::exponential(s(1)).max_delay(s(60)).delays().nth(4999), Some(s(60)));
    waits(&Retry::exponential(s(1)).min_delay(s(70)).max_delay(s(60)), [70_000; 8]);
}

#[test]
fn wait_random() {
    // (min=1, max=3)
    let retry = Retry::random(s(1)..=s(3));
    strews(&retry, [1000; 8], [3000; 8]);
}

#[test]
fn wait_random_exponential_which_is_wait_full_jitter() {
    let retry = Retry::exponential(s(1)).max_delay(s(10)).jitter(Jitter::Full);
    strews(&retry, [0; 8], [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
    // With min=2 tenacity draws from 2 on; here the draw is held above it.
    let retry = retry.min_delay(s(2));
    strews(&retry, [2000; 8], [2000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
}

#[test]
fn wait_exponential_jitter() {
    // (max=10, jitter=1), and min=3
    let retry = Retry::exponential(s(1)).max_delay(s(10)).jitter(Jitter::Additive(s(1)));
    let least = [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000];
    strews(&retry, least, [2000, 3000, 5000, 9000, 10_000, 10_000, 10_000, 10_000]);
    let least = [3000, 3000, 4000, 8000, 10_000, 10_000, 10_000, 10_000];
    let retry = retry.min_delay(s(3));
    strews(&retry, least, [3000, 3000, 5000, 9000, 10_000, 10_000, 10_000, 10_000]);
}

#[test]
fn wait_chain_and_wait_combine() {
    // wait_chain(wait_fixed(1), wait_fixed(1), wait_exponential(multiplier=2)): the last one counts
    // the attempts before it.
    let chained = fixed(s(1)).take(2).chain(exponential(s(2)).skip(2));
    waits(&Retry::new(chained), [1000, 1000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000]);
    // wait_fixed(3) + wait_exponential()
    let combined = sum(fixed(s(3)), exponential(s(1)));
    waits(&Retry::new(combined), [4000, 5000, 7000, 11_000, 19_000, 35_000, 67_000, 131_000]);
    // sum([wait_fixed(3), wait_incrementing(0, 1), wait_exponential(max=4)])
    let capped = exponential(s(1)).map(|delay| delay.min(s(4)));
    let summed = sum(sum(fixed(s(3)), linear(s(0), s(1))), capped);
    waits(&Retry::new(summed), [4000, 6000, 9000, 10_000, 11_000, 12_000, 13_000, 14_000]);
}

#[test]
fn wait_exception() {
    let clock = FakeClock::new();
    let retry = unlimited(Retry::immediately())
        .max_attempts(4)
        .max_hint(Duration::MAX)
        .hint(|seconds: &u64| Some(s(*seconds)))
        .clock(clock.clone());
    let mut errors = [9, 1, 600, 1].into_iter();
    retry.call(|| Err::<(), _>(errors.next().unwrap())).unwrap_err();
    assert_eq!(clock.slept(), [9, 1, 600].map(s));
}

#[track_caller]
fn stops(retry: Retry, takes: Duration, attempts: u32, idle: u64, elapsed: u64) {
    let failed = fails_after(retry, takes);
    let (error, idle, elapsed) = (failed.error, s(idle), s(elapsed));
    assert_eq!((error.attempts(), error.idle(), error.elapsed()), (attempts, idle, elapsed));
    assert_eq!(failed.slept.iter().sum::<Duration>(), idle);
}

#[test]
fn stop_after_attempt() {
    for n in 1..=3 {
        let retry = Retry::fixed(s(1)).unlimited_time().max_attempts(n);
        stops(retry.stop_after(s(1000)), s(0), n, u64::from(n) - 1, u64::from(n) - 1);
    }
}

#[test]
fn stop_after_delay_and_stop_before_delay() {
    let retry = unlimited(Retry::fixed(s(4)));
    let (after, before) =
        (|limit| retry.clone().stop_after(s(limit)), |limit| retry.clone().stop_before(s(limit)));
    for (retry, takes, attempts, idle, elapsed) in [
        (after(10), 0, 4, 12, 12),
        (after(8), 0, 3, 8, 8),
        (after(10), 1, 3, 8, 11),
        (after(0), 0, 1, 0, 0),
        (before(10), 0, 3, 8, 8),
        (before(8), 0, 2, 4, 4),
        (before(12), 0, 3, 8, 8),
        (before(10), 1, 2, 4, 6),
        (before(0), 0, 1, 0, 0),
    ] {
        stops(retry, s(takes), attempts, idle, elapsed);
    }
}

#[test]
fn stop_any_and_stop_all() {
    // stop_after_attempt(3) | stop_after_delay(5), stop_after_attempt(9) | stop_before_delay(8)
    let retry = Retry::exponential(s(1));
    stops(retry.clone().max_attempts(3).stop_after(s(5)), s(0), 3, 3, 3);
    stops(retry.clone().max_attempts(9).stop_before(s(8)), s(0), 4, 7, 7);
    // stop_after_attempt(2) & stop_after_delay(5)
    let both = unlimited(retry).stop_when(|failure: &Failure<'_, &str>| {
        failure.attempt() >= 2 && failure.elapsed() >= s(5)
    });
    assert_eq!(fails(both).elapsed, s(7));
}

#[test]
fn stop_never_and_stop_when_event_set() {
    let cancel = Cancel::new();
    let retry = unlimited(Retry::fixed(s(1))).cancel(&cancel).clock(FakeClock::new());
    let mut made = 0;
    let error = retry.call(|| {
        made += 1;
        if made == 10_000 {
            cancel.cancel();
        }
        Err::<(), _>(BUSY)
    });
    let error = error.unwrap_err();
    assert_eq!((error.attempts(), error.reason()), (10_000, Reason::Cancelled));
}

/// How often it is tried to read a file that is not there.
fn attempts_to_read(retry: &Retry<headwater::retry::On<io::Error>>) -> u32 {
    retry.call(|| std::fs::read("no such file")).unwrap_err().attempts()
}

#[test]
fn retry_if_exception_and_its_kin() {
    let retry = Retry::immediately().max_attempts(3);
    let not_found = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    // retry_if_exception, retry_if_exception_type, and their opposites
    assert_eq!(attempts_to_read(&retry.clone().when(not_found)), 3);
    assert_eq!(attempts_to_read(&retry.clone().when(move |error| !not_found(error))), 1);
    // retry_if_exception_message, and retry_any, retry_all
    let message = |error: &io::Error| error.to_string().contains("No such file");
    assert_eq!(attempts_to_read(&retry.clone().when(message)), 3);
    assert_eq!(attempts_to_read(&retry.clone().when(move |e| message(e) && !not_found(e))), 1);
    assert_eq!(attempts_to_read(&retry.clone().when(move |e| message(e) || !not_found(e))), 3);
    // retry_always, retry_never
    assert_eq!(fails(retry.clone()).error.attempts(), 3);
    assert_eq!(fails(retry.clone().when(|_: &&str| false)).error.attempts(), 1);
    // retry_if_exception_cause_type
    let by_cause = retry.when(|error: &headwater::Error| {
        std::iter::successors(error.source(), |&cause| cause.source())
            .any(<dyn Error>::is::<io::Error>)
    });
    let error = by_cause.call(|| headwater::lines("no such file").map(drop)).unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[test]
fn retry_if_result_and_its_kin() {
    let retry = Retry::immediately().max_attempts(9);
    let counts = || {
        let mut number = 0;
        move || {
            number += 1;
            if number < 5 { Ok(number) } else { Err(number) }
        }
    };
    // retry_if_result(lambda n: n < 3), retry_if_not_result(lambda n: n >= 3)
    assert_eq!(retry.call_until(|n| *n >= 3, counts()).ok(), Some(3));
    // retry_unless_exception_type(E): successes and other exceptions are tried again, until it comes.
    for until in [5, 7] {
        let retry = retry.clone().when(move |error: &i32| *error != until);
        let unless = retry.call_until(|_| false, counts()).unwrap_err();
        let attempts = u32::try_from(until).unwrap();
        assert_eq!((unless.attempts(), unless.into_cause()), (attempts, Rejected::Error(until)));
    }
}

#[test]
fn try_again() {
    // Past the predicate: what says so is a value, which is not accepted.
    let mut answers = [Ok(None), Ok(None), Ok(Some(7))].into_iter();
    let retry = Retry::immediately().when(|_: &&str| false);
    let got = retry.call_until(Option::is_some, || answers.next().unwrap());
    assert_eq!(got.ok(), Some(Some(7)));
}

#[test]
fn retry_error_callback_and_reraise() {
    let retry = Retry::immediately().max_attempts(2);
    // retry_error_callback: its value is the result
    let instead = retry.call(fails_first(9)).unwrap_or_else(|gave_up| *gave_up.cause());
    assert_eq!(instead, BUSY);
    // reraise=True: the last error itself
    let raised = retry.call(fails_first(9)).map_err(GaveUp::into_cause);
    assert_eq!(raised, Err(BUSY));
}
