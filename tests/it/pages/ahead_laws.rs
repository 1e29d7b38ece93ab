//! Whatever is fetched ahead, and by whom: what is given, and the positions, are those of a source
//! that fetches what it is asked for.

use headwater::pages::{Position, pages};
use headwater::{Retry, Source};

use super::server::{Server, n, seen, up_to_error};
use crate::support::contract::contract;
use crate::support::resume::{resumes, resumes_in_place};

type Item = Result<usize, (Option<&'static str>, Position<usize>)>;

/// A source of items, as a test sees them.
trait Feed: Iterator<Item = Item> + Source<Position = Position<usize>> {}

impl<S: Iterator<Item = Item> + Source<Position = Position<usize>>> Feed for S {}

/// Makes the items of a source such that they can be compared.
struct Comparable<S>(S);

impl<S> Iterator for Comparable<S>
where
    S: Iterator<Item = Result<usize, headwater::pages::Error<usize, &'static str>>>,
{
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.0.next().map(seen)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<S: Source> Source for Comparable<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.0.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.0.resume_at(at);
    }
}

/// Every way to fetch ahead.
#[derive(Clone, Copy, Debug)]
enum Way {
    Thread(usize),
    Threads(usize),
    #[cfg(feature = "async")]
    Task(usize),
    #[cfg(feature = "async")]
    Tasks(usize),
}

const WAYS: &[Way] = &[
    Way::Thread(1),
    Way::Thread(3),
    Way::Threads(1),
    Way::Threads(2),
    Way::Threads(8),
    #[cfg(feature = "async")]
    Way::Task(1),
    #[cfg(feature = "async")]
    Way::Task(3),
    #[cfg(feature = "async")]
    Way::Tasks(1),
    #[cfg(feature = "async")]
    Way::Tasks(2),
    #[cfg(feature = "async")]
    Way::Tasks(8),
];

impl Way {
    fn items(self, server: &Server) -> Box<dyn Feed> {
        let server = server.clone();
        let feed = {
            let server = server.clone();
            pages(1, move |number| server.answer(number))
        };
        match self {
            Self::Thread(ahead) => Box::new(Comparable(feed.prefetch(n(ahead)).items())),
            Self::Threads(at_once) => {
                let feed = feed.concurrent(n(at_once), |number, page| number + 1..=page.meta);
                Box::new(Comparable(feed.items()))
            }
            #[cfg(feature = "async")]
            Self::Task(ahead) => {
                let feed = super::ahead_in_tasks::feed(&server);
                let feed = feed.prefetch_on(n(ahead), super::ahead_in_tasks::spawn);
                Box::new(Comparable(crate::support::blocking::Blocking(feed.items())))
            }
            #[cfg(feature = "async")]
            Self::Tasks(at_once) => {
                let feed = super::ahead_in_tasks::feed(&server);
                let following =
                    |number: &usize, page: &headwater::pages::Page<_, _, _>| number + 1..=page.meta;
                let spawn = super::ahead_in_tasks::spawn;
                let feed = feed.concurrent_on(n(at_once), following, spawn);
                Box::new(Comparable(crate::support::blocking::Blocking(feed.items())))
            }
        }
    }
}

#[test]
fn it_keeps_the_contract_of_iterators_and_the_law_of_sources() {
    for sizes in [&[0][..], &[1], &[2, 0, 1], &[0, 0, 1, 1, 0]] {
        let server = Server::new(sizes);
        for way in WAYS {
            contract(|| way.items(&server), |item| item);
            resumes(|| way.items(&server), |item| item);
            resumes_in_place(|| way.items(&server), |item| item);
        }
    }
}

#[test]
fn an_error_comes_behind_the_items_before_it_and_it_goes_on_there() {
    for way in WAYS {
        for fault in 0..12 {
            let server = Server::failing([2; 12], [fault]);
            let mut items = way.items(&server);
            let (mut given, error) = up_to_error(&mut items);
            assert_eq!(items.next(), None, "{way:?}");
            // Several at once come in any order.
            let position = items.position();
            assert_eq!(error, Some((Some("503"), position)));
            assert_eq!(position, Position::new(given.len() / 2 + 1, 0));
            items.resume_at(position);
            given.extend(items.map(Result::unwrap));
            assert_eq!(given, server.items(), "{way:?} {fault}");
        }
    }
}

#[test]
fn a_policy_heals_it_from_within_and_from_without() {
    let faults = (0..40).step_by(3);
    let retry = || Retry::immediately().max_attempts(3);
    for ahead in 1..4 {
        let feed = || {
            let server = Server::failing([2; 12], faults.clone());
            (server.clone(), pages(1, move |number| server.answer(number)))
        };
        let (server, within) = feed();
        let within = within.retry(retry()).prefetch(n(ahead)).items();
        assert!(within.map(Result::unwrap).eq(server.items()));
        let (server, without) = feed();
        let without = without.prefetch(n(ahead)).retry(retry()).items();
        assert!(without.map(Result::unwrap).eq(server.items()));
        let (server, at_once) = feed();
        let following =
            |number: &usize, page: &headwater::pages::Page<_, _, _>| number + 1..=page.meta;
        let retry = Retry::immediately().max_attempts(40);
        let at_once = at_once.concurrent(n(ahead), following).retry(retry).items();
        assert!(at_once.map(Result::unwrap).eq(server.items()));
    }
}

#[test]
fn resumed_where_it_is_it_fetches_nothing_again() {
    let server = Server::new([3; 6]);
    let clone = server.clone();
    let mut items = pages(1, move |number| clone.answer(number)).prefetch(n(2)).items();
    for taken in 0..server.items().len() {
        assert_eq!(items.next().unwrap().unwrap(), taken);
        if taken % 3 == 2 {
            items.resume_at(items.position());
        }
    }
    assert!(items.next().is_none());
    assert_eq!(server.requests(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn no_more_pages_are_fetched_than_are_allowed() {
    for way in WAYS {
        for most in 1..6 {
            let server = Server::new([1; 9]);
            let clone = server.clone();
            let feed = pages(1, move |number| clone.answer(number)).max_pages(most as u64);
            let following =
                |number: &usize, page: &headwater::pages::Page<_, _, _>| number + 1..=page.meta;
            let given = match way {
                Way::Thread(ahead) => {
                    feed.prefetch(n(*ahead)).items().filter_map(Result::ok).count()
                }
                Way::Threads(at_once) => {
                    let feed = feed.concurrent(n(*at_once), following);
                    feed.items().filter_map(Result::ok).count()
                }
                #[cfg(feature = "async")]
                Way::Task(_) | Way::Tasks(_) => continue,
            };
            assert_eq!(given, most);
            let mut requests = server.requests();
            requests.sort_unstable();
            assert!(requests.into_iter().eq(1..=most), "{way:?}");
        }
    }
}
