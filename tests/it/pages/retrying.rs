//! Pages that are tried again.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use headwater::pages::{ErrorKind, Page, Position, pages};
use headwater::retry::RetrySource;
use headwater::retry::{FakeClock, Reason};
use headwater::{Retry, Source};

use super::shelf::Shelf;

/// Each of 50 pages fails once, one run for each; then every request before one that succeeds.
#[test]
fn a_fault_at_any_request_loses_and_repeats_nothing() {
    let sizes: Vec<_> = (0..50).map(|n| n % 4).collect();
    let runs = (0..50).map(|request| vec![request]).chain([(0..100).step_by(2).collect()]);
    for fails in runs {
        let shelf = || Shelf::new(&sizes).failing(&fails);
        let retry = || Retry::immediately().max_attempts(2);

        let by_page = shelf();
        let items = pages(0, |n| by_page.fetch(n)).retry(retry()).items();
        assert!(items.map(Result::unwrap).eq(by_page.items()), "{fails:?}");
        assert_eq!(
            by_page.asked().len(),
            50 + fails.len(),
            "it fetches a page again, and no other"
        );

        let generic = shelf();
        let items = RetrySource::retry(pages(0, |n| generic.fetch(n)).items(), retry());
        assert!(items.map(Result::unwrap).eq(generic.items()), "{fails:?}");
        assert_eq!(generic.asked(), by_page.asked());

        let whole = shelf();
        let feed = RetrySource::retry(pages(0, |n| whole.fetch(n)), retry());
        assert!(feed.flat_map(|page| page.unwrap().items).eq(whole.items()), "{fails:?}");

        let by_hand = shelf();
        let mut items = pages(0, |n| by_hand.fetch(n)).items();
        let (mut given, mut failures) = (Vec::new(), 0);
        loop {
            match items.next() {
                Some(Ok(item)) => given.push(item),
                Some(Err(error)) => {
                    failures += 1;
                    items.resume_at(*error.position());
                }
                None => break,
            }
        }
        assert_eq!((given, failures), (by_hand.items(), fails.len()));
    }
}

/// Page 3 says 429 and how long to wait: the policy sees it.
#[test]
fn the_policy_sees_the_error_and_the_hint_in_it() {
    struct Refused {
        status: u16,
        retry_after: Option<Duration>,
    }

    let clock = FakeClock::new();
    let refusals = Cell::new(1);
    let feed = pages(1, |n: u32| {
        if n == 3 && refusals.get() > 0 {
            refusals.set(refusals.get() - 1);
            let retry_after = Some(Duration::from_secs(7));
            return Err(Refused { status: 429, retry_after });
        }
        Ok(Page::new([n]).next((n < 4).then_some(n + 1)))
    });
    let retry = Retry::fixed(Duration::from_secs(1))
        .clock(clock.clone())
        .when(|refused: &Refused| refused.status == 429)
        .hint(|refused| refused.retry_after);
    assert!(feed.retry(retry).items().map(|item| item.ok().unwrap()).eq(1..=4));
    assert_eq!(clock.slept(), [Duration::from_secs(7)]);
}

#[test]
fn what_is_given_up_says_where_and_can_be_gone_on_with() {
    let shelf = Shelf::new(&[2, 2]);
    let retry = Retry::immediately().max_attempts(3);
    let mut items = pages(0, |n| shelf.fetch(n)).retry(retry).items();
    items.next().unwrap().unwrap();
    items.next().unwrap().unwrap();
    shelf.down(true);
    let error = items.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), *error.position()), (ErrorKind::Fetch, Position::from(1)));
    let gave_up = error.into_cause().unwrap();
    assert_eq!((gave_up.attempts(), gave_up.reason()), (3, Reason::Attempts));
    assert_eq!(shelf.asked(), [0, 1, 1, 1]);
    assert!(items.next().is_none());
    shelf.down(false);
    items.resume_at(items.position());
    assert!(items.map(Result::unwrap).eq([100, 101]));
}

/// What the server says wrong is said again: only fetches are tried again.
#[test]
fn a_server_that_leads_in_a_circle_is_not_tried_again() {
    let shelf = Shelf::new(&[1, 1]).leading(1, 0);
    let items = RetrySource::retry(pages(0, |n| shelf.fetch(n)).items(), Retry::immediately());
    let gave_up = items.last().unwrap().unwrap_err();
    assert_eq!((gave_up.attempts(), gave_up.reason()), (1, Reason::NotRetryable));
    assert_eq!(gave_up.cause().kind(), ErrorKind::Repeated);
    assert_eq!(shelf.asked(), [0, 1]);
}

/// A crash after item 7 of page 2; another process goes on.
#[test]
fn another_process_goes_on_at_the_item() {
    let shelf = Shelf::new(&[10, 10, 10]);
    let noted = RefCell::new(None);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    let mut before = Vec::new();
    while let Some(item) = items.next() {
        before.push(item.unwrap());
        noted.replace(Some(items.position()));
        if before.len() == 17 {
            break;
        }
    }
    drop(items);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    let noted = noted.take().unwrap();
    assert_eq!(noted, Position::new(1, 7));
    items.resume_at(noted);
    let after = items.map(Result::unwrap);
    assert!(before.into_iter().chain(after).eq(shelf.items()));
    assert_eq!(shelf.asked(), [0, 1, 1, 2]);
}
