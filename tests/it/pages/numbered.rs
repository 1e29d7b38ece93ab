//! Pages whose number is known: several are fetched at once, and none that is not there.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use headwater::pages::{Page, pages};

use super::server::{Server, n};

#[test]
fn each_page_is_asked_for_once_and_none_past_the_end() {
    for total in 0..=30 {
        for at_once in 1..=8 {
            let server = Server::new(vec![2; total]);
            let clone = server.clone();
            let feed = pages(1, move |number| clone.answer(number));
            let feed = feed.concurrent(n(at_once), |number, page| number + 1..=page.meta);
            assert!(feed.items().map(Result::unwrap).eq(server.items()), "{total}, {at_once}");
            let mut requests = server.requests();
            requests.sort_unstable();
            assert!(requests.into_iter().eq(1..=total.max(1)), "{total}, {at_once}");
        }
    }
}

/// A server whose total changes with each request. It has all pages, however.
fn changing(totals: &'static [usize]) -> impl FnMut(usize) -> Answer + Clone + Send + 'static {
    let asked: Arc<Mutex<BTreeSet<usize>>> = Arc::default();
    move |number| {
        let mut asked = asked.lock().unwrap();
        let total = *totals.get(asked.len()).unwrap_or(totals.last().unwrap());
        assert!(asked.insert(number), "page {number} is asked for again");
        Ok(Page::new([number]).next((number < total).then_some(number + 1)).meta(total))
    }
}

type Answer = Result<Page<usize, usize, usize>, &'static str>;

#[test]
fn a_total_that_shrinks_or_grows_is_what_the_last_page_says() {
    // One at a time, the order of requests is that of the pages.
    for (totals, last) in [
        (&[9, 9, 5][..], 5),
        (&[9, 4], 4),
        (&[9, 9, 2], 3),
        (&[3, 3, 6], 6),
        (&[1, 9], 1),
        (&[2, 3, 4, 5, 6, 7], 7),
    ] {
        let feed = pages(1, changing(totals));
        let feed = feed.concurrent(n(1), |number, page| number + 1..=page.meta);
        assert!(feed.items().map(Result::unwrap).eq(1..=last), "{totals:?}");
    }
}

#[test]
fn pages_beyond_a_total_that_shrank_are_not_waited_for() {
    // The second page says that it is the last, while those behind it are under way for ever.
    let (stay, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let fetch = move |number: usize| {
        if number > 2 {
            let _ = wait.lock().unwrap().recv();
        }
        let total = if number == 1 { 9 } else { 2 };
        let next = (number < total).then_some(number + 1);
        Ok::<_, ()>(Page::new([number]).next(next).meta(total))
    };
    let feed = pages(1, fetch).concurrent(n(4), |number, page| number + 1..=page.meta);
    assert!(feed.items().map(Result::unwrap).eq([1, 2]));
    drop(stay);
}

#[test]
fn a_page_without_items_does_not_end_it() {
    for at_once in 1..=4 {
        let server = Server::new([2, 0, 0, 3, 0]);
        let clone = server.clone();
        let feed = pages(1, move |number| clone.answer(number));
        let feed = feed.concurrent(n(at_once), |number, page| number + 1..=page.meta);
        assert!(feed.items().map(Result::unwrap).eq(server.items()));
    }
}

#[test]
fn where_the_guess_is_wrong_the_page_says_what_follows() {
    // Of ten pages that are thought to be there, each second is.
    let fetch =
        |number: usize| Ok::<_, ()>(Page::new([number]).next((number < 9).then_some(number + 2)));
    let feed = pages(1, fetch).concurrent(n(3), |number, _| number + 1..=10);
    assert!(feed.items().map(Result::unwrap).eq([1, 3, 5, 7, 9]));
}
