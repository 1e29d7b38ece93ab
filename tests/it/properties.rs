//! Random bytes of an alphabet of trouble, random options: the same oracle, and the resume law.

use headwater::lines;
use headwater::lines::LongLine;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use crate::support::against_oracle::AgainstOracle;
use crate::support::data::Data;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::property::check;
use crate::support::resume::{resume_law, resume_law_of_both_ends};
use crate::support::seen::Seen;
use crate::support::sources::{self, Lawful, Visitor, visit_containing, visit_lines};

const ALPHABET: &[u8] = b"\n\n\n\rab\0\xEF\xBB\xBF";

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let marked = vec(select(ALPHABET), 0..most)
        .prop_map(|bytes| [&b"\xEF\xBB\xBF"[..], &bytes[..]].concat());
    prop_oneof![4 => vec(select(ALPHABET), 0..most), 1 => marked]
}

fn options() -> impl Strategy<Value = Options> {
    let block_size = prop_oneof![1..9_usize, Just(64 << 10)];
    let delimiter = select(b"\n\n\n\n\0a\r\xBF");
    let limit = select(&[0, 1, 2, 3, 5, 9, 16 << 20, 16 << 20, 16 << 20]);
    let policy = select(&[LongLine::Error, LongLine::Truncate, LongLine::Skip]);
    (block_size, delimiter, limit, policy, any::<[bool; 2]>()).prop_map(
        |(block_size, delimiter, limit, policy, [keep_ends, keep_bom])| {
            let form = Options { delimiter, keep_ends, keep_bom, ..Options::NEW };
            form.blocks_of(block_size).limit(limit, policy)
        },
    )
}

#[test]
fn lines_are_those_of_the_oracle() {
    check(600, &(bytes(40), options()), |(bytes, options)| {
        let data = Data::new(&bytes);
        let (oracle, context) = (Oracle::new(&bytes, &options), String::new());
        visit_lines(&data, options, &mut AgainstOracle { oracle, wanted: &|_| true, context });
    });
}

#[test]
fn lines_that_hold_a_needle_are_those_of_the_oracle() {
    check(400, &(bytes(40), options(), vec(select(ALPHABET), 0..3)), |(bytes, options, needle)| {
        let data = Data::new(&bytes);
        let (oracle, context) = (Oracle::new(&bytes, &options), String::new());
        let holds = |line: &[u8]| bstr::ByteSlice::contains_str(line, &needle);
        let mut against = AgainstOracle { oracle, wanted: &holds, context };
        visit_containing(&data, options, &needle, &mut against);
    });
}

#[cfg(feature = "regex")]
#[test]
fn lines_that_an_expression_matches_are_those_of_the_oracle() {
    let expressions = [
        "a",
        "b+",
        "^a",
        "b$",
        "^$",
        "a|b",
        "a.*b",
        "[^a]b",
        r"\bb",
        r"b\b",
        r"\Ba",
        r"a\B",
        "(?s)a.b",
        r"\r",
        r"\n",
        r"[^b]*",
        r"(?m)^b",
        r"(?mR)b$",
        r"\Aa",
        r"b\z",
        "a??",
        r"(?s-u).{3}",
    ];
    let values = (bytes(40), options(), select(expressions.to_vec()));
    check(400, &values, |(bytes, options, expression)| {
        let regex = regex::bytes::RegexBuilder::new(expression).unicode(false).build().unwrap();
        let data = Data::new(&bytes);
        let (oracle, context) = (Oracle::new(&bytes, &options), String::new());
        let matches = |line: &[u8]| regex.is_match(line);
        let mut against = AgainstOracle { oracle, wanted: &matches, context };
        sources::visit_matching(&data, options, &regex, &mut against);
    });
}

#[test]
fn sources_go_on_after_any_item() {
    struct Resumes;

    impl Visitor for Resumes {
        fn forward<S: Lawful>(&mut self, _: sources::Strategy, open: impl Fn() -> S) {
            resume_law(open);
        }

        fn both_ends<S: Lawful + DoubleEndedIterator>(
            &mut self,
            _: sources::Strategy,
            open: impl Fn() -> S,
        ) {
            if open().all(|item| item.is_ok()) {
                resume_law_of_both_ends(open);
            }
        }
    }

    check(60, &(bytes(20), options()), |(bytes, options)| {
        let data = Data::new(&bytes);
        visit_lines(&data, options, &mut Resumes);
        visit_containing(&data, options, b"a", &mut Resumes);
    });
}

#[test]
fn every_line_is_in_exactly_one_range() {
    let blocks = 1..9_usize;
    let values = (bytes(40), blocks, select(b"\n\n\0"), vec(0..40_u64, 0..5), any::<bool>());
    check(2000, &values, |(bytes, block, delimiter, mut cuts, backward)| {
        let options = Options { delimiter, ..Options::NEW }.blocks_of(block);
        let lines = || lines::random_access(|| Ok(&bytes[..])).delimiter(delimiter);
        cuts.extend([0, u64::MAX]);
        cuts.sort_unstable();
        let given = cuts.windows(2).flat_map(|cut| {
            let share = lines().block_size(options.block_size).range(cut[0]..cut[1]);
            let mut share: Vec<Seen> = if backward {
                share.rev().map(Seen::of).collect()
            } else {
                share.map(Seen::of).collect()
            };
            if backward {
                share.reverse();
            }
            share
        });
        let expected: Vec<Seen> = Oracle::new(&bytes, &options).collect();
        assert_eq!(given.collect::<Vec<_>>(), expected);
    });
}
