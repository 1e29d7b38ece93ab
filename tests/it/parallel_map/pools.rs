//! Pools: the one that is installed is used, one thread is enough, and waiting does other work.

use std::collections::HashSet;
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;

use headwater::prelude::*;
use rayon::Yield;

use super::{PATIENCE, n, pool};

#[test]
fn calls_are_made_by_several_threads_at_once() {
    pool(3).install(|| {
        // Each call waits for two others: they have to be under way at the same time.
        let barrier = Barrier::new(3);
        let mapped = (0..3).parallel_map(move |_| {
            barrier.wait();
            thread::current().id()
        });
        assert_eq!(mapped.collect::<HashSet<_>>().len(), 3);
    });
}

#[test]
fn the_pool_that_is_installed_makes_the_calls() {
    let threads = pool(5).install(|| {
        let mapped = (0..50).parallel_map(|_| rayon::current_num_threads());
        mapped.collect::<HashSet<_>>()
    });
    assert_eq!(threads, HashSet::from([5]));
}

#[test]
fn one_thread_is_enough_for_the_consumer_and_all_calls() {
    pool(1).install(|| {
        let here = thread::current().id();
        for bound in [1, 2, 50] {
            let mapped = (0..100).parallel_map(move |item| (item, thread::current().id()));
            assert!(mapped.bound(n(bound)).eq((0..100).map(|item| (item, here))));
        }
    });
}

/// Sums numbers by maps of maps of maps.
fn nested(depth: u32, number: u64) -> u64 {
    if depth == 0 {
        return number;
    }
    (0..5).parallel_map(move |next| nested(depth - 1, number * 5 + next)).sum()
}

#[test]
fn maps_in_maps_end() {
    let expected = (0..5_u64.pow(4)).sum::<u64>();
    assert_eq!(nested(4, 0), expected);
    for threads in 1..=4 {
        assert_eq!(pool(threads).install(|| nested(4, 0)), expected, "{threads} threads");
    }
}

#[test]
fn many_consumers_share_a_pool() {
    pool(2).scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|_| assert!((0..200).parallel_map(|item| item + 1).eq(1..=200)));
        }
    });
}

#[test]
fn a_consumer_that_waits_does_other_jobs_of_its_pool() {
    pool(2).install(|| {
        let consumer = thread::current().id();
        let mapped = (0..4).parallel_map(move |item| {
            if thread::current().id() != consumer {
                // Of two threads this one waits: the other must do what it is given.
                let (done, is_done) = mpsc::channel();
                rayon::spawn(move || done.send(()).unwrap());
                is_done.recv_timeout(PATIENCE).expect("the consumer only waits");
            }
            item
        });
        assert!(mapped.eq(0..4));
    });
}

#[test]
fn maps_leave_no_jobs_behind() {
    pool(1).install(|| {
        for taken in 0..50 {
            let mapped = (0..30).parallel_map(|item| item).bound(n(4));
            assert!(mapped.take(taken).eq(0..taken.min(30)));
            assert_eq!(rayon::yield_local(), Some(Yield::Idle), "after {taken}");
        }
    });
}

#[test]
fn the_function_may_use_the_pool() {
    let sums = || {
        let mapped = (0..40_u64).parallel_map(|number| {
            let (a, b) = rayon::join(|| number, || number * 2);
            a + b
        });
        assert!(mapped.eq((0..40).map(|number| number * 3)));
    };
    sums();
    pool(1).install(sums);
    pool(2).install(sums);
}

#[test]
fn it_can_be_sent_and_pulled_elsewhere() {
    let mut mapped = (0..50).parallel_map(|item| item);
    assert!(mapped.by_ref().take(10).eq(0..10));
    let taken = thread::spawn(move || mapped.collect::<Vec<_>>()).join().unwrap();
    assert!(taken.into_iter().eq(10..50));
    let given = Mutex::new(Vec::new());
    let mapped = Mutex::new((0..50).parallel_map(|item| item));
    thread::scope(|scope| {
        let pull = || given.lock().unwrap().push(mapped.lock().unwrap().next());
        (0..50).for_each(|_| drop(scope.spawn(pull).join()));
    });
    assert!(given.into_inner().unwrap().into_iter().flatten().eq(0..50));
}
