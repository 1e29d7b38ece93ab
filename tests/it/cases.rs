//! One table of cases, for all ways to lines, all options and all sizes of blocks.

use headwater::lines::LongLine;
use headwater::{Error, Line};

use crate::support::against_oracle::AgainstOracle;
use crate::support::data::Data;
use crate::support::inputs;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::seen::Seen;
use crate::support::sources::{Lawful, Strategy, Visitor, visit_containing, visit_lines};

const POLICIES: [LongLine; 3] = [LongLine::Error, LongLine::Truncate, LongLine::Skip];

/// The options that say what a line is, each alone and some together.
fn forms() -> [Options; 6] {
    let new = Options::NEW;
    let raw = Options { keep_ends: true, keep_bom: true, ..new };
    let nul = Options { delimiter: 0, ..new };
    let nul_ends = Options { delimiter: 0, keep_ends: true, ..new };
    [new, ends(), Options { keep_bom: true, ..new }, raw, nul, nul_ends]
}

fn ends() -> Options {
    Options { keep_ends: true, ..Options::NEW }
}

/// Limits to the length of a line, with every policy.
fn limits(base: Options, limits: &[usize]) -> impl Iterator<Item = Options> {
    limits.iter().flat_map(move |&limit| POLICIES.map(|policy| base.limit(limit, policy)))
}

/// Options for searches, which come to lines in the same ways.
fn searched() -> impl Iterator<Item = Options> {
    let [new, ends, bom, _, nul, _] = forms();
    let whole = [new.blocks_of(1), new, ends.blocks_of(2), bom.blocks_of(3), nul.blocks_of(3)];
    whole.into_iter().chain(limits(new.blocks_of(2), &[4]))
}

/// Holds every way to the lines of `data` against the oracle.
fn check_lines(name: &str, data: &Data, options: Options) {
    let oracle = Oracle::new(&data.bytes, &options);
    let context = format!("{name}, {options:?}");
    visit_lines(data, options, &mut AgainstOracle { oracle, wanted: &|_| true, context });
}

/// Holds every way to the lines of `data` that hold `needle` against the oracle.
fn check_containing(name: &str, data: &Data, options: Options, needle: &[u8]) {
    let oracle = Oracle::new(&data.bytes, &options);
    let context = format!("{name}, containing {:?}, {options:?}", bstr::BStr::new(needle));
    let wanted = |line: &[u8]| needle.is_empty() || line.windows(needle.len()).any(|w| w == needle);
    let mut against = AgainstOracle { oracle, wanted: &wanted, context };
    visit_containing(data, options, needle, &mut against);
}

#[cfg(feature = "regex")]
fn regex(expression: &str) -> regex::bytes::Regex {
    // A cache of this size is made for every source, which takes time.
    regex::bytes::RegexBuilder::new(expression).unicode(false).build().unwrap()
}

/// Holds every way to the lines of `data` that an expression matches against the oracle.
#[cfg(feature = "regex")]
fn check_matching(name: &str, data: &Data, options: Options, regex: &regex::bytes::Regex) {
    use crate::support::sources::visit_matching;

    let oracle = Oracle::new(&data.bytes, &options);
    let context = format!("{name}, matching {regex:?}, {options:?}");
    let mut against = AgainstOracle { oracle, wanted: &|line| regex.is_match(line), context };
    visit_matching(data, options, regex, &mut against);
}

#[test]
fn every_way_gives_the_lines_of_every_case() {
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for options in forms() {
            for size in [1, 2, 3, 64 << 10] {
                check_lines(name, &data, options.blocks_of(size));
            }
        }
    }
}

#[test]
fn every_way_does_the_same_with_long_lines() {
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for options in limits(Options::NEW, &[0, 1, 4]) {
            for size in [1, 64 << 10] {
                check_lines(name, &data, options.blocks_of(size));
            }
        }
        for form in forms().into_iter().skip(1).step_by(2) {
            limits(form.blocks_of(2), &[4]).for_each(|options| check_lines(name, &data, options));
        }
    }
}

#[test]
fn every_way_gives_lines_of_several_blocks() {
    for (name, bytes) in inputs::large() {
        let data = Data::new(&bytes);
        check_lines(name, &data, Options::NEW);
        check_lines(name, &data, ends().blocks_of(4 << 10));
        for options in limits(Options::NEW, &[10, 65_535, 100_000]) {
            check_lines(name, &data, options);
        }
        for options in limits(ends().blocks_of(4 << 10), &[4095]) {
            check_lines(name, &data, options);
        }
    }
}

#[test]
fn lines_that_are_kept_stay_what_they_are() {
    /// Keeps some lines, so that blocks shrink and their buffers are in use when others come.
    struct Keeps {
        oracle: Vec<Seen>,
        every: usize,
    }

    impl Keeps {
        fn check<'a>(
            &'a self,
            strategy: Strategy,
            lines: impl Iterator<Item = Result<Line, Error>>,
            expected: impl Iterator<Item = &'a Seen>,
        ) {
            let kept = lines.step_by(self.every).collect::<Vec<_>>().into_iter().map(Seen::of);
            let expected = expected.step_by(self.every).cloned();
            assert!(kept.eq(expected), "{strategy}: one of {} lines is kept", self.every);
        }
    }

    impl Visitor for Keeps {
        fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
            self.check(strategy, open(), self.oracle.iter());
        }

        fn both_ends<S: Lawful + DoubleEndedIterator>(
            &mut self,
            strategy: Strategy,
            open: impl Fn() -> S,
        ) {
            self.check(strategy, open().rev(), self.oracle.iter().rev());
        }
    }

    let lines = (0..9_000).map(|n| format!("{n} {}\n", "x".repeat(n * 7 % 113)));
    let data = Data::new(&lines.flat_map(String::into_bytes).collect::<Vec<u8>>());
    let oracle: Vec<Seen> = Oracle::new(&data.bytes, &Options::NEW).collect();
    for every in [1, 2, 50, 700] {
        let mut keeps = Keeps { oracle: oracle.clone(), every };
        visit_lines(&data, Options::NEW, &mut keeps);
        visit_containing(&data, Options::NEW, b"", &mut keeps);
    }
}

#[test]
fn a_line_end_may_fall_between_any_two_blocks() {
    let data = Data::new(b"aaaa\r\nbb\r\n\r\n\r\nccccccc\r\n\r\r\nd\r");
    for size in 1..=data.bytes.len() + 1 {
        for options in forms().into_iter().chain(limits(Options::NEW, &[0, 4, 7])) {
            check_lines("CRLF", &data, options.blocks_of(size));
        }
    }
}

#[test]
fn a_byte_order_mark_may_fall_between_any_two_blocks() {
    let data = Data::new("\u{FEFF}\u{FEFF}ab\n\u{FEFF}cd".as_bytes());
    for size in 1..=data.bytes.len() + 1 {
        for options in forms().into_iter().chain(limits(Options::NEW, &[0, 2, 5])) {
            check_lines("BOM", &data, options.blocks_of(size));
        }
    }
}

#[test]
fn every_way_finds_the_lines_that_hold_a_needle() {
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for needle in [&b""[..], b"b", b"\xEF\xBB\xBF", b"b\n", b"zz"] {
            searched().for_each(|options| check_containing(name, &data, options, needle));
        }
    }
}

#[test]
fn every_way_finds_needles_in_lines_of_several_blocks() {
    for (name, bytes) in inputs::large() {
        let data = Data::new(&bytes);
        for needle in [&b"aab"[..], b"zz"] {
            check_containing(name, &data, Options::NEW, needle);
            for options in limits(Options::NEW, &[65_535]) {
                check_containing(name, &data, options, needle);
            }
        }
    }
}

#[cfg(feature = "regex")]
#[test]
fn every_way_finds_the_lines_that_an_expression_matches() {
    let expressions = ["b+", "^a?$", "(?m)^b", "[^a]b", "(?s)a.*b", r"\bb", r"\Ba"];
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for expression in expressions {
            let regex = regex(expression);
            for options in searched().step_by(3) {
                check_matching(name, &data, options, &regex);
            }
        }
    }
}

#[cfg(feature = "regex")]
#[test]
fn every_way_finds_matches_in_lines_of_several_blocks() {
    for (name, bytes) in inputs::large() {
        let data = Data::new(&bytes);
        for expression in ["a+b$", "(?s)b.a"] {
            let options = Options::NEW.limit(4096, LongLine::Truncate);
            check_matching(name, &data, options, &regex(expression));
        }
    }
}
