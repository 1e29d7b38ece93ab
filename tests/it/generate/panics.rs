//! Bodies that panic, and bodies that await what nothing would wake them for.

use std::future::{pending, ready};

use headwater::generate::Emitter;
use headwater::{coroutine, generate, try_generate};

use super::bodies::is_asleep;
use crate::support::caught::panic_of;
use crate::support::log::Log;
use crate::support::polls::yield_now;

/// Emits one item, and then awaits something else.
fn sleepy<Fut: Future<Output = ()>>(log: &Log, wait: Fut) -> impl Iterator<Item = u32> + use<Fut> {
    let log = log.clone();
    generate(|out: Emitter<u32>| async move {
        let _held = log.drops("held");
        out.emit(1).await;
        wait.await;
        out.emit(2).await;
    })
}

fn stays_ended(mut generator: impl Iterator) {
    for _ in 0..3 {
        assert!(generator.next().is_none());
        assert_eq!(generator.size_hint(), (0, Some(0)));
    }
    assert_eq!(generator.count(), 0);
}

#[test]
fn the_panic_of_a_body_passes_to_the_pull_and_ends_the_generator() {
    let mut generator = generate(|out| async move {
        out.emit(1).await;
        panic!("spilt");
    });
    assert_eq!(generator.next(), Some(1));
    assert_eq!(panic_of(|| generator.next()), "spilt");
    stays_ended(generator);
}

#[test]
fn the_panic_of_a_closure_ends_the_generator() {
    let mut generator = generate(|out: Emitter<u32>| {
        assert!(format!("{out:?}").is_empty(), "spilt");
        ready(())
    });
    assert_eq!(panic_of(|| generator.next()), "spilt");
    stays_ended(generator);
}

#[test]
fn the_panic_of_a_body_that_may_fail_passes_to_the_pull() {
    let mut generator = try_generate(|out| async move {
        out.emit(1).await;
        let n: u8 = "300".parse().expect("spilt");
        out.emit(n).await;
        Ok::<_, ()>(())
    });
    assert_eq!(generator.next(), Some(Ok(1)));
    assert!(panic_of(|| generator.next()).contains("spilt"));
    stays_ended(generator);
}

#[test]
fn a_body_that_awaits_something_else_panics_and_says_what_to_use() {
    let log = Log::default();
    let mut generator = sleepy(&log, pending());
    assert_eq!(generator.next(), Some(1));
    assert!(is_asleep(&panic_of(|| generator.next())));
    assert_eq!(log.take(), "held", "in the same pull");
    stays_ended(generator);
    let mut generator = sleepy(&log, yield_now());
    assert_eq!(generator.next(), Some(1));
    assert!(is_asleep(&panic_of(|| generator.next())), "though it has a waker");
    stays_ended(generator);
}

#[test]
fn a_body_that_awaits_something_else_panics_however_it_is_pulled() {
    let log = Log::default();
    assert!(is_asleep(&panic_of(|| sleepy(&log, pending()).count())));
    assert!(is_asleep(&panic_of(|| sleepy(&log, pending()).sum::<u32>())));
    assert!(is_asleep(&panic_of(|| sleepy(&log, yield_now()).fold(9, u32::max))));
    assert!(is_asleep(&panic_of(|| sleepy(&log, pending()).last())));
    assert!(is_asleep(&panic_of(|| sleepy(&log, pending()).nth(1))));
    assert_eq!(log.take(), "held held held held held");
}

#[test]
fn bodies_that_may_fail_and_coroutines_may_not_await_something_else_either() {
    let mut generator = try_generate(|out| async move {
        out.emit(1).await;
        pending().await
    });
    assert_eq!(generator.next(), Some(Ok::<_, ()>(1)));
    assert!(is_asleep(&panic_of(|| generator.next())));
    stays_ended(generator);

    let mut body = coroutine(|out, ()| async move {
        out.emit(1).await;
        yield_now().await;
        out.emit(2).await;
    });
    assert_eq!(body.send(()), Some(1));
    assert!(is_asleep(&panic_of(|| body.send(()))));
    assert_eq!((body.send(()), body.send(())), (None, None));
}

#[test]
fn what_is_ready_may_be_awaited() {
    let generator = generate(|out| async move {
        let n = ready(1).await;
        out.emit(n).await;
        async { out.emit(n + 1).await }.await;
    });
    assert!(generator.eq([1, 2]));
}
