//! What the other side asks to wait for: never shorter, never past a limit, never for ever.

use std::time::Duration;

use headwater::Retry;
use headwater::retry::{FakeClock, Jitter, On, Reason};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::any;

use super::common::{below, fails, ms, ns, s};
use crate::support::property;

type Hint = Option<Duration>;

fn hinted(retry: Retry) -> Retry<On<Hint>> {
    retry.hint(|hint: &Hint| *hint)
}

/// What is waited where attempts fail with these hints.
fn slept(retry: &Retry<On<Hint>>, hints: &[Hint]) -> (Reason, Vec<Duration>) {
    let clock = FakeClock::new();
    let mut hints = hints.iter();
    let error = retry.clone().clock(clock.clone()).call(|| Err::<(), _>(*hints.next().unwrap()));
    (error.unwrap_err().reason(), clock.slept())
}

#[test]
fn a_hint_stretches_a_delay_and_never_shortens_it() {
    let retry = hinted(Retry::fixed(s(5)).unlimited_time()).max_attempts(7).max_hint(s(30));
    let hints = [None, Some(s(0)), Some(ns(1)), Some(s(5)), Some(s(5) + ns(1)), Some(s(31)), None];
    let waited = [s(5), s(5), s(5), s(5), s(5) + ns(1), s(30)];
    assert_eq!(slept(&retry, &hints), (Reason::Attempts, waited.to_vec()));
}

#[test]
fn a_huge_hint_is_held_below_its_limit() {
    let huge = Some(s(99_999_999));
    let retry = hinted(Retry::fixed(s(1)).unlimited_time()).max_attempts(3);
    assert_eq!(slept(&retry, &[huge; 3]).1, [s(60); 2], "the default");
    assert_eq!(slept(&retry.clone().max_hint(s(0)), &[huge; 3]).1, [s(1); 2]);
    // A delay longer than any hint may be stays as it is.
    let slow = hinted(Retry::fixed(s(90)).unlimited_time()).max_attempts(2);
    assert_eq!(slept(&slow, &[huge; 2]).1, [s(90)]);
    let most = retry.max_hint(Duration::MAX);
    assert_eq!(slept(&most, &[Some(Duration::MAX); 3]).1, [Duration::MAX; 2]);
}

#[test]
fn a_hint_past_the_limit_of_time_gives_up_at_once() {
    let retry = hinted(Retry::fixed(s(1)).stop_before(s(10)));
    assert_eq!(slept(&retry, &[Some(s(10))]), (Reason::Time, vec![]));
    let just = Some(below(s(10)));
    assert_eq!(slept(&retry, &[just; 2]), (Reason::Time, vec![below(s(10))]));
}

/// The crate `backoff` is retried for ever by a server that always sends one.
#[test]
fn a_hint_that_always_comes_ends_as_all_do() {
    let always = vec![Some(s(1)); 100];
    let attempts = hinted(Retry::immediately().unlimited_time()).max_attempts(50);
    assert_eq!(slept(&attempts, &always), (Reason::Attempts, vec![s(1); 49]));
    let time = hinted(Retry::immediately()).unlimited_attempts();
    assert_eq!(slept(&time, &always), (Reason::Time, vec![s(1); 44]));
    let backoff = hinted(Retry::new([s(0); 3]));
    assert_eq!(slept(&backoff, &always), (Reason::Backoff, vec![s(1); 3]));
}

#[test]
fn the_longest_delay_does_not_hold_a_hint_but_its_own_limit_does() {
    let retry = hinted(Retry::exponential(s(1)).max_delay(s(2)).unlimited_time()).max_attempts(3);
    assert_eq!(slept(&retry, &[Some(s(9)); 3]).1, [s(9); 2]);
}

#[test]
fn a_hint_is_not_asked_of_what_is_not_tried_again() {
    let retry = Retry::immediately().when(|_: &Hint| false).hint(|_| panic!("nobody waits for it"));
    assert_eq!(retry.call(|| Err::<(), _>(None)).unwrap_err().reason(), Reason::NotRetryable);
}

/// tenacity's `wait_exception`: the error alone says how long.
#[test]
fn without_a_backoff_the_hint_is_the_delay() {
    let clock = FakeClock::new();
    let retry = Retry::immediately()
        .max_attempts(4)
        .hint(|millis: &u64| Some(ms(*millis)))
        .clock(clock.clone());
    let mut errors = [30, 10, 20, 0].into_iter();
    retry.call(|| Err::<(), _>(errors.next().unwrap())).unwrap_err();
    assert_eq!(clock.slept(), [30, 10, 20].map(ms));
}

#[test]
fn hints_hold_to_their_bounds_whatever_they_are() {
    let values = (
        vec(option::of(any::<Duration>()), 12),
        (any::<Duration>(), any::<Duration>()),
        (0_u64..1_000_000, any::<u64>()),
    );
    property::check(1000, &values, |(hints, (first, most), (limit, seed))| {
        let retry = Retry::exponential(first).jitter(Jitter::Equal).seed(seed);
        let plain: Vec<_> = retry.delays().take(11).collect();
        let retry = hinted(retry.stop_before(s(limit))).max_attempts(12).max_hint(most);
        let (_, slept) = slept(&retry, &hints);
        for ((slept, plain), hint) in slept.iter().zip(plain).zip(hints) {
            assert_eq!(*slept, plain.max(hint.unwrap_or_default().min(most)));
        }
        assert!(slept.iter().sum::<Duration>() < s(limit).max(ns(1)));
    });
}

#[test]
fn policies_without_hints_do_not_know_any() {
    assert_eq!(fails(Retry::fixed(s(1)).max_attempts(2)).slept, [s(1)]);
}
