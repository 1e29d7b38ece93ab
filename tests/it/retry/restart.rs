//! Beginning again: everything comes once more, and one that never gets further ends.

use std::panic;

use headwater::Retry;
use headwater::retry::{GaveUp, Reason, Statistics};

use super::feed::{Error, Feed, Opening};
use super::persistent;
use crate::support::caught::panic_of;

use Opening::{Breaks, Fails};

fn restarted(feed: &Feed, retry: Retry) -> impl Iterator<Item = Result<u32, GaveUp<Error>>> {
    retry.restart(|| feed.open(None))
}

#[test]
fn what_was_given_is_given_again() {
    let feed = Feed::new([Breaks(2), Fails, Breaks(0), Breaks(3)]);
    let given = restarted(&feed, persistent()).map(Result::unwrap);
    assert!(given.eq([1, 2, 1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    assert_eq!(feed.handles.live(), 0);
}

#[test]
fn one_that_dies_at_an_item_ends() {
    for k in 0..3 {
        let feed = Feed::new([Breaks(k); 20]);
        let mut source = restarted(&feed, Retry::immediately().max_attempts(5));
        let mut given = 0;
        let error = loop {
            match source.next().unwrap() {
                Ok(_) => given += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((error.reason(), error.attempts()), (Reason::Attempts, 5));
        assert_eq!((given, feed.opened.get()), (5 * k, 5));
        assert!(source.next().is_none());
        assert_eq!((source.size_hint(), feed.handles.live()), ((0, Some(0)), 0));
    }
}

#[test]
fn getting_further_than_ever_is_progress() {
    let feed = Feed::new([Breaks(1), Breaks(1), Breaks(2), Breaks(2), Breaks(3), Breaks(3)]);
    let statistics = Statistics::new();
    let retry = Retry::immediately().max_attempts(3).statistics(&statistics);
    assert!(restarted(&feed, retry).map(Result::unwrap).skip(12).eq(1..=9));
    assert_eq!((statistics.failures(), statistics.successes()), (6, 3));

    // Three in a row do not get behind the second item.
    let feed = Feed::new([Breaks(2), Breaks(1), Breaks(2)]);
    let error = restarted(&feed, Retry::immediately().max_attempts(3)).find_map(Result::err);
    assert_eq!(error.unwrap().reason(), Reason::Attempts);
}

#[test]
fn failures_of_its_life_are_limited() {
    let feed = Feed::new([Breaks(1), Breaks(2), Breaks(3), Breaks(4)]);
    let error = restarted(&feed, Retry::immediately().max_failures(3)).find_map(Result::err);
    assert_eq!(error.unwrap().reason(), Reason::Failures);
    assert_eq!(feed.opened.get(), 3);
}

#[test]
fn nothing_is_opened_before_the_first_pull() {
    let feed = Feed::default();
    restarted(&feed, persistent()).take(0).for_each(drop);
    assert_eq!(feed.opened.get(), 0);
}

#[test]
fn it_is_closed_before_it_is_waited() {
    let feed = Feed::new([Breaks(2), Fails, Breaks(3)]);
    let handles = feed.handles.clone();
    let retry = persistent().sleep(move |_| assert_eq!(handles.live(), 0, "it is still open"));
    assert_eq!(restarted(&feed, retry).count(), 14);
}

#[test]
fn what_panics_is_dropped_and_begun_again() {
    let (feed, panics) = (Feed::default(), std::cell::Cell::new(true));
    let mut source = persistent().restart(|| {
        let items = feed.open(None)?;
        Ok::<_, Error>(items.inspect(|item| {
            if *item == Ok(3) && panics.replace(false) {
                panic::resume_unwind(Box::new("stop".to_owned()));
            }
        }))
    });
    assert_eq!(source.next().unwrap().unwrap(), 1);
    assert_eq!(source.next().unwrap().unwrap(), 2);
    assert_eq!(panic_of(|| source.next()), "stop");
    assert_eq!(feed.handles.live(), 0);
    assert_eq!(format!("{source:?}"), "Restart { given: 2, is_over: false, .. }");
    assert!(source.map(Result::unwrap).eq(1..=9));
}
