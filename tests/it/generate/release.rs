//! What a body holds is dropped once, in order, at its end, its panic or with its generator.

use headwater::{coroutine, generate, try_generate};

use super::bodies::{DROPPED_AFTER, hold_and_emit};
use crate::support::caught::panic_of;
use crate::support::handles::Handles;
use crate::support::log::Log;

/// What becomes of a body once it has emitted everything.
#[derive(Clone, Copy)]
enum Fate {
    Ends,
    Panics,
}

fn holding(log: &Log, fate: Fate) -> impl Iterator<Item = u32> + use<> {
    let (log, captured) = (log.clone(), log.drops("captured"));
    generate(move |out| async move {
        let _captured = captured;
        hold_and_emit(&out, &log).await;
        if let Fate::Panics = fate {
            let _last = log.drops("last");
            panic!("the body");
        }
    })
}

#[test]
fn a_generator_that_is_dropped_drops_what_its_body_holds() {
    let log = Log::default();
    for (items, dropped) in DROPPED_AFTER.into_iter().enumerate() {
        let mut generator = holding(&log, Fate::Ends);
        assert_eq!(generator.by_ref().take(items).count(), items);
        assert_eq!(log.take(), "", "after {items} items");
        drop(generator);
        assert_eq!(log.take(), dropped, "after {items} items");
    }
}

#[test]
fn a_body_that_ends_drops_what_it_holds_in_the_same_pull() {
    let log = Log::default();
    let mut generator = holding(&log, Fate::Ends);
    assert!(generator.by_ref().take(3).eq(1..=3));
    assert_eq!(log.take(), "");
    assert_eq!(generator.next(), None);
    assert_eq!(log.take(), "third second first captured");
    assert_eq!(generator.next(), None);
    drop(generator);
    assert_eq!(log.take(), "");
}

#[test]
fn a_body_that_panics_drops_what_it_holds_in_the_same_pull() {
    let log = Log::default();
    let mut generator = holding(&log, Fate::Panics);
    assert!(generator.by_ref().take(3).eq(1..=3));
    assert_eq!(panic_of(|| generator.next()), "the body");
    assert_eq!(log.take(), "third second first last captured");
    assert_eq!(generator.next(), None);
    drop(generator);
    assert_eq!(log.take(), "");
}

#[test]
fn a_fold_drops_what_the_body_holds() {
    let log = Log::default();
    for (taken, rest) in [6, 5, 3, 0].into_iter().enumerate() {
        let mut generator = holding(&log, Fate::Ends);
        assert_eq!(generator.by_ref().take(taken).count(), taken);
        assert_eq!(generator.sum::<u32>(), rest);
        assert_eq!(log.take(), "third second first captured", "after {taken} items");
    }
    assert_eq!(panic_of(|| holding(&log, Fate::Panics).count()), "the body");
    assert_eq!(log.take(), "third second first last captured");
}

#[test]
fn a_consumer_that_panics_drops_what_the_body_holds() {
    let log = Log::default();
    let fold = || holding(&log, Fate::Ends).for_each(|n| assert!(n < 2, "the consumer"));
    assert_eq!(panic_of(fold), "the consumer");
    assert_eq!(log.take(), "second first captured");
}

#[test]
fn a_generator_that_may_fail_drops_what_its_body_holds() {
    let log = Log::default();
    let failing = || {
        let (log, captured) = (log.clone(), log.drops("captured"));
        try_generate(move |out| async move {
            let _captured = captured;
            let _first = log.drops("first");
            out.emit(1).await;
            let _second = log.drops("second");
            out.emit_err("a rapid").await;
            let _third = log.drops("third");
            Err("dry")
        })
    };
    for (pulls, dropped) in DROPPED_AFTER.into_iter().enumerate() {
        let mut generator = failing();
        assert_eq!(generator.by_ref().take(pulls).count(), pulls);
        let by_itself = if pulls == 3 { dropped } else { "" };
        assert_eq!(log.take(), by_itself, "after {pulls} pulls");
        drop(generator);
        assert_eq!(log.take(), if pulls == 3 { "" } else { dropped }, "after {pulls} pulls");
    }
}

#[test]
fn a_coroutine_drops_what_its_body_holds_and_what_it_was_sent() {
    let log = Log::default();
    let captured = || {
        let (log, captured) = (log.clone(), log.drops("captured"));
        coroutine(move |out, argument| async move {
            let (_captured, _argument) = (captured, argument);
            let _first = log.drops("first");
            let _reply = out.emit(1).await;
            let _second = log.drops("second");
            out.emit(2).await;
        })
    };
    drop(captured());
    assert_eq!(log.take(), "captured");
    let mut body = captured();
    assert_eq!(body.send(log.drops("argument")), Some(1));
    drop(body);
    assert_eq!(log.take(), "first argument captured");
    let mut body = captured();
    assert_eq!(body.send(log.drops("argument")), Some(1));
    assert_eq!(body.send(log.drops("reply")), Some(2));
    drop(body);
    assert_eq!(log.take(), "second reply first argument captured");
    let mut body = captured();
    for item in [Some(1), Some(2), None] {
        assert_eq!(body.send(log.drops("sent")), item);
    }
    assert_eq!(log.take(), "sent second sent first sent captured");
    assert_eq!(body.send(log.drops("late")), None);
    assert_eq!(log.take(), "late", "nobody takes it any more");
}

#[test]
fn items_are_dropped_once_wherever_they_are() {
    let handles = Handles::default();
    let handle = || handles.handle(());
    let items = [handle(), handle(), handle(), handle()];
    let mut generator = generate(|out| async move {
        let [one, two, three, four] = items;
        futures::join!(out.emit(one), out.emit(two), out.emit(three));
        out.emit(four).await;
    });
    assert_eq!(handles.live(), 4);
    drop(generator.next());
    assert_eq!(handles.live(), 3);
    let second = generator.next();
    drop(generator);
    assert_eq!(handles.live(), 1, "the one that was taken");
    drop(second);
    assert_eq!(handles.live(), 0);
}

#[test]
fn an_item_that_was_given_in_a_pull_that_panics_is_dropped_once() {
    let log = Log::default();
    let item = log.drops("item");
    let mut generator = generate(|out| async move {
        assert!(futures::poll!(out.emit(item)).is_pending());
        panic!("the body");
    });
    assert_eq!(panic_of(|| generator.next().is_some()), "the body");
    assert_eq!(log.take(), "item");
    assert!(generator.next().is_none());
}
