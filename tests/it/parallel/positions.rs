//! What is given begins where the lines are, and ends where they end.

use std::io;

use headwater::Source;
use headwater::lines::{self, Position};

use super::{on_every_pool, seen, seen_in_blocks};
use crate::support::hostile::Failing;
use crate::support::seen::Seen;

const LOG: &[u8] = b"one\n\nthree 3\r\nfour\nfive and six\n\nseven, no end";

/// Opens the log, in small blocks.
macro_rules! open {
    () => {
        lines::random_access(|| Ok(LOG)).block_size(5.try_into().unwrap())
    };
}

#[test]
fn lines_that_were_taken_from_either_end_are_not_given_again() {
    let all: Vec<Seen> = open!().map(Seen::of).collect();
    on_every_pool(|pool| {
        for front in 0..=all.len() {
            for back in 0..=all.len() - front {
                let context = format!("{front} and {back} are taken, {pool}");
                let taken = || {
                    let mut lines = open!();
                    assert_eq!(lines.by_ref().take(front).count(), front);
                    assert_eq!(lines.by_ref().rev().take(back).count(), back);
                    lines
                };
                let rest = &all[front..all.len() - back];
                assert_eq!(seen(taken()), rest, "{context}");
                assert_eq!(seen_in_blocks(taken().blocks()), rest, "{context}");
                assert_eq!(seen(taken().containing("")), rest, "{context}");
                assert_eq!(seen(open!().from(taken().position())), rest, "{context}");
            }
        }
    });
}

#[test]
fn what_a_search_has_passed_is_not_searched_again() {
    on_every_pool(|pool| {
        let mut found = open!().containing("e");
        found.next().unwrap().unwrap();
        found.next_back().unwrap().unwrap();
        let mut same = open!().containing("e");
        same.next().unwrap().unwrap();
        same.next_back().unwrap().unwrap();
        let rest: Vec<Seen> = same.map(Seen::of).collect();
        assert_eq!(rest.len(), 2);
        assert_eq!(seen(found), rest, "{pool}");
    });
}

#[test]
fn blocks_go_on_where_blocks_were_taken() {
    on_every_pool(|pool| {
        let mut blocks = open!().blocks();
        let taken =
            blocks.next().unwrap().unwrap().count() + blocks.next().unwrap().unwrap().count();
        let rest: Vec<Seen> = open!().skip(taken).map(Seen::of).collect();
        assert_eq!(seen_in_blocks(blocks), rest, "{pool}");
    });
}

#[test]
fn ranges_shares_and_offsets_hold() {
    on_every_pool(|pool| {
        for at in 0..=LOG.len() as u64 {
            let part: Vec<Seen> = open!().range(at..30).map(Seen::of).collect();
            assert_eq!(seen(open!().range(at..30)), part, "{pool}");
            let part: Vec<Seen> = open!().from(at).map(Seen::of).collect();
            assert_eq!(seen(open!().from(at)), part, "from {at} on, {pool}");
            let part: Vec<Seen> = open!().from(at).range(3..20).map(Seen::of).collect();
            assert_eq!(seen(open!().from(at).range(3..20)), part, "from {at} on, {pool}");
        }
        for count in 1..9 {
            let shares = (0..count).flat_map(|index| seen(open!().share(index, count).unwrap()));
            assert!(shares.eq(open!().map(Seen::of)), "{count}, {pool}");
        }
    });
}

#[test]
fn nothing_follows_an_end_or_an_error() {
    on_every_pool(|pool| {
        let mut lines = open!();
        lines.by_ref().for_each(drop);
        assert_eq!(seen(lines), [], "{pool}");

        let fails = || Ok(Failing::new(LOG, 20, io::ErrorKind::Other, usize::MAX));
        let mut lines = lines::random_access(fails);
        while lines.next().unwrap().is_ok() {}
        assert_eq!(seen(lines), [], "{pool}");

        let mut lines = open!();
        lines.by_ref().for_each(drop);
        lines.resume_at(Position::default());
        assert_eq!(seen(lines).len(), open!().count(), "it was resumed, {pool}");
    });
}
