//! Streams that a task reads ahead: the same items, while the consumer works, and where a panic goes.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, Waker};
use std::thread;

use futures::FutureExt;
use futures::channel::mpsc;
use futures::executor::{LocalPool, block_on};
use futures::stream::{self as futures_stream, FusedStream, Stream, StreamExt};
use futures::task::SpawnExt;
use headwater::prelude::*;
use headwater::stream::{self, Task};
use headwater::{Retry, Source};

use super::ahead;
use crate::support::blocking::Blocking;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::handles::Handles;
use crate::support::polls::{Wakes, poll_next, yield_now};
use crate::support::resume::{resumes, resumes_in_place};

/// Runs a task on a thread of its own.
fn spawn(task: Task) {
    drop(thread::spawn(|| block_on(task)));
}

/// Numbers below `end`, which wait a while.
fn numbers(end: usize) -> impl Stream<Item = usize> + Send + use<> {
    futures_stream::iter(0..end).then(|number| async move {
        for _ in 0..number % 3 {
            yield_now().await;
        }
        number
    })
}

#[test]
fn it_is_as_the_stream() {
    for most in [1, 2, 5, 100] {
        contract(|| Blocking(numbers(6).read_ahead_on(ahead(most), spawn)), |n| n);
        contract(|| Blocking(numbers(0).read_ahead_on(ahead(most), spawn)), |n| n);
        let mut reads = numbers(6).read_ahead_on(ahead(most), spawn);
        for number in 0..6 {
            assert_eq!(reads.size_hint(), (6 - number, Some(6 - number)));
            assert_eq!((reads.is_terminated(), block_on(reads.next())), (false, Some(number)));
        }
        assert_eq!((block_on(reads.next()), reads.is_terminated()), (None, true));
        assert_eq!((block_on(reads.next()), reads.size_hint()), (None, (0, Some(0))));
    }
}

#[test]
fn nothing_is_polled_or_spawned_before_the_first_poll() {
    let stream = futures_stream::poll_fn(|_| -> Poll<Option<()>> { panic!("it was polled") });
    let lazy = stream.read_ahead_on(ahead(3), |_| panic!("a task was spawned"));
    assert!(format!("{lazy:?} {:?}", lazy.size_hint()).contains("is_over: false"));
}

/// Keeps a task, to be run by hand.
fn kept() -> (Rc<RefCell<Option<Task>>>, impl FnMut(Task)) {
    let place = Rc::<RefCell<_>>::default();
    (Rc::clone(&place), move |task| _ = place.borrow_mut().replace(task))
}

#[test]
fn it_goes_on_while_the_consumer_works_and_no_further_than_it_may() {
    for most in [1, 2, 3, 10] {
        let pulled = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&pulled);
        let stream = futures_stream::iter(0..100)
            .inspect(move |_| _ = counts.fetch_add(1, Ordering::SeqCst));
        let mut pool = LocalPool::new();
        let spawner = pool.spawner();
        let mut reads = stream.read_ahead_on(ahead(most), |task| spawner.spawn(task).unwrap());
        for given in 1..=50 {
            assert_eq!(pool.run_until(reads.next()), Some(given - 1));
            // The consumer works: only the task runs.
            pool.run_until_stalled();
            let ahead = pulled.load(Ordering::SeqCst) - given;
            assert!(ahead > most / 2 && ahead <= most, "{ahead} of {most}");
        }
    }
}

#[test]
fn a_next_that_is_dropped_loses_nothing() {
    let mut reads = numbers(50).read_ahead_on(ahead(3), spawn);
    let mut given = Vec::new();
    let mut dropped = 0;
    while given.len() < 50 {
        match poll_next(&mut reads, Waker::noop()) {
            Poll::Ready(item) => given.extend(item),
            Poll::Pending => dropped += 1,
        }
    }
    assert!(dropped > 0 && given.into_iter().eq(0..50));
}

#[test]
fn the_consumer_is_woken_for_an_item_and_the_task_for_room() {
    let (place, spawn) = kept();
    let mut reads = futures_stream::iter(0..9).read_ahead_on(ahead(2), spawn);
    let (consumer, worker) = (Arc::new(Wakes::default()), Arc::new(Wakes::default()));
    let (of_consumer, of_worker) = (Waker::from(consumer.clone()), Waker::from(worker.clone()));
    assert!(poll_next(&mut reads, &of_consumer).is_pending());
    let mut task = place.take().unwrap().into_stream();
    assert!(poll_next(&mut task, &of_worker).is_pending());
    assert_eq!((consumer.count(), worker.count()), (1, 0));
    assert_eq!(poll_next(&mut reads, &of_consumer), Poll::Ready(Some(0)));
    assert_eq!(worker.count(), 1, "there is room for one");
    drop(reads);
    assert!(poll_next(&mut task, &of_worker).is_ready());
}

#[test]
fn a_drop_wakes_the_task_which_drops_the_stream() {
    let handles = Handles::default();
    let (_keeps_open, never) = mpsc::unbounded::<u8>();
    let handle = handles.handle(());
    let stream = never.inspect(move |_| _ = &handle);
    let (place, spawn) = kept();
    let mut reads = stream.read_ahead_on(ahead(2), spawn);
    assert!(poll_next(&mut reads, Waker::noop()).is_pending());
    let (wakes, mut task) = (Arc::new(Wakes::default()), place.take().unwrap().into_stream());
    assert!(poll_next(&mut task, &Waker::from(wakes.clone())).is_pending());
    drop(reads);
    assert_eq!((wakes.count(), handles.live()), (1, 1));
    assert!(poll_next(&mut task, Waker::noop()).is_ready());
    assert_eq!(handles.live(), 0);
}

#[test]
fn all_items_are_dropped_with_it() {
    for taken in 0..12 {
        let handles = Handles::default();
        let items = handles.clone();
        let stream = numbers(10).map(move |_| items.handle(()));
        let mut reads = stream.read_ahead_on(ahead(4), spawn);
        assert_eq!(block_on(reads.by_ref().take(taken).count()), taken.min(10));
        drop(reads);
        handles.none_before_long();
    }
}

#[test]
fn a_stream_that_has_ended_is_dropped() {
    let handles = Handles::default();
    let handle = handles.handle(());
    let stream = numbers(3).inspect(move |_| _ = &handle);
    let mut reads = stream.read_ahead_on(ahead(9), spawn);
    assert_eq!(block_on(reads.by_ref().count()), 3);
    assert_eq!(handles.live(), 0);
}

#[test]
fn a_panic_comes_behind_the_items_before_it_and_once() {
    for most in [1, 2, 30] {
        for at in 0..8 {
            let stream = numbers(20).inspect(move |number| {
                if *number == at {
                    panic::resume_unwind(Box::new(at));
                }
            });
            let mut reads = stream.read_ahead_on(ahead(most), spawn);
            assert!(block_on(reads.by_ref().take(at).collect::<Vec<_>>()).into_iter().eq(0..at));
            let pull = AssertUnwindSafe(|| block_on(reads.next()));
            assert_eq!(panic::catch_unwind(pull).unwrap_err().downcast_ref(), Some(&at));
            assert_eq!((block_on(reads.next()), reads.is_terminated()), (None, true));
        }
    }
}

#[test]
fn a_task_that_the_executor_drops_is_noticed() {
    let mut reads = numbers(3).read_ahead_on(ahead(2), drop);
    let message = panic_of(|| block_on(reads.next()));
    assert_eq!(message, "the executor has dropped what reads ahead");
    let (place, spawn) = kept();
    let mut reads = numbers(3).read_ahead_on(ahead(2), spawn);
    let wakes = Arc::new(Wakes::default());
    assert!(poll_next(&mut reads, &Waker::from(wakes.clone())).is_pending());
    drop(place.take());
    assert_eq!(wakes.count(), 1);
}

/// Numbers up to 9, that fail where they are told to, as often as there are such numbers.
fn faulty(
    faults: &[u32],
) -> impl Source<Position = u32> + Stream<Item = Result<u32, u32>> + Unpin + Send + use<> {
    let mut faults = faults.to_vec();
    stream::try_unfold(0, move |number| {
        let fault = faults.iter().position(|fault| *fault == number);
        let fault = fault.map(|index| faults.swap_remove(index));
        async move {
            for _ in 0..number % 3 {
                yield_now().await;
            }
            match fault {
                Some(fault) => Err(fault),
                None => Ok((number < 9).then_some((number, number + 1))),
            }
        }
    })
}

#[test]
fn a_source_stays_one() {
    for most in [1, 2, 5, 30] {
        let whole = || Blocking(faulty(&[]).read_ahead_source_on(ahead(most), spawn));
        resumes(whole, |item| item);
        resumes_in_place(whole, |item| item);
        resumes(|| Blocking(faulty(&[7]).read_ahead_source_on(ahead(most), spawn)), |item| item);
    }
}

#[test]
fn a_retry_behind_it_loses_nothing_and_repeats_nothing() {
    for most in [1, 2, 5, 30] {
        for fault in 0..=9 {
            for faults in [&[fault][..], &[fault, fault, 8, 8], &[0, fault, 9]] {
                let reads = faulty(faults).read_ahead_source_on(ahead(most), spawn);
                let healed = reads.retry(Retry::immediately().max_attempts(10));
                let given: Vec<_> = block_on(healed.map(Result::unwrap).collect());
                assert!(given.into_iter().eq(0..9), "{faults:?}, {most} ahead");
            }
        }
    }
}

#[test]
fn resuming_drops_what_is_under_way() {
    let handles = Handles::default();
    let live = handles.clone();
    let waits = stream::unfold(0_u8, move |number| {
        let handle = live.handle(());
        async move {
            let _handle = handle;
            if number % 2 == 1 {
                std::future::pending::<()>().await;
            }
            Some((number, number + 1))
        }
    });
    let (place, spawn) = kept();
    let mut reads = waits.read_ahead_source_on(ahead(3), spawn);
    assert!(poll_next(&mut reads, Waker::noop()).is_pending());
    let mut task = place.take().unwrap().into_stream();
    let wakes = Arc::new(Wakes::default());
    assert!(poll_next(&mut task, &Waker::from(wakes.clone())).is_pending());
    assert_eq!(handles.live(), 1, "the second is under way");
    reads.resume_at(4);
    assert_eq!((wakes.count(), reads.position()), (1, 4));
    assert!(poll_next(&mut task, Waker::noop()).is_pending());
    assert_eq!(poll_next(&mut reads, Waker::noop()), Poll::Ready(Some(4)));
    assert_eq!(handles.live(), 1, "the one behind it is under way");
}

#[test]
fn a_task_that_runs_at_once_where_it_is_spawned_is_enough() {
    let spawned = Cell::new(0);
    let mut reads = numbers(5).read_ahead_on(ahead(9), |task| {
        spawned.set(spawned.get() + 1);
        block_on(task);
    });
    for expected in (0..5).map(Some).chain([None]) {
        assert_eq!(poll_next(&mut reads, Waker::noop()), Poll::Ready(expected));
    }
    assert_eq!(spawned.get(), 1);
}

#[cfg(feature = "tokio")]
#[test]
fn tokio_runs_the_task() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let given = numbers(50).read_ahead(ahead(4)).collect::<Vec<_>>().await;
        assert!(given.into_iter().eq(0..50));
        let given = faulty(&[]).read_ahead_source(ahead(4)).map(Result::unwrap);
        assert!(given.collect::<Vec<_>>().await.into_iter().eq(0..9));
    });
    let mut outside = numbers(3).read_ahead(ahead(4));
    assert!(panic_of(|| block_on(outside.next())).contains("runtime"));
}
