//! Iterators of any kind: the same items, no further ahead than allowed, and where a panic goes.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;
use std::{iter, thread};

use headwater::prelude::*;
use headwater::{Retry, lines, try_unfold};
use proptest::collection::vec;

use super::{PATIENCE, ahead};
use crate::support::contract::contract;
use crate::support::handles::Handles;
use crate::support::own_process::without_threads;
use crate::support::panics::Panics;
use crate::support::property::check;
use crate::support::resume::{resume_law, resume_law_in_place, resumes, resumes_in_place};

#[test]
fn it_is_an_iterator_as_every_other() {
    for items in [1, 2, 5, 100] {
        contract(|| (0..6).read_ahead(ahead(items)), |n| n);
        contract(|| (0..6).filter(|n| n % 2 == 0).read_ahead(ahead(items)), |n| n);
        contract(|| iter::empty::<u8>().read_ahead(ahead(items)), |n| n);
    }
}

#[test]
fn nothing_is_pulled_and_no_thread_started_before_the_first_pull() {
    let handles = Handles::default();
    let lazy = handles.handle(Panics).read_ahead(ahead(3));
    assert!(format!("{lazy:?} {:?}", lazy.size_hint()).contains("is_over: false"));
    assert_eq!(handles.live(), 1);
    drop(lazy);
    assert_eq!(handles.live(), 0, "a thread has it");
}

/// One iterator: how many items, how far ahead, how long each pull and the consumer take.
fn keeps_its_bound((items, most, turns): (usize, usize, Vec<usize>)) {
    let given = Arc::new(AtomicUsize::new(0));
    let watch = Arc::clone(&given);
    let consumer = thread::current().id();
    let input = (0..items).map(move |item| {
        let given = watch.load(Ordering::SeqCst);
        (0..item % 7).for_each(|_| thread::yield_now());
        (item, given, thread::current().id())
    });
    for (index, (item, given_before, puller)) in input.read_ahead(ahead(most)).enumerate() {
        assert_eq!(item, index);
        // The one that is given by the pull under way is not counted yet.
        assert!(item <= given_before + most, "item {item} when {given_before} were given");
        assert_ne!(puller, consumer);
        given.fetch_add(1, Ordering::SeqCst);
        (0..turns[index % turns.len()]).for_each(|_| thread::yield_now());
    }
    assert_eq!(given.load(Ordering::SeqCst), items);
}

#[test]
fn no_item_is_pulled_before_the_one_that_is_so_many_before_it_was_given() {
    let turns = vec(0_usize..20, 1..6);
    check(100, &(0_usize..40, 1_usize..12, turns), keeps_its_bound);
}

#[test]
fn it_gets_as_far_ahead_as_it_may_while_the_consumer_works() {
    for most in [1, 2, 3, 10] {
        let pulled = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&pulled);
        let input = (0..100).inspect(move |_| _ = counts.fetch_add(1, Ordering::SeqCst));
        let mut reads = input.read_ahead(ahead(most));
        for given in 1..=20 {
            assert_eq!(reads.next(), Some(given - 1));
            // It pauses until half of them were given.
            let least = given + most / 2 + 1;
            let begun = Instant::now();
            while pulled.load(Ordering::SeqCst) < least {
                assert!(begun.elapsed() < PATIENCE, "it stays behind");
                thread::yield_now();
            }
            // Time for one too many.
            (0..20).for_each(|_| thread::yield_now());
            assert!(pulled.load(Ordering::SeqCst) <= given + most);
        }
    }
}

#[test]
fn hints_are_those_behind_what_was_given() {
    let mut reads = (0..9).read_ahead(ahead(4));
    for left in (0..9).rev() {
        assert_eq!(reads.len(), left + 1);
        reads.next();
    }
    assert_eq!((reads.len(), reads.next(), reads.len()), (0, None, 0));
}

#[test]
fn an_iterator_that_has_ended_is_not_pulled_again_and_is_dropped() {
    let handles = Handles::default();
    let mut pulls = 0;
    let input = iter::from_fn(move || {
        pulls += 1;
        (pulls != 4).then_some(pulls)
    });
    let mut reads = handles.handle(input).read_ahead(ahead(9));
    assert!(reads.by_ref().eq(1..4));
    assert_eq!((handles.live(), reads.next(), reads.size_hint()), (0, None, (0, Some(0))));
}

/// Numbers up to a panic.
fn up_to(at: usize) -> impl Iterator<Item = usize> {
    (0..20).inspect(move |item| {
        if *item == at {
            panic::resume_unwind(Box::new(at));
        }
    })
}

#[test]
fn a_panic_comes_behind_the_items_before_it_and_once() {
    for most in [1, 2, 30] {
        for at in 0..8 {
            let mut reads = up_to(at).read_ahead(ahead(most));
            assert!(reads.by_ref().take(at).eq(0..at));
            let payload = panic::catch_unwind(AssertUnwindSafe(|| reads.next())).unwrap_err();
            assert_eq!(payload.downcast_ref(), Some(&at));
            assert_eq!((reads.next(), reads.next(), reads.size_hint()), (None, None, (0, Some(0))));
        }
    }
    drop(up_to(3).read_ahead(ahead(9)).take(1));
}

#[test]
fn dropping_it_does_not_wait_for_the_pull_that_is_under_way() {
    let handles = Handles::default();
    let ((tell, told), (asked, asks)) = (mpsc::channel::<u8>(), mpsc::channel());
    let input = handles.handle(iter::from_fn(move || {
        // Who made it may have gone.
        let _ = asked.send(());
        told.recv().ok()
    }));
    let mut reads = input.read_ahead(ahead(5));
    tell.send(1).unwrap();
    assert_eq!(reads.next(), Some(1));
    (0..2).for_each(|_| asks.recv_timeout(PATIENCE).expect("it does not ask"));
    drop(reads);
    assert_eq!(handles.live(), 1, "its pull is under way");
    tell.send(2).unwrap();
    handles.none_before_long();
    assert!(asks.recv_timeout(PATIENCE).is_err(), "it pulls on");
}

#[test]
fn all_items_are_dropped_with_it() {
    for taken in 0..12 {
        let handles = Handles::default();
        let items = handles.clone();
        let input = handles.handle((0..10).map(move |_| items.handle(())));
        let mut reads = input.read_ahead(ahead(4));
        assert_eq!(reads.by_ref().take(taken).count(), taken.min(10));
        drop(reads);
        handles.none_before_long();
    }
}

#[test]
fn without_a_thread_items_are_pulled_when_they_are_asked_for() {
    let name = "read_ahead::items::without_a_thread_items_are_pulled_when_they_are_asked_for";
    without_threads(name, pulls_when_asked);
}

fn pulls_when_asked() {
    let here = thread::current().id();
    let mut reads = (0..5).map(|item| (item, thread::current().id())).read_ahead(ahead(3));
    assert!(reads.by_ref().eq((0..5).map(|item| (item, here))));
    assert_eq!(reads.next(), None);
    let mut reads = up_to(2).read_ahead(ahead(3));
    assert!(reads.by_ref().take(2).eq(0..2));
    assert!(panic::catch_unwind(AssertUnwindSafe(|| reads.next())).is_err());
    assert_eq!(reads.next(), None);
    let numbers = || faulty(&[]).read_ahead_source(ahead(3));
    resumes_in_place(numbers, |item| item);
}

/// Numbers up to 9, that fail where they are told to, as often as there are such numbers.
fn faulty(
    faults: &[u32],
) -> impl Source<Position = u32> + Iterator<Item = Result<u32, u32>> + Send + use<> {
    let mut faults = faults.to_vec();
    try_unfold(0, move |&number| match faults.iter().position(|fault| *fault == number) {
        Some(index) => Err(faults.swap_remove(index)),
        None => Ok((number < 9).then_some((number, number + 1))),
    })
}

#[test]
fn a_source_stays_one() {
    for most in [1, 2, 5, 30] {
        let whole = || faulty(&[]).read_ahead_source(ahead(most));
        resumes(whole, |item| item);
        resumes_in_place(whole, |item| item);
        resumes(|| faulty(&[7]).read_ahead_source(ahead(most)), |item| item);
        let log = || lines::random_access(|| Ok(super::TEXT)).containing("e");
        resume_law(|| log().read_ahead_source(ahead(most)));
        resume_law_in_place(|| log().read_ahead_source(ahead(most)));
    }
}

#[test]
fn a_retry_behind_it_loses_nothing_and_repeats_nothing() {
    for most in [1, 2, 5, 30] {
        for fault in 0..=9 {
            for faults in [&[fault][..], &[fault, fault, 8, 8], &[0, fault, 9]] {
                let reads = faulty(faults).read_ahead_source(ahead(most));
                let healed = reads.retry(Retry::immediately().max_attempts(10));
                assert!(healed.map(Result::unwrap).eq(0..9), "{faults:?}, {most} ahead");
            }
        }
    }
}

#[test]
fn it_can_be_resumed_after_a_panic() {
    for most in [1, 3, 30] {
        let mut panics = 1;
        let source = headwater::unfold(0_u32, move |&number| {
            if number == 5 && panics > 0 {
                panics -= 1;
                panic::resume_unwind(Box::new("stop"));
            }
            (number < 9).then_some((number, number + 1))
        });
        let mut reads = source.read_ahead_source(ahead(most));
        assert!(reads.by_ref().take(5).eq(0..5));
        assert!(panic::catch_unwind(AssertUnwindSafe(|| reads.next())).is_err());
        assert_eq!((reads.position(), reads.next()), (5, None));
        reads.resume_at(reads.position());
        assert!(reads.eq(5..9));
    }
}

#[test]
fn whether_it_can_recover_is_said_of_the_error_that_was_given() {
    let bytes = &b"1\nmuch too long\n3\n"[..];
    let mut reads = lines::random_access(move || Ok(bytes)).max_len(5).read_ahead_source(ahead(9));
    assert!(reads.next().unwrap().is_ok() && reads.can_recover());
    assert!(reads.next().unwrap().is_err() && !reads.can_recover());
}
