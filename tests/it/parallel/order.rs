//! What keeps order has the items in the order of the file, and they are those of the sequential
//! form.

use headwater::lines::{BackOrigin, Block, Blocks, Containing, Lines, LongLine};
use headwater::{Error, Line};
use proptest::collection::vec;
use proptest::prelude::{Just, prop_oneof};
use proptest::sample::select;
use rayon::prelude::*;

use super::{Visitor, on_every_pool, seen, seen_in_blocks, visit};
use crate::support::data::Data;
use crate::support::inputs;
use crate::support::options::Options;
use crate::support::property::check;
use crate::support::seen::Seen;

/// Holds all forms against the sequential one.
struct SameAsSequential(String);

impl Visitor for SameAsSequential {
    fn visit<S: BackOrigin>(&self, name: &str, open: impl Fn() -> Lines<S> + Sync)
    where
        Lines<S>: IntoParallelIterator<Item = Result<Line, Error>>,
        Blocks<S>: IntoParallelIterator<Item = Result<Block, Error>>,
        Containing<S>: IntoParallelIterator<Item = Result<Line, Error>>,
    {
        let lines: Vec<Seen> = open().map(Seen::of).collect();
        let found: Vec<Seen> = open().containing("b").map(Seen::of).collect();
        on_every_pool(|pool| {
            let context = format!("{name}, {pool}, {}", self.0);
            assert_eq!(seen(open()), lines, "lines: {context}");
            assert_eq!(seen(open().containing("b")), found, "found lines: {context}");
            assert_eq!(seen_in_blocks(open().blocks()), lines, "blocks: {context}");
        });
    }
}

fn same(name: &str, bytes: &[u8], options: Options) {
    visit(&Data::new(bytes), options, &SameAsSequential(format!("{name}, {options:?}")));
}

#[test]
fn every_case_is_the_same_and_in_order() {
    for (name, bytes) in inputs::small() {
        for size in [1, 2, 3, 64 << 10] {
            same(name, &bytes, Options::NEW.blocks_of(size));
        }
        let ends = Options { keep_ends: true, delimiter: 0, ..Options::NEW };
        same(name, &bytes, ends.blocks_of(2));
    }
}

#[test]
fn long_lines_are_cut_and_left_out_in_the_same_way() {
    for (name, bytes) in inputs::small() {
        for policy in [LongLine::Truncate, LongLine::Skip] {
            same(name, &bytes, Options::NEW.limit(4, policy).blocks_of(2));
        }
    }
}

#[test]
fn lines_of_several_parts_are_the_same() {
    for (name, bytes) in inputs::large() {
        same(name, &bytes, Options::NEW.blocks_of(4 << 10));
        same(name, &bytes, Options::NEW.blocks_of(1 << 10).limit(5000, LongLine::Skip));
    }
}

#[test]
fn random_bytes_are_the_same() {
    let bytes = vec(select(b"\n\n\n\rab\0\xEF\xBB\xBF"), 0..80);
    let limit = prop_oneof![Just(16 << 20), 0..6_usize];
    let policy = select(&[LongLine::Truncate, LongLine::Skip]);
    check(150, &(bytes, 1..9_usize, limit, policy), |(bytes, block, limit, policy)| {
        same("random", &bytes, Options::NEW.blocks_of(block).limit(limit, policy));
    });
}

#[cfg(feature = "regex")]
#[test]
fn what_matches_is_found_by_many_threads() {
    let log = b"one 1\ntwo 22\n\nthree 333\nfour\n".repeat(500);
    let regex = regex::bytes::Regex::new("[0-9]{2}").unwrap();
    let open = || {
        let lines = headwater::lines::random_access(|| Ok(&log[..]));
        lines.block_size(100.try_into().unwrap()).matching(&regex)
    };
    let expected: Vec<Seen> = open().map(Seen::of).collect();
    assert_eq!(expected.len(), 1000);
    on_every_pool(|pool| assert_eq!(seen(open()), expected, "{pool}"));
}

#[test]
fn the_methods_of_rayon_do_what_they_do() {
    let log = b"3\n1\n2\n".repeat(1000);
    let open = || {
        let lines = headwater::lines::random_access(|| Ok(&log[..]));
        lines.block_size(50.try_into().unwrap())
    };
    on_every_pool(|pool| {
        let sum: usize =
            open().into_par_iter().map(|line| usize::from(line.unwrap()[0] - b'0')).sum();
        assert_eq!(sum, 6000, "{pool}");
        assert_eq!(open().into_par_iter().count(), 3000, "{pool}");
        let offset = |line: Result<Line, Error>| line.unwrap().offset();
        let first = open().into_par_iter().map(offset).find_first(|at| at % 6 == 4);
        assert_eq!(first, Some(4), "{pool}");
        let last = open().into_par_iter().map(offset).find_last(|at| at % 6 == 4);
        assert_eq!(last, Some(5998), "{pool}");
        assert!(open().into_par_iter().any(|line| line.unwrap() == "2"), "{pool}");
        let lines: Result<Vec<Line>, Error> = open().into_par_iter().collect();
        assert!(lines.unwrap().iter().map(Line::offset).eq((0..3000).map(|line| 2 * line)));
        let texts: usize = open().par_blocks().map(|block| block.map_or(0, Iterator::count)).sum();
        assert_eq!(texts, 3000, "{pool}");
    });
}
