//! Items that come again, and are left out.

use std::cell::Cell;

use headwater::pages::{Page, Position, pages};
use headwater::retry::RetrySource;
use headwater::{Retry, Source};

use super::shelf::Shelf;
use crate::support::resume::{resumes, resumes_in_place};

/// One page of these items.
fn one_page(items: &'static [u32]) -> impl Fn(u32) -> Result<Page<u32, u32>, &'static str> {
    move |_| Ok(Page::new(items))
}

fn distinct(items: &'static [u32], window: usize) -> Vec<u32> {
    pages(0, one_page(items)).items().distinct_by(window, |n| *n).map(Result::unwrap).collect()
}

#[test]
fn the_last_distinct_ones_are_remembered_and_no_more() {
    let items = &[1, 1, 2, 1, 3, 1, 4, 5, 6, 1];
    assert_eq!(distinct(items, 0), items);
    assert_eq!(distinct(items, 1), [1, 2, 1, 3, 1, 4, 5, 6, 1]);
    assert_eq!(distinct(items, 2), [1, 2, 3, 1, 4, 5, 6, 1]);
    assert_eq!(distinct(items, 6), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_key_decides_what_is_the_same() {
    let items = pages(0, one_page(&[11, 21, 12, 31])).items();
    assert!(items.distinct_by(9, |n| n % 10).map(Result::unwrap).eq([11, 12]));
}

#[test]
fn errors_are_not_left_out() {
    let shelf = Shelf::new(&[1, 1]).failing(&[1, 2]);
    let mut items = pages(0, |n| shelf.fetch(n)).items().distinct_by(9, |n| *n);
    assert!(items.next().unwrap().is_ok());
    for _ in 0..2 {
        assert_eq!(items.next().unwrap().unwrap_err().cause(), Some(&"503"));
        assert!(items.next().is_none() && items.can_recover());
        items.resume_at(items.position());
    }
    assert!(items.map(Result::unwrap).eq([100]));
}

#[test]
fn without_repetitions_it_keeps_the_law() {
    let shelf = Shelf::new(&[2, 0, 3]);
    let feed = || pages(0, |n| shelf.fetch(n)).items().distinct_by(2, |n| *n);
    resumes(feed, |item| item.map_err(|error| error.kind()));
    resumes_in_place(feed, |item| item.map_err(|error| error.kind()));
}

/// A failure is no reason to forget; another position is.
#[test]
fn it_remembers_over_failures_and_forgets_elsewhere() {
    let calls = Cell::new(0);
    let feed = || {
        pages(0, |n| {
            calls.set(calls.get() + 1);
            if calls.get() % 2 == 0 {
                return Err("503");
            }
            Ok(Page::new([7, n]).next((n < 3).then_some(n + 1)))
        })
    };
    let healed = RetrySource::retry(feed().items().distinct_by(9, |n| *n), Retry::immediately());
    assert!(healed.map(Result::unwrap).eq([7, 0, 1, 2, 3]));

    let mut items = feed().retry(Retry::immediately()).items().distinct_by(9, |n| *n);
    assert!(items.by_ref().take(3).map(Result::unwrap).eq([7, 0, 1]));
    items.resume_at(Position::from(1));
    assert!(items.map(Result::unwrap).eq([7, 1, 2, 3]));
}
