//! Streams of one's own: what can be opened at a position, by a future.

use std::panic;

use futures::executor::block_on;
use futures::stream::{FusedStream, Stream, StreamExt as _, TryStreamExt as _};
use headwater::Retry;
use headwater::prelude::*;
use headwater::retry::{GaveUp, Reason, Statistics};
use proptest::prelude::*;

use super::feed::{Error, Feed, Opening};
use super::persistent;
use super::subscription::subscribe;
use crate::support::blocking::Blocking;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::property::check;
use crate::support::resume::{resumes, resumes_in_place};

use Opening::{Breaks, Fails};

fn resumed(
    feed: &Feed,
    retry: Retry,
) -> impl FusedStream<Item = Result<u32, GaveUp<Error>>> + Source<Position = Option<u32>> + Unpin {
    retry.resume_stream(|after| subscribe(feed, after), |number| *number)
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
        let mut source = Blocking(resumed(&feed, persistent()));
        assert!(source.by_ref().take(taken).map(Result::unwrap).eq((1..10).take(taken)));
        let noted = source.position();
        assert!(source.map(Result::unwrap).eq((1..10).skip(taken)));
        let mut again = Blocking(resumed(&feed, persistent()));
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
    let open = || Blocking(resumed(unused.borrow_mut().next().unwrap(), persistent()));
    let see = |item: Result<u32, GaveUp<Error>>| item.map_err(parts);
    resumes(open, see);
    resumes_in_place(open, see);
    contract(open, see);
}

#[test]
fn nothing_is_opened_before_the_first_poll() {
    let feed = Feed::default();
    let mut source = resumed(&feed, persistent().before(|_| panic!("an attempt began")));
    source.resume_at(Some(7));
    assert_eq!((source.position(), source.size_hint()), (Some(7), (0, None)));
    assert_eq!((source.is_terminated(), feed.opened.get()), (false, 0));
    assert_eq!(block_on(source.try_collect::<Vec<_>>()).unwrap(), [8, 9]);
}

#[test]
fn it_is_closed_with_the_last_error_and_can_be_resumed() {
    let feed = Feed::new([Breaks(2), Fails, Breaks(0), Fails]);
    let mut source = Blocking(resumed(&feed, persistent().max_attempts(3)));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(feed.handles.live(), 1);
    assert_eq!(parts(source.next().unwrap().unwrap_err()), (Reason::Attempts, 3, "broken"));
    assert_eq!((feed.handles.live(), source.position()), (0, Some(2)));
    assert!(source.0.is_terminated() && source.next().is_none());
    assert_eq!(source.size_hint(), (0, Some(0)));
    source.resume_at(source.position());
    assert!(!source.0.is_terminated());
    assert!(source.map(Result::unwrap).eq(3..=9));
    assert_eq!(feed.handles.live(), 0);
}

#[test]
fn failures_of_a_life_are_limited_wherever_it_is_sent() {
    let feed = Feed::new([Breaks(1); 4]);
    let statistics = Statistics::new();
    let retry = Retry::immediately().max_failures(3).statistics(&statistics);
    let mut source = Blocking(resumed(&feed, retry));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    source.resume_at(None);
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(parts(source.next().unwrap().unwrap_err()), (Reason::Failures, 1, "broken"));
    assert_eq!((statistics.failures(), statistics.successes(), statistics.gave_up()), (3, 2, 1));
}

/// Where something panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Where {
    Open,
    Opening,
    Stream,
    PositionAfter,
    Hook,
}

#[test]
fn a_panic_loses_nothing_and_holds_nothing() {
    for place in [Where::Open, Where::Opening, Where::Stream, Where::PositionAfter, Where::Hook] {
        let feed = Feed::new([Breaks(2)]);
        let left = std::sync::atomic::AtomicU32::new(2);
        let left = &*Box::leak(Box::new(left));
        // The second time that it comes there.
        let pass = move |here| {
            let is_it =
                here == place && left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) == 1;
            if is_it {
                panic::resume_unwind(Box::new("stop".to_owned()));
            }
        };
        let retry = persistent().before(move |_| {
            pass(Where::Hook);
            pass(Where::Hook);
        });
        let open = |after| {
            pass(Where::Open);
            let feed = &feed;
            async move {
                pass(Where::Opening);
                let items = subscribe(feed, after).await?;
                Ok::<_, Error>(items.inspect(move |_| pass(Where::Stream)))
            }
        };
        let mut source = Blocking(retry.resume_stream(open, |number| {
            pass(Where::PositionAfter);
            *number
        }));
        let mut given = Vec::new();
        loop {
            let pulled = panic::catch_unwind(panic::AssertUnwindSafe(|| source.next()));
            match pulled {
                Ok(Some(number)) => given.push(number.unwrap()),
                Ok(None) => break,
                Err(panic) => {
                    assert_eq!(panic.downcast_ref::<String>().unwrap(), "stop");
                    assert_eq!(feed.handles.live(), 0, "{place:?}: it is still open");
                    assert_eq!(source.position(), given.last().copied(), "{place:?}");
                    given.push(0);
                }
            }
        }
        assert_eq!(given.iter().filter(|number| **number == 0).count(), 1, "{place:?}");
        given.retain(|number| *number > 0);
        assert!(given.into_iter().eq(1..10), "{place:?}");
    }
}

#[test]
fn a_timer_that_panics_is_not_polled_again() {
    let feed = Feed::new([Breaks(2)]);
    let retry = persistent().timer(|_| async { panic::resume_unwind(Box::new("stop".to_owned())) });
    let mut source = Blocking(resumed(&feed, retry));
    assert!(source.by_ref().take(2).map(Result::unwrap).eq([1, 2]));
    assert_eq!(panic_of(|| source.next()), "stop");
    assert!(source.map(Result::unwrap).eq(3..10));
}

#[test]
fn it_is_send_if_its_parts_are() {
    fn numbers(after: Option<u32>) -> impl Stream<Item = Result<u32, Error>> {
        futures::stream::iter((after.unwrap_or(0) + 1..5).map(Ok))
    }
    let source = persistent().resume_stream(async |after| Ok(numbers(after)), |number| *number);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let task = runtime.spawn(source.map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(block_on(task).unwrap(), [1, 2, 3, 4]);
}

#[test]
fn where_it_is_is_printed() {
    let feed = Feed::default();
    let mut source = persistent().resume_stream(|at| subscribe(&feed, at), |number| *number);
    assert_eq!(format!("{source:?}"), "Resume { at: None, is_over: false, .. }");
    assert_eq!(block_on(source.by_ref().count()), 9);
    assert_eq!(format!("{source:?}"), "Resume { at: Some(9), is_over: true, .. }");
}
