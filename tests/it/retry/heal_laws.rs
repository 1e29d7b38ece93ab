//! The laws of sources, for those that heal, while they heal and when they have given up.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;

use headwater::lines::{self, BackOrigin};
use headwater::prelude::*;
use headwater::retry::{GaveUp, Reason, Retrying};
use headwater::{Error, Line, Lines, Retry, try_unfold};

use super::persistent;
use crate::support::caught::panic_of;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::handles::Handles;
use crate::support::hostile::{Failing, Scripted};
use crate::support::panics::{Panics, never_opened};
use crate::support::resume::{resumes, resumes_at_both_ends, resumes_in_place};
use crate::support::seen::Seen;

const LOG: &[u8] = b"one\n22\n\nfour 4\nfive";
const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// The lines of a storage that fails at a byte, each time that it is opened.
fn failing(at: usize, times: usize) -> Lines<impl BackOrigin> {
    let storage = Arc::new(Failing::new(LOG, at, io::ErrorKind::TimedOut, times));
    lines::random_access(move || Ok(Arc::clone(&storage))).block_size(TWO)
}

fn seen(item: Result<Line, GaveUp<Error>>) -> Result<Seen, (Reason, Seen)> {
    item.map(|line| Seen::of(Ok(line)))
        .map_err(|error| (error.reason(), Seen::of(Err(error.into_cause()))))
}

#[test]
fn the_resume_law_holds_while_it_heals() {
    for at in 0..LOG.len() {
        let open = || failing(at, 4).retry(persistent());
        resumes(open, seen);
        resumes_in_place(open, seen);
        resumes_at_both_ends(open, seen);
    }
}

/// To resume where a source has given up is to try again there.
#[test]
fn the_resume_law_holds_for_what_has_given_up() {
    for at in 0..LOG.len() {
        let open = || failing(at, usize::MAX).retry(Retry::immediately().max_attempts(3));
        resumes(open, seen);
        resumes_in_place(open, seen);
        let mut healed = open();
        let error = healed.find_map(Result::err).unwrap();
        assert_eq!((error.reason(), error.attempts()), (Reason::Attempts, 3));
        let here = healed.position();
        assert!(healed.next().is_none() && healed.next_back().is_none());
        assert_eq!(healed.position(), here);
    }
}

#[test]
fn the_contract_of_iterators_is_kept() {
    for at in [0, 5, 9, LOG.len() - 1] {
        contract(|| failing(at, 4).retry(persistent()), seen);
        contract(|| failing(at, usize::MAX).retry(Retry::immediately().max_attempts(3)), seen);
        contract_of_both_ends(|| failing(at, 4).retry(persistent()), |item| seen(item).unwrap());
    }
    let numbers = |len| try_unfold(0, move |&n| Ok::<_, &str>((n < len).then_some((n, n + 1))));
    for len in 0..4 {
        contract(|| numbers(len).retry(persistent()), Result::unwrap);
    }
}

#[test]
fn nothing_is_touched_before_the_first_pull() {
    fn ask<S>(mut healed: Retrying<S>) -> Retrying<S>
    where
        S: Source<Position = lines::Position> + Iterator<Item = Result<Line, Error>>,
    {
        let noted = healed.position();
        assert_eq!((healed.size_hint(), healed.can_recover()), ((0, None), true));
        healed.resume_at(noted);
        healed.by_ref().map(drop).take(0).for_each(drop);
        healed
    }
    let retry = || persistent().before(|_| panic!("an attempt began"));
    let mut storage = ask(lines::random_access(never_opened).retry(retry()));
    assert_eq!(panic_of(|| storage.next()), "the storage was opened");
    drop(ask(lines::random_access(|| Ok(Panics)).containing("a").retry(retry())));
    drop(ask(lines::read(Panics).read_ahead(TWO).retry(retry())));
    let mut reader = ask(lines::read(Panics).retry(retry()));
    assert_eq!(panic_of(|| reader.next()), "the reader was read");
}

#[test]
fn everything_is_closed_before_it_is_waited_and_with_the_last_error() {
    for (at, ahead) in (0..LOG.len()).flat_map(|at| [(at, false), (at, true)]) {
        for backward in [false, true] {
            let (handles, waiting) = (Handles::default(), Handles::default());
            let (opened, counted) = (handles.clone(), waiting.clone());
            let closed = handles.clone();
            let retry = Retry::default().max_attempts(4).sleep(move |_| {
                assert_eq!(closed.live(), 0, "it is still open");
                std::mem::forget(counted.handle(()));
            });
            let lines = lines::random_access(move || {
                assert_eq!(opened.live(), 0, "two are open at once");
                let storage = Failing::new(LOG, at, io::ErrorKind::TimedOut, usize::MAX);
                Ok(opened.handle(storage))
            });
            let lines = lines.block_size(TWO);
            let mut healed: Box<dyn DoubleEndedIterator<Item = _>> = if ahead {
                Box::new(lines.read_ahead(TWO).retry(retry))
            } else {
                Box::new(lines.retry(retry))
            };
            let mut pull = || if backward { healed.next_back() } else { healed.next() };
            let error = loop {
                if let Err(error) = pull().unwrap() {
                    break error;
                }
            };
            assert_eq!((error.attempts(), waiting.live()), (4, 3));
            assert_eq!(handles.live(), 0, "it is still open with the error");
            assert!(pull().is_none());
        }
    }
}

/// A reader can't be opened again: what can be tried again is a read that timed out.
#[test]
fn half_a_line_is_kept_over_a_timeout() {
    let script =
        [Ok("aaa\nhel"), Err(io::ErrorKind::TimedOut), Ok("lo\n"), Err(io::ErrorKind::WouldBlock)];
    let lines = lines::read(Scripted::new(script)).retry(Retry::immediately().max_attempts(2));
    assert!(lines.map(Result::unwrap).eq(["aaa", "hello"]));

    let script = [Ok("aaa\nhel"), Err(io::ErrorKind::ConnectionReset), Ok("lo\n")];
    let mut lines = lines::read(Scripted::new(script)).retry(persistent());
    assert_eq!(lines.next().unwrap().unwrap(), "aaa");
    let error = lines.next().unwrap().unwrap_err();
    assert_eq!((error.reason(), error.attempts()), (Reason::NotRetryable, 1));
    assert!(lines.next().is_none());
}

#[test]
fn one_policy_may_stand_around_another() {
    let inner = Retry::immediately().max_attempts(2);
    let outer = Retry::immediately().max_attempts(3);
    let healed = |times| failing(9, times).retry(inner.clone()).retry(outer.clone());
    assert_eq!(healed(8).map(Result::unwrap).count(), 5);
    // Each of the outer attempts is two of the inner.
    let error = healed(usize::MAX);
    let error = error.map(Result::err).last().unwrap().unwrap();
    assert_eq!((error.attempts(), error.cause().attempts()), (3, 2));
}

#[test]
fn sources_behind_references_and_boxes_are_healed() {
    let mut lines = failing(9, 4);
    let mut boxed: Box<Lines<_>> = Box::new(failing(9, 4));
    let lines = (&mut lines).retry(persistent()).map(seen);
    assert!(lines.eq((&mut boxed).retry(persistent()).map(seen)));
}
