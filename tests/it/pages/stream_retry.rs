//! Pages that are fetched by a policy: faults at each request, hints, and what is given up.

use std::time::Duration;

use futures::StreamExt;
use futures::executor::block_on;
use headwater::pages::{ErrorKind, Position};
use headwater::retry::FakeClock;
use headwater::{Retry, Source, stream};

use super::server::{Server, up_to_error};
use crate::support::blocking::Blocking;
use crate::support::polls::yield_now;

#[test]
fn with_a_fault_at_every_request_nothing_is_lost_or_given_twice() {
    let sizes = [3; 50];
    for fault in 0..=50 {
        let server = Server::failing(sizes, [fault]);
        let fetch = async |number| {
            yield_now().await;
            server.answer(number)
        };
        let healed = stream::pages(1, fetch).retry(Retry::immediately()).items();
        assert!(Blocking(healed).map(Result::unwrap).eq(server.items()), "{fault}");
        assert_eq!(server.requests().len(), 50 + usize::from(fault < 50));

        let server = Server::failing(sizes, [fault]);
        let fetch = async |number| server.answer(number);
        let mut items = Blocking(stream::pages(1, fetch).items());
        let (mut given, error) = up_to_error(&mut items);
        let position = error.map_or_else(|| items.position(), |error| *error.position());
        assert_eq!((given.len(), position), (3 * fault, items.position()));
        items.resume_at(items.position());
        given.extend(items.map(Result::unwrap));
        assert_eq!(given, server.items());
    }
}

#[test]
fn the_policy_sees_the_error_and_its_hint() {
    let s = Duration::from_secs;
    let clock = FakeClock::new();
    let mut answers = [Err(Some(7)), Err(None), Ok(1), Err(Some(9)), Ok(2)].into_iter();
    let retry = Retry::fixed(s(1))
        .clock(clock.clone())
        .hint(|seconds: &Option<u64>| seconds.map(Duration::from_secs));
    let fetch = |number: u32| {
        let answer = answers.next().unwrap();
        let next = (number < 2).then_some(number + 1);
        async move { answer.map(|item: u32| headwater::pages::Page::new([item]).next(next)) }
    };
    let items = stream::pages(1, fetch).retry(retry).items();
    assert!(block_on(items.map(Result::unwrap).collect::<Vec<_>>()).iter().eq(&[1, 2]));
    assert_eq!(clock.slept(), [7, 1, 9].map(s));
}

#[test]
fn what_is_given_up_says_where_and_why() {
    let server = Server::failing([2, 2], 1..4);
    let fetch = async |number| server.answer(number);
    let retry = Retry::immediately().max_attempts(3);
    let mut items = Blocking(stream::pages(1, fetch).retry(retry).items());
    let (given, error) = up_to_error(&mut items);
    let error = error.unwrap();
    assert_eq!((given, error.kind()), (vec![0, 1], ErrorKind::Fetch));
    assert_eq!(error.position(), &Position::new(2, 0));
    let gave_up = error.into_cause().unwrap();
    assert_eq!((gave_up.attempts(), *gave_up.cause()), (3, "503"));
    assert!(items.next().is_none());
    items.resume_at(items.position());
    assert!(items.map(|item| item.map_err(|_| ())).eq([Ok(2), Ok(3)]));
}
