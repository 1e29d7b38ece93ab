//! The resume law: for every `k`, a source resumed at the position that it had after its `k`-th
//! item gives exactly the items after the `k`-th.
//!
//! An error delivers nothing, so resuming after it begins at it.

use std::fmt::Debug;

use headwater::{Error, Line, Source};

use super::random::Random;
use super::seen::Seen;

/// Checks the law for lines, with sources that are opened anew.
pub(crate) fn resume_law<S>(open: impl Fn() -> S)
where
    S: Iterator<Item = Result<Line, Error>> + Source,
{
    resumes(open, line);
}

/// Checks the law for lines, with one source that goes to and fro.
pub(crate) fn resume_law_in_place<S>(open: impl Fn() -> S)
where
    S: Iterator<Item = Result<Line, Error>> + Source,
{
    resumes_in_place(open, line);
}

/// Checks the law for lines at both ends.
pub(crate) fn resume_law_of_both_ends<S>(open: impl Fn() -> S)
where
    S: DoubleEndedIterator<Item = Result<Line, Error>> + Source,
{
    resumes_at_both_ends(open, line);
}

/// What a law sees of a line: an error delivers nothing.
fn line(item: Result<Line, Error>) -> Result<Seen, Seen> {
    let seen = Seen::of(item);
    if seen.text().is_some() { Ok(seen) } else { Err(seen) }
}

/// Checks the law with sources that are opened anew, for items that `see` makes comparable.
pub(crate) fn resumes<S, T, E>(open: impl Fn() -> S, see: impl Fn(S::Item) -> Result<T, E>)
where
    S: Iterator + Source,
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    let items: Vec<_> = open().map(&see).collect();
    for (taken, (position, from)) in positions(&open, &see, &items).into_iter().enumerate() {
        let mut resumed = open();
        resumed.resume_at(position);
        let again = resumed.position();
        let rest: Vec<_> = resumed.map(&see).collect();
        assert_eq!(rest, items[from..], "resumed after {taken}");

        let mut resumed = open();
        resumed.resume_at(again);
        let first = resumed.next().map(&see);
        assert_eq!(first.as_ref(), items.get(from), "resumed where it was resumed, at {taken}");
        if first.is_some_and(|first| first.is_ok()) {
            let next = resumed.position();
            let mut resumed = open();
            resumed.resume_at(next);
            let rest: Vec<_> = resumed.map(&see).collect();
            assert_eq!(rest, items[from + 1..], "resumed one behind {taken}");
        }
    }
}

/// Checks the law with one source that goes to and fro.
pub(crate) fn resumes_in_place<S, T, E>(open: impl Fn() -> S, see: impl Fn(S::Item) -> Result<T, E>)
where
    S: Iterator + Source,
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    let items: Vec<_> = open().map(&see).collect();
    let positions = positions(&open, &see, &items);
    let mut source = open();
    let mut random = Random::new(items.len() as u64);
    for _ in 0..4 * positions.len() {
        let (position, from) = &positions[random.below(positions.len())];
        source.resume_at(position.clone());
        let pulls = random.below(items.len() + 3);
        let pulled: Vec<_> = source.by_ref().take(pulls).map(&see).collect();
        let expected = &items[*from..items.len().min(from + pulls)];
        assert_eq!(pulled, expected, "{pulls} pulls from {from} on");
    }
}

/// Checks the law at both ends: what is left between them, and nothing else, is given.
pub(crate) fn resumes_at_both_ends<S, T, E>(
    open: impl Fn() -> S,
    see: impl Fn(S::Item) -> Result<T, E>,
) where
    S: DoubleEndedIterator + Source,
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    let items: Vec<_> = open().map(&see).collect();
    for front in 0..=items.len() {
        for back in 0..=items.len() - front {
            let mut source = open();
            (0..back / 2).for_each(|_| drop(source.next_back()));
            (0..front).for_each(|_| drop(source.next()));
            (back / 2..back).for_each(|_| drop(source.next_back()));
            let position = source.position();
            let rest = &items[front..items.len() - back];

            let mut anew = open();
            anew.resume_at(position.clone());
            let forward: Vec<_> = anew.map(&see).collect();
            assert_eq!(forward, rest, "resumed after {front} and {back}");

            source.resume_at(position);
            let mut backward: Vec<_> = source.rev().map(&see).collect();
            backward.reverse();
            assert_eq!(backward, rest, "resumed backward after {front} and {back}");
        }
    }
}

/// The positions before each pull and after the last, each with the item that it leads to.
fn positions<S, T, E>(
    open: impl Fn() -> S,
    see: impl Fn(S::Item) -> Result<T, E>,
    items: &[Result<T, E>],
) -> Vec<(S::Position, usize)>
where
    S: Iterator + Source,
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    let mut source = open();
    let mut positions = vec![(source.position(), 0)];
    let mut from = 0;
    for (index, item) in items.iter().enumerate() {
        assert_eq!(source.next().map(&see).as_ref(), Some(item), "it gave something else before");
        if item.is_ok() {
            from = index + 1;
        }
        positions.push((source.position(), from));
    }
    assert!(source.next().is_none(), "it gives more than before");
    positions.push((source.position(), from));
    positions
}
