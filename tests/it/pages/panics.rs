//! Fetches that panic.

use std::cell::Cell;

use headwater::Source;
use headwater::pages::{Page, Position, pages};

use crate::support::caught::panic_of;

#[test]
fn a_fetch_that_panics_is_not_called_until_it_is_resumed() {
    let calls = Cell::new(0);
    let mut items = pages(0, |n| {
        calls.set(calls.get() + 1);
        assert!(n != 1 || calls.get() != 2, "spilt");
        Ok::<_, ()>(Page::new([n]).next((n < 2).then_some(n + 1)))
    })
    .items();
    assert_eq!(items.next().unwrap().unwrap(), 0);
    assert_eq!(panic_of(|| items.next()), "spilt");
    assert_eq!((items.position(), items.size_hint()), (Position::from(1), (0, Some(0))));
    assert!(items.next().is_none() && items.next().is_none());
    assert_eq!(calls.get(), 2);
    items.resume_at(items.position());
    assert!(items.map(Result::unwrap).eq([1, 2]));
}

#[test]
fn items_that_nobody_took_are_dropped_once() {
    struct Counted<'a>(&'a Cell<i32>);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    let alive = Cell::new(0);
    let feed = || {
        pages(0, |n| {
            alive.set(alive.get() + 5);
            let items: Vec<_> = (0..5).map(|_| Counted(&alive)).collect();
            Ok::<_, ()>(Page::new(items).next(n + 1))
        })
    };
    drop(feed().items().take(3).collect::<Vec<_>>());
    assert_eq!(alive.get(), 0);
    let mut items = feed().max_items(7).items();
    assert_eq!(items.by_ref().flatten().count(), 7);
    assert_eq!(alive.get(), 0, "what is more than allowed is dropped with the error");
    items.resume_at(Position::new(3, 2));
    assert!(items.next().is_some());
    items.resume_at(Position::new(3, 2));
    assert_eq!(alive.get(), 0, "what is at hand is dropped where it is resumed");
}
