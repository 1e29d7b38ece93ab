//! How often and how long a source is healed: failures in a row, failures of its life, time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use headwater::prelude::*;
use headwater::retry::{Budget, Failure, FakeClock, GaveUp, Reason, Retrying, Statistics};
use headwater::{Line, Retry, lines, try_unfold};

use super::persistent;
use crate::support::faults::EveryByte;
use crate::support::hostile::Failing;

type Error = &'static str;

const S: fn(u64) -> Duration = Duration::from_secs;

/// The numbers from 0 to 9, and before each as many failures as `failures` says.
fn failing(failures: impl Fn(u32) -> usize) -> impl Numbers {
    let mut left: VecDeque<_> = (0..=10).map(failures).collect();
    try_unfold(0_u32, move |&n| {
        let left = &mut left[n as usize];
        if *left > 0 {
            *left -= 1;
            return Err("down");
        }
        Ok((n < 10).then_some((n, n + 1)))
    })
}

/// What the sources of this file are.
trait Numbers: Iterator<Item = Result<u32, Error>> + Source<Position = u32> {}

impl<S: Iterator<Item = Result<u32, Error>> + Source<Position = u32>> Numbers for S {}

/// The items up to the error, and the error, if there is one. Nothing follows it.
fn run<I: Iterator<Item = Result<u32, GaveUp<Error>>>>(
    mut source: I,
) -> (Vec<u32>, Option<GaveUp<Error>>) {
    let mut items = Vec::new();
    while let Some(item) = source.next() {
        match item {
            Ok(n) => items.push(n),
            Err(error) => {
                assert!(source.next().is_none() && source.next().is_none());
                assert_eq!(source.size_hint(), (0, Some(0)));
                return (items, Some(error));
            }
        }
    }
    assert!(source.next().is_none());
    (items, None)
}

/// Gives up with this reason after so many failures, behind these items.
#[track_caller]
fn gives_up(
    given: (Vec<u32>, Option<GaveUp<Error>>),
    items: std::ops::Range<u32>,
    (reason, attempts): (Reason, u32),
) {
    let (given, error) = given;
    assert!(given.into_iter().eq(items));
    let error = error.expect("an error");
    assert_eq!((error.reason(), error.attempts(), *error.cause()), (reason, attempts, "down"));
}

const FOR_EVER: usize = usize::MAX;

#[test]
fn failures_at_one_item_are_counted() {
    for at in 0..=10 {
        let source = |failures| failing(move |n| if n == at { failures } else { 0 });
        let retry = || Retry::immediately().max_attempts(4);
        let (items, error) = run(source(3).retry(retry()));
        assert!(items.into_iter().eq(0..10) && error.is_none(), "three can be afforded");

        let mut healed = source(FOR_EVER).retry(retry());
        gives_up(run(&mut healed), 0..at, (Reason::Attempts, 4));
        assert_eq!(healed.position(), at, "behind the last item delivered");
    }
}

#[test]
fn an_item_begins_the_count_anew() {
    let (items, error) = run(failing(|_| 3).retry(Retry::immediately().max_attempts(4)));
    assert!(items.into_iter().eq(0..10));
    assert!(error.is_none(), "44 failures, but three in a row");
    gives_up(
        run(failing(|_| 3).retry(Retry::immediately().max_attempts(3))),
        0..0,
        (Reason::Attempts, 3),
    );
}

/// A source that dies `k` items behind each opening gets on, unless it dies where it is opened; one
/// that dies at an item never gets behind it. Neither goes on for ever, and nothing comes twice.
#[test]
fn what_fails_after_each_opening_ends() {
    for k in 0..3 {
        let until = Cell::new(k);
        let mut open = try_unfold(0_u32, |&n| {
            if n == until.get() {
                until.set(n + k);
                return Err("down");
            }
            Ok((n < 10).then_some((n, n + 1)))
        })
        .retry(Retry::immediately().max_attempts(5));
        match k {
            0 => gives_up(run(&mut open), 0..0, (Reason::Attempts, 5)),
            _ => assert!(open.map(Result::unwrap).eq(0..10), "{k}"),
        }
        let died = failing(move |n| if n == k { FOR_EVER } else { 0 });
        gives_up(
            run(died.retry(Retry::immediately().max_attempts(5))),
            0..k,
            (Reason::Attempts, 5),
        );
    }
}

#[test]
fn failures_of_a_life_are_limited_whatever_came_between() {
    let retry = Retry::immediately().max_failures(7);
    let mut healed = failing(|_| 2).retry(retry);
    // Two before each of 0, 1 and 2, and one before 3.
    gives_up(run(&mut healed), 0..3, (Reason::Failures, 1));
    healed.resume_at(healed.position());
    gives_up(run(&mut healed), 3..3, (Reason::Failures, 1));
}

#[test]
fn delays_and_time_begin_anew_behind_an_item() {
    let clock = FakeClock::new();
    let retry = Retry::exponential(S(1)).stop_before(S(8)).clock(clock.clone());
    let (items, error) = run(failing(|n| if n < 3 { 3 } else { 0 }).retry(retry.clone()));
    assert!(items.into_iter().eq(0..10) && error.is_none());
    assert_eq!(clock.slept(), [1, 2, 4, 1, 2, 4, 1, 2, 4].map(S));

    let (_, error) = run(failing(|n| if n == 2 { 4 } else { 3 }).retry(retry));
    let error = error.unwrap();
    assert_eq!((error.reason(), error.attempts()), (Reason::Time, 4));
    assert_eq!((error.elapsed(), error.idle()), (S(7), S(7)));
    let text = "gave up after 4 attempts in 7.000s: no time is left";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_backoff_that_ends_ends_the_source() {
    let retry = Retry::new([1, 2].map(S)).clock(FakeClock::new());
    gives_up(run(failing(|n| if n == 4 { 3 } else { 2 }).retry(retry)), 0..4, (Reason::Backoff, 3));
}

#[test]
fn a_policy_that_is_off_gives_the_first_error() {
    let retry = persistent().enabled(false);
    gives_up(run(failing(|n| usize::from(n == 4)).retry(retry)), 0..4, (Reason::Attempts, 1));
}

#[test]
fn getting_on_without_an_item_is_progress() {
    let log = b"1\n22\n333\n4444\n55555\n666666\n7777777";
    let storage = EveryByte::new(log);
    let lines = lines::random_access(|| Ok(Arc::clone(&storage))).from(EveryByte::START);
    let lines = lines.block_size(NonZeroUsize::new(16).unwrap());
    let statistics = Statistics::new();
    // No line is longer than 8 bytes, so no more than 8 fail in one place.
    let retry = Retry::immediately().max_attempts(9).statistics(&statistics);
    assert_eq!(lines.containing("nowhere").retry(retry).map(Result::unwrap).count(), 0);
    assert_eq!(storage.faults(), log.len());
    // Where a block ends in a fault the lines before it come first, and the fault has passed then.
    assert_eq!(statistics.failures(), log.len() as u64 - 6);
    assert_eq!(statistics.successes(), 7, "it went on behind each line");
}

/// What it learns of a file by opening it must not be taken for progress.
#[test]
fn a_source_that_never_opens_is_tried_as_often_as_is_said() {
    type Pulled = Option<Result<Line, GaveUp<headwater::Error>>>;

    fn tries<S: Source<Position: PartialEq> + Iterator<Item = Result<Line, headwater::Error>>>(
        name: &str,
        lines: S,
        pull: fn(&mut Retrying<S>) -> Pulled,
    ) {
        let statistics = Statistics::new();
        let retry = Retry::immediately().max_attempts(3).statistics(&statistics);
        let mut healed = lines.retry(retry);
        let error = pull(&mut healed).unwrap().unwrap_err();
        assert_eq!((error.reason(), error.attempts()), (Reason::Attempts, 3), "{name}");
        assert_eq!(statistics.failures(), 3, "{name}");
    }
    for at in [0, 1, 3] {
        let open =
            move || Ok(Failing::new(&b"1\n2\n"[..], at, io::ErrorKind::TimedOut, usize::MAX));
        let lines =
            || lines::random_access(open).block_size(NonZeroUsize::MIN).from(at as u64 & !1);
        let ahead = || lines().read_ahead(NonZeroUsize::MIN);
        tries("storage", lines(), Iterator::next);
        tries("search", lines().containing("1"), Iterator::next);
        tries("read ahead", ahead(), Iterator::next);
        if at == 3 {
            tries("storage, backward", lines(), DoubleEndedIterator::next_back);
            tries("read ahead, backward", ahead(), DoubleEndedIterator::next_back);
        }
    }
}

#[test]
fn statistics_count_what_happens() {
    let statistics = Statistics::new();
    let retry = Retry::fixed(S(2)).clock(FakeClock::new()).max_attempts(3).statistics(&statistics);
    assert!(run(failing(|n| [0, 2, 0, 1][n as usize % 4]).retry(retry)).1.is_none());
    assert_eq!((statistics.failures(), statistics.retries()), (8, 8));
    assert_eq!((statistics.successes(), statistics.gave_up()), (5, 0));
    assert_eq!(statistics.idle(), S(16));
}

#[test]
fn an_end_after_failures_is_a_success() {
    let (statistics, budget) = (Statistics::new(), Budget::new(3).per_success(1.0));
    let retry = Retry::immediately().statistics(&statistics).budget(&budget);
    assert!(run(failing(|n| if n == 10 { 2 } else { 0 }).retry(retry)).1.is_none());
    assert_eq!((statistics.successes(), budget.tokens()), (1, 2));
}

#[test]
fn a_budget_is_shared_and_filled_by_what_goes_on() {
    let budget = Budget::new(2).per_success(1.0);
    let retry = || persistent().budget(&budget);
    assert!(run(failing(|_| 1).retry(retry())).1.is_none(), "each item puts one back");
    gives_up(
        run(failing(|n| if n == 2 { 3 } else { 0 }).retry(retry())),
        0..2,
        (Reason::Budget, 3),
    );
    assert_eq!(budget.tokens(), 0);
    gives_up(run(failing(|n| usize::from(n == 1)).retry(retry())), 0..1, (Reason::Budget, 1));
}

#[test]
fn hooks_are_told_in_order() {
    let (told, told_by_error) = std::sync::mpsc::channel();
    let (begun, slept) = (told.clone(), told.clone());
    let after = told.clone();
    let retry = Retry::fixed(S(3))
        .sleep(move |delay| slept.send(format!("sleep {}", delay.as_secs())).unwrap())
        .before(move |n| begun.send(format!("before {n}")).unwrap())
        .after(move |failure: &Failure<'_, Error>| {
            assert_eq!((failure.error(), failure.delay()), (Some(&"down"), None));
            after.send(format!("after {}", failure.attempt())).unwrap();
        })
        .before_sleep(move |failure| {
            assert_eq!(failure.delay(), Some(S(3)));
            told.send(format!("before sleep {}", failure.attempt())).unwrap();
        })
        .max_attempts(3);
    let source = failing(|n| [0, 1, 3][(n as usize).min(2)]);
    gives_up(run(source.retry(retry)), 0..2, (Reason::Attempts, 3));
    let once = ["after 1", "before sleep 1", "sleep 3", "before 2"];
    let twice = ["after 2", "before sleep 2", "sleep 3", "before 3", "after 3"];
    assert!(told_by_error.try_iter().eq(once.into_iter().chain(once).chain(twice)));
}

#[test]
fn a_rule_decides_instead_of_the_source() {
    let log = RefCell::new(VecDeque::from([Err("busy"), Ok(1), Err("gone"), Ok(2)]));
    let source = try_unfold(0, |&n: &u32| {
        let item = log.borrow_mut().pop_front().transpose()?;
        Ok(item.map(|item| (item, n + 1)))
    });
    let mut healed = source.retry(Retry::immediately().when(|error: &Error| *error == "busy"));
    assert_eq!(healed.next().unwrap().unwrap(), 1);
    let error = healed.next().unwrap().unwrap_err();
    assert_eq!((error.reason(), error.into_cause()), (Reason::NotRetryable, "gone"));
    assert!(healed.next().is_none());
    healed.resume_at(healed.position());
    assert_eq!((healed.next().unwrap().unwrap(), healed.next().is_none()), (2, true));
}
