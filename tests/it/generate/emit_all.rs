//! Iterators that are emitted as a whole, whatever they are.

use std::iter;

use headwater::generate;

use crate::support::log::Log;
use crate::support::panics::Panics;

#[test]
fn an_iterator_may_be_endless_or_empty() {
    let mut generator = generate(|out| async move {
        out.emit_all([]).await;
        out.emit_all(iter::empty()).await;
        out.emit_all(Some(7)).await;
        out.emit_all(None).await;
        out.emit_all(0..).await;
        unreachable!("it has no end");
    });
    assert!(generator.by_ref().take(4).eq([7, 0, 1, 2]));
    assert_eq!(generator.nth(1000), Some(1003));
}

#[test]
fn only_empty_iterators_give_nothing() {
    let mut generator = generate(|out| async move {
        for _ in 0..1000 {
            out.emit_all(iter::empty::<u32>()).await;
        }
    });
    assert_eq!((generator.next(), generator.next()), (None, None));
}

#[test]
fn an_iterator_is_not_pulled_after_its_end() {
    let mut pulls = [Some(1), Some(2), None, Some(3), None].into_iter();
    let generator = generate(|out| async move {
        let mut not_fused = iter::from_fn(|| pulls.next().expect("it is pulled once too often"));
        out.emit_all(&mut not_fused).await;
        out.emit(10).await;
        out.emit_all(not_fused).await;
    });
    assert!(generator.eq([1, 2, 10, 3]));
}

#[test]
fn an_iterator_is_pulled_when_its_item_is_asked_for() {
    let log = Log::default();
    let noting = log.clone();
    let held = log.drops("held");
    let mut generator = generate(|out| async move {
        let numbers = (1..=2).inspect(move |n| {
            let _held = &held;
            noting.note(n);
        });
        out.emit_all(numbers).await;
        out.emit(3).await;
    });
    assert_eq!(log.take(), "");
    for events in ["1", "2", "held", ""] {
        generator.next();
        assert_eq!(log.take(), events);
    }
}

#[test]
fn an_iterator_is_not_touched_unless_it_is_awaited() {
    let generator = generate(|out| async move {
        drop(out.emit_all(Panics));
        out.emit(Panics).await;
    });
    assert_eq!(generator.count(), 1);
}
