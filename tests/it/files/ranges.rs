//! Ranges of bytes: however a file is divided, each line is in exactly one part.

use std::fs;
use std::num::NonZeroUsize;
use std::ops::Bound;

use bstr::BString;
use headwater::lines::{self, Position};
use headwater::{Error, Line, Source};
use proptest::prelude::*;

use crate::expect::{config, lines_in, starts_in, text, texts};

const SMALL: &[u8] = b"\n\none\r\ntwo\n\nthree and four\nhalf";

/// The lines of `bytes` that begin in a range of them.
fn ranged(bytes: &[u8], range: (Bound<u64>, Bound<u64>), block_size: usize) -> Vec<BString> {
    let lines = || {
        lines::random_access(move || Ok(bytes))
            .range(range)
            .block_size(NonZeroUsize::new(block_size).unwrap())
    };
    let forward = texts(lines());
    let mut backward = texts(lines().rev());
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(lines().count(), forward.len());
    forward
}

#[test]
fn two_parts_at_every_byte() {
    let expected = lines_in(SMALL);
    for block_size in [1, 2, 3, 64 << 10] {
        for at in 0..=SMALL.len() as u64 + 2 {
            let mut given = ranged(SMALL, (Bound::Unbounded, Bound::Excluded(at)), block_size);
            given.extend(ranged(SMALL, (Bound::Included(at), Bound::Unbounded), block_size));
            assert_eq!(given, expected, "{at}");
        }
    }
}

#[test]
fn every_range_gives_the_lines_that_begin_in_it() {
    let starts = starts_in(SMALL);
    let expected = lines_in(SMALL);
    let end = SMALL.len() as u64 + 1;
    for from in 0..=end {
        for to in 0..=end {
            let wanted: Vec<BString> = starts
                .iter()
                .zip(&expected)
                .filter(|&(&start, _)| from <= start && start < to)
                .map(|(_, line)| line.clone())
                .collect();
            let given = ranged(SMALL, (Bound::Included(from), Bound::Excluded(to)), 3);
            assert_eq!(given, wanted, "{from}..{to}");
        }
    }
}

#[test]
fn every_form_of_a_range_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "0\n2\n4\n6\n8\n").unwrap();
    let log = || headwater::lines(&path).unwrap();
    assert_eq!(texts(log().range(..)), ["0", "2", "4", "6", "8"]);
    assert_eq!(texts(log().range(2..6)), ["2", "4"]);
    assert_eq!(texts(log().range(2..=6)), ["2", "4", "6"]);
    assert_eq!(texts(log().range(3..)), ["4", "6", "8"]);
    assert_eq!(texts(log().range(..4)), ["0", "2"]);
    assert_eq!(texts(log().range(..=4)), ["0", "2", "4"]);
    assert_eq!(texts(log().range((Bound::Excluded(2), Bound::Included(6)))), ["4", "6"]);
    assert_eq!(texts(log().range((Bound::Excluded(u64::MAX), Bound::Unbounded))), [""; 0]);
    assert_eq!(texts(log().range(..=u64::MAX)), texts(log()));
    assert_eq!(texts(log().range(5..5)), [""; 0]);
    let (from, to) = (6, 2);
    assert_eq!(texts(log().range(from..to)), [""; 0]);
    assert_eq!(texts(log().range(1000..)), [""; 0]);
    assert_eq!(texts(log().range(1000..2000).rev()), [""; 0]);
}

#[test]
fn a_range_holds_for_both_ends_and_for_what_searches_it() {
    let log = || lines::random_access(|| Ok(SMALL)).range(1..20);
    let mut both = log();
    let texts_of = |item: Option<Result<Line, Error>>| item.map(|line| line.unwrap().to_string());
    assert_eq!(texts_of(both.next()).as_deref(), Some(""));
    assert_eq!(texts_of(both.next_back()).as_deref(), Some("three and four"));
    assert_eq!(texts_of(both.next_back()).as_deref(), Some(""));
    assert_eq!(texts_of(both.next()).as_deref(), Some("one"));
    assert_eq!(texts_of(both.next()).as_deref(), Some("two"));
    assert!(both.next_back().is_none() && both.next().is_none());
    assert_eq!(texts(log().containing("h")), ["three and four"]);
    assert_eq!(texts(log().containing("o").rev()), ["three and four", "two", "one"]);
    assert_eq!(log().last().unwrap().unwrap(), "three and four");
}

#[test]
fn a_range_is_gone_on_in() {
    let log = || lines::random_access(|| Ok(SMALL)).range(1..20);
    let expected = texts(log());
    for done in 0..=expected.len() {
        let mut lines = log();
        assert_eq!(lines.by_ref().take(done).count(), done);
        let noted = lines.position();
        // With the range or without: the position knows where the range ends.
        assert_eq!(texts(log().from(noted.clone())), expected[done..], "{done}");
        let plain = lines::random_access(|| Ok(SMALL)).from(noted.clone());
        assert_eq!(texts(plain), expected[done..], "{done}");
        lines.resume_at(noted);
        assert_eq!(texts(lines), expected[done..], "{done}");
    }
    assert_eq!(texts(log().from(Position::from(7))), expected[2..], "an offset in the range");
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn any_division_gives_each_line_once(
        bytes in text(),
        mut cuts in prop::collection::vec(0_u64..200, 0..6),
        block_size in 1_usize..40,
    ) {
        cuts.sort_unstable();
        let mut given = Vec::new();
        let mut from = 0;
        for cut in cuts {
            given.extend(ranged(&bytes, (Bound::Included(from), Bound::Excluded(cut)), block_size));
            from = cut;
        }
        given.extend(ranged(&bytes, (Bound::Included(from), Bound::Unbounded), block_size));
        prop_assert_eq!(given, lines_in(&bytes));
    }
}

#[test]
fn the_last_range_counts() {
    let lines = || lines::random_access(|| Ok(SMALL)).range(0..2).range(7..);
    let noted = lines().position();
    assert_eq!((noted.offset(), noted.back()), (7, None));
    assert_eq!(texts(lines()), texts(lines::random_access(|| Ok(SMALL)).from(noted)));
}
