//! Panics: those of the function and of the input come where `map` would have them, once.

use std::panic::{self, AssertUnwindSafe};

use headwater::prelude::*;

use super::{busy, n, pool};
use crate::support::handles::Handles;

/// Panics without a word on standard error.
fn stop(item: usize) {
    panic::resume_unwind(Box::new(item));
}

/// Takes the items before a panic, and holds what comes of it against what `map` does.
fn panics_as_map(mut mapped: impl Iterator<Item = usize>, at: usize) {
    for item in 0..at {
        assert_eq!(mapped.next(), Some(item));
    }
    let payload = panic::catch_unwind(AssertUnwindSafe(|| mapped.next())).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&at));
    assert_eq!(mapped.size_hint(), (0, Some(0)));
    assert!(mapped.next().is_none() && mapped.next().is_none());
}

#[test]
fn a_panic_of_the_function_comes_in_its_place_and_once() {
    let test = || {
        for bound in [1, 2, 3, 16] {
            for at in 0..12 {
                let handles = Handles::default();
                let (inputs, outputs) = (handles.clone(), handles.clone());
                let mapped = (0..12).map(move |item| (item, inputs.handle(())));
                let mapped = mapped.parallel_map(move |(item, _input)| {
                    busy(item % 5);
                    if item >= at {
                        stop(item);
                    }
                    (item, outputs.handle(()))
                });
                let mut mapped = mapped.bound(n(bound));
                panics_as_map(mapped.by_ref().map(|(item, _)| item), at);
                assert_eq!(handles.live(), 0, "at {at} of {bound}");
            }
        }
    };
    test();
    pool(1).install(test);
    pool(3).install(test);
}

#[test]
fn a_panic_of_the_input_comes_behind_the_results_before_it_and_once() {
    for bound in [1, 2, 3, 16] {
        for at in 0..12 {
            let input = (0..12).inspect(move |item| {
                if *item == at {
                    stop(at);
                }
            });
            panics_as_map(input.parallel_map(|item| item).bound(n(bound)), at);
        }
    }
}

#[test]
fn panics_that_nobody_pulls_are_dropped() {
    let mut mapped = (0..100).parallel_map(|item| {
        if item > 0 {
            stop(item);
        }
        item
    });
    assert_eq!(mapped.next(), Some(0));
    drop(mapped);
}
