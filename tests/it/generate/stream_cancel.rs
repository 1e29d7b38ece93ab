//! Waits for a stream that are given up: nothing is lost, and nothing comes twice.

use std::sync::Arc;
use std::task::{Poll, Waker};

use futures::channel::oneshot;
use futures::executor::block_on;
use futures::future::{Either, join_all, pending, select};
use futures::stream::{StreamExt as _, TryStreamExt as _};
use headwater::stream::{generate, try_generate};

use crate::support::polls::{Wakes, poll_next, poll_once, yield_now};

/// Polls `next` futures until one is ready, and drops each of those that are not.
fn next_with_patience<S: futures::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    loop {
        if let Poll::Ready(item) = poll_once(stream.next()) {
            return item;
        }
    }
}

#[test]
fn a_wait_that_is_given_up_loses_nothing() {
    let mut stream = generate(|out| async move {
        for n in 0..20 {
            for _ in 0..n % 4 {
                yield_now().await;
            }
            out.emit(n).await;
            out.emit(n).await;
        }
    });
    for n in 0..20 {
        assert_eq!(next_with_patience(&mut stream), Some(n));
        assert_eq!(next_with_patience(&mut stream), Some(n));
    }
    assert_eq!(next_with_patience(&mut stream), None);
}

#[test]
fn a_wait_that_is_given_up_loses_nothing_of_emits_that_are_joined() {
    let mut stream = try_generate(|out| async move {
        let late = async |n| {
            yield_now().await;
            out.emit(n).await;
        };
        join_all((0..50).map(late)).await;
        Ok::<_, ()>(())
    });
    let mut items = Vec::new();
    while let Some(item) = next_with_patience(&mut stream) {
        items.extend(item);
    }
    items.sort_unstable();
    assert!(items.into_iter().eq(0..50));
}

#[test]
fn the_body_stays_where_it_waits_however_often_that_is_given_up() {
    let (send, receive) = oneshot::channel();
    let mut entered = 0;
    let mut stream = generate(|out| async move {
        entered += 1;
        let answer: u32 = receive.await.unwrap();
        out.emit((entered, answer)).await;
    });
    for _ in 0..10 {
        assert_eq!(poll_once(stream.next()), Poll::Pending);
    }
    send.send(7).unwrap();
    assert_eq!(block_on(stream.next()), Some((1, 7)));
    assert_eq!(block_on(stream.next()), None);
}

#[test]
fn a_stream_that_loses_a_race_goes_on_after_it() {
    let mut stream = try_generate(|out| async move {
        for n in 0..3 {
            yield_now().await;
            out.emit(n).await;
        }
        yield_now().await;
        Err("dry")
    });
    let mut lost = 0;
    let mut items = Vec::new();
    block_on(async {
        loop {
            // It is pending at first each time, and what is ready wins.
            let mut race = select(stream.try_next(), std::future::ready(()));
            match (&mut race).await {
                Either::Right(_) => lost += 1,
                Either::Left((Ok(Some(n)), _)) => items.push(n),
                Either::Left((result, _)) => break assert_eq!(result, Err("dry")),
            }
        }
    });
    assert_eq!((lost, items), (4, vec![0, 1, 2]));
}

#[test]
fn a_body_may_give_up_what_it_waits_for() {
    let stream = generate(|out| async move {
        for n in 0..3 {
            let race = select(Box::pin(pending::<()>()), Box::pin(yield_now())).await;
            assert!(matches!(race, Either::Right(_)));
            out.emit(n).await;
        }
    });
    assert_eq!(block_on(stream.collect::<Vec<_>>()), [0, 1, 2]);
}

#[test]
fn an_emit_that_is_awaited_beside_something_else_is_given_at_once() {
    let (send, receive) = oneshot::channel::<u32>();
    let mut stream = generate(|out| async move {
        let ((), answer) = futures::join!(out.emit(1), async { receive.await.unwrap() });
        out.emit(answer).await;
    });
    let wakes = Arc::new(Wakes::default());
    let task = Waker::from(Arc::clone(&wakes));
    let mut poll = || poll_next(&mut stream, &task);
    assert_eq!(poll(), Poll::Ready(Some(1)));
    assert_eq!(poll(), Poll::Pending);
    assert_eq!(poll(), Poll::Pending);
    send.send(2).unwrap();
    assert_eq!(wakes.count(), 1);
    assert_eq!((poll(), poll()), (Poll::Ready(Some(2)), Poll::Ready(None)));
}
