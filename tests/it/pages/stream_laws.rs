//! Streams of pages: what iterators of them do, and the contract of streams.

use std::cell::Cell;
use std::rc::Rc;

use futures::executor::block_on;
use futures::stream::FusedStream;
use futures::{Stream, StreamExt};
use headwater::pages::{ErrorKind, OnRepeat, Page, Position};
use headwater::stream::pages::{Fetch, Pages};
use headwater::{Source, pages, stream};

use super::server::{Answer, Server, seen};
use crate::support::blocking::Blocking;
use crate::support::caught::panic_of;
use crate::support::contract::contract;
use crate::support::polls::yield_now;
use crate::support::resume::{resumes, resumes_in_place};

/// A stream of what the server gives, which waits a while for each page.
fn stream_of(server: &Server) -> Pages<usize, impl Fetch<usize, Fetched = Answer> + use<>> {
    let server = server.clone();
    stream::pages(1, move |number| {
        let server = server.clone();
        async move {
            for _ in 0..number % 3 {
                yield_now().await;
            }
            server.answer(number)
        }
    })
}

const SIZES: [&[usize]; 7] =
    [&[0], &[1], &[3, 2], &[0, 0, 2], &[2, 0, 1, 0], &[1, 1, 1, 1, 1], &[4, 0, 0]];

#[test]
fn both_views_keep_the_contract_of_iterators_and_the_law_of_sources() {
    for sizes in SIZES {
        let server = Server::new(sizes);
        let by_page = || Blocking(stream_of(&server));
        let by_item = || Blocking(stream_of(&server).items());
        contract(by_page, seen);
        contract(by_item, seen);
        resumes(by_page, seen);
        resumes(by_item, seen);
        resumes_in_place(by_page, seen);
        resumes_in_place(by_item, seen);
        assert!(by_item().map(Result::unwrap).eq(server.items()));
    }
}

#[test]
fn nothing_is_fetched_before_the_first_poll() {
    fn never(number: u32) -> std::future::Ready<Result<Page<(), u32>, ()>> {
        panic!("page {number} was fetched");
    }
    let mut by_page = stream::pages(1, never).max_pages(9).on_repeat(OnRepeat::Stop);
    assert_eq!((by_page.size_hint(), by_page.is_terminated()), ((0, None), false));
    by_page.resume_at(Position::from(2));
    drop(by_page.by_ref().map(drop));
    let mut by_item = by_page.items();
    by_item.resume_at(Position::new(3, 7));
    assert_eq!(by_item.position(), Position::new(3, 7));
    assert_eq!((by_item.size_hint(), by_item.is_terminated()), ((0, None), false));
    assert_eq!(panic_of(|| block_on(by_item.next())), "page 3 was fetched");
}

/// What a server leads to, by cursor: the next, and how many items and bytes.
type Map = &'static [(u32, Option<u32>, usize)];

const MAPS: [Map; 6] = [
    &[(1, Some(1), 2)],
    &[(1, Some(2), 2), (2, Some(1), 1)],
    &[(1, Some(2), 0), (2, Some(3), 1), (3, Some(2), 1)],
    &[(1, Some(2), 3), (2, Some(3), 3), (3, None, 3)],
    &[(1, None, 0)],
    &[(1, Some(9), 5)],
];

fn answer(map: Map, cursor: u32) -> Result<Page<usize, u32>, &'static str> {
    let &(_, next, size) = map.iter().find(|page| page.0 == cursor).ok_or("404")?;
    Ok(Page::new((0..size).collect::<Vec<_>>()).next(next).bytes(size as u64))
}

type Seen<T> = Result<T, (ErrorKind, Position<u32>)>;

fn kind<T, E>(item: Result<T, pages::Error<u32, E>>) -> Seen<T> {
    item.map_err(|error| (error.kind(), *error.position()))
}

#[test]
fn streams_and_iterators_are_the_same() {
    for map in MAPS {
        for on_repeat in [OnRepeat::Error, OnRepeat::Stop, OnRepeat::Allow] {
            for limit in 0..9 {
                for which in 0..3 {
                    let limits = [0, 1, 2].map(|n| if n == which { limit } else { u64::MAX });
                    let sync = || {
                        let pages = pages::pages(1, |cursor| answer(map, cursor));
                        let pages = pages.on_repeat(on_repeat).max_pages(limits[0]);
                        pages.max_items(limits[1]).max_bytes(limits[2])
                    };
                    let twin = || {
                        let pages = stream::pages(1, async |cursor| answer(map, cursor));
                        let pages = pages.on_repeat(on_repeat).max_pages(limits[0]);
                        pages.max_items(limits[1]).max_bytes(limits[2])
                    };
                    let context = format!("{map:?} {on_repeat:?} {limits:?}");
                    let by_page: Vec<_> = sync().take(20).map(kind).collect();
                    let twins: Vec<_> = Blocking(twin()).take(20).map(kind).collect();
                    assert_eq!(by_page, twins, "{context}");
                    let by_item: Vec<_> = sync().items().take(20).map(kind).collect();
                    let twins: Vec<_> = Blocking(twin().items()).take(20).map(kind).collect();
                    assert_eq!(by_item, twins, "{context}");
                }
            }
        }
    }
}

#[test]
fn an_end_and_an_error_are_final_until_it_is_resumed() {
    let server = Server::failing([1, 1], [1]);
    let mut items = Blocking(stream_of(&server).items());
    let error = (Some("503"), Position::new(2, 0));
    assert!(items.by_ref().map(seen).eq([Ok(0), Err(error)]));
    assert_eq!((items.next().map(seen), items.size_hint()), (None, (0, Some(0))));
    assert!(items.0.is_terminated() && items.0.can_recover());
    assert_eq!(server.requests(), [1, 2]);
    items.resume_at(items.position());
    assert!(!items.0.is_terminated());
    assert!(items.by_ref().map(seen).eq([Ok(1)]));
    assert!(items.0.is_terminated());
    assert_eq!((items.next().map(seen), items.position().cursor()), (None, None));
}

#[test]
fn a_fetch_that_panics_ends_it_until_it_is_resumed() {
    for panics_late in [false, true] {
        let panics = Cell::new(true);
        let fetch = |number: u32| {
            let bang = move |panics: &Cell<bool>| assert!(number < 2 || !panics.get(), "spilt");
            if !panics_late {
                bang(&panics);
            }
            let panics = &panics;
            async move {
                yield_now().await;
                bang(panics);
                Ok::<_, ()>(Page::new([number]).next((number < 3).then_some(number + 1)))
            }
        };
        let mut items = Blocking(stream::pages(1, fetch).items());
        assert_eq!(items.next().unwrap().unwrap(), 1);
        assert_eq!(panic_of(|| items.next()), "spilt");
        assert!(items.next().is_none() && items.0.is_terminated());
        assert_eq!(items.position(), Position::new(2, 0));
        panics.set(false);
        items.resume_at(items.position());
        assert!(items.map(Result::unwrap).eq([2, 3]));
    }
}

#[test]
fn it_is_send_if_its_parts_are() {
    fn sent<T: Send>(sent: T) -> T {
        sent
    }
    let feed = || stream::pages(1, async |_: u32| Ok::<_, ()>(Page::<u32, u32>::new([1])));
    drop((sent(feed()), sent(feed().items())));
    drop(sent(feed().retry(headwater::Retry::immediately())));
    let here = Rc::new(7);
    let local = stream::pages(1, |_: u32| {
        let here = Rc::clone(&here);
        async move { Ok::<_, ()>(Page::<u32, u32>::new([*here])) }
    });
    let retry = headwater::Retry::immediately();
    let items: Vec<_> = block_on(local.retry(retry).items().map(Result::unwrap).collect());
    assert_eq!(items, [7]);
}

#[test]
fn where_it_is_is_printed() {
    let pages = stream_of(&Server::new([1]));
    let printed = format!("{pages:?}");
    assert!(printed.starts_with("Pages { course: ") && printed.ends_with(", .. }"), "{printed}");
    assert!(format!("{:?}", pages.items()).starts_with("Items { pages: Pages {"));
}
