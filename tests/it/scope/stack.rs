//! `Stack`: any number of resources.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use headwater::scope::Unwound;
use headwater::{Outcome, Stack};

use super::ends::{End, Fails, Gives, Panics, told, told_of_drop};
use super::journal::{deferred, release};
use crate::support::caught::panic_of;
use crate::support::log::Log;

/// How the releases of `a`, `b` and `c` end, and what is told to `c`, then `b`, then `a`, and what
/// comes out, if the work finished.
pub(super) const CLOSED: [([End; 3], &str, &str); 9] = [
    ([Gives, Gives, Gives], "c:Finished b:Finished a:Finished", "gave"),
    ([Gives, Gives, Fails], "c:Finished b:Failed a:Failed", "failed: c"),
    ([Gives, Fails, Gives], "c:Finished b:Finished a:Failed", "failed: b"),
    ([Fails, Gives, Gives], "c:Finished b:Finished a:Finished", "failed: a"),
    (
        [Fails, Fails, Fails],
        "c:Finished b:Failed a:Failed",
        "failed: c; then, on release: b; then, on release: a",
    ),
    ([Gives, Gives, Panics], "c:Finished b:Abandoned a:Abandoned", "panicked: c"),
    ([Gives, Panics, Fails], "c:Finished b:Failed a:Abandoned", "panicked: b"),
    ([Gives, Fails, Panics], "c:Finished b:Abandoned a:Abandoned", "panicked: c"),
    ([Panics, Panics, Panics], "c:Finished b:Abandoned a:Abandoned", "panicked: c"),
];

/// The same after a body that ended in some way: what is told, and what comes out.
pub(super) const SCOPED: [(End, [End; 3], &str, &str); 8] = [
    (Gives, [Gives, Gives, Gives], "c:Finished b:Finished a:Finished", "gave"),
    (
        Gives,
        [Fails, Gives, Fails],
        "c:Finished b:Failed a:Failed",
        "failed: c; then, on release: a",
    ),
    (Fails, [Gives, Gives, Gives], "c:Failed b:Failed a:Failed", "failed: body"),
    (
        Fails,
        [Fails, Gives, Fails],
        "c:Failed b:Failed a:Failed",
        "failed: body; then, on release: c; then, on release: a",
    ),
    (Fails, [Gives, Panics, Gives], "c:Failed b:Failed a:Abandoned", "panicked: b"),
    (Panics, [Gives, Gives, Gives], "c:Abandoned b:Abandoned a:Abandoned", "panicked: body"),
    (Panics, [Gives, Fails, Gives], "c:Abandoned b:Abandoned a:Abandoned", "panicked: body"),
    (Panics, [Panics, Panics, Panics], "c:Abandoned b:Abandoned a:Abandoned", "panicked: body"),
];

fn fill(stack: &mut Stack<'_, String>, log: &Log, ends: [End; 3]) {
    for (name, end) in ["a", "b", "c"].into_iter().zip(ends) {
        stack.push(name, release(log, end));
    }
}

fn filled(log: &Log, ends: [End; 3]) -> Stack<'static, String> {
    let mut stack = Stack::default();
    fill(&mut stack, log, ends);
    stack
}

#[test]
fn a_close_runs_every_release_the_last_one_first() {
    for (ends, noted, came) in CLOSED {
        let log = Log::default();
        let stack = filled(&log, ends);
        assert_eq!((stack.len(), stack.is_empty()), (3, false));
        assert_eq!(told(|| stack.close()), came, "{ends:?}");
        assert_eq!(log.take(), noted, "{ends:?}");
    }
}

#[test]
fn a_scope_runs_every_release_whichever_way_its_body_ends() {
    for (body, ends, noted, came) in SCOPED {
        let log = Log::default();
        let work = || {
            Stack::scope(|stack| {
                fill(stack, &log, ends);
                body.of("body")
            })
        };
        assert_eq!(told(work), came, "{body:?}, {ends:?}");
        assert_eq!(log.take(), noted, "{body:?}, {ends:?}");
    }
}

#[test]
fn a_drop_abandons_all_and_a_panic_of_one_goes_on_after_the_others() {
    for (ends, came) in [([Gives; 3], "gave"), ([Fails; 3], "gave"), ([Panics; 3], "panicked: c")] {
        let log = Log::default();
        let stack = filled(&log, ends);
        assert_eq!(told_of_drop(stack), came, "{ends:?}");
        assert_eq!(log.take(), "c:Abandoned b:Abandoned a:Abandoned", "{ends:?}");
    }
}

#[test]
fn a_drop_during_a_panic_keeps_that_panic() {
    for end in End::ALL {
        let log = Log::default();
        let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
            let _stack = filled(&log, [end; 3]);
            panic::resume_unwind(Box::new("outer"));
        }));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"outer"));
        assert_eq!(log.take(), "c:Abandoned b:Abandoned a:Abandoned", "{end:?}");
    }
}

#[test]
fn a_close_with_an_outcome_tells_that() {
    for told_first in [Outcome::Finished, Outcome::Failed, Outcome::Abandoned] {
        let log = Log::default();
        let closed = || filled(&log, [Gives; 3]).close_with(told_first);
        assert_eq!(told(closed), "gave");
        assert_eq!(log.take(), ["c", "b", "a"].map(|it| format!("{it}:{told_first:?}")).join(" "));
    }
    let log = Log::default();
    let closed = || filled(&log, [Panics, Fails, Fails]).close_with(Outcome::Failed);
    assert_eq!(told(closed), "panicked: a");
    assert_eq!(log.take(), "c:Failed b:Failed a:Failed");
    assert!(Stack::<()>::new().close_with(Outcome::Abandoned).is_ok());
}

#[test]
fn what_is_kept_is_not_released_until_its_new_owner_goes() {
    let log = Log::default();
    let mut stack = filled(&log, [Gives; 3]);
    let kept = stack.keep();
    assert_eq!((stack.is_empty(), kept.len()), (true, 3));
    stack.defer(deferred(&log, "later", Gives));
    drop(stack);
    assert_eq!(log.take(), "later:Abandoned");
    assert_eq!(told(|| kept.close()), "gave");
    assert_eq!(log.take(), "c:Finished b:Finished a:Finished");
}

#[test]
fn what_is_kept_out_of_a_body_that_fails_is_released_by_its_owner() {
    let (log, mut kept) = (Log::default(), Stack::new());
    let failed = Stack::scope(|stack| {
        fill(stack, &log, [Gives; 3]);
        kept = stack.keep();
        Fails.of("body")
    });
    assert_eq!(failed.map_err(Unwound::into_first), Err("body".to_owned()));
    assert_eq!((log.take().as_str(), kept.len()), ("", 3));
}

#[test]
fn a_stack_within_a_stack_is_released_in_its_place() {
    let log = Log::default();
    let mut outer = filled(&log, [Gives; 3]);
    let mut inner = Stack::new();
    inner.defer(deferred(&log, "inner", Fails));
    outer.push(inner, |inner, outcome| inner.close_with(outcome).map_err(Unwound::into_first));
    outer.defer(deferred(&log, "last", Fails));
    assert_eq!(told(|| outer.close()), "failed: last; then, on release: inner");
    assert_eq!(log.take(), "last:Finished inner:Failed c:Failed b:Failed a:Failed");
}

#[test]
fn ten_thousand_are_released() {
    let released = Arc::new(AtomicUsize::new(10_000));
    let mut stack = Stack::<Rc<()>>::new();
    for index in 0..10_000 {
        let released = Arc::clone(&released);
        stack.push(index, move |index, _| {
            assert_eq!(released.fetch_sub(1, Ordering::Relaxed), index + 1);
            Ok(())
        });
    }
    assert_eq!(stack.len(), 10_000);
    assert!(stack.close().is_ok());
    assert_eq!(released.load(Ordering::Relaxed), 0);
}

#[test]
fn a_release_that_panics_drops_its_value() {
    let log = Log::default();
    let mut stack = Stack::<()>::new();
    stack.push(log.drops("a"), |_a, _| Ok(()));
    stack.push(log.drops("b"), |_b, _| panic!("spilt"));
    assert_eq!(panic_of(|| stack.close()), "spilt");
    assert_eq!(log.take(), "b a");
}

#[test]
fn an_empty_one_does_nothing() {
    assert!(Stack::<()>::new().close().is_ok());
    assert_eq!(Stack::<()>::scope(|_| Ok(1)), Ok(1));
    let mut stack = Stack::<()>::default();
    assert!(stack.keep().is_empty() && stack.is_empty());
}

#[test]
fn releases_may_borrow_what_is_outside_and_need_not_be_send() {
    let (journal, name) = (RefCell::new(Vec::new()), "source".to_owned());
    let work = Stack::scope(|stack| {
        let value = stack.push(Rc::new(1), |value, _| {
            journal.borrow_mut().push(format!("{name} {value}"));
            Ok(())
        });
        stack.defer(|outcome| {
            journal.borrow_mut().push(format!("{outcome:?}"));
            Ok::<_, String>(())
        });
        Ok(*stack[value])
    });
    assert_eq!(work, Ok(1));
    assert_eq!(journal.into_inner(), ["Finished", "source 1"]);
}

#[test]
fn what_is_kept_may_borrow_and_be_returned() {
    fn kept(log: &Log) -> Stack<'_, String> {
        let mut stack = Stack::new();
        stack.defer(|outcome| {
            log.note(outcome == Outcome::Finished);
            Ok(())
        });
        stack.keep()
    }
    let log = Log::default();
    assert_eq!(told(|| kept(&log).close()), "gave");
    drop(kept(&log));
    assert_eq!(log.take(), "true false");
}
