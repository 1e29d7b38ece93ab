//! Searches as sources: their positions, and going on at them.

use std::io;

use headwater::lines::{self, LongLine};
use headwater::{ErrorKind, Source};

use super::containing;
use crate::expect::{broken, texts};
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::hostile::{Failing, Scripted};
use crate::support::options::Options;
use crate::support::resume::{resume_law, resume_law_in_place, resume_law_of_both_ends};
use crate::support::seen::Seen;

const LOG: &[u8] = b"no\nyes 1\nno\nno\nyes 2\nyes 3\nno\nno no no\nno\nyes 4\nno";

fn sizes() -> [Options; 4] {
    [1, 3, 10, 64 << 10].map(|size| Options::NEW.blocks_of(size))
}

#[test]
fn it_is_an_iterator_as_every_other() {
    for options in sizes() {
        contract(|| containing(LOG, options, b"yes"), Seen::of);
        contract_of_both_ends(|| containing(LOG, options, b"yes"), Seen::of);
    }
}

#[test]
fn the_resume_law_holds() {
    for options in sizes() {
        for options in
            [options, options.limit(5, LongLine::Skip), options.limit(5, LongLine::Error)]
        {
            resume_law(|| containing(LOG, options, b"yes"));
            resume_law_in_place(|| containing(LOG, options, b"yes"));
        }
        resume_law_of_both_ends(|| containing(LOG, options, b"yes"));
    }
}

#[cfg(feature = "regex")]
#[test]
fn the_resume_law_holds_for_expressions() {
    for expression in ["yes", "^y.*[24]$", r"o\s+y|3", ""] {
        let regex = regex::bytes::Regex::new(expression).unwrap();
        for options in sizes() {
            resume_law(|| super::matching(LOG, options, &regex));
            resume_law_in_place(|| super::matching(LOG, options, &regex));
            resume_law_of_both_ends(|| super::matching(LOG, options, &regex));
        }
    }
}

#[test]
fn the_position_moves_on_through_what_is_not_found() {
    for options in sizes() {
        let mut found = containing(LOG, options, b"absent");
        assert!(found.next().is_none());
        assert_eq!(found.position().offset(), LOG.len() as u64);

        let mut found = containing(LOG, options, b"yes");
        let mut offsets = vec![found.position().offset()];
        while let Some(line) = found.next() {
            line.unwrap();
            offsets.push(found.position().offset());
        }
        assert_eq!(offsets, [0, 9, 21, 27, 48]);
        assert_eq!(found.position().offset(), LOG.len() as u64, "and to the end");
    }
}

#[test]
fn what_is_left_can_be_had_as_lines() {
    let mut found = lines::random_access(|| Ok(LOG)).containing("2");
    assert_eq!(found.next().unwrap().unwrap(), "yes 2");
    let noted = found.position();
    let rest = texts(found.into_lines());
    assert_eq!(rest[..2], ["yes 3", "no"]);
    assert_eq!(texts(lines::random_access(|| Ok(LOG)).from(noted)), rest);
}

#[test]
fn errors_are_given_as_a_filter_gives_them() {
    let kind = io::ErrorKind::ConnectionReset;
    for at in 0..LOG.len() {
        for size in [1, 4, 64 << 10].map(|size| size.try_into().unwrap()) {
            let open = || {
                let failing = move || Ok(Failing::new(LOG, at, kind, Failing::<&[u8]>::FOR_EVER));
                lines::random_access(failing).block_size(size)
            };
            let keep = |item: &Result<headwater::Line, headwater::Error>| {
                item.as_ref().map_or(true, |line| line.starts_with(b"yes"))
            };
            let (expected, error) = broken(Kept(open().filter(keep)));
            let (good, same) = broken(open().containing("yes"));
            assert_eq!(good, expected, "failing at {at}");
            assert_eq!((same.kind(), same.offset()), (error.kind(), error.offset()));
            let expected: Vec<Seen> = open().rev().filter(keep).map(Seen::of).collect();
            let given: Vec<Seen> = open().containing("yes").rev().map(Seen::of).collect();
            assert_eq!(given, expected, "failing at {at}, backward");
        }
    }
}

/// Shows itself by name: the filter of std can't show its closure.
struct Kept<I>(I);

impl<I> std::fmt::Debug for Kept<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the kept lines")
    }
}

impl<I: Iterator> Iterator for Kept<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }
}

#[test]
fn a_search_of_a_reader_goes_on_after_a_stall() {
    let script = [
        Ok("no\nye"),
        Err(io::ErrorKind::TimedOut),
        Ok("s 1\nno\n"),
        Err(io::ErrorKind::WouldBlock),
        Ok("yes 2"),
    ];
    let mut found = lines::read(Scripted::new(script)).containing("yes");
    assert_eq!(found.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(found.position().offset(), 3, "the line before it was looked at");
    assert_eq!(found.next().unwrap().unwrap(), "yes 1");
    assert_eq!(found.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(found.next().unwrap().unwrap(), "yes 2");
    assert!(found.next().is_none());
}
