//! What the body of a stream holds is dropped once, in order, wherever the stream is left.

use std::sync::OnceLock;
use std::task::{Poll, Waker};

use futures::Stream;
use futures::executor::block_on;
use futures::stream::StreamExt as _;
use headwater::generate::Emitter;
use headwater::stream::{generate, try_generate};

use super::bodies::{DROPPED_AFTER, hold_and_emit, is_outside};
use crate::support::caught::panic_of;
use crate::support::log::Log;
use crate::support::polls::{poll_next, poll_once, yield_now};

/// Emits three items, yields, and panics if it shall.
fn holding(log: &Log, panics: bool) -> impl Stream<Item = u32> + Unpin + use<> {
    let (log, captured) = (log.clone(), log.drops("captured"));
    generate(move |out| async move {
        let _captured = captured;
        hold_and_emit(&out, &log).await;
        let _last = log.drops("last");
        yield_now().await;
        assert!(!panics, "the body");
    })
}

#[test]
fn a_stream_that_is_dropped_drops_what_its_body_holds() {
    let log = Log::default();
    for (items, dropped) in DROPPED_AFTER.into_iter().enumerate() {
        let mut stream = holding(&log, false);
        for item in (1..).take(items) {
            assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(Some(item)));
        }
        assert_eq!(log.take(), "", "after {items} items");
        drop(stream);
        assert_eq!(log.take(), dropped, "after {items} items");
    }
}

#[test]
fn a_stream_that_is_dropped_while_it_waits_drops_what_its_body_holds() {
    let log = Log::default();
    // It waits twice for each item, so that some polls are `Pending`.
    let waiting = || {
        let (log, captured) = (log.clone(), log.drops("captured"));
        try_generate(move |out| async move {
            let _captured = captured;
            let _first = log.drops("first");
            yield_now().await;
            let _second = log.drops("second");
            out.emit(1).await;
            let _third = log.drops("third");
            yield_now().await;
            Err("dry")
        })
    };
    let polls = [Poll::Pending, Poll::Ready(Some(Ok(1))), Poll::Pending];
    for (taken, dropped) in DROPPED_AFTER.into_iter().enumerate() {
        let mut stream = waiting();
        for poll in &polls[..taken] {
            assert_eq!(&poll_next(&mut stream, Waker::noop()), poll);
        }
        assert_eq!(log.take(), "", "after {taken} polls");
        drop(stream);
        assert_eq!(log.take(), dropped, "after {taken} polls");
    }
    let mut stream = waiting();
    assert_eq!(block_on(stream.by_ref().collect::<Vec<_>>()), [Ok(1), Err("dry")]);
    assert_eq!(log.take(), "third second first captured", "with the error");
}

#[test]
fn a_body_that_ends_drops_what_it_holds_in_the_same_poll() {
    let log = Log::default();
    let mut stream = holding(&log, false);
    assert_eq!(block_on(stream.by_ref().take(3).collect::<Vec<_>>()), [1, 2, 3]);
    assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Pending);
    assert_eq!(log.take(), "third second first");
    assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(None));
    assert_eq!(log.take(), "last captured");
    assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(None));
    drop(stream);
    assert_eq!(log.take(), "");
}

#[test]
fn a_body_that_panics_drops_what_it_holds_and_ends_the_stream() {
    let log = Log::default();
    let mut stream = holding(&log, true);
    let collected = panic_of(|| block_on(stream.by_ref().collect::<Vec<_>>()));
    assert_eq!(collected, "the body");
    assert_eq!(log.take(), "third second first last captured");
    for _ in 0..3 {
        assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(None));
    }
    drop(stream);
    assert_eq!(log.take(), "");
}

#[test]
fn an_emit_in_another_task_is_refused() {
    let leak = OnceLock::new();
    let mut stream = generate(|out| async {
        let out: &Emitter<_> = leak.get_or_init(|| out);
        out.emit_all([1, 2]).await;
    });
    assert_eq!(block_on(stream.next()), Some(1));
    let out = leak.get().unwrap();
    assert!(is_outside(&panic_of(|| poll_once(out.emit(9)))));
    assert!(is_outside(&panic_of(|| poll_once(out.emit_stream(futures::stream::iter([9]))))));
    assert!(is_outside(&panic_of(|| block_on(out.emit(9)))));
    assert_eq!((block_on(stream.next()), block_on(stream.next())), (Some(2), None));
}
