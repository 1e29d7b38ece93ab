//! The same of the async twins: of releases that are awaited, and of hooks.

use std::future::ready;

use futures::StreamExt;
use futures::executor::block_on;
use headwater::Outcome;
use headwater::stream::{self, Stack, Unreleased, Unwinding};

use super::journal::{Late, never, release, waits};
use super::runs::{polled, told};
use crate::scope::ends::{End, Gives, Panics, told as told_sync};
use crate::scope::payloads::{Bomb, explode, panic_with};
use crate::support::log::Log;
use crate::support::own_process::in_its_own_process;

/// A release that notes what it is told, waits and explodes.
fn exploding(
    log: &Log,
    name: &'static str,
) -> impl AsyncFnOnce(Outcome) -> Result<(), String> + use<> {
    let log = log.clone();
    async move |outcome| {
        log.note(format_args!("{name}:{outcome:?}"));
        waits(1).await;
        explode()
    }
}

fn scopes() {
    let log = Log::default();
    let explode = exploding(&log, "inner");
    let inner = stream::scope(
        async || Ok(()),
        async |()| Panics.of("body"),
        async |(), outcome| explode(outcome).await,
        never,
    );
    let outer =
        stream::scope(async || Ok("outer"), async |_| inner.await, release(&log, 1, Gives), never);
    assert_eq!(block_on(told(outer)), "panicked: body");
    assert_eq!(log.take(), "inner:Abandoned outer:Abandoned /outer");
}

/// An error that nobody hears, since the body panicked, may panic when it is dropped as well.
fn errors() {
    let work = async {
        let body = async |(): &mut ()| -> Result<(), Bomb> { panic_with("body") };
        drop(stream::scope(async || Ok(()), body, |(), _| ready(Err(Bomb)), never).await);
        Ok::<_, String>(())
    };
    assert_eq!(block_on(told(work)), "panicked: body");

    let work = async {
        let body = async |stack: &mut Stack<Bomb>| -> Result<(), Bomb> {
            stack.defer(|_| ready(Err(Bomb)));
            panic_with("body")
        };
        drop(Stack::scope(body, never).await);
        Ok::<_, String>(())
    };
    assert_eq!(block_on(told(work)), "panicked: body");

    let mut items = stream::resource(
        async || Ok(()),
        async |()| -> Result<Option<()>, Bomb> { panic_with("next") },
        |(), _| ready(Err(Bomb)),
        never,
    );
    let first = async {
        drop(items.next().await);
        Ok::<_, String>(())
    };
    assert_eq!(block_on(told(first)), "panicked: next");
}

fn resources() {
    let log = Log::default();
    let explode = exploding(&log, "close");
    let mut items = stream::resource(
        async || Ok(()),
        async |()| Panics.of("next").map(|()| Some(1)),
        async |(), outcome| explode(outcome).await,
        never,
    );
    assert_eq!(block_on(told(async { items.next().await.transpose() })), "panicked: next");
    assert_eq!((log.take().as_str(), block_on(items.next())), ("close:Abandoned", None));
}

/// The releases of `a`, which gives, of `b`, which explodes, and of `c`.
fn fill(stack: &mut Stack<String>, log: &Log, c: End) {
    stack.push("a", release(log, 1, Gives));
    let noted = log.clone();
    stack.defer(async move |outcome| {
        noted.note(format_args!("b:{outcome:?}"));
        waits(1).await;
        explode()
    });
    stack.push("c", release(log, 1, c));
}

fn stacks() {
    let log = Log::default();
    let mut stack = Stack::new(never);
    fill(&mut stack, &log, Panics);
    assert_eq!(block_on(told(stack.close())), "panicked: c");
    assert_eq!(log.take(), "c:Finished /c b:Abandoned a:Abandoned /a");

    let body = async |stack: &mut Stack<String>| {
        fill(stack, &log, Gives);
        Panics.of("body")
    };
    assert_eq!(block_on(told(Stack::scope(body, never))), "panicked: body");
    assert_eq!(log.take(), "c:Abandoned /c b:Abandoned a:Abandoned /a");
}

/// A close that is given up when it holds a panic that explodes.
fn unwindings() {
    for during_a_panic in [false, true] {
        let (log, late) = (Log::default(), Late::<Unwinding<String>>::new());
        let mut stack = Stack::new(late.hook());
        fill(&mut stack, &log, Gives);
        assert_eq!(polled(3, stack.close()), None);
        assert_eq!(log.take(), "c:Finished /c b:Finished a:Abandoned");
        let came = told_sync(|| {
            struct GivesUp(Late<Unwinding<String>>);

            impl Drop for GivesUp {
                fn drop(&mut self) {
                    assert_eq!(self.0.give_up(), 1);
                }
            }

            let _late = GivesUp(late);
            if during_a_panic { Panics.of("outer") } else { Ok(()) }
        });
        assert_eq!(came, if during_a_panic { "panicked: outer" } else { "gave" });
    }
}

fn hooks() {
    let came = told_sync(|| {
        let hook = |_: Unreleased<_>| explode();
        let body = async |(): &mut ()| std::future::pending::<Result<(), String>>().await;
        let release = |(), _| ready(Ok(()));
        let mut work = Box::pin(stream::scope(async || Ok(()), body, release, hook));
        assert!(polled(1, &mut work).is_none());
        Panics.of("outer")
    });
    assert_eq!(came, "panicked: outer");
}

#[test]
fn no_release_is_skipped_for_a_payload_that_panics() {
    let name = "scope::stream::payloads::no_release_is_skipped_for_a_payload_that_panics";
    in_its_own_process(name, || {
        scopes();
        errors();
        resources();
        stacks();
        unwindings();
        hooks();
    });
}
