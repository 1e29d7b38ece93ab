//! Blocks are the lines, whichever way they come, and the bytes that those stand in.

use std::iter;

use headwater::lines::{Block, Blocks, LongLine, Origin};
use headwater::{Error, Line, Source, lines};
use proptest::collection::vec;
use proptest::sample::select;

use super::seen;
use crate::support::data::Data;
use crate::support::inputs;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::property;
use crate::support::seen::Seen;
use crate::support::sources::{BlockVisitor, Strategy, visit_blocks};

const POLICIES: [LongLine; 3] = [LongLine::Error, LongLine::Truncate, LongLine::Skip];

/// Holds blocks against the oracle, and against the bytes that they are of.
struct AreLines<'a> {
    data: &'a Data,
    options: Options,
    context: String,
}

impl AreLines<'_> {
    /// Where a line ends that goes on at `from`.
    fn line_end(&self, from: usize) -> usize {
        let rest = self.data.bytes[from..].iter();
        let left = rest.take_while(|&&byte| byte != self.options.delimiter).count();
        self.data.bytes.len().min(from + left + 1)
    }

    /// Takes a block's lines from both ends, in turns.
    fn check_block(&self, block: &Block, way: &str) {
        let given = |block: &Block| {
            let start = usize::try_from(block.offset()).unwrap();
            let bytes = block.as_bytes();
            assert_eq!(bytes, &self.data.bytes[start..start + bytes.len()], "{way}");
            start..start + bytes.len()
        };
        let whole = given(block);
        let mut lines: Vec<Seen> = block.clone().map(|line| Seen::of(Ok(line))).collect();
        let (mut both, mut edges) = (block.clone(), whole.clone());
        for turn in 0.. {
            let front = turn % 3 != 1;
            let line = if front { both.next() } else { both.next_back() };
            let expected = match lines.is_empty() {
                true => None,
                false if front => Some(lines.remove(0)),
                false => lines.pop(),
            };
            assert_eq!(line.map(|line| Seen::of(Ok(line))), expected, "{way}");
            let rest = given(&both);
            if expected.is_none() {
                assert!(rest.is_empty(), "{way}");
                break;
            }
            let (moved, kept) = ((rest.start, edges.start), (rest.end, edges.end));
            let (moved, kept) = if front { (moved, kept) } else { (kept, moved) };
            assert_ne!(moved.0, moved.1, "{way}");
            assert!(kept.0 == kept.1 || rest.is_empty(), "{way}");
            edges = rest;
        }
        let mut all = block.clone();
        all.by_ref().for_each(drop);
        let truncated = block.clone().any(|line| line.is_truncated());
        let end = if truncated { self.line_end(whole.end) } else { whole.end };
        assert_eq!((all.offset(), all.path()), (end as u64, block.path()), "{way}");
    }
}

impl BlockVisitor for AreLines<'_> {
    fn blocks<S: Origin>(&mut self, strategy: Strategy, open: impl Fn() -> Blocks<S>) {
        let way = format!("{strategy}, {}", self.context);
        let mut oracle = Oracle::new(&self.data.bytes, &self.options);
        let expected: Vec<Seen> = oracle.by_ref().collect();
        let mut blocks = open();
        let (mut given, mut bytes) = (Vec::new(), Vec::new());
        let mut positions = vec![(blocks.position(), 0)];
        while let Some(item) = blocks.next() {
            if let Ok(block) = &item {
                self.check_block(block, &way);
                bytes.extend_from_slice(block.as_bytes());
            }
            let failed = item.is_err();
            given.extend(seen(item));
            positions.push((blocks.position(), given.len() - usize::from(failed)));
        }
        assert_eq!(given, expected, "{way}");
        assert!(blocks.next().is_none(), "{way}");
        assert_eq!(blocks.get_ref().long_lines(), oracle.long_lines(), "{way}");
        if oracle.long_lines() == 0 {
            let marked = !self.options.keep_bom && self.data.bytes.starts_with(b"\xEF\xBB\xBF");
            assert_eq!(bytes, self.data.bytes[if marked { 3 } else { 0 }..], "{way}");
        }
        let step = positions.len().div_ceil(6);
        for (position, from) in positions.into_iter().step_by(step) {
            let mut resumed = open();
            resumed.resume_at(position.clone());
            let rest: Vec<Seen> = resumed.flat_map(seen).collect();
            assert_eq!(rest, expected[from..], "{way}: blocks resumed at {position}");
            let lines = open().into_lines().from(position).map(Seen::of);
            assert!(lines.eq(expected[from..].iter().cloned()), "{way}: lines gone on with");
        }
    }
}

fn check(name: &str, data: &Data, options: Options) {
    let context = format!("{name}, {options:?}");
    visit_blocks(data, options, &mut AreLines { data, options, context });
}

#[test]
fn blocks_are_the_lines_of_every_case() {
    let new = Options::NEW;
    let raw = Options { keep_ends: true, keep_bom: true, ..new };
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for options in [new, raw, Options { delimiter: 0, ..new }] {
            for size in [1, 3, 64 << 10] {
                check(name, &data, options.blocks_of(size));
            }
        }
        for policy in POLICIES {
            for size in [2, 64 << 10] {
                check(name, &data, new.limit(4, policy).blocks_of(size));
            }
            check(name, &data, raw.limit(4, policy).blocks_of(5));
        }
    }
}

#[test]
fn blocks_are_the_lines_of_large_cases() {
    for (name, bytes) in inputs::large() {
        let data = Data::new(&bytes);
        check(name, &data, Options::NEW);
        check(name, &data, Options::NEW.blocks_of(4 << 10).limit(100_000, LongLine::Skip));
        for policy in POLICIES {
            check(name, &data, Options::NEW.limit(30, policy));
        }
    }
}

#[test]
fn a_block_is_split_around_long_lines_alone() {
    let short = "0123456789\n".repeat(10_000);
    let blocks = |log: &str, limit| {
        let log = log.as_bytes().to_vec();
        let lines = lines::random_access(move || Ok(log.clone())).max_len(limit);
        lines.on_long(LongLine::Skip).blocks().map(Result::unwrap).collect::<Vec<_>>()
    };
    for limit in [10, 11, 1000, 64 << 10, 16 << 20] {
        assert_eq!(blocks(&short, limit).len(), 1, "none is longer than {limit}");
    }
    let long = format!("{}\n", "x".repeat(11));
    let text = [&long, &short[..5500], &long, &long, &short[5500..], &long].concat();
    let counts: Vec<_> = blocks(&text, 10).into_iter().map(Iterator::count).collect();
    assert_eq!(counts, [500, 9500]);
}

#[test]
fn a_truncated_line_ends_where_the_next_block_begins() {
    let log = &b"0123456789\nab\n0123"[..];
    let lines = lines::read(log).max_len(3).on_long(LongLine::Truncate);
    let mut begin = 0;
    for (block, bytes) in lines.blocks().zip([&b"012"[..], b"ab\n", b"012"]) {
        let mut block = block.unwrap();
        assert_eq!((block.offset(), block.as_bytes()), (begin, bytes));
        block.next().unwrap();
        begin = block.offset();
        assert_eq!(block.as_bytes(), b"");
    }
    assert_eq!(begin, log.len() as u64);
}

#[test]
fn what_goes_by_blocks_gives_what_a_loop_does() {
    let bytes = vec(select(b"\n\n\n\r\raaab"), 0..300);
    let form = (0_usize..9, select(&POLICIES[..]), select(&[1_usize, 7, 50, 64 << 10][..]));
    property::check(300, &(bytes, form, 1_usize..20), |(bytes, (limit, policy, size), step)| {
        let open = || {
            let options = Options::NEW.limit(limit, policy).blocks_of(size);
            options.set(lines::random_access(|| Ok(bytes.clone())))
        };
        let mut each = open();
        let lines: Vec<Seen> = iter::from_fn(|| each.next()).map(Seen::of).collect();
        assert_eq!(open().count(), lines.len());
        assert!(open().step_by(step).map(Seen::of).eq(lines.iter().step_by(step).cloned()));
        assert!(open().blocks().flat_map(seen).eq(lines.iter().cloned()));
        let mut passing = open();
        passing.next_back();
        passing.nth(step);
        let mut plain = open();
        plain.next_back();
        (0..=step).for_each(|_| _ = plain.next());
        assert_eq!(passing.position(), plain.position());
        assert!(passing.map(Seen::of).eq(iter::from_fn(|| plain.next()).map(Seen::of)));
        let wanted = |line: &Result<Line, Error>| line.as_ref().map_or(true, |l| l.contains(&b'b'));
        let (found, mut all) = (open().containing("b").map(Seen::of), open());
        assert!(found.eq(iter::from_fn(|| all.next()).filter(wanted).map(Seen::of)));
        let found = open().containing("b").rev().map(Seen::of);
        assert!(found.eq(open().rev().filter(wanted).map(Seen::of)));
        let mut passed = open();
        passed.nth(1000);
        assert_eq!(passed.long_lines(), each.long_lines());
    });
}

#[test]
fn lines_and_blocks_may_take_turns() {
    let log = b"one\ntwo\nthree\nfour\nfive\nsix\n";
    let mut lines = lines::random_access(|| Ok(&log[..])).block_size(9.try_into().unwrap());
    assert_eq!(lines.next().unwrap().unwrap(), "one");
    assert_eq!(lines.next_back().unwrap().unwrap(), "six");
    let mut blocks = lines.blocks();
    assert_eq!(blocks.next().unwrap().unwrap().as_bytes(), b"two\n");
    let mut lines = blocks.into_lines();
    assert_eq!(lines.next().unwrap().unwrap(), "three");
    let rest: Vec<u8> =
        lines.blocks().flat_map(|block| block.unwrap().as_bytes().to_vec()).collect();
    assert_eq!(rest, b"four\nfive\n");
}
