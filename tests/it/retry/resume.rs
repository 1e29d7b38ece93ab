//! Sources of one's own: what can be opened at a position.

use std::cell::Cell;
use std::iter;
use std::panic;
use std::time::Duration;

use headwater::Retry;
use headwater::prelude::*;
use headwater::retry::{Cancel, FakeClock, GaveUp, Reason, Statistics};
use proptest::prelude::*;

use super::feed::{Error, Feed, Opening};
use super::persistent;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::property::check;
use crate::support::resume::{resumes, resumes_in_place};

use Opening::{Breaks, Fails};

fn resumed(
    feed: &Feed,
    retry: Retry,
) -> impl Iterator<Item = Result<u32, GaveUp<Error>>> + Source<Position = Option<u32>> {
    retry.resume(|after| feed.open(after), |number| *number)
}

/// The reason, how often it failed in a row, and the cause.
fn parts(error: GaveUp<Error>) -> (Reason, u32, Error) {
    (error.reason(), error.attempts(), error.into_cause())
}

fn all() -> impl Iterator<Item = u32> {
    1..=Feed::LAST
}

#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    let feed = Feed::new([Breaks(2), Fails, Fails, Breaks(0), Breaks(3), Fails, Breaks(4)]);
    assert!(resumed(&feed, persistent()).map(Result::unwrap).eq(all()));
    assert_eq!((feed.opened.get(), feed.handles.live()), (8, 0));
}

#[test]
fn whatever_fails_nothing_is_lost_and_nothing_comes_twice() {
    let opening = prop_oneof![Just(Fails), (0..4_usize).prop_map(Breaks)];
    let script = prop::collection::vec(opening, 0..20);
    check(3_000, &(script, 0..9_usize), |(script, taken)| {
        let feed = Feed::new(script);
        let mut source = resumed(&feed, persistent());
        assert!(source.by_ref().take(taken).map(Result::unwrap).eq(all().take(taken)));
        let noted = source.position();
        assert!(source.map(Result::unwrap).eq(all().skip(taken)));
        let mut again = resumed(&feed, persistent());
        again.resume_at(noted);
        assert!(again.map(Result::unwrap).eq(all().skip(taken)));
    });
}

#[test]
fn nothing_is_opened_before_the_first_pull() {
    let feed = Feed::default();
    let mut source = resumed(&feed, persistent().before(|_| panic!("an attempt began")));
    assert_eq!((source.position(), source.size_hint()), (None, (0, None)));
    source.resume_at(Some(4));
    source.by_ref().take(0).for_each(drop);
    assert_eq!((source.position(), feed.opened.get()), (Some(4), 0));
    assert_eq!(source.next().unwrap().unwrap(), 5);
}

#[test]
fn it_is_closed_before_it_is_waited_at_the_end_and_with_the_last_error() {
    let feed = Feed::new([Breaks(2), Breaks(1), Fails, Breaks(0), Breaks(0)]);
    let handles = feed.handles.clone();
    let retry = Retry::fixed(Duration::from_secs(1)).max_attempts(4).sleep(move |_| {
        assert_eq!(handles.live(), 0, "it is still open");
    });
    let mut source = resumed(&feed, retry);
    assert!(source.by_ref().take(3).map(Result::unwrap).eq([1, 2, 3]));
    assert_eq!(feed.handles.live(), 1);
    let error = source.next().unwrap().unwrap_err();
    assert_eq!(parts(error), (Reason::Attempts, 4, "broken"));
    assert_eq!((feed.handles.live(), source.position()), (0, Some(3)));
    assert!(source.next().is_none() && source.next().is_none());
    assert_eq!((source.size_hint(), feed.opened.get()), ((0, Some(0)), 5));

    source.resume_at(source.position());
    assert!(source.by_ref().map(Result::unwrap).eq(4..=9));
    assert_eq!((feed.handles.live(), source.position()), (0, Some(9)));
}

#[test]
fn one_that_dies_at_an_item_ends() {
    for k in 0..3 {
        let dies = |after: Option<u32>| {
            let after = after.unwrap_or(0);
            Ok::<_, Error>((after + 1..=k).map(Ok).chain(iter::once(Err("dies"))))
        };
        let source = Retry::immediately().max_attempts(5).resume(dies, |number| *number);
        let mut items: Vec<_> = source.collect();
        let error = items.pop().unwrap().unwrap_err();
        assert_eq!(parts(error), (Reason::Attempts, 5, "dies"));
        assert!(items.into_iter().map(Result::unwrap).eq(1..=k));
    }
}

#[test]
fn failures_of_a_life_are_limited_wherever_it_is_sent() {
    let feed = Feed::new([Breaks(1); 4]);
    let mut source = resumed(&feed, Retry::immediately().max_failures(3));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    source.resume_at(None);
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    let error = source.next().unwrap().unwrap_err();
    assert_eq!(parts(error), (Reason::Failures, 1, "broken"));
}

#[test]
fn an_end_after_failures_is_a_success() {
    let (statistics, feed) = (Statistics::new(), Feed::new([Breaks(9), Fails]));
    let retry = persistent().statistics(&statistics);
    assert_eq!(resumed(&feed, retry).count(), 9);
    assert_eq!((statistics.failures(), statistics.successes()), (2, 1));
}

#[test]
fn which_errors_are_worth_it_can_be_said() {
    let feed = Feed::new([Breaks(2), Breaks(1), Fails]);
    let retry = persistent().when(|error: &Error| *error == "broken");
    let source = retry.resume(|after| feed.open(after), |number| *number);
    let mut items: Vec<_> = source.collect();
    assert_eq!(parts(items.pop().unwrap().unwrap_err()), (Reason::NotRetryable, 2, "closed"));
    assert!(items.into_iter().map(Result::unwrap).eq(1..=3));
}

#[test]
fn it_can_be_cancelled_while_it_waits() {
    let (cancel, feed) = (Cancel::new(), Feed::new([Breaks(2)]));
    let switch = cancel.clone();
    let retry = persistent().sleep(move |_| switch.cancel()).cancel(&cancel);
    let error = resumed(&feed, retry).find_map(Result::err).unwrap();
    assert_eq!(parts(error), (Reason::Cancelled, 1, "broken"));
    assert_eq!((feed.opened.get(), feed.handles.live()), (1, 0));
}

#[test]
fn the_laws_hold() {
    let script = || [Breaks(2), Fails, Breaks(1), Breaks(0), Breaks(3)];
    let feeds: Vec<_> = (0..2_000).map(|_| Feed::new(script())).collect();
    let unused = Cell::new(0);
    let open = || {
        unused.set(unused.get() + 1);
        resumed(&feeds[unused.get()], persistent())
    };
    let see = |item: Result<u32, GaveUp<Error>>| item.map_err(parts);
    resumes(open, see);
    resumes_in_place(open, see);
    contract(open, see);
}

/// Panics the first time, without a word on standard error.
fn panics_once(panics: &Cell<bool>) {
    if panics.replace(false) {
        panic::resume_unwind(Box::new("stop".to_owned()));
    }
}

#[test]
fn an_item_whose_position_could_not_be_told_is_not_lost() {
    let (feed, panics) = (Feed::default(), Cell::new(false));
    let mut source = persistent().resume(
        |after| feed.open(after),
        |number| {
            panics_once(&panics);
            *number
        },
    );
    assert_eq!(source.next().unwrap().unwrap(), 1);
    panics.set(true);
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!((source.position(), feed.handles.live()), (Some(1), 0));
    assert!(source.map(Result::unwrap).eq(2..=9));
}

#[test]
fn an_opening_that_panics_is_tried_again_with_the_next_pull() {
    let (feed, panics) = (Feed::default(), Cell::new(true));
    let open = |after| {
        panics_once(&panics);
        feed.open(after)
    };
    let mut source = persistent().resume(open, |number| *number);
    assert_eq!(panic_of(|| source.next()), "stop");
    assert!(source.map(Result::unwrap).eq(all()));
}

#[test]
fn what_panics_while_it_is_pulled_is_dropped_and_opened_again() {
    let (feed, panics) = (Feed::default(), Cell::new(false));
    let open = |after| {
        let items = feed.open(after)?;
        Ok(items.inspect(|_| panics_once(&panics)))
    };
    let mut source = persistent().resume(open, |number| *number);
    assert!(source.by_ref().take(4).map(Result::unwrap).eq(1..=4));
    panics.set(true);
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!((source.position(), feed.handles.live(), feed.opened.get()), (Some(4), 0, 1));
    assert!(source.map(Result::unwrap).eq(5..=9));
}

#[test]
fn a_hook_that_panics_loses_nothing() {
    let feed = Feed::new([Breaks(3), Breaks(2)]);
    let clock = FakeClock::new();
    let waits = clock.clone();
    let retry = persistent().clock(clock.clone()).before(move |_| {
        if waits.slept().len() == 1 {
            panic::resume_unwind(Box::new("stop".to_owned()));
        }
    });
    let mut source = resumed(&feed, retry);
    assert!(source.by_ref().take(3).map(Result::unwrap).eq(1..=3));
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!(feed.handles.live(), 0);
    assert!(source.map(Result::unwrap).eq(4..=9));
    assert_eq!(clock.slept().len(), 2);
}

#[test]
fn it_can_be_sent_to_another_thread() {
    let open = |after: Option<u32>| Ok::<_, Error>((after.unwrap_or(0) + 1..5).map(Ok::<_, Error>));
    let source = persistent().resume(open, |number| *number);
    let given = std::thread::spawn(move || source.map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(given.join().unwrap(), [1, 2, 3, 4]);
}

#[test]
fn where_it_is_is_printed() {
    let feed = Feed::default();
    let mut source = persistent().resume(|after| feed.open(after), |number| *number);
    assert_eq!(format!("{source:?}"), "Resume { at: None, is_over: false, .. }");
    assert_eq!(source.by_ref().count(), 9);
    assert_eq!(format!("{source:?}"), "Resume { at: Some(9), is_over: true, .. }");
}
