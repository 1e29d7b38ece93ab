//! The laws of sources, for both views of pages.

use headwater::Source;
use headwater::pages::{self, Error, ErrorKind, PageInfo, Position, Reply, pages};
use headwater::retry::RetrySource as _;

use super::shelf::Shelf;
use crate::support::contract::contract;
use crate::support::resume::{resumes, resumes_in_place};

/// The sizes of pages, and the one that leads elsewhere.
fn shelves() -> Vec<Shelf> {
    vec![
        Shelf::new(&[0]),
        Shelf::new(&[1]),
        Shelf::new(&[2, 3]),
        Shelf::new(&[0, 0, 2]),
        Shelf::new(&[2, 0, 0, 1, 0]),
        Shelf::new(&[1, 2, 1, 0]).leading(3, 3),
        Shelf::new(&[2, 2]).leading(1, 1),
    ]
}

/// What the laws see of an item.
fn see<T>(item: Result<T, Error<u32, &'static str>>) -> Result<T, (ErrorKind, Position<u32>)> {
    item.map_err(|error| (error.kind(), *error.position()))
}

#[test]
fn both_views_keep_the_contract_of_iterators() {
    for shelf in shelves() {
        contract(|| pages(0, |n| shelf.fetch(n)), see);
        contract(|| pages(0, |n| shelf.fetch(n)).items(), see);
        contract(|| pages(0, |n| shelf.fetch(n)).items().distinct_by(9, |n| *n), Result::ok);
        for most in 0..5 {
            let limited = || pages(0, |n| shelf.fetch(n)).max_items(most).max_pages(most);
            contract(limited, see);
            contract(|| limited().items(), see);
        }
    }
}

#[test]
fn both_views_go_on_at_any_of_their_positions() {
    for shelf in shelves() {
        let feed = || pages(0, |n| shelf.fetch(n));
        resumes(feed, see);
        resumes_in_place(feed, see);
        resumes(|| feed().items(), see);
        resumes_in_place(|| feed().items(), see);
    }
}

/// The problem of a page comes behind its items, whether it is gone on with in the middle or behind.
#[test]
fn a_problem_is_met_again_at_its_position() {
    for nodes in [vec![], vec!["a"], vec!["a", "b"]] {
        let feed = || {
            let nodes = nodes.clone();
            pages::connection(move |after| {
                let info = PageInfo::new(after.is_none().then_some("x"), true);
                Ok::<_, &str>(Reply::new(nodes.clone(), info))
            })
        };
        let kinds = |error: Error<_, _>| error.kind();
        let items: Vec<_> = feed().items().map(|item| item.map_err(kinds)).collect();
        assert_eq!(items.len(), 2 * nodes.len() + 1);
        assert_eq!(items.last(), Some(&Err(ErrorKind::NoCursor)));
        resumes(|| feed().items(), |item| item.map_err(kinds));
        resumes_in_place(|| feed().items(), |item| item.map_err(kinds));
        resumes(feed, |page| page.map(|page| page.items).map_err(kinds));
        resumes_in_place(feed, |page| page.map(|page| page.items).map_err(kinds));
    }
}

#[test]
fn the_items_go_on_where_the_pages_were_and_the_other_way_round() {
    let shelf = Shelf::new(&[2, 0, 3]);
    let mut by_page = pages(0, |n| shelf.fetch(n));
    by_page.nth(1).unwrap().unwrap();
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    items.resume_at(by_page.position());
    assert!(items.by_ref().take(1).map(Result::unwrap).eq([200]));

    by_page.resume_at(items.position());
    let rest = by_page.next().unwrap().unwrap();
    assert_eq!((rest.items, rest.meta.as_str()), (vec![201, 202], "page 2"));
    assert!(by_page.next().is_none());
}

#[test]
fn nothing_is_fetched_before_the_first_pull_or_ahead_of_it() {
    let shelf = Shelf::new(&[1, 2, 3]);
    let feed = || pages(0, |n| shelf.fetch(n)).max_pages(9).retry(headwater::Retry::immediately());
    let mut items = feed().items();
    items.resume_at(Position::new(0, 0));
    let _ = (items.position(), items.size_hint(), format!("{items:?}"));
    drop(items.distinct_by(9, |n| *n).retry(headwater::Retry::immediately()).peekable());
    assert!(shelf.asked().is_empty());

    let mut items = feed().items();
    items.next();
    assert_eq!(shelf.asked(), [0]);
    items.next();
    items.next();
    assert_eq!(shelf.asked(), [0, 1]);
    items.resume_at(Position::new(1, 1));
    assert_eq!(shelf.asked(), [0, 1]);
    assert_eq!(items.count(), 4);
    assert_eq!(shelf.asked(), [0, 1, 1, 2]);
}

#[test]
fn an_error_is_given_once() {
    let shelf = Shelf::new(&[2, 2]).failing(&[1]);
    let mut items = pages(0, |n| shelf.fetch(n)).items();
    assert!(items.by_ref().take(2).all(|item| item.is_ok()));
    assert_eq!(items.next().unwrap().unwrap_err().cause(), Some(&"503"));
    assert_eq!(items.size_hint(), (0, Some(0)));
    assert!((0..3).all(|_| items.next().is_none()));
    assert_eq!(shelf.asked(), [0, 1], "it is not fetched after its error");
    items.resume_at(items.position());
    assert!(items.map(Result::unwrap).eq([100, 101]));
}

/// A page without items is none of the ends, in the middle, and again in the middle.
#[test]
fn an_empty_page_does_not_end_it() {
    let shelf = Shelf::new(&[0, 1, 0, 0, 2, 0]);
    assert!(pages(0, |n| shelf.fetch(n)).items().map(Result::unwrap).eq([100, 400, 401]));
    let sizes = pages(0, |n| shelf.fetch(n)).map(|page| page.unwrap().items.len());
    assert!(sizes.eq([0, 1, 0, 0, 2, 0]));
}

#[test]
fn what_came_with_a_page_is_kept() {
    let shelf = Shelf::new(&[1, 1]);
    let metas = pages(0, |n| shelf.fetch(n)).map(|page| page.unwrap().meta);
    assert!(metas.eq(["page 0", "page 1"]));
    let reply = || Reply::new(vec![1], None).meta("etag").bytes(5);
    let page = pages::token(|_| Ok::<_, ()>(reply())).next().unwrap().unwrap();
    assert_eq!((page.meta, page.bytes, page.next), ("etag", 5, None));
}
