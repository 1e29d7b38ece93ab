use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use headwater::distributed::{Time, fold, source};
use timely::dataflow::channels::pact::{Exchange, Pipeline};
use timely::dataflow::operators::generic::Operator as _;

use super::support::{finish, n, numbers, run, run_two};

type Counts = BTreeMap<u64, u64>;

/// Counts numbers by their remainder, combined where they are and then where they belong.
fn counted(workers: usize, count: u64, two: bool) -> Vec<Vec<(u64, u64)>> {
    let work = move |worker: &mut timely::worker::Worker| {
        let counts = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&counts);
        worker.dataflow(|scope| {
            let runs = numbers(count / 100).map(|run| run.map(|run| run * 100..(run + 1) * 100));
            let (partial, _) = source(scope, runs, n(2), |runs| {
                let add = |counts: &mut Counts, run: Range<u64>| {
                    run.for_each(|item| *counts.entry(item % 5000).or_default() += 1);
                };
                fold(runs, Pipeline, Counts::new(), add, |counts| counts)
            });
            let sum = |counts: &mut Counts, (key, count)| *counts.entry(key).or_default() += count;
            let by_key = Exchange::new(|(key, _): &(u64, u64)| *key);
            let totals = fold(partial, by_key, Counts::new(), sum, |counts| counts);
            totals.sink(Pipeline, "told", move |(input, _)| {
                input.for_each(|time, items| {
                    assert!(time.stamp().iter().all(|time| *time == Time::End));
                    told.borrow_mut().append(items);
                });
            });
        });
        finish(worker);
        counts.take()
    };
    if two { run_two(workers, work) } else { run(workers, work) }
}

#[test]
fn what_is_combined_twice_is_the_same_on_any_workers() {
    let expected: Vec<_> = (0..5000).map(|key| (key, 12 * (1 + u64::from(key < 1500)))).collect();
    for (workers, two, rounds) in [(1, false, 12), (3, false, 4), (2, true, 3)] {
        // Each worker counts the same numbers.
        let all = counted(workers, 6500, two);
        let peers = all.len() as u64;
        for (index, counts) in (0..).zip(&all) {
            assert!(counts.iter().all(|(key, _)| key % peers == index), "each where it belongs");
        }
        let mut all: Vec<_> = all.into_iter().flatten().collect();
        all.sort_unstable();
        let scaled: Vec<_> = all.iter().map(|(key, count)| (*key, count * rounds)).collect();
        assert_eq!(scaled, expected, "{workers} {two}");
    }
}

#[test]
fn each_worker_finishes_also_one_that_receives_nothing() {
    let finished = run(3, |worker| {
        let states = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&states);
        worker.dataflow(|scope| {
            let (items, _) = source(scope, numbers(0), n(1), |items| items);
            let add = |all: &mut Vec<u64>, item| all.push(item);
            fold(items, Exchange::new(|item| *item), Vec::new(), add, move |state| {
                told.borrow_mut().push(state);
                None::<u64>
            });
        });
        finish(worker);
        states.take()
    });
    assert_eq!(finished, [[[0_u64; 0]], [[]], [[]]]);
}

#[test]
fn a_share_is_added_in_its_order() {
    let ordered = run(2, |worker| {
        let ordered = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&ordered);
        worker.dataflow(|scope| {
            source(scope, numbers(300), n(7), |items| {
                let add = |all: &mut Vec<u64>, item| all.push(item);
                fold(items, Pipeline, Vec::new(), add, move |all| {
                    *told.borrow_mut() = all;
                    None::<u64>
                })
            });
        });
        finish(worker);
        ordered.take()
    });
    for share in ordered {
        assert!(share.into_iter().eq(0..300));
    }
}

#[test]
fn what_is_given_at_the_end_leaves_turns_to_others() {
    run(1, |worker| {
        let most = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&most);
        worker.dataflow(|scope| {
            let (items, _) = source(scope, numbers(1), n(1), |items| items);
            let many = fold(items, Pipeline, 0, |_, _| (), |_| 0..5000_u64);
            many.sink(Pipeline, "turns", move |(input, _)| {
                let mut turn = 0;
                input.for_each(|_, items| turn += items.len());
                if turn > 0 {
                    told.borrow_mut().push(turn);
                }
            });
        });
        finish(worker);
        assert_eq!(most.take(), [1024, 1024, 1024, 1024, 904]);
    });
}
