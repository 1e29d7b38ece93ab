//! Streams of a state and an async function.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::channel::oneshot;
use futures::executor::block_on;
use futures::stream::{FusedStream, Stream, StreamExt as _};
use headwater::Source;
use headwater::stream::{try_unfold, unfold};

use crate::support::log::Log;
use crate::support::polls::{poll_next, poll_once, yield_now};

/// The numbers from `state` to `end`, each after two waits.
fn count_up(
    state: u32,
    end: u32,
) -> impl FusedStream<Item = u32> + Source<Position = u32> + Unpin + Send + std::fmt::Debug {
    unfold(state, move |n| async move {
        yield_now().await;
        yield_now().await;
        (n < end).then_some((n, n + 1))
    })
}

#[test]
fn the_function_is_not_called_before_the_first_poll_nor_twice_for_an_item() {
    let log = Log::default();
    let mut stream = unfold(0, |n| {
        log.note(format_args!("called-{n}"));
        let held = log.drops("dropped");
        async move {
            let _held = held;
            yield_now().await;
            Some((n, n + 1))
        }
    });
    drop(stream.next());
    assert_eq!((log.take(), stream.size_hint(), stream.position()), (String::new(), (0, None), 0));
    for n in 0..3 {
        assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Pending);
        assert_eq!((log.take(), stream.position()), (format!("called-{n}"), n));
        assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Ready(Some(n)));
        assert_eq!((log.take(), stream.position()), ("dropped".into(), n + 1));
    }
    assert_eq!(poll_next(&mut stream, Waker::noop()), Poll::Pending);
    drop(stream);
    assert_eq!(log.take(), "called-3 dropped");
}

/// What is left of a stream.
fn rest(stream: impl Stream<Item = u32>) -> Vec<u32> {
    block_on(stream.collect())
}

#[test]
fn a_stream_goes_on_at_any_of_its_positions() {
    for len in 0..6 {
        for taken in 0..=len {
            let mut stream = count_up(0, len);
            let first = rest(stream.by_ref().take(taken as usize));
            assert!(first.into_iter().eq(0..taken));
            let noted = stream.position();
            assert!(rest(count_up(noted, len)).into_iter().eq(taken..len));
            assert!(rest(&mut stream).into_iter().eq(taken..len));
            assert!(stream.is_terminated());
            stream.resume_at(noted);
            assert!(!stream.is_terminated());
            assert!(rest(&mut stream).into_iter().eq(taken..len));
        }
    }
}

#[test]
fn resuming_drops_what_is_waited_for() {
    let log = Log::default();
    let mut stream = unfold(1, |n| {
        let held = log.drops("dropped");
        async move {
            yield_now().await;
            drop(held);
            Some((n, n + 1))
        }
    });
    assert_eq!(poll_once(stream.next()), Poll::Pending);
    assert_eq!(log.take(), "");
    stream.resume_at(5);
    assert_eq!(log.take(), "dropped");
    assert_eq!((block_on(stream.next()), stream.position()), (Some(5), 6));
}

#[test]
fn a_wait_that_is_given_up_loses_nothing() {
    let (send, receive) = oneshot::channel::<u32>();
    let receive = Cell::new(Some(receive));
    let mut stream = unfold(0, |n| {
        let receive = receive.take();
        async move {
            let n = n + receive?.await.ok()?;
            Some((n, n))
        }
    });
    for _ in 0..5 {
        assert_eq!(poll_once(stream.next()), Poll::Pending);
    }
    send.send(7).unwrap();
    assert_eq!((block_on(stream.next()), stream.position()), (Some(7), 7));
    assert_eq!(block_on(stream.next()), None);
}

#[test]
fn an_end_is_final_until_it_is_resumed() {
    let mut calls = 0;
    let mut stream = unfold(0, |n| {
        calls += 1;
        std::future::ready((calls != 2).then_some((n, n + 1)))
    });
    let mut poll = || block_on(stream.next());
    assert_eq!([poll(), poll(), poll(), poll()], [Some(0), None, None, None]);
    assert_eq!((stream.size_hint(), stream.is_terminated()), ((0, Some(0)), true));
    stream.resume_at(stream.position());
    assert_eq!((block_on(stream.next()), stream.size_hint()), (Some(1), (0, None)));
    drop(stream);
    assert_eq!(calls, 3);
}

#[test]
fn an_error_is_given_once_and_resuming_tries_again() {
    let failures = Cell::new(1);
    let mut pages = try_unfold(0, |page| {
        let failures = &failures;
        async move {
            yield_now().await;
            if page == 2 && failures.replace(0) > 0 {
                return Err("503");
            }
            Ok((page < 4).then_some((page, page + 1)))
        }
    });
    let items = block_on(pages.by_ref().collect::<Vec<_>>());
    assert_eq!(items, [Ok(0), Ok(1), Err("503")]);
    assert_eq!(
        (pages.position(), pages.size_hint(), pages.is_terminated()),
        (2, (0, Some(0)), true)
    );
    pages.resume_at(pages.position());
    assert_eq!(block_on(pages.by_ref().collect::<Vec<_>>()), [Ok(2), Ok(3)]);
    assert_eq!((block_on(pages.next()), pages.position()), (None, 4));
}

#[test]
fn a_future_that_panics_is_dropped_and_leaves_the_position_as_it_was() {
    let log = Log::default();
    let panics = Cell::new(true);
    let mut stream = unfold(3, |n| {
        let (held, panics) = (log.drops("dropped"), panics.replace(false));
        async move {
            let _held = held;
            yield_now().await;
            assert!(!panics, "spilt");
            Some((n, n + 1))
        }
    });
    assert_eq!(poll_once(stream.next()), Poll::Pending);
    assert!(catch_unwind(AssertUnwindSafe(|| poll_once(stream.next()))).is_err());
    assert_eq!((log.take(), stream.position()), ("dropped".into(), 3));
    assert_eq!((block_on(stream.next()), stream.position()), (Some(3), 4), "it is tried again");
}

/// The futures take turns in one place, which has to be as good as one of its own for each.
#[test]
fn futures_that_borrow_from_themselves_come_one_after_the_other() {
    let mut stream = unfold(0_usize, |n| async move {
        let rows: Vec<_> = (0..n).map(Rc::new).collect();
        let last = rows.last();
        yield_now().await;
        (n < 50).then(|| (last.map_or(0, |last| **last + rows.len()), n + 1))
    });
    for n in 0..50_usize {
        assert_eq!(block_on(stream.next()), Some((2 * n).saturating_sub(1)));
    }
    assert_eq!(block_on(stream.next()), None);
}

#[test]
fn the_state_is_printed_and_the_function_is_not() {
    let mut stream = count_up(7, 8);
    assert_eq!(format!("{stream:?}"), "Unfold { state: 7, is_over: false, .. }");
    assert_eq!(block_on(stream.by_ref().count()), 1);
    assert_eq!(format!("{stream:?}"), "Unfold { state: 8, is_over: true, .. }");
    let failing = try_unfold(7, |_: u32| async { Err::<Option<(u32, u32)>, _>("dry") });
    assert_eq!(format!("{failing:?}"), "TryUnfold { state: 7, is_over: false, .. }");
}
