//! Panics where the async twins have more of them than a sync one: of closures, before there is a
//! future, and of hooks.

use std::future::{Ready, pending, ready};
use std::panic::{self, AssertUnwindSafe};

use futures::StreamExt;
use futures::executor::block_on;
use headwater::stream;

use super::journal::{never, release};
use super::runs::{polled, told};
use crate::scope::ends::{End, Fails, Gives, Panics, told_of_drop};
use crate::support::log::Log;
use crate::support::own_process::in_its_own_process;

/// A step of a plain closure, which ends before it gives a future, if it panics.
fn at_once<T>(end: End, name: &str, value: T) -> Ready<Result<T, String>> {
    ready(end.of(name).map(|()| value))
}

#[test]
fn a_body_that_panics_as_it_is_called_has_its_release_awaited() {
    let log = Log::default();
    let body = |_: &mut &str| at_once(Panics, "body", ());
    let work = stream::scope(async || Ok("release"), body, release(&log, 1, Gives), never);
    assert_eq!(block_on(told(work)), "panicked: body");
    assert_eq!(log.take(), "release:Abandoned /release");
}

#[test]
fn a_next_that_panics_as_it_is_called_has_its_close_awaited() {
    let log = Log::default();
    let next = |_: &mut &str| at_once(Panics, "next", Some(1));
    let mut items = stream::resource(async || Ok("close"), next, release(&log, 1, Gives), never);
    let first = async { items.next().await.transpose() };
    assert_eq!(block_on(told(first)), "panicked: next");
    assert_eq!(log.take(), "close:Abandoned /close");
}

#[test]
fn the_body_of_a_stack_that_panics_as_it_is_called_has_its_releases_awaited() {
    let log = Log::default();
    let body = |stack: &mut stream::Stack<String>| {
        stack.push("release", release(&log, 1, Gives));
        at_once(Panics, "body", ())
    };
    assert_eq!(block_on(told(stream::Stack::scope(body, never))), "panicked: body");
    assert_eq!(log.take(), "release:Abandoned /release");
}

#[test]
fn a_release_that_ends_as_it_is_called_is_one_as_any_other() {
    for (end, came) in [(Fails, "failed: release"), (Panics, "panicked: release")] {
        let release = |(), _| at_once(end, "release", ());
        let work = stream::scope(async || Ok(()), async |()| Ok(()), release, never);
        assert_eq!(block_on(told(work)), came);
    }
}

#[test]
fn a_resource_that_is_closed_unopened_does_not_call_open() {
    let log = Log::default();
    let open = || {
        log.note("open");
        at_once(Gives, "open", "close")
    };
    let items = stream::resource(open, async |_| Ok(None::<()>), release(&log, 0, Gives), never);
    assert_eq!(block_on(items.close()), Ok(()));
    assert_eq!(log.take(), "");
}

#[test]
fn a_resource_that_is_closed_does_not_call_next_again() {
    let log = Log::default();
    let next = |_: &mut &str| {
        log.note("next");
        at_once(Gives, "next", Some(1))
    };
    let mut items = stream::resource(async || Ok("close"), next, release(&log, 0, Gives), never);
    assert_eq!(block_on(items.next()), Some(Ok(1)));
    assert_eq!(block_on(items.close()), Ok(()));
    assert_eq!(log.take(), "next close:Abandoned /close");
}

#[test]
fn a_hook_that_panics_is_heard() {
    let hook = |_| panic::resume_unwind(Box::new("hook".to_owned()));
    let mut work = Box::pin(stream::scope(
        async || Ok(()),
        async |()| pending::<Result<(), String>>().await,
        |(), _| ready(Ok(())),
        hook,
    ));
    assert!(polled(1, &mut work).is_none());
    assert_eq!(told_of_drop(work), "panicked: hook");
}

/// Drops a resource, a scope and a stack during a panic; their hooks and releases panic, too, as
/// `tokio::spawn` does outside of a runtime.
fn panic_with_hooks_that_panic() {
    fn hook<T>(_: T) {
        panic::resume_unwind(Box::new("hook"));
    }
    let during_a_panic = |work: &dyn Fn()| {
        let panicked = panic::catch_unwind(AssertUnwindSafe(work));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"outer"));
    };
    let outer = || panic::resume_unwind(Box::new("outer"));
    during_a_panic(&|| {
        let body = async |(): &mut ()| pending::<Result<(), String>>().await;
        let release = |(), _| ready(Ok(()));
        let mut work = Box::pin(stream::scope(async || Ok(()), body, release, hook));
        assert!(polled(1, &mut work).is_none());
        outer();
    });
    during_a_panic(&|| {
        let close = |(), _| at_once(Panics, "close", ());
        let mut items = stream::resource(async || Ok(()), async |()| Ok(Some(1)), close, drop);
        assert!(block_on(items.next()).is_some());
        outer();
    });
    during_a_panic(&|| {
        let mut stack = stream::Stack::<()>::new(hook);
        stack.defer(async |_| Ok(()));
        outer();
    });
}

#[test]
fn a_hook_that_panics_during_a_panic_does_not_abort() {
    let name = "scope::stream::panics::a_hook_that_panics_during_a_panic_does_not_abort";
    in_its_own_process(name, panic_with_hooks_that_panic);
}
