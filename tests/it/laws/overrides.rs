//! Overrides: what a source overrides gives what the default gives, at every position.

use headwater::lines;
use headwater::lines::LongLine;

use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::data::Data;
use crate::support::healed::Heals;
use crate::support::hostile::Failing;
use crate::support::options::Options;
#[cfg(feature = "parallel")]
use crate::support::parallel::Parallels;
use crate::support::seen::Seen;
#[cfg(feature = "regex")]
use crate::support::sources::visit_matching;
use crate::support::sources::{Lawful, Strategy, Visitor, visit_containing, visit_lines};

/// Holds every source against the contract of an iterator.
struct KeepsContract;

impl Visitor for KeepsContract {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        println!("{strategy}");
        contract(open, Seen::of);
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        println!("{strategy}, both ends");
        contract_of_both_ends(open, Seen::of);
    }
}

#[test]
fn every_source_of_lines_keeps_the_contract() {
    let new = Options::NEW;
    let small =
        [LongLine::Skip, LongLine::Truncate].map(|policy| new.blocks_of(2).limit(2, policy));
    let large = new.limit(2, LongLine::Skip);
    let nul = Options { delimiter: 0, keep_ends: true, ..new };
    for bytes in [&b"1\n\n333\r\n4\n\0\n6"[..], b"\xEF\xBB\xBF1\nthe second\n", b"", b"\n"] {
        let data = Data::new(bytes);
        for options in [new, new.blocks_of(3), nul.blocks_of(2), large].into_iter().chain(small) {
            println!("{:?}, {options:?}", bstr::BStr::new(bytes));
            visit_lines(&data, options, &mut KeepsContract);
        }
    }
}

#[test]
fn every_search_keeps_the_contract() {
    let data = Data::new(b"b1\na2\na3b\nb4\n\na6\nb7");
    for options in [Options::NEW, Options::NEW.blocks_of(3)] {
        visit_containing(&data, options, b"b", &mut KeepsContract);
        visit_containing(&data, options, b"b", &mut Heals(&mut KeepsContract));
        #[cfg(feature = "parallel")]
        visit_containing(&data, options, b"b", &mut Parallels(&mut KeepsContract));
        visit_containing(&data, options, b"", &mut KeepsContract);
    }
}

#[cfg(feature = "regex")]
#[test]
fn every_search_by_expression_keeps_the_contract() {
    let data = Data::new(b"b1\na2\na3b\nb4\n\na6\nb7");
    let regex = regex::bytes::Regex::new("b.$").unwrap();
    for options in [Options::NEW, Options::NEW.blocks_of(3)] {
        visit_matching(&data, options, &regex, &mut KeepsContract);
    }
}

#[cfg(feature = "compression")]
#[test]
fn many_files_keep_the_contract() {
    let data = Data::new(b"1\n22\n3");
    crate::support::sources::visit_many_files(&data, Options::NEW, &mut KeepsContract);
}

#[test]
fn items_that_are_errors_count_and_are_passed_over() {
    // Forward only: from a storage, `last` is read from the back, where it meets the error later.
    let options = [1, 64 << 10].map(|size| Options::NEW.blocks_of(size).block_size);
    for size in options {
        let limited = || lines::read(&b"1\n22\nlong\n4\n"[..]).max_len(3).block_size(size);
        contract(limited, Seen::of);
        let ahead = || limited().read_ahead(size);
        contract(ahead, Seen::of);
        for times in [1, 2] {
            let stalls = || {
                let reader = Failing::new(&b"1\n22\n3"[..], 4, std::io::ErrorKind::TimedOut, times);
                lines::read(reader).block_size(size)
            };
            contract(stalls, Seen::of);
        }
        let fails = || {
            let reader = Failing::new(&b"1\n22\n3"[..], 5, std::io::ErrorKind::Other, 1);
            lines::read(reader).block_size(size)
        };
        contract(fails, Seen::of);
    }
}

#[test]
fn the_last_of_two_ends_is_what_the_back_gives() {
    let log = &b"1\nlong\n3\n4\n"[..];
    let lines = || lines::random_access(|| Ok(log)).max_len(3);
    for taken in 0..2 {
        let (mut source, mut other) = (lines(), lines());
        (0..taken).for_each(|_| assert!(source.next().is_some() && other.next().is_some()));
        assert_eq!(source.last().map(Seen::of), other.next_back().map(Seen::of));
    }
}
