//! Cancelling: it interrupts a wait, and touches nothing that goes well.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use headwater::prelude::*;
use headwater::retry::{Cancel, Reason};
use headwater::{Retry, try_unfold};

const HOUR: Duration = Duration::from_secs(3600);

/// The numbers from 0 on; it fails at 3 as long as that is said.
fn numbers(
    fails: &Cell<bool>,
) -> impl Iterator<Item = Result<u32, &'static str>> + Source<Position = u32> {
    try_unfold(0, |&n| if n == 3 && fails.get() { Err("down") } else { Ok(Some((n, n + 1))) })
}

#[test]
fn a_source_without_a_failure_goes_on() {
    let cancel = Cancel::new();
    cancel.cancel();
    let fails = Cell::new(true);
    let mut healed = numbers(&fails).retry(Retry::fixed(HOUR).unlimited_time().cancel(&cancel));
    assert!(healed.by_ref().take(3).all(|item| item.is_ok()));
    let error = healed.next().unwrap().unwrap_err();
    assert_eq!((error.reason(), error.attempts()), (Reason::Cancelled, 1));
    assert!(healed.next().is_none());
}

#[test]
fn a_wait_is_interrupted() {
    let cancel = Cancel::new();
    let error = thread::scope(|scope| {
        let (waits, waiting) = std::sync::mpsc::channel();
        let retry = Retry::fixed(HOUR).unlimited_time().cancel(&cancel);
        let retry = retry.before_sleep(move |_| waits.send(()).unwrap());
        let source = scope.spawn(move || {
            let fails = Cell::new(true);
            numbers(&fails).retry(retry).find_map(Result::err).unwrap()
        });
        waiting.recv().unwrap();
        cancel.cancel();
        source.join().unwrap()
    });
    assert_eq!((error.reason(), error.attempts()), (Reason::Cancelled, 1));
    assert_eq!((error.idle(), *error.cause()), (Duration::ZERO, "down"));
}

#[test]
fn what_was_cancelled_can_be_resumed() {
    let cancel = Cancel::new();
    let fails = Cell::new(true);
    let switch = cancel.clone();
    let retry = Retry::fixed(HOUR).unlimited_time().sleep(move |_| switch.cancel()).cancel(&cancel);
    let mut healed = numbers(&fails).retry(retry);
    assert_eq!(healed.find_map(Result::err).unwrap().reason(), Reason::Cancelled);
    fails.set(false);
    assert!(healed.next().is_none());
    healed.resume_at(healed.position());
    assert_eq!(healed.next().unwrap().unwrap(), 3);
}
