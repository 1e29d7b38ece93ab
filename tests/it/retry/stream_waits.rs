//! What healed streams wait for: given up, cancelled, and nothing open meanwhile.

use std::sync::Arc;
use std::task::{Poll, Waker};

use futures::executor::block_on;
use futures::stream::StreamExt as _;
use headwater::prelude::*;
use headwater::retry::{Cancel, Reason};
use headwater::{Retry, stream};

use super::feed::{Feed, Opening};
use super::persistent;
use super::subscription::{Delays, Subscription, subscribe};
use crate::support::polls::{Wakes, poll_next, poll_once};

use Opening::{Breaks, Fails};

/// Polls `next` futures until one is ready, and drops each of those that are not.
fn next_with_patience<S: futures::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    for _ in 0..100 {
        if let Poll::Ready(item) = poll_once(stream.next()) {
            return item;
        }
    }
    panic!("it waits for ever");
}

/// Polls and gives up until a delay is waited for.
fn until_it_waits<S: futures::Stream + Unpin>(stream: &mut S, delays: &Delays) {
    for _ in 0..10 {
        assert!(poll_once(stream.next()).is_pending());
    }
    assert!(delays.is_waited());
}

#[test]
fn waits_that_are_given_up_lose_nothing() {
    let script = || [Breaks(2), Fails, Fails, Breaks(0), Breaks(3)];
    let feed = Feed::new(script());
    let mut source = Subscription::new(&feed).retry(persistent());
    for number in 1..10 {
        assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), number);
    }
    assert!(next_with_patience(&mut source).is_none());
    assert_eq!(feed.opened.get(), 6);

    let feed = Feed::new(script());
    let mut source = persistent().resume_stream(|at| subscribe(&feed, at), |number| *number);
    for number in 1..10 {
        assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), number);
    }
    assert!(next_with_patience(&mut source).is_none());
    assert_eq!(feed.opened.get(), 6);
}

#[test]
fn a_delay_is_waited_once_however_often_that_is_given_up() {
    let (feed, delays) = (Feed::new([Breaks(2), Fails]), Delays::default());
    let mut source = Subscription::new(&feed).retry(delays.of(persistent()));
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 1);
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 2);
    for n in 1..3 {
        until_it_waits(&mut source, &delays);
        assert_eq!((delays.begun(), feed.handles.live()), (n, 0), "it is open while it waits");
        assert_eq!(source.position(), Some(2));
        assert!(format!("{source:?}").contains("is_waiting: true"));
        delays.end();
    }
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 3);
}

#[test]
fn nothing_is_open_while_a_stream_of_ones_own_waits() {
    let (feed, delays) = (Feed::new([Breaks(1), Fails]), Delays::default());
    let retry = delays.of(persistent());
    let mut source = retry.resume_stream(|at| subscribe(&feed, at), |number| *number);
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 1);
    for n in 1..3 {
        until_it_waits(&mut source, &delays);
        assert_eq!((delays.begun(), feed.handles.live(), feed.opened.get()), (n, 0, n));
        assert_eq!(source.position(), Some(1));
        delays.end();
    }
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 2);

    let (feed, delays) = (Feed::new([Breaks(1)]), Delays::default());
    let mut source = delays.of(persistent()).restart_stream(|| subscribe(&feed, None));
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 1);
    until_it_waits(&mut source, &delays);
    assert_eq!(feed.handles.live(), 0);
}

#[test]
fn a_source_that_is_sent_elsewhere_does_not_wait_any_more() {
    let (feed, delays) = (Feed::new([Breaks(2), Breaks(3)]), Delays::default());
    let mut source = Subscription::new(&feed).retry(delays.of(persistent()));
    assert_eq!(block_on(source.next()).unwrap().unwrap(), 1);
    assert_eq!(block_on(source.next()).unwrap().unwrap(), 2);
    until_it_waits(&mut source, &delays);
    source.resume_at(Some(5));
    assert!(!delays.is_waited(), "the delay is dropped");
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 6);

    let (feed, delays) = (Feed::new([Breaks(0), Breaks(3)]), Delays::default());
    let retry = delays.of(persistent());
    let mut source = retry.resume_stream(|at| subscribe(&feed, at), |number| *number);
    until_it_waits(&mut source, &delays);
    source.resume_at(Some(5));
    assert!(!delays.is_waited(), "the delay is dropped");
    assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 6);
}

#[test]
fn an_opening_that_is_given_up_goes_on() {
    let (send, receive) = futures::channel::oneshot::channel();
    let (mut receive, mut calls) = (Some(receive), 0);
    let open = |_: Option<u32>| {
        calls += 1;
        let receive = receive.take().expect("one opening");
        async move {
            let first: u32 = receive.await.unwrap();
            Ok::<_, &str>(futures::stream::iter([Ok(first)]))
        }
    };
    let mut source = Retry::default().resume_stream(open, |number| *number);
    for _ in 0..5 {
        assert!(poll_once(source.next()).is_pending());
    }
    send.send(7).unwrap();
    assert_eq!(block_on(source.next()).unwrap().unwrap(), 7);
    assert!(block_on(source.next()).is_none());
    drop(source);
    assert_eq!(calls, 1);
}

#[test]
fn a_cancel_wakes_who_waits() {
    for own in [false, true] {
        let (feed, delays, cancel) = (Feed::new([Breaks(1)]), Delays::default(), Cancel::new());
        let retry = delays.of(persistent().cancel(&cancel));
        let (mut healed, mut resumed);
        let source: &mut (dyn futures::Stream<Item = _> + Unpin) = if own {
            resumed = retry.resume_stream(|at| subscribe(&feed, at), |number| *number);
            &mut resumed
        } else {
            healed = Subscription::new(&feed).retry(retry);
            &mut healed
        };
        let mut source = source;
        assert_eq!(next_with_patience(&mut source).unwrap().unwrap(), 1);
        until_it_waits(&mut source, &delays);
        let wakes = Arc::new(Wakes::default());
        let task = Waker::from(Arc::clone(&wakes));
        assert!(poll_next(&mut source, &task).is_pending());
        cancel.cancel();
        assert_eq!(wakes.count(), 1);
        let Poll::Ready(Some(Err(error))) = poll_next(&mut source, &task) else {
            panic!("it still waits")
        };
        assert_eq!((error.reason(), error.attempts()), (Reason::Cancelled, 1));
        assert_eq!(*error.cause(), "broken");
        assert!(!delays.is_waited(), "the delay is dropped");
        assert!(block_on(source.next()).is_none());
        assert_eq!(feed.handles.live(), 0);
    }
}

#[test]
fn what_is_cancelled_as_a_delay_ends_is_cancelled() {
    let (feed, cancel) = (Feed::new([Fails]), Cancel::new());
    let switch = cancel.clone();
    let retry = persistent().cancel(&cancel).timer(move |_| {
        switch.cancel();
        std::future::ready(())
    });
    let error = block_on(Subscription::new(&feed).retry(retry).next()).unwrap().unwrap_err();
    assert_eq!(error.reason(), Reason::Cancelled);
}

/// By timers of tokio, or by threads: nobody is forgotten.
#[test]
fn it_waits_in_tasks() {
    use std::future::ready;
    use std::time::Duration;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    let (failing, mut failures) = (3, 0);
    let numbers = stream::try_unfold(0, move |n: u32| {
        if n == failing && failures < 3 {
            failures += 1;
            return ready(Err("down"));
        }
        ready(Ok((n < 5).then_some((n, n + 1))))
    });
    let healed = numbers.retry(Retry::fixed(Duration::from_millis(1)));
    let task = runtime.spawn(healed.map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(block_on(task).unwrap(), [0, 1, 2, 3, 4]);
}
