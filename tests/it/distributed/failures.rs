use std::cell::Cell;
use std::io;
use std::iter;
use std::rc::Rc;

use headwater::distributed::{Failure, Failures, fold, source};
use timely::dataflow::channels::pact::Pipeline;

use super::support::{finish, n, run, run_two};

/// Runs workers, of which some fail after a number of items and the others go on for ever.
fn failures(fail: &'static [Option<u64>], two: bool) -> Vec<Option<Failure>> {
    let work = move |worker: &mut timely::worker::Worker| {
        let after = fail[worker.index()];
        let index = worker.index();
        let failures: Failures = worker.dataflow(|scope| {
            let items = (0..).map(move |item| match after {
                Some(after) if after <= item => Err(io::Error::other(format!("{index} fails"))),
                _ => Ok(item),
            });
            source(scope, items, n(3), |items| {
                fold(items, Pipeline, 0_u64, |sum, item: u64| *sum ^= item, Some)
            })
            .1
        });
        finish(worker);
        failures.first()
    };
    if two { run_two(fail.len() / 2, work) } else { run(fail.len(), work) }
}

#[test]
fn what_fails_on_one_ends_all_and_all_learn_it() {
    for (fail, two) in [
        (&[Some(0)][..], false),
        (&[None, Some(500)], false),
        (&[Some(7), None, None], false),
        (&[None, None, None, Some(100)], true),
    ] {
        let failures = failures(fail, two);
        let index = fail.iter().position(Option::is_some).unwrap();
        for failure in failures {
            let failure = failure.expect("each knows");
            assert_eq!((failure.worker(), failure.to_string()), (index, format!("{index} fails")));
        }
    }
}

#[test]
fn of_several_failures_all_name_the_same() {
    for _ in 0..20 {
        let mut failures = failures(&[Some(20), Some(20), Some(20)], false);
        failures.dedup();
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert!(failures[0].is_some());
    }
}

#[test]
fn a_failure_tells_its_causes_and_nothing_is_one_too_many() {
    let outer = io::Error::other(headwater::lines("fixtures/missing.log").unwrap_err());
    let text = Failure::new(2, &outer).to_string();
    assert!(text.starts_with("fixtures/missing.log: cannot be opened"), "{text}");
    assert!(text.contains("No such file"), "{text}");
    assert_eq!(text.matches("cannot be opened").count(), 1, "{text}");
}

#[test]
fn nothing_is_pulled_after_an_error() {
    run(1, |worker| {
        let pulled = Rc::new(Cell::new(0));
        let counted = Rc::clone(&pulled);
        let failures = worker.dataflow(|scope| {
            let items = iter::repeat_with(move || {
                counted.set(counted.get() + 1);
                if counted.get() == 5 { Err(io::Error::other("broken")) } else { Ok(()) }
            });
            source(scope, items, n(9), |items| items).1
        });
        finish(worker);
        assert_eq!(pulled.get(), 5);
        assert_eq!(failures.first().unwrap().to_string(), "broken");
    });
}
