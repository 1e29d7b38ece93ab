//! Ends: what is not begun is not begun any more, what is under way is waited for, and all values
//! are dropped once, on the consumer's thread.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use headwater::prelude::*;

use super::{PATIENCE, busy, n, pool};
use crate::support::handles::{Handle, Handles};

/// An item that says on which thread it was dropped.
struct Item {
    number: usize,
    drops: Sender<ThreadId>,
    _handle: Handle<()>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.drops.send(thread::current().id()).unwrap();
    }
}

fn items(handles: &Handles, drops: &Sender<ThreadId>) -> impl Iterator<Item = Item> + use<> {
    let (handles, drops) = (handles.clone(), drops.clone());
    (0..40).map(move |number| {
        let (drops, handle) = (drops.clone(), handles.handle(()));
        Item { number, drops, _handle: handle }
    })
}

#[test]
fn all_values_are_dropped_once_by_the_consumer() {
    let test = || {
        for taken in [0, 1, 2, 7, 39, 40, 41] {
            let handles = Handles::default();
            let (drops, dropped) = mpsc::channel();
            let of_function = handles.handle(());
            let mut mapped = items(&handles, &drops).parallel_map(move |item| {
                let _ = &of_function;
                busy(item.number % 9);
                item
            });
            for number in 0..taken {
                let item = mapped.next();
                assert_eq!(item.map(|item| item.number), (number < 40).then_some(number));
            }
            drop((mapped, drops));
            assert_eq!(handles.live(), 0, "after {taken}");
            let consumer = thread::current().id();
            assert!(dropped.iter().all(|thread| thread == consumer), "after {taken}");
        }
    };
    test();
    pool(1).install(test);
    pool(3).install(test);
}

/// Opens a gate when it is dropped.
struct Opens(Sender<()>);

impl Drop for Opens {
    fn drop(&mut self) {
        // The gate may be gone.
        let _ = self.0.send(());
    }
}

#[test]
fn a_drop_begins_nothing_and_waits_for_what_is_under_way() {
    pool(2).install(|| {
        let consumer = thread::current().id();
        let (arrive, arrivals) = mpsc::channel();
        let (open, gate): (_, Receiver<()>) = mpsc::channel();
        let (gate, is_done) = (Mutex::new(gate), Arc::new(AtomicBool::new(false)));
        let (begun, ends) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&is_done));
        let begins = Arc::clone(&begun);
        // Each input that is dropped opens the gate: those that are not begun are, before the wait.
        let input = (0..8).map(move |_| Opens(open.clone()));
        let mut mapped = input.parallel_map(move |input| {
            begins.fetch_add(1, Ordering::SeqCst);
            if thread::current().id() != consumer {
                arrive.send(()).unwrap();
                gate.lock().unwrap().recv_timeout(PATIENCE).unwrap();
                busy(50);
                ends.store(true, Ordering::SeqCst);
            }
            // To be dropped, it would open the gate.
            std::mem::forget(input);
        });
        mapped = mapped.bound(n(8));
        assert!(mapped.next().is_some());
        arrivals.recv_timeout(PATIENCE).expect("nothing runs ahead");
        let before = begun.load(Ordering::SeqCst);
        assert!(before < 8, "all are begun");
        drop(mapped);
        assert!(is_done.load(Ordering::SeqCst), "it did not wait");
        assert_eq!(begun.load(Ordering::SeqCst), before);
    });
}

#[test]
fn one_that_was_never_pulled_takes_nothing_along() {
    let handles = Handles::default();
    let (drops, _dropped) = mpsc::channel();
    let of_function = handles.handle(());
    drop(items(&handles, &drops).parallel_map(move |item| {
        let _ = &of_function;
        item
    }));
    assert_eq!(handles.live(), 0);
}
