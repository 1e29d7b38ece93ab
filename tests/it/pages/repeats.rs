//! Cursors that were given before.

use headwater::Source;
use headwater::pages::{ErrorKind, OnRepeat, Page, Position, pages};

use super::shelf::Shelf;

/// A, A: a page that leads to itself.
#[test]
fn a_page_that_leads_to_itself_is_an_error_after_its_items() {
    let shelf = Shelf::new(&[1, 2]).leading(1, 1);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    assert!(items.by_ref().take(3).map(Result::unwrap).eq([0, 100, 101]));
    let error = items.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), *error.position()), (ErrorKind::Repeated, Position::new(1, 2)));
    let told = "page 1, item 2: the server leads back to a page that it gave before";
    assert_eq!(error.to_string(), told);
    assert!(items.next().is_none() && !items.can_recover());
    assert_eq!(shelf.asked(), [0, 1], "it is not fetched again");
}

/// A, B, A, and longer circles, with and without a way into them.
#[test]
fn a_circle_of_any_length_is_an_error() {
    for len in 1..30_u32 {
        for entry in 0..len {
            let shelf = Shelf::new(&vec![1; len as usize]).leading(len - 1, entry);
            let mut items = pages(0, |n| shelf.fetch(n)).items();
            assert!(items.by_ref().take(len as usize).map(Result::unwrap).eq(shelf.items()));
            assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Repeated);
            assert_eq!(shelf.asked().len(), len as usize);
        }
    }
}

#[test]
fn a_circle_of_empty_pages_is_an_error_too() {
    let shelf = Shelf::new(&[0, 0, 0]).leading(2, 0);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Repeated);
    let kinds = pages(0, |n| shelf.fetch(n)).map(|page| page.map_err(|error| error.kind()).is_ok());
    assert!(kinds.eq([true, true, false]), "the last one is nothing but the error");
}

/// The same page twice, at another cursor, is what the server gave: it can't be known here.
#[test]
fn a_repeated_page_at_another_cursor_is_a_page() {
    let feed = |n: u32| Ok::<_, ()>(Page::new(["a"]).next((n < 1).then_some(n + 1)));
    assert!(pages(0, feed).items().map(Result::unwrap).eq(["a", "a"]));
}

#[test]
fn what_was_seen_is_an_end_or_a_page_if_it_is_said_so() {
    let shelf = Shelf::new(&[1, 1]).leading(1, 0);
    let feed = |on| pages(0, |n| shelf.fetch(n)).on_repeat(on);
    assert!(feed(OnRepeat::Stop).items().map(Result::unwrap).eq([0, 100]));
    assert_eq!(feed(OnRepeat::Stop).count(), 2);
    let allowed = feed(OnRepeat::Allow).items().map(Result::unwrap);
    assert!(allowed.take(5).eq([0, 100, 0, 100, 0]));
    let limited = feed(OnRepeat::Allow).max_pages(3).items().last();
    assert_eq!(limited.unwrap().unwrap_err().kind(), ErrorKind::TooManyPages);
}

/// What is seen goes on over failures, and is not made of pages that are fetched again.
#[test]
fn fetching_again_is_no_repetition() {
    let shelf = Shelf::new(&[2, 2, 2]).leading(2, 1);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    for _ in 0..6 {
        items.next().unwrap().unwrap();
        items.resume_at(items.position());
    }
    let error = items.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), *error.position()), (ErrorKind::Repeated, Position::new(2, 2)));
    items.resume_at(items.position());
    assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Repeated);
}

/// A server whose cursor for the next page is another with each fetch, and the last one is valid.
#[test]
fn cursors_may_change_when_a_page_is_fetched_again() {
    let (mut fetches, mut valid) = (0, [0; 4]);
    let mut items = pages((0, 0), |(page, stamp)| {
        assert_eq!(stamp, valid[page], "page {page}");
        fetches += 1;
        valid[page + 1] = fetches;
        let next = (page < 2).then_some((page + 1, fetches));
        Ok::<_, ()>(Page::new([10 * page, 10 * page + 1]).next(next))
    })
    .items();
    let mut given = Vec::new();
    while let Some(item) = items.next() {
        given.push(item.unwrap());
        items.resume_at(items.position());
    }
    assert_eq!(given, [0, 1, 10, 11, 20, 21]);
}

/// What is remembered of the cursors of a million pages does not grow: see `pages::recent`.
#[test]
fn a_million_pages_are_followed() {
    let feed = |n: u32| Ok::<_, ()>(Page::new([n]).next((n < 999_999).then_some(n + 1)));
    assert_eq!(
        pages(0, feed).items().map(|item| u64::from(item.unwrap())).sum::<u64>(),
        499_999_500_000
    );
}

/// It comes round again before it is known, and not much more often.
#[test]
fn a_circle_that_is_longer_than_the_memory_is_found_in_the_end() {
    let feed = |n: u32| Ok::<_, ()>(Page::new([n]).next(if n < 24_999 { n + 1 } else { 3 }));
    let (given, mut failed): (Vec<_>, Vec<_>) = pages(0, feed).items().partition(Result::is_ok);
    assert!((25_000..100_000).contains(&given.len()), "{}", given.len());
    assert_eq!(failed.remove(0).unwrap_err().kind(), ErrorKind::Repeated);
    assert!(failed.is_empty());
}
