//! `stream::guard`: a stream and a value that live as long.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::executor::block_on;
use futures::stream::{self, FusedStream};
use futures::{FutureExt, Stream, StreamExt};
use headwater::stream::guard;

use super::journal::waits;
use super::runs::everywhere;
use crate::support::caught::panic_of;
use crate::support::log::{Log, NotesDrop};
use crate::support::polls::poll_next;

/// Gives 0 and 1, and notes when it is dropped.
fn numbers(log: &Log) -> impl Stream<Item = u32> + Send + 'static + use<> {
    let dropped = log.drops("stream");
    stream::iter(0..2).then(move |n| {
        let _held = &dropped;
        async move {
            waits(1).await;
            n
        }
    })
}

#[test]
fn both_go_in_the_poll_that_gives_none() {
    async fn run() -> String {
        let log = Log::default();
        let mut numbers = Box::pin(guard(numbers(&log), log.drops("value")));
        assert_eq!((numbers.next().await, numbers.next().await), (Some(0), Some(1)));
        assert!(!numbers.is_terminated() && numbers.value().is_some());
        log.note("last");
        assert_eq!(numbers.next().await, None);
        log.note("none");
        assert!(numbers.is_terminated() && numbers.value().is_none());
        assert_eq!((numbers.next().await, numbers.size_hint()), (None, (0, Some(0))));
        drop(numbers);
        log.take()
    }
    everywhere("guard", run, "last stream value none");
}

#[test]
fn both_go_with_the_guard_at_any_poll() {
    for polls in 0..=4 {
        let log = Log::default();
        let mut numbers = Box::pin(guard(numbers(&log), log.drops("value")));
        for _ in 0..polls {
            assert_ne!(poll_next(&mut numbers, Waker::noop()), Poll::Ready(None));
        }
        assert_eq!(log.take(), "", "after {polls} polls");
        drop(numbers);
        assert_eq!(log.take(), "stream value", "after {polls} polls");
    }
}

#[test]
fn both_go_in_the_poll_that_panics() {
    async fn run() -> String {
        let log = Log::default();
        let spilt = numbers(&log).inspect(|&n| assert_eq!(n, 0, "spilt"));
        let mut numbers = Box::pin(guard(spilt, log.drops("value")));
        assert_eq!(numbers.next().await, Some(0));
        let second = AssertUnwindSafe(numbers.next()).catch_unwind().await;
        log.note(format_args!("{}", second.is_err()));
        assert!(numbers.is_terminated() && numbers.value().is_none());
        assert_eq!((numbers.next().await, numbers.size_hint()), (None, (0, Some(0))));
        drop(numbers);
        log.take()
    }
    everywhere("guard", run, "stream value true");
}

#[test]
fn the_value_goes_though_the_drop_of_the_stream_panics() {
    struct Panics(#[expect(dead_code, reason = "for its drop")] NotesDrop);

    impl Stream for Panics {
        type Item = ();

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<()>> {
            Poll::Ready(None)
        }
    }

    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("spilt");
        }
    }

    let log = Log::default();
    let mut items = guard(Panics(log.drops("stream")), log.drops("value"));
    assert_eq!(panic_of(|| poll_next(&mut items, Waker::noop())), "spilt");
    assert_eq!(log.take(), "stream value");
    assert_eq!(poll_next(&mut items, Waker::noop()), Poll::Ready(None));
}

#[test]
fn a_stream_that_is_not_fused_is_not_polled_after_its_end() {
    let mut polls = 0;
    let on_and_off = stream::poll_fn(|_: &mut Context<'_>| {
        polls += 1;
        Poll::Ready((polls % 2 == 1).then_some(polls))
    });
    let mut numbers = guard(on_and_off, ());
    let given: Vec<_> = (0..4).map(|_| block_on(numbers.next())).collect();
    assert_eq!(given, [Some(1), None, None, None]);
    drop(numbers);
    assert_eq!(polls, 2);
}

#[test]
fn the_hint_is_that_of_the_stream() {
    let mut numbers = guard(stream::iter(0..2), ());
    let mut hints = vec![numbers.size_hint()];
    while poll_next(&mut numbers, Waker::noop()) != Poll::Ready(None) {
        hints.push(numbers.size_hint());
    }
    assert_eq!(hints, [(2, Some(2)), (1, Some(1)), (0, Some(0))]);
}

#[test]
fn a_stream_that_must_be_pinned_is_held_in_its_place() {
    let numbers = guard(stream::once(async { 1 }), "value");
    let mut numbers = std::pin::pin!(numbers);
    assert_eq!(numbers.as_ref().get_ref().value(), Some(&"value"));
    assert_eq!(block_on(numbers.next()), Some(1));
    assert_eq!(block_on(Pin::new(&mut numbers).next()), None);
}
