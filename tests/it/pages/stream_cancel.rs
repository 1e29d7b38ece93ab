//! Waits for a page that are given up: nothing is lost, and nothing is fetched twice.

use std::task::{Poll, Waker};

use futures::{Stream, StreamExt};
use headwater::pages::{Page, Position};
use headwater::{Retry, Source, stream};

use super::server::Server;
use crate::support::handles::Handles;
use crate::support::polls::{poll_next, poll_once, yield_now};

/// Polls `next` futures until one is ready, and drops each of those that are not.
fn next_with_patience<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    loop {
        if let Poll::Ready(item) = poll_once(stream.next()) {
            return item;
        }
    }
}

#[test]
fn a_wait_that_is_given_up_loses_nothing() {
    let server = Server::new([2, 0, 0, 3, 1]);
    let fetch = async |number| {
        for _ in 0..number {
            yield_now().await;
        }
        let answer = server.answer(number);
        yield_now().await;
        answer
    };
    let mut items = stream::pages(1, fetch).items();
    for expected in server.items() {
        assert_eq!(next_with_patience(&mut items).unwrap().unwrap(), expected);
    }
    assert!(next_with_patience(&mut items).is_none());
    assert_eq!(server.requests(), [1, 2, 3, 4, 5]);

    let mut pages = stream::pages(1, fetch);
    for size in [2, 0, 0, 3, 1] {
        assert_eq!(next_with_patience(&mut pages).unwrap().unwrap().items.len(), size);
    }
    assert!(next_with_patience(&mut pages).is_none());
}

#[test]
fn attempts_that_are_given_up_go_on() {
    let server = Server::failing([1, 1, 1], [0, 2, 3]);
    let fetch = async |number| {
        yield_now().await;
        server.answer(number)
    };
    let mut items = stream::pages(1, fetch).retry(Retry::immediately()).items();
    for expected in 0..3 {
        assert_eq!(next_with_patience(&mut items).unwrap().unwrap(), expected);
    }
    assert_eq!(server.requests(), [1, 1, 2, 2, 2, 3]);
}

#[test]
fn at_every_await_it_can_be_dropped_or_resumed() {
    let handles = Handles::default();
    let feed = || {
        stream::pages(1, |number: u32| {
            let held = handles.handle(());
            async move {
                for _ in 0..3 {
                    yield_now().await;
                }
                drop(held);
                Ok::<_, ()>(Page::new([number]).next((number < 4).then_some(number + 1)))
            }
        })
    };
    // Four polls a page, and one for the end.
    for polls in 0..17 {
        let mut items = feed().items();
        let given = (0..polls).filter(|_| poll_next(&mut items, Waker::noop()).is_ready()).count();
        assert_eq!(given, polls / 4);
        assert_eq!(handles.live(), usize::from(polls % 4 > 0), "under way after {polls}");
        let position = items.position();
        items.resume_at(position);
        assert_eq!(handles.live(), 0, "let go of after {polls}");
        let rest = 1 + u32::try_from(given).unwrap()..=4;
        for expected in rest.clone() {
            assert_eq!(next_with_patience(&mut items).unwrap().unwrap(), expected);
        }
        assert!(next_with_patience(&mut items).is_none());

        let mut items = feed().retry(Retry::immediately()).items();
        (0..polls).for_each(|_| drop(poll_next(&mut items, Waker::noop())));
        drop(items);
        assert_eq!(handles.live(), 0, "dropped after {polls}");
    }
}

#[test]
fn a_policy_that_is_added_late_begins_the_fetch_anew() {
    let server = Server::new([1, 1]);
    let fetch = async |number| {
        yield_now().await;
        server.answer(number)
    };
    let mut pages = stream::pages(1, fetch);
    assert!(poll_next(&mut pages, Waker::noop()).is_pending());
    let mut items = pages.retry(Retry::immediately()).items();
    assert_eq!(next_with_patience(&mut items).unwrap().unwrap(), 0);
    assert_eq!((items.position(), server.requests()), (Position::new(2, 0), vec![1]));
}
