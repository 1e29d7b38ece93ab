//! Backoffs: which delays they give, to the nanosecond, up to where a `Duration` ends.

use std::iter;
use std::time::Duration;

use headwater::Retry;
use headwater::retry::backoff::{
    exponential, exponential_by, fibonacci, fixed, linear, none, random, sum,
};
use headwater::retry::{Jitter, Reason};
use proptest::prelude::any;

use super::common::{below, fails, ms, ns, s, slept};
use crate::support::property;

const MAX: Duration = Duration::MAX;

#[track_caller]
fn gives(backoff: impl Iterator<Item = Duration>, delays: &[Duration]) {
    assert_eq!(backoff.take(delays.len()).collect::<Vec<_>>(), delays);
}

#[test]
fn each_backoff_gives_its_formula() {
    gives(none(), &[s(0); 3]);
    gives(fixed(ns(7)), &[ns(7); 3]);
    gives(linear(ms(500), ms(250)), &[500, 750, 1000, 1250, 1500].map(ms));
    gives(exponential(ns(1)), &[1, 2, 4, 8, 16, 32, 64, 128].map(ns));
    gives(exponential_by(ms(100), 1.5), &[100_000, 150_000, 225_000, 337_500, 506_250].map(us));
    gives(exponential_by(s(8), 0.5), &[8000, 4000, 2000, 1000, 500, 250, 125].map(ms));
    gives(fibonacci(ms(3)), &[3, 3, 6, 9, 15, 24, 39, 63].map(ms));
    gives(sum(fixed(s(3)), linear(s(0), s(1))), &[3, 4, 5, 6].map(s));
}

fn us(microseconds: u64) -> Duration {
    Duration::from_micros(microseconds)
}

#[test]
fn iterators_compose_backoffs() {
    gives(fixed(s(1)).take(2).chain(exponential(s(2))), &[1, 1, 2, 4, 8].map(s));
    gives(exponential(s(1)).map(|delay| delay.max(s(3))), &[3, 3, 4, 8].map(s));
    assert_eq!(sum([s(1)], fixed(s(2))).count(), 1);
    assert_eq!(sum(fixed(s(2)), [s(1); 2]).count(), 2);
    assert_eq!(sum(fixed(s(2)).take(3), none()).size_hint(), (3, Some(3)));
}

#[test]
fn any_iterator_of_durations_is_a_backoff_and_ends_the_attempts_where_it_ends() {
    for (retry, attempts) in [
        (Retry::new([]), 1),
        (Retry::new([s(1), s(2)]), 3),
        (Retry::new(vec![s(1)]), 2),
        (Retry::new(Some(s(1))), 2),
        (Retry::new(iter::repeat_n(s(1), 4)), 5),
        (Retry::new((1..4).map(s)), 4),
    ] {
        // Each call begins it anew.
        for _ in 0..2 {
            let failed = fails(retry.clone());
            assert_eq!(
                (failed.error.attempts(), failed.error.reason()),
                (attempts, Reason::Backoff)
            );
        }
    }
}

#[test]
fn none_of_them_goes_past_where_a_duration_ends() {
    gives(linear(below(MAX), ns(1)), &[below(MAX), MAX, MAX]);
    gives(linear(s(1), MAX), &[s(1), MAX, MAX]);
    gives(exponential(MAX / 2), &[MAX / 2, below(MAX), MAX, MAX]);
    gives(exponential(MAX), &[MAX; 3]);
    gives(exponential(s(0)), &[s(0); 3]);
    gives(fibonacci(MAX), &[MAX; 3]);
    gives(sum(fixed(MAX), fixed(ns(1))), &[MAX; 2]);
    assert_eq!(exponential(ns(1)).nth(100), Some(MAX));
    assert_eq!(fibonacci(ns(1)).nth(200), Some(MAX));
    assert_eq!(exponential_by(ns(1), 10.0).nth(400), Some(MAX));
}

#[test]
fn a_factor_that_makes_no_sense_is_0() {
    for factor in [f64::NAN, -1.0, f64::NEG_INFINITY, 0.0, -0.0] {
        gives(exponential_by(s(1), factor), &[s(1), s(0), s(0)]);
    }
    gives(exponential_by(s(1), f64::INFINITY), &[s(1), MAX, MAX]);
    gives(exponential_by(s(0), f64::INFINITY), &[s(0); 3]);
    gives(exponential_by(MAX, 1.0), &[MAX; 3]);
}

#[test]
fn delays_are_what_whole_numbers_give() {
    let max = MAX.as_nanos();
    let expected = |nanos: u128| nanos.min(max);
    let durations = (any::<Duration>(), any::<Duration>(), 0_u32..40);
    property::check(512, &durations, |(first, step, n)| {
        let (one, other) = (first.as_nanos(), step.as_nanos());
        let nth = |mut backoff: Box<dyn Iterator<Item = Duration>>| {
            backoff.nth(n as usize).unwrap().as_nanos()
        };
        assert_eq!(nth(Box::new(linear(first, step))), expected(one + other * u128::from(n)));
        let doubled = one.saturating_mul(1 << n);
        assert_eq!(nth(Box::new(exponential(first))), expected(doubled));
        let (mut a, mut b) = (one, one);
        for _ in 0..n {
            (a, b) = (b, a.saturating_add(b));
        }
        assert_eq!(nth(Box::new(fibonacci(first))), expected(a));
        assert_eq!(nth(Box::new(sum(fixed(first), fixed(step)))), expected(one + other));
    });
}

#[test]
fn a_power_of_two_by_factor_is_exact_within_a_month() {
    let firsts = (0_u64..=10_000_000_000_000, 0_usize..8);
    property::check(512, &firsts, |(nanos, n)| {
        assert_eq!(exponential_by(ns(nanos), 2.0).nth(n), exponential(ns(nanos)).nth(n));
    });
}

#[test]
fn random_delays_keep_to_their_range() {
    let ranges = (any::<Duration>(), any::<Duration>(), any::<Option<u64>>());
    property::check(256, &ranges, |(start, end, seed)| {
        for delay in random(start..=end, seed).take(20) {
            assert!(delay >= start && (delay <= end || end < start), "{delay:?}");
        }
    });
    gives(random(s(2)..=s(1), None), &[s(2); 5]);
    gives(random(MAX..=MAX, None), &[MAX; 5]);
}

#[test]
fn random_delays_are_the_same_for_ever_under_a_seed() {
    let delays = [1_278_292_450, 1_651_209_488, 1_333_142_647, 1_117_099_326];
    gives(random(s(1)..=s(2), Some(7)), &delays.map(ns));
    // Drawn at the first pull, so that clones of what was not pulled differ.
    let unseeded = random(s(0)..=s(3600), None);
    assert!(unseeded.clone().take(3).ne(unseeded.take(3)));
}

#[test]
fn delays_are_held_between_the_shortest_and_the_longest() {
    let retry = Retry::exponential(s(1)).max_attempts(7);
    assert_eq!(slept(retry.clone()), [1, 2, 4, 8, 16].map(s), "45 seconds are all there is");
    let retry = retry.unlimited_time();
    assert_eq!(slept(retry.clone()), [1, 2, 4, 8, 16, 32].map(s));
    assert_eq!(slept(retry.clone().max_delay(s(5))), [1, 2, 4, 5, 5, 5].map(s));
    assert_eq!(slept(retry.clone().min_delay(s(3)).max_delay(s(9))), [3, 3, 4, 8, 9, 9].map(s));
    assert_eq!(slept(retry.clone().max_delay(s(0))), [s(0); 6]);
    assert_eq!(slept(retry.clone().min_delay(s(9)).max_delay(s(5))), [s(9); 6]);
    let strewn = retry.jitter(Jitter::Full).min_delay(s(2)).seed(1);
    assert!(slept(strewn).iter().all(|&delay| delay >= s(2)));
}

#[test]
fn a_policy_shows_the_delays_it_would_wait() {
    let retry = Retry::exponential(s(1)).max_delay(s(5)).jitter(Jitter::Equal).seed(3);
    let shown: Vec<_> = retry.delays().take(9).collect();
    assert_eq!(slept(retry.unlimited_time()), shown);
    assert_eq!(Retry::new([s(1); 4]).delays().size_hint(), (4, Some(4)));
}

#[test]
fn the_default_is_stated() {
    let most = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000].map(ms);
    let delays = Retry::default().jitter(Jitter::None).delays();
    gives(delays, &most);
    for _ in 0..20 {
        let strewn = slept(Retry::default());
        assert_eq!(strewn.len(), 9, "ten attempts");
        assert!(strewn.iter().zip(&most).all(|(delay, most)| delay <= most));
    }
}
