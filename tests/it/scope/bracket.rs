//! `scope`: the table of its documentation, and the ways around it.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::thread;

use headwater::{Outcome, scope};

use super::ends::{End, Fails, Gives, Panics, told};
use super::journal::release;
use crate::support::caught::panic_of;
use crate::support::log::Log;

/// Each way of a body, each way of a release, what the release is told, and what comes out.
pub(super) const TABLE: [(End, End, &str, &str); 9] = [
    (Gives, Gives, "Finished", "gave"),
    (Gives, Fails, "Finished", "failed: release"),
    (Gives, Panics, "Finished", "panicked: release"),
    (Fails, Gives, "Failed", "failed: body"),
    (Fails, Fails, "Failed", "failed: body"),
    (Fails, Panics, "Failed", "panicked: release"),
    (Panics, Gives, "Abandoned", "panicked: body"),
    (Panics, Fails, "Abandoned", "panicked: body"),
    (Panics, Panics, "Abandoned", "panicked: body"),
];

#[test]
fn every_way_of_a_body_and_of_a_release_is_as_documented() {
    for (body, ends, outcome, came) in TABLE {
        let log = Log::default();
        let work = || scope(|| Ok("release"), |_| body.of("body"), release(&log, ends));
        assert_eq!(told(work), came, "{body:?}, {ends:?}");
        assert_eq!(log.take(), format!("release:{outcome}"), "{body:?}, {ends:?}");
    }
}

#[test]
fn nothing_is_released_that_was_not_acquired() {
    let never = |(), outcome| panic!("it was released: {outcome:?}");
    let body = |(): &mut ()| -> Result<(), String> { panic!("it was lent") };
    assert_eq!(told(|| scope(|| Fails.of("acquire"), body, never)), "failed: acquire");
    assert_eq!(told(|| scope(|| Panics.of("acquire"), body, never)), "panicked: acquire");
}

#[test]
fn a_body_may_return_early() {
    fn digits(text: &str, log: &Log) -> Result<u32, String> {
        scope(
            || Ok("text"),
            |_| {
                if text.is_empty() {
                    return Ok(0);
                }
                let number: u32 = text.parse().map_err(|_| "no number".to_owned())?;
                Ok(number.ilog10() + 1)
            },
            release(log, Gives),
        )
    }
    let log = Log::default();
    assert_eq!((digits("", &log), log.take()), (Ok(0), "text:Finished".to_owned()));
    assert_eq!((digits("123", &log), log.take()), (Ok(3), "text:Finished".to_owned()));
    assert_eq!(digits("dry", &log), Err("no number".to_owned()));
    assert_eq!(log.take(), "text:Failed");
}

#[test]
fn the_release_gets_the_resource_that_the_body_left() {
    let given = scope(
        || Ok(vec![1]),
        |numbers| {
            numbers.push(2);
            Ok(numbers.len())
        },
        |numbers, _| if numbers == [1, 2] { Ok(()) } else { Err("another") },
    );
    assert_eq!(given, Ok(2));
}

#[test]
fn a_resource_is_dropped_once() {
    for end in End::ALL {
        let log = Log::default();
        let dropped = told(|| {
            let release = |_resource, _| end.of("release");
            scope(|| Ok(log.drops("dropped")), |_| end.of("body"), release)
        });
        assert_eq!(log.take(), "dropped", "{dropped}");
    }
}

#[test]
fn a_scope_inside_a_drop_during_unwinding_sees_its_own_body_alone() {
    struct Scoped<'a>(&'a Log, End);

    impl Drop for Scoped<'_> {
        fn drop(&mut self) {
            assert!(thread::panicking());
            for ends in End::ALL {
                let scoped = || scope(|| Ok("inner"), |_| self.1.of("body"), release(self.0, ends));
                self.0.note(told(scoped));
            }
        }
    }

    for (end, outcome) in [(Gives, "Finished"), (Fails, "Failed"), (Panics, "Abandoned")] {
        let log = Log::default();
        let unwound = panic::catch_unwind(AssertUnwindSafe(|| {
            let _scoped = Scoped(&log, end);
            panic::resume_unwind(Box::new("outer"));
        }));
        assert_eq!(unwound.unwrap_err().downcast_ref(), Some(&"outer"));
        let rows = TABLE.iter().filter(|row| row.0 == end);
        let expected: Vec<_> = rows
            .map(|row| format!("inner:{outcome} {}", row.3.replace("release", "inner")))
            .collect();
        assert_eq!(log.take(), expected.join(" "));
    }
}

#[test]
fn a_scope_in_a_thread_releases_there_though_the_thread_panics() {
    let log = Log::default();
    for (end, released) in [(Gives, "log:Finished"), (Panics, "log:Abandoned")] {
        let joined = thread::scope(|threads| {
            let work = || scope(|| Ok("log"), |_| end.of("body"), release(&log, Gives));
            threads.spawn(work).join().is_err()
        });
        assert_eq!(joined, end == Panics);
        assert_eq!(log.take(), released);
    }
}

#[test]
fn closures_may_borrow_what_is_outside() {
    let (mut pulled, mut outcomes, name) = (0, Vec::new(), "source".to_owned());
    let result = scope(
        || Ok::<_, String>(&name),
        |name| {
            pulled += name.len();
            Ok(&name[..3])
        },
        |_, outcome| {
            outcomes.push(outcome);
            Ok(())
        },
    );
    assert_eq!((result, pulled, outcomes), (Ok("sou"), 6, vec![Outcome::Finished]));
}

#[test]
fn a_resource_need_not_be_send() {
    let count = Rc::new(Cell::new(0));
    let lent = Rc::clone(&count);
    let result = scope(
        || Ok::<_, ()>(lent),
        |count| {
            count.set(count.get() + 1);
            Ok(Rc::strong_count(count))
        },
        |count, _| {
            count.set(count.get() + 10);
            Ok(())
        },
    );
    assert_eq!((result, count.get(), Rc::strong_count(&count)), (Ok(2), 11, 1));
}

#[test]
fn the_message_of_a_panic_is_kept() {
    let log = Log::default();
    let work =
        || scope(|| Ok("log"), |_| -> Result<(), _> { panic!("spilt") }, release(&log, Panics));
    assert_eq!(panic_of(work), "spilt");
    assert_eq!(log.take(), "log:Abandoned");
}
