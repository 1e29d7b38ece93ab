//! Limits of pages, items and bytes: exact, and of what was given, not of what was asked for.

use headwater::Source;
use headwater::pages::{ErrorKind, Position, pages};

use super::shelf::Shelf;

/// How many items are given, and what the error is.
fn given<T, C, E>(
    items: impl Iterator<Item = Result<T, headwater::pages::Error<C, E>>>,
) -> (usize, Option<ErrorKind>) {
    let (mut given, mut failed) = (0, None);
    for item in items {
        match item {
            Ok(_) => given += 1,
            Err(error) => failed = Some(error.kind()),
        }
    }
    (given, failed)
}

#[test]
fn as_many_items_as_are_allowed_are_given() {
    let shelf = Shelf::new(&[2, 0, 3, 1, 0]);
    for (most, whole_pages) in [0, 0, 2, 2, 2, 3, 5, 5, 5].into_iter().enumerate() {
        let feed = || pages(0, |n| shelf.fetch(n)).max_items(most as u64);
        let error = (most < 6).then_some(ErrorKind::TooManyItems);
        assert_eq!(given(feed().items()), (most.min(6), error), "{most}");
        assert_eq!(given(feed()), (whole_pages, error), "{most}");
    }
}

#[test]
fn as_many_pages_as_are_allowed_are_given() {
    let shelf = Shelf::new(&[2, 0, 3]);
    for (most, items) in [0, 2, 2, 5, 5].into_iter().enumerate() {
        let feed = || pages(0, |n| shelf.fetch(n)).max_pages(most as u64);
        let error = (most < 3).then_some(ErrorKind::TooManyPages);
        assert_eq!(given(feed()), (most.min(3), error), "{most}");
        assert_eq!(given(feed().items()), (items, error), "{most}");
    }
    let asked = shelf.asked().len();
    assert_eq!(given(pages(0, |n| shelf.fetch(n)).max_pages(1)).0, 1);
    assert_eq!(shelf.asked().len(), asked + 1, "the one that is not allowed is not fetched");
}

#[test]
fn pages_of_as_many_bytes_as_are_allowed_are_given() {
    let shelf = Shelf::new(&[2, 2]);
    for (most, expected) in [(0, 0), (9, 0), (10, 2), (19, 2), (20, 4), (u64::MAX, 4)] {
        let items = pages(0, |n| shelf.fetch(n)).max_bytes(most).items();
        let error = (expected < 4).then_some(ErrorKind::TooManyBytes);
        assert_eq!(given(items), (expected, error), "{most}");
    }
}

/// What is fetched again is given once, so it counts once.
#[test]
fn a_page_that_is_fetched_again_is_not_counted_again() {
    let shelf = Shelf::new(&[2, 2]);
    let mut items = pages(0, |n| shelf.fetch(n)).max_pages(2).max_bytes(20).max_items(4).items();
    for _ in 0..4 {
        items.next().unwrap().unwrap();
        for _ in 0..3 {
            items.resume_at(items.position());
        }
    }
    assert!(items.next().is_none());
    assert_eq!(shelf.asked(), [0, 0, 1, 1]);
}

#[test]
fn a_limit_is_met_again_at_its_position_and_not_before() {
    let shelf = Shelf::new(&[2, 2]);
    let mut items = pages(0, |n| shelf.fetch(n)).max_items(3).items();
    assert_eq!(given(items.by_ref()), (3, Some(ErrorKind::TooManyItems)));
    assert_eq!(items.position(), Position::new(1, 1));
    assert!(!items.can_recover());
    items.resume_at(items.position());
    assert_eq!(given(items.by_ref()), (0, Some(ErrorKind::TooManyItems)));
    // From elsewhere it counts anew.
    items.resume_at(Position::from(0));
    assert_eq!(given(items.by_ref()), (3, Some(ErrorKind::TooManyItems)));
}
