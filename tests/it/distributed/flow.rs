//! How far a source runs ahead, and of whom.

use std::cell::Cell;
use std::convert::Infallible;
use std::iter;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headwater::distributed::{fold, source};
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::{Exchange, Inspect};

use super::support::{Census, finish, n, numbers, run, slowly};

const FAR: Duration = Duration::from_secs(30);

#[test]
fn nothing_is_pulled_before_the_worker_steps_and_one_item_a_turn_after() {
    run(1, |worker| {
        let pulled = Rc::new(Cell::new(0_u64));
        let counted = Rc::clone(&pulled);
        worker.dataflow(|scope| {
            let items = numbers(10).inspect(move |_| counted.set(counted.get() + 1));
            source(scope, items, n(100), |items| items).1
        });
        assert_eq!(pulled.get(), 0);
        let mut before = 0;
        while worker.has_dataflows() {
            worker.step();
            assert!(pulled.get() <= before + 1, "more than one in a step");
            before = pulled.get();
        }
        assert_eq!(before, 10);
    });
}

#[test]
fn others_have_their_turn_while_a_share_without_an_end_is_read() {
    run(1, |worker| {
        worker.dataflow(|scope| {
            let endless = iter::repeat_with(|| Ok::<_, Infallible>(0));
            source(scope, endless, n(4), |items| items).1
        });
        let done = Rc::new(Cell::new(false));
        let told = Rc::clone(&done);
        worker.dataflow(|scope| {
            let (items, _) = source(scope, numbers(100), n(1), |items| items);
            items.inspect(move |item| told.set(*item == 99));
        });
        while !done.get() {
            worker.step();
        }
        for dataflow in worker.installed_dataflows() {
            worker.drop_dataflow(dataflow);
        }
    });
}

#[test]
fn a_slow_consumer_holds_the_source_back() {
    for in_flight in [1, 2, 5, 64] {
        let census = Census::default();
        let counted = census.clone();
        let seen = run(1, move |worker| {
            let (seen, census) = (Rc::new(Cell::new(0)), counted.clone());
            let told = Rc::clone(&seen);
            worker.dataflow(|scope| {
                let items = (0..100).map(move |_| Ok::<_, Infallible>(census.join()));
                source(scope, items, n(in_flight), |items| {
                    fold(slowly(items, 20), Pipeline, 0, |sum, _| *sum += 1, Some)
                        .inspect(move |sum| told.set(*sum))
                });
            });
            finish(worker);
            seen.get()
        });
        assert_eq!(seen, [100]);
        assert_eq!(census.most(), in_flight);
        assert_eq!(census.now(), 0);
    }
}

#[test]
fn a_slow_consumer_elsewhere_holds_all_sources_back() {
    // By worker: how many items were pulled, and how many were consumed.
    let counts: Arc<[[AtomicU64; 2]; 3]> = Arc::default();
    let most = run(3, move |worker| {
        let index = worker.index() as u64;
        let (pulled, consumed) = (Arc::clone(&counts), Arc::clone(&counts));
        let most = Rc::new(Cell::new(0));
        let told = Rc::clone(&most);
        worker.dataflow(|scope| {
            let items = numbers(60).map(move |_| {
                let [pulled, consumed] = &pulled[usize::try_from(index).unwrap()];
                let now = pulled.fetch_add(1, SeqCst) + 1 - consumed.load(SeqCst);
                told.set(now.max(told.get()));
                Ok::<_, Infallible>(index)
            });
            source(scope, items, n(4), |items| {
                // What is in the queue of another worker is under way, too.
                slowly(items.exchange(|_| 0), 9).inspect(move |from| {
                    consumed[usize::try_from(*from).unwrap()][1].fetch_add(1, SeqCst);
                })
            });
        });
        finish(worker);
        most.get()
    });
    assert_eq!(most, [4, 4, 4]);
}

#[test]
fn a_share_that_takes_long_holds_up_nobody() {
    // The second share waits for the first to be worked on to its end; if that waited for the second in
    // turn, neither would end.
    let (tell, told) = mpsc::channel();
    let told = Arc::new(Mutex::new(told));
    let heard = run(2, move |worker| {
        let (tell, told) = (tell.clone(), Arc::clone(&told));
        let slow = worker.index() == 1;
        let heard = Rc::new(Cell::new(true));
        let noted = Rc::clone(&heard);
        worker.dataflow(|scope| {
            let items = numbers(if slow { 3 } else { 1000 }).inspect(move |item| {
                if slow && matches!(item, Ok(1)) {
                    noted.set(told.lock().unwrap().recv_timeout(FAR).is_ok());
                }
            });
            source(scope, items, n(2), |items| {
                items.inspect(move |item| {
                    if *item == 999 {
                        tell.send(()).unwrap();
                    }
                })
            });
        });
        finish(worker);
        heard.get()
    });
    assert_eq!(heard, [true, true], "the first worker waited for the second");
}

#[test]
fn empty_and_short_shares_hold_up_nobody() {
    for workers in [1, 2, 4] {
        let sums = run(workers, |worker| {
            let count = [0, 1000, 1, 0][worker.index()];
            let sum = Rc::new(Cell::new(0));
            let told = Rc::clone(&sum);
            worker.dataflow(|scope| {
                let (items, _) = source(scope, numbers(count), n(1), |items| items);
                items.inspect(move |_| told.set(told.get() + 1));
            });
            finish(worker);
            sum.get()
        });
        assert_eq!(sums, [0, 1000, 1, 0][..workers]);
    }
}
