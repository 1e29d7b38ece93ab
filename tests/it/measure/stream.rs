//! Futures and streams: what their own polls use.

use std::future::{pending, poll_fn};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;
use futures::stream::{self, FusedStream, StreamExt};
use futures::{Stream, future};
use headwater::measure::{Usage, measure, so_far};
use headwater::stream as headwater_stream;

fn figures(usage: Usage) -> (u64, i64, u64, u64) {
    (usage.peak(), usage.live_at_end(), usage.allocations(), usage.allocated_bytes())
}

fn block(len: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(len))
}

/// Is pending once.
async fn breath() {
    let mut is_over = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn polls_add_up() {
    let future = headwater_stream::measure(async {
        let kept = block(100);
        breath().await;
        let more = block(1000);
        breath().await;
        drop(kept);
        breath().await;
        let last = block(50);
        (more, last)
    });
    let (_, usage) = block_on(future);
    assert_eq!(figures(usage), (1100, 1050, 3, 1150));
}

#[test]
fn futures_that_are_joined_are_told_apart() {
    let task = |len: usize| {
        headwater_stream::measure(async move {
            let kept = block(len);
            breath().await;
            drop(block(len));
            breath().await;
            drop(kept);
        })
    };
    let joined = headwater_stream::measure(future::join(task(100), task(7000)));
    let ((((), one), ((), other)), both) = block_on(joined);
    assert_eq!((figures(one), figures(other)), ((200, 0, 2, 200), (14_000, 0, 2, 14_000)));
    // 100 and 7000 are kept at one time, and 7000 more.
    assert_eq!(figures(both), (14_100, 0, 4, 14_200));
}

#[test]
fn they_nest_in_scopes_and_what_is_between_polls_is_not_theirs() {
    let ((inner, ()), outer) = measure(|| {
        let mut future = pin!(headwater_stream::measure(async {
            let kept = block(10);
            breath().await;
            drop(kept);
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
        drop(block(500));
        let Poll::Ready(((), usage)) = future.as_mut().poll(&mut cx) else { panic!("pending") };
        (usage, ())
    });
    assert_eq!(figures(inner), (10, 0, 1, 10));
    assert_eq!(figures(outer), (510, 0, 2, 510));
    assert_eq!(so_far(), None);
}

#[test]
fn a_future_may_go_from_thread_to_thread() {
    let mut future = Box::pin(headwater_stream::measure(async {
        let kept = block(10);
        breath().await;
        drop(kept);
        block(20)
    }));
    let mut future = thread::spawn(move || {
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        future
    })
    .join()
    .unwrap();
    assert_eq!(figures(future.usage()), (10, 10, 1, 10));
    let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready((_, usage)) = polled else { panic!("pending") };
    assert_eq!(figures(usage), (20, 20, 2, 30));
}

#[test]
fn a_stream_tells_what_it_has_used_so_far() {
    let items = stream::iter([10, 2000, 30]).map(|len: usize| drop(block(len)));
    let mut items = headwater_stream::measure(items);
    assert_eq!((items.size_hint(), items.usage()), ((3, Some(3)), Usage::default()));
    block_on(async {
        let mut peaks = Vec::with_capacity(8);
        while let Some(()) = items.next().await {
            peaks.push(items.usage().peak());
        }
        assert_eq!(peaks, [10, 2000, 2000]);
    });
    assert_eq!(figures(items.usage()), (2000, 0, 3, 2040));
    assert_eq!(block_on(items.into_inner().count()), 0);
    let fused = headwater_stream::measure(stream::empty::<()>());
    assert!(fused.is_terminated());
}

#[test]
fn a_poll_that_panics_ends_its_scope() {
    let mut future = Box::pin(headwater_stream::measure(async {
        std::panic::resume_unwind(Box::new(()));
    }));
    let poll = std::panic::AssertUnwindSafe(|| {
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    });
    assert!(std::panic::catch_unwind(poll).is_err());
    assert_eq!(so_far(), None);
}

#[test]
fn it_can_be_dropped_and_shown_and_sent() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let future = is_send(headwater_stream::measure(pending::<()>()));
    assert!(format!("{future:?}").starts_with("Measured {"), "{future:?}");
}
