//! What a source has open is closed at its end, at an error, with the worker.

use std::io;
use std::panic;
use std::panic::AssertUnwindSafe;

use headwater::distributed::source;
use timely::worker::Worker;

use super::support::{Census, finish, n, run, slowly};

/// A share that holds something open, and fails at an item, if there is one of that number.
fn open(census: &Census, fails_at: u64) -> impl Iterator<Item = io::Result<u64>> + use<> {
    let held = census.join();
    (0..10_u64).map(move |item| {
        let _held = &held;
        if item == fails_at { Err(io::Error::other("broken")) } else { Ok(item) }
    })
}

#[test]
fn a_source_is_dropped_at_its_end_not_with_the_dataflow() {
    run(1, |worker| {
        let census = Census::default();
        let share = open(&census, 99);
        worker.dataflow(|scope| source(scope, share, n(1), |items| slowly(items, 9)).1);
        let mut open_at = Vec::new();
        while worker.has_dataflows() {
            worker.step();
            open_at.push(census.now());
        }
        assert_eq!((open_at.first(), open_at.last()), (Some(&1), Some(&0)));
        assert!(open_at.iter().filter(|open| **open == 0).count() > 1, "{open_at:?}");
    });
}

#[test]
fn a_source_is_dropped_at_its_error_and_when_another_one_fails() {
    run(2, |worker| {
        let census = Census::default();
        let (length, failing_len) = if worker.index() == 0 { (0, 10) } else { (usize::MAX, 0) };
        let failing = open(&census, 3);
        let open = census.join();
        let endless = std::iter::repeat_with(move || {
            let _open = &open;
            Ok(7)
        })
        .take(length);
        worker.dataflow(|scope| {
            let share = failing.take(failing_len).chain(endless);
            source(scope, share, n(2), |items| items).1
        });
        finish(worker);
        assert_eq!(census.now(), 0);
    });
}

#[test]
fn a_source_is_dropped_with_its_dataflow_and_by_a_panic() {
    run(1, |worker: &mut Worker| {
        let census = Census::default();
        let share = open(&census, 99);
        worker.dataflow(|scope| source(scope, share, n(1), |items| items).1);
        worker.step();
        worker.step();
        assert_eq!(census.now(), 1);
        let dataflows = worker.installed_dataflows();
        worker.drop_dataflow(dataflows[0]);
        assert_eq!(census.now(), 0);
    });

    let census = Census::default();
    let counted = census.clone();
    let panicked = panic::catch_unwind(AssertUnwindSafe(move || {
        timely::execute_directly(move |worker| {
            let share =
                open(&counted, 99).inspect(|item| assert!(!matches!(item, Ok(4)), "of ours"));
            worker.dataflow(|scope| source(scope, share, n(1), |items| items).1);
            finish(worker);
        });
    }));
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"of ours"));
    assert_eq!(census.now(), 0);
}
