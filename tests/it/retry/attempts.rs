//! Loops over attempts: how each way out of one ends it.

use headwater::Retry;
use headwater::retry::{Attempts, Budget, FakeClock, GaveUp, Reason, Statistics};

use super::common::{BUSY, ms, s};
use crate::support::caught::panic_of;

type Finished = Result<(), GaveUp<&'static str>>;

fn end_of(finished: Finished) -> Option<(u32, Reason)> {
    finished.err().map(|error| (error.attempts(), error.reason()))
}

/// A policy, and what it counts.
fn counted(retry: Retry) -> (Retry, FakeClock, Statistics) {
    let (clock, statistics) = (FakeClock::new(), Statistics::new());
    (retry.clock(clock.clone()).statistics(&statistics), clock, statistics)
}

fn counts(statistics: &Statistics) -> (u64, u64, u64) {
    (statistics.successes(), statistics.failures(), statistics.gave_up())
}

#[test]
fn it_goes_on_after_failures_and_waits_between() {
    let (retry, clock, statistics) = counted(Retry::exponential(s(1)).max_attempts(4));
    let mut numbers = vec![];
    let attempts = retry.attempts();
    for attempt in &attempts {
        numbers.push((attempt.number(), clock.elapsed()));
        attempt.failed(BUSY);
    }
    assert_eq!(numbers, [(1, s(0)), (2, s(1)), (3, s(3)), (4, s(7))]);
    assert_eq!(end_of(attempts.finish()), Some((4, Reason::Attempts)));
    assert_eq!(counts(&statistics), (0, 4, 1));
}

#[test]
fn it_ends_after_an_attempt_of_which_nothing_is_told() {
    let (retry, clock, statistics) = counted(Retry::fixed(s(1)));
    let mut made = 0;
    let attempts = retry.attempts();
    for attempt in &attempts {
        made += 1;
        if attempt.number() < 3 {
            attempt.failed(BUSY);
        }
    }
    assert_eq!((made, end_of(attempts.finish()), clock.elapsed()), (3, None, s(2)));
    assert_eq!(counts(&statistics), (1, 2, 0));
}

#[test]
fn a_return_is_a_success_unless_the_attempt_failed() {
    fn leave(retry: &Retry, told: bool) -> u32 {
        for attempt in &retry.attempts() {
            let number = attempt.number();
            if told {
                attempt.failed(BUSY);
            }
            if number == 1 {
                return number;
            }
        }
        0
    }
    let (retry, clock, statistics) = counted(Retry::fixed(s(1)));
    assert_eq!((leave(&retry, false), counts(&statistics)), (1, (1, 0, 0)));
    assert_eq!((leave(&retry, true), counts(&statistics)), (1, (1, 1, 1)));
    assert!(clock.slept().is_empty());
}

#[test]
fn a_break_ends_it_as_it_stands() {
    let (retry, _, statistics) = counted(Retry::fixed(s(1)));
    let attempts = retry.attempts::<&str>();
    for attempt in &attempts {
        if attempt.number() == 1 {
            break;
        }
    }
    assert_eq!((end_of(attempts.finish()), counts(&statistics)), (None, (1, 0, 0)));

    let attempts = retry.attempts();
    for attempt in &attempts {
        let number = attempt.number();
        attempt.failed(BUSY);
        if number == 1 {
            break;
        }
    }
    let error = attempts.finish().unwrap_err();
    assert_eq!((error.attempts(), error.reason(), error.idle()), (1, Reason::Left, s(0)));
    assert_eq!(counts(&statistics), (1, 1, 1));
}

#[test]
fn a_loop_that_was_never_begun_is_nothing() {
    let (retry, _, statistics) = counted(Retry::fixed(s(1)));
    assert!(retry.attempts::<&str>().finish().is_ok());
    drop(retry.attempts::<&str>());
    assert_eq!(counts(&statistics), (0, 0, 0));
}

#[test]
fn a_panic_passes_and_is_no_success() {
    let (retry, _, statistics) = counted(Retry::fixed(s(1)));
    let panics = |retry: &Retry| {
        for attempt in &retry.attempts() {
            match attempt.number() {
                1 => attempt.failed(BUSY),
                _ => panic!("no attempt is made again after this"),
            }
        }
    };
    assert_eq!(panic_of(|| panics(&retry)), "no attempt is made again after this");
    assert_eq!(counts(&statistics), (0, 1, 0));
}

#[test]
fn record_tells_what_an_attempt_ended_with() {
    let (retry, _, statistics) = counted(Retry::immediately());
    let attempts = retry.attempts();
    let mut answers = [Err(BUSY), Err(BUSY), Ok(7)].into_iter();
    let mut got = None;
    for attempt in &attempts {
        got = attempt.record(answers.next().unwrap());
    }
    assert_eq!((got, counts(&statistics)), (Some(7), (1, 2, 0)));
    assert!(attempts.finish().is_ok());
    assert_eq!(counts(&statistics), (1, 2, 0), "and it is counted once");
}

#[test]
fn rules_decide_as_they_do_of_calls() {
    let (retry, _, statistics) = counted(Retry::immediately());
    let retry = retry.when(|error: &&str| *error == BUSY);
    let attempts = retry.attempts();
    for attempt in &attempts {
        let error = if attempt.number() == 1 { BUSY } else { "gone" };
        attempt.failed(error);
    }
    let error = attempts.finish().unwrap_err();
    assert_eq!((*error.cause(), error.reason()), ("gone", Reason::NotRetryable));
    assert_eq!(counts(&statistics), (0, 2, 1));
}

#[test]
fn once_it_is_over_it_stays_over() {
    let retry = Retry::immediately().max_attempts(1);
    let attempts = retry.attempts();
    (&attempts).next().unwrap().failed(BUSY);
    for _ in 0..3 {
        assert!((&attempts).next().is_none());
    }
    assert_eq!(end_of(attempts.finish()), Some((1, Reason::Attempts)));

    let attempts: Attempts<'_, &str> = retry.attempts();
    assert!((&attempts).next().is_some() && (&attempts).next().is_none());
    assert!((&attempts).next().is_none() && attempts.finish().is_ok());
}

#[test]
fn the_time_that_is_left_is_that_of_the_next_attempt() {
    let (retry, clock, _) = counted(Retry::fixed(s(3)).stop_before(s(10)));
    let mut left = vec![];
    let attempts = retry.attempts();
    for attempt in &attempts {
        clock.advance(ms(500));
        left.push(attempt.remaining().unwrap());
        attempt.failed(BUSY);
    }
    assert_eq!(left, [9_500, 6_000, 2_500].map(ms));
    assert_eq!(end_of(attempts.finish()), Some((3, Reason::Time)));
    let (timeless, clock, _) = counted(Retry::fixed(s(3)).stop_after(s(9)));
    for attempt in &timeless.attempts::<&str>() {
        assert_eq!(attempt.remaining(), None);
    }
    let (late, _, _) = counted(Retry::fixed(s(3)).stop_before(s(1)));
    for attempt in &late.attempts::<&str>() {
        drop(clock.clone());
        assert_eq!(attempt.remaining(), Some(s(1)));
    }
}

#[test]
fn budgets_see_what_loops_do() {
    let budget = Budget::new(2).per_success(1.0);
    let retry = Retry::immediately().budget(&budget);
    let attempts = retry.attempts();
    for attempt in &attempts {
        attempt.failed(BUSY);
    }
    assert_eq!((end_of(attempts.finish()), budget.tokens()), (Some((3, Reason::Budget)), 0));
    for _attempt in &retry.attempts::<&str>() {}
    assert_eq!(budget.tokens(), 1);
}

#[test]
fn a_hook_that_panics_makes_no_success_of_a_failure() {
    let (retry, _, statistics) = counted(Retry::immediately());
    let retry = retry.when(|_: &&str| panic!("no rule"));
    let attempts = retry.attempts();
    let said = panic_of(|| {
        for attempt in &attempts {
            attempt.failed(BUSY);
        }
    });
    assert_eq!(said, "no rule");
    assert!((&attempts).into_iter().next().is_none());
    drop(attempts);
    assert_eq!(statistics.successes(), 0);
}
