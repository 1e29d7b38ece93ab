//! Panics whose payloads panic when they are dropped: nothing is skipped, and no process ends.

use std::panic::{self, AssertUnwindSafe};

use headwater::{Outcome, Stack, resource, scope};

use super::ends::{End, Gives, Panics, told, told_of_drop};
use super::journal::{deferred, release};
use crate::support::log::Log;
use crate::support::own_process::in_its_own_process;

/// What a panic carries: its drop panics, and so does the drop of what that panic carries.
#[derive(Debug)]
pub(super) struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        explode();
    }
}

pub(super) fn explode() -> ! {
    panic::resume_unwind(Box::new(Bomb))
}

pub(super) fn panic_with(name: &str) -> ! {
    panic::resume_unwind(Box::new(name.to_owned()))
}

/// A release that notes what it is told, and explodes.
fn exploding(
    log: &Log,
    name: &'static str,
) -> impl FnOnce(Outcome) -> Result<(), String> + Send + use<> {
    let log = log.clone();
    move |outcome| {
        log.note(format_args!("{name}:{outcome:?}"));
        explode()
    }
}

fn scopes() {
    let log = Log::default();
    let inner = || {
        let explode = exploding(&log, "inner");
        scope(|| Ok(()), |()| Panics.of("body"), |(), outcome| explode(outcome))
    };
    let came = told(|| scope(|| Ok("outer"), |_| inner(), release(&log, Gives)));
    assert_eq!(came, "panicked: body");
    assert_eq!(log.take(), "inner:Abandoned outer:Abandoned");
}

/// An error that nobody hears, since the body panicked, may panic when it is dropped as well.
fn errors() {
    let came = told(|| {
        let body = |(): &mut ()| -> Result<(), Bomb> { panic_with("body") };
        drop(scope(|| Ok(()), body, |(), _| Err(Bomb)));
        Ok::<_, String>(())
    });
    assert_eq!(came, "panicked: body");

    let came = told(|| {
        drop(Stack::scope(|stack| -> Result<(), Bomb> {
            stack.defer(|_| Err(Bomb));
            panic_with("body")
        }));
        Ok::<_, String>(())
    });
    assert_eq!(came, "panicked: body");
}

fn resources() {
    let items = |log: &Log, end: End| {
        let explode = exploding(log, "close");
        let next = move |(): &mut ()| end.of("next").map(|()| Some(1));
        resource(|| Ok(()), next, |(), outcome| explode(outcome))
    };
    let log = Log::default();
    let mut pulled = items(&log, Panics);
    assert_eq!(told(|| pulled.next().transpose()), "panicked: next");
    assert_eq!((log.take().as_str(), pulled.next()), ("close:Abandoned", None));

    let came = told(|| {
        let mut dropped = items(&log, Gives);
        assert_eq!(dropped.next(), Some(Ok(1)));
        Panics.of("consumer")
    });
    assert_eq!((came.as_str(), log.take().as_str()), ("panicked: consumer", "close:Abandoned"));
}

/// The releases of `a`, which gives, of `b`, which explodes, and of `c`.
fn stack(log: &Log, c: End) -> Stack<'static, String> {
    let (mut stack, explode) = (Stack::new(), exploding(log, "b"));
    stack.defer(deferred(log, "a", Gives));
    stack.defer(explode);
    stack.defer(deferred(log, "c", c));
    stack
}

fn stacks() {
    let log = Log::default();
    assert_eq!(told(|| stack(&log, Panics).close()), "panicked: c");
    assert_eq!(log.take(), "c:Finished b:Abandoned a:Abandoned");

    assert_eq!(told_of_drop(stack(&log, Panics)), "panicked: c");
    assert_eq!(log.take(), "c:Abandoned b:Abandoned a:Abandoned");

    for c in [Gives, Panics] {
        let came = told(|| {
            let _stack = stack(&log, c);
            Panics.of("outer")
        });
        assert_eq!(came, "panicked: outer");
        assert_eq!(log.take(), "c:Abandoned b:Abandoned a:Abandoned");
    }

    // The first panic goes on as it is.
    let closed = panic::catch_unwind(AssertUnwindSafe(|| stack(&log, Gives).close()));
    std::mem::forget(closed.unwrap_err().downcast::<Bomb>().unwrap());
    assert_eq!(log.take(), "c:Finished b:Finished a:Abandoned");
}

#[test]
fn no_release_is_skipped_for_a_payload_that_panics() {
    let name = "scope::payloads::no_release_is_skipped_for_a_payload_that_panics";
    in_its_own_process(name, || {
        scopes();
        errors();
        resources();
        stacks();
    });
}
