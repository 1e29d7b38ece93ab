//! Streams that heal: what holds of sources that do.

use std::future::ready;
use std::panic;

use futures::executor::block_on;
use futures::stream::{FusedStream, Stream as _, StreamExt as _};
use headwater::prelude::*;
use headwater::retry::{Budget, FakeClock, GaveUp, Reason, Statistics};
use headwater::{Retry, stream};
use proptest::prelude::*;

use super::feed::{Error, Feed, Opening};
use super::persistent;
use super::subscription::Subscription;
use crate::support::blocking::Blocking;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::property::check;
use crate::support::resume::{resumes, resumes_in_place};

use Opening::{Breaks, Fails};

type Healed<'a> = Blocking<stream::Retrying<Subscription<'a>>>;

fn healed(feed: &Feed, retry: Retry) -> Healed<'_> {
    Blocking(Subscription::new(feed).retry(retry))
}

fn parts(error: GaveUp<Error>) -> (Reason, u32, Error) {
    (error.reason(), error.attempts(), error.into_cause())
}

#[test]
fn whatever_fails_nothing_is_lost_and_nothing_comes_twice() {
    let opening = prop_oneof![Just(Fails), (0..4_usize).prop_map(Breaks)];
    let script = prop::collection::vec(opening, 0..20);
    check(3_000, &(script, 0..9_usize), |(script, taken)| {
        let feed = Feed::new(script);
        let mut source = healed(&feed, persistent());
        assert!(source.by_ref().take(taken).map(Result::unwrap).eq((1..10).take(taken)));
        let noted = source.position();
        assert!(source.map(Result::unwrap).eq((1..10).skip(taken)));
        let mut again = healed(&feed, persistent());
        again.resume_at(noted);
        assert!(again.map(Result::unwrap).eq((1..10).skip(taken)));
        assert_eq!(feed.handles.live(), 0);
    });
}

#[test]
fn the_laws_hold() {
    let script = || [Breaks(2), Fails, Breaks(1), Breaks(0), Breaks(3)];
    let feeds: Vec<_> = (0..2_000).map(|_| Feed::new(script())).collect();
    let unused = std::cell::RefCell::new(feeds.iter());
    let open = || healed(unused.borrow_mut().next().unwrap(), persistent());
    let see = |item: Result<u32, GaveUp<Error>>| item.map_err(parts);
    resumes(open, see);
    resumes_in_place(open, see);
    contract(open, see);
}

#[test]
fn nothing_is_polled_before_the_first_poll() {
    let feed = Feed::default();
    let retry = persistent().before(|_| panic!("an attempt began"));
    let mut source = Subscription::new(&feed).retry(retry);
    assert_eq!(
        (source.position(), source.size_hint(), source.can_recover()),
        (None, (0, None), true)
    );
    assert_eq!((source.is_terminated(), feed.opened.get()), (false, 0));
    source.resume_at(Some(7));
    assert_eq!((source.position(), feed.opened.get()), (Some(7), 0));
    assert!(Blocking(source).map(Result::unwrap).eq([8, 9]));
}

#[test]
fn it_is_closed_with_the_last_error_and_can_be_resumed() {
    let feed = Feed::new([Breaks(2), Fails, Breaks(0), Fails]);
    let clock = FakeClock::new();
    let mut source = healed(&feed, persistent().max_attempts(3).clock(clock.clone()));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(feed.handles.live(), 1);
    assert_eq!(parts(source.next().unwrap().unwrap_err()), (Reason::Attempts, 3, "broken"));
    assert_eq!((feed.handles.live(), source.position(), clock.slept().len()), (0, Some(2), 2));
    assert!(source.0.is_terminated());
    assert!(source.next().is_none() && source.next().is_none());
    assert_eq!(source.size_hint(), (0, Some(0)));
    source.resume_at(source.position());
    assert!(!source.0.is_terminated());
    assert!(source.by_ref().map(Result::unwrap).eq(3..=9));
    assert!(source.0.is_terminated() && source.next().is_none());
}

#[test]
fn failures_in_a_row_and_of_a_life_are_limited() {
    let feed = Feed::new([Breaks(1); 30]);
    let statistics = Statistics::new();
    let retry = Retry::immediately().max_attempts(2).statistics(&statistics);
    assert!(healed(&feed, retry).map(Result::unwrap).eq(1..10), "each item begins the count anew");
    assert_eq!((statistics.failures(), statistics.successes()), (9, 9));

    let feed = Feed::new([Breaks(1); 30]);
    let mut source = healed(&feed, Retry::immediately().max_failures(4));
    assert_eq!(parts(source.find_map(Result::err).unwrap()), (Reason::Failures, 1, "broken"));
    source.resume_at(None);
    assert_eq!(source.take_while(Result::is_ok).count(), 1, "those of its life still count");

    let feed = Feed::new([Fails, Breaks(2), Fails, Fails]);
    let retry = persistent().budget(&Budget::new(2).per_success(1.0));
    let mut source = healed(&feed, retry);
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(parts(source.next().unwrap().unwrap_err()), (Reason::Budget, 3, "closed"));
}

#[test]
fn what_is_not_worth_it_is_given_at_once() {
    let feed = Feed::new([Breaks(1), Fails]);
    let retry = persistent().when(|error: &Error| *error == "broken");
    let mut source = Blocking(Subscription::new(&feed).retry(retry));
    assert_eq!(source.next().unwrap().unwrap(), 1);
    assert_eq!(parts(source.next().unwrap().unwrap_err()), (Reason::NotRetryable, 2, "closed"));
    assert!(source.next().is_none());
}

#[test]
fn what_panics_is_opened_again_at_its_position() {
    let panics = std::cell::Cell::new(false);
    let numbers = stream::try_unfold(0, |n: u32| {
        if panics.replace(false) {
            panic::resume_unwind(Box::new("stop".to_owned()));
        }
        ready(Ok::<_, Error>((n < 5).then_some((n, n + 1))))
    });
    let mut source = Blocking(numbers.retry(persistent()));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([0, 1]));
    panics.set(true);
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!(source.position(), 2);
    assert!(source.map(Result::unwrap).eq([2, 3, 4]));
}

#[test]
fn a_hook_that_panics_loses_nothing_and_holds_nothing() {
    let feed = Feed::new([Breaks(2)]);
    let retry = persistent().after(|_: &headwater::retry::Failure<'_, Error>| {
        panic::resume_unwind(Box::new("stop".to_owned()));
    });
    let mut source = Blocking(Subscription::new(&feed).retry(retry));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!((feed.handles.live(), source.position()), (0, Some(2)));
    assert!(source.map(Result::unwrap).eq(3..10));
}

#[test]
fn it_is_send_if_the_source_is_and_runs_in_tasks() {
    let numbers =
        stream::try_unfold(0, |n: u32| ready(Ok::<_, Error>((n < 5).then_some((n, n + 1)))));
    let healed = numbers.retry(Retry::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let task = runtime.spawn(healed.map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(block_on(task).unwrap(), [0, 1, 2, 3, 4]);
}

#[test]
fn what_it_does_is_printed() {
    let numbers = stream::try_unfold(0, |n: u32| ready(Ok::<_, Error>(Some((n, n + 1)))));
    let healed = numbers.retry(persistent());
    let expected = "Retrying { source: TryUnfold { state: 0, is_over: false, .. }, \
                    is_waiting: false, is_over: false, .. }";
    assert_eq!(format!("{healed:?}"), expected);
}
