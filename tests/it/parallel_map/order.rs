//! The results, their order, and how far the input is ahead of them.

use std::cell::Cell;
use std::iter;
use std::rc::Rc;
use std::thread;

use headwater::prelude::*;
use proptest::collection::vec;

use super::{busy, n, pool};
use crate::support::contract::contract;
use crate::support::panics::Panics;
use crate::support::property::check;

#[test]
fn it_is_an_iterator_as_every_other() {
    for bound in [1, 2, 5, 100] {
        contract(|| (0..9).parallel_map(|n| n * 2).bound(n(bound)), |n| n);
        contract(|| Vec::<u8>::new().into_iter().parallel_map(|n| n).bound(n(bound)), |n| n);
        contract(|| (0..9).filter(|n| n % 2 == 0).parallel_map(|n| n).bound(n(bound)), |n| n);
    }
    contract(|| (0..9).parallel_map(|n| n + 1), |n| n);
}

#[test]
fn results_come_in_order_whichever_is_ready_first() {
    for threads in 1..=4 {
        let turns = |item: usize| item * 7919 % 60;
        let map = move || {
            let mapped = (0..300).parallel_map(move |item| {
                busy(turns(item));
                item
            });
            assert!(mapped.eq(0..300));
        };
        pool(threads).install(map);
        map();
    }
}

#[test]
fn nothing_is_pulled_or_called_before_the_first_pull() {
    let mapped = Panics.parallel_map(|_| panic!("the function was called")).bound(n(3));
    let text = format!("{mapped:?} {:?}", mapped.size_hint());
    assert!(text.contains("under_way: 0"), "{text}");
    drop(mapped);
}

/// Numbers that say how many were pulled, and look at how many were given.
fn watched(
    items: usize,
    bound: usize,
    pulled: &Rc<Cell<usize>>,
    given: &Rc<Cell<usize>>,
) -> impl Iterator<Item = usize> + use<> {
    let (pulled, given, consumer) = (Rc::clone(pulled), Rc::clone(given), thread::current().id());
    (0..items).inspect(move |item| {
        assert_eq!(thread::current().id(), consumer, "pulled on another thread");
        assert!(*item < given.get() + bound, "input {item} before output {}", given.get());
        pulled.set(item + 1);
    })
}

/// One map: how many items, the bound, how long each call takes, how many results are taken.
fn keeps_its_bound((items, bound, turns, taken): (usize, usize, Vec<usize>, usize)) {
    let (pulled, given) = (Rc::default(), Rc::default());
    let input = watched(items, bound, &pulled, &given);
    let mut mapped = input.parallel_map(move |item| {
        busy(turns[item % turns.len()]);
        item * 3
    });
    mapped = mapped.bound(n(bound));
    let mut furthest = 0;
    for item in 0..taken {
        let before = pulled.get();
        assert_eq!(
            mapped.size_hint(),
            (items.saturating_sub(item), Some(items.saturating_sub(item)))
        );
        assert_eq!(pulled.get(), before, "pulled by another call than `next`");
        assert_eq!(mapped.next(), (item < items).then_some(item * 3));
        furthest = furthest.max(pulled.get() - given.get());
        given.set(given.get() + usize::from(item < items));
    }
    assert_eq!(furthest, if taken == 0 { 0 } else { bound.min(items) }, "it is not ahead");
}

#[test]
fn no_input_is_taken_before_the_output_that_is_bound_items_before_it() {
    let turns = vec(0_usize..30, 1..6);
    check(200, &(0_usize..40, 1_usize..20, turns, 0_usize..45), keeps_its_bound);
}

#[test]
fn half_of_the_bound_is_always_under_way() {
    for bound in 1..20 {
        let (pulled, given) = (Rc::default(), Rc::default());
        let mapped = watched(200, bound, &pulled, &given).parallel_map(|item| item).bound(n(bound));
        for item in mapped {
            let ahead = pulled.get() - item;
            assert!(ahead > bound / 2 || pulled.get() == 200, "{ahead} of {bound}");
            given.set(item + 1);
        }
    }
}

#[test]
fn without_a_bound_there_are_eight_items_a_thread() {
    for threads in 1..=3 {
        pool(threads).install(|| {
            let (pulled, given) = (Rc::default(), Rc::default());
            let mut mapped = watched(100, 8 * threads, &pulled, &given).parallel_map(|item| item);
            assert_eq!(mapped.next(), Some(0));
            assert_eq!(pulled.get(), 8 * threads);
        });
    }
}

#[test]
fn an_input_that_has_ended_is_not_pulled_again() {
    let mut pulls = 0;
    let input = iter::from_fn(move || {
        pulls += 1;
        (pulls != 4).then_some(pulls)
    });
    let mut mapped = input.parallel_map(|pull| pull).bound(n(9));
    assert_eq!(mapped.by_ref().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((mapped.next(), mapped.size_hint()), (None, (0, Some(0))));
}

#[test]
fn hints_do_not_overflow() {
    let mut mapped = iter::repeat(1).parallel_map(|one| one);
    assert_eq!(mapped.next(), Some(1));
    assert_eq!(mapped.size_hint(), (usize::MAX, None));
    let mut mapped = (0..usize::MAX).parallel_map(|number| number).bound(n(4));
    assert_eq!(mapped.next(), Some(0));
    assert_eq!(mapped.len(), usize::MAX - 1);
}

#[test]
fn results_are_items_as_any() {
    let input = ["1", "x", "3"].map(str::parse::<u8>).into_iter();
    let mapped = input.parallel_map(|item| item.map(|number| number * 2).map_err(drop));
    assert_eq!(mapped.collect::<Vec<_>>(), [Ok(2), Err(()), Ok(6)]);
}
