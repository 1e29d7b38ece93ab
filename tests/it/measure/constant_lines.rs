//! Every way to lines takes as much memory for many lines as for few.

use headwater::lines::{BackOrigin, Origin, Position};
use headwater::measure::{Growth, Usage, measure};
use headwater::{Error, Line, Lines, Source};

use crate::support::data::Data;
use crate::support::options::Options;
use crate::support::sources::{Lawful, Strategy, Visitor, visit_containing, visit_lines};

/// How many lines. The fewest fill more blocks than a source holds.
const SIZES: [usize; 3] = [1000, 2000, 8000];

/// So many lines of 63 bytes, of which 1 in 100 holds an `x`.
fn log(lines: usize) -> Vec<u8> {
    let line = |n: usize| format!("{n:0>62}{}\n", if n.is_multiple_of(100) { 'x' } else { ' ' });
    (0..lines).flat_map(|n| line(n).into_bytes()).collect()
}

const OPTIONS: Options = Options::NEW;

/// Drains one of the sources that it visits, from one of its ends, or does not find it.
struct Nth {
    left: usize,
    found: Option<String>,
}

impl Nth {
    fn drain(&mut self, strategy: Strategy, end: &str, items: impl FnOnce() -> usize) {
        // What goes from thread to thread is measured in `bounds`; the pieces that the slow reader
        // gives, which decide how blocks are filled, grow with its data.
        // What is polled here holds all that it gives: `constant_streams` has what does not.
        let polled = ["async reader", "tokio's reader", "chunks", "remote"];
        let skipped = strategy.name == "slow reader" || polled.contains(&strategy.name);
        if strategy.ahead || skipped || self.found.is_some() {
            return;
        }
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
        } else {
            assert!(items() > 0);
            self.found = Some(format!("{strategy}, {end}"));
        }
    }
}

/// Pulls all items, by `next` alone.
fn pulled(items: impl Iterator<Item = Result<Line, Error>>) -> usize {
    let mut count = 0;
    for line in items {
        line.unwrap();
        count += 1;
    }
    count
}

impl Visitor for Nth {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        self.drain(strategy, "forward", || pulled(open()));
        self.drain(strategy, "folded", || open().map(Result::unwrap).fold(0, |count, _| count + 1));
        self.drain(strategy, "counted", || open().count());
        self.drain(strategy, "looked back at", || {
            // A line or two are kept, and their blocks.
            itertools::Itertools::tuple_windows::<(_, _)>(open().map(Result::unwrap)).count()
        });
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        self.drain(strategy, "backward", || pulled(open().rev()));
        self.drain(strategy, "from both ends", || {
            let mut lines = open();
            let mut count = 0;
            while let Some(line) = if count % 2 == 0 { lines.next() } else { lines.next_back() } {
                line.unwrap();
                count += 1;
            }
            count
        });
    }
}

/// Holds that every source of a table is constant, and that there are as many.
fn are_constant(sources: usize, visit: impl Fn(&Data, &mut Nth)) {
    let data = SIZES.map(|lines| (lines, Data::new(&log(lines))));
    let data_of = |lines| &data.iter().find(|(size, _)| *size == lines).unwrap().1;
    let mut count = 0;
    loop {
        let mut name = None;
        let growth = Growth::measure(SIZES, |lines| {
            let mut nth = Nth { left: count, found: None };
            visit(data_of(lines), &mut nth);
            name = nth.found;
        });
        let Some(name) = name else { break };
        assert!(growth.is_constant(), "{name}: {growth}");
        count += 1;
    }
    assert!(count >= sources, "{count} sources");
}

#[test]
fn lines_are_constant() {
    // A file and a storage, from both ends, and a reader, in four or six ways.
    are_constant(16, |data, nth| visit_lines(data, OPTIONS.blocks_of(4 << 10), nth));
}

#[test]
fn lines_found_are_constant() {
    are_constant(16, |data, nth| visit_containing(data, OPTIONS.blocks_of(4 << 10), b"x", nth));
}

#[cfg(feature = "regex")]
#[test]
fn lines_matched_are_constant() {
    let regex = regex::bytes::Regex::new("[0-9]x").unwrap();
    are_constant(16, |data, nth| {
        let options = OPTIONS.blocks_of(4 << 10);
        crate::support::sources::visit_matching(data, options, &regex, nth);
    });
}

#[cfg(feature = "compression")]
#[test]
fn many_files_are_constant() {
    are_constant(4, |data, nth| {
        crate::support::sources::visit_many_files(data, OPTIONS.blocks_of(4 << 10), nth);
    });
}

/// Asks for the position behind each line.
fn positions<S: Origin>(mut lines: Lines<S>) -> Position {
    let mut position = lines.position();
    while lines.next().is_some() {
        position = lines.position();
    }
    position
}

#[test]
fn positions_are_constant() {
    let data = SIZES.map(|lines| (lines, Data::new(&log(lines))));
    let growth = Growth::measure(SIZES, |lines| {
        let path = data.iter().find(|(size, _)| *size == lines).unwrap().1.plain();
        positions(OPTIONS.blocks_of(4 << 10).set(headwater::lines(path).unwrap()))
    });
    assert!(growth.is_constant(), "{growth}");
}

/// Lines that are over the limit are passed over, not held.
#[test]
fn long_lines_are_constant() {
    use crate::support::vast::Vast;
    use headwater::lines::{self, LongLine};

    fn used<S: Origin>(lines: Lines<S>) -> Usage {
        measure(|| assert_eq!(lines.on_long(LongLine::Skip).max_len(1000).count(), 0)).1
    }
    fn used_back<S: BackOrigin>(lines: Lines<S>) -> Usage {
        measure(|| assert_eq!(lines.on_long(LongLine::Skip).max_len(1000).rev().count(), 0)).1
    }
    let bound = 3 * (124 << 10);
    for len in [1 << 20, 16 << 20] {
        let vast = Vast::lines(len, u64::MAX);
        for usage in [
            used(lines::read(vast)),
            used(lines::random_access(move || Ok(vast))),
            used_back(lines::random_access(move || Ok(vast))),
        ] {
            assert!(usage.peak() < bound, "a line of {len}: {usage}");
        }
    }
}
