//! Streams that begin again.

use futures::executor::block_on;
use futures::stream::{FusedStream, StreamExt as _};
use headwater::Retry;
use headwater::retry::{GaveUp, Reason, Statistics};

use super::feed::{Error, Feed, Opening};
use super::persistent;
use super::subscription::subscribe;
use crate::support::blocking::Blocking;

use Opening::{Breaks, Fails};

fn restarted(
    feed: &Feed,
    retry: Retry,
) -> Blocking<impl FusedStream<Item = Result<u32, GaveUp<Error>>> + Unpin> {
    Blocking(retry.restart_stream(|| subscribe(feed, None)))
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
        let error = source.find_map(Result::err).unwrap();
        assert_eq!((error.reason(), error.attempts()), (Reason::Attempts, 5));
        assert_eq!((feed.opened.get(), feed.handles.live()), (5, 0));
        assert!(source.0.is_terminated() && source.next().is_none());
        assert_eq!(source.size_hint(), (0, Some(0)));
    }
}

#[test]
fn getting_further_than_ever_is_progress() {
    let feed = Feed::new([Breaks(1), Breaks(1), Breaks(2), Breaks(2), Breaks(3), Breaks(3)]);
    let statistics = Statistics::new();
    let retry = Retry::immediately().max_attempts(3).statistics(&statistics);
    assert!(restarted(&feed, retry).map(Result::unwrap).skip(12).eq(1..=9));
    assert_eq!((statistics.failures(), statistics.successes()), (6, 3));
}

#[test]
fn nothing_is_opened_before_the_first_poll() {
    let feed = Feed::default();
    let source = persistent().restart_stream(|| subscribe(&feed, None));
    assert_eq!(format!("{source:?}"), "Restart { given: 0, is_over: false, .. }");
    assert_eq!(feed.opened.get(), 0);
    assert_eq!(block_on(source.count()), 9);
}
