//! Resume: a source goes on where another was, and where it failed: nothing is lost, nothing comes
//! twice.

use std::cell::Cell;
use std::io;
use std::sync::Arc;

use headwater::lines::LongLine;
use headwater::{Error, Line, Source, lines};

use crate::support::data::Data;
use crate::support::healed::Heals;
use crate::support::hostile::{Failing, FailingCall};
use crate::support::inputs;
use crate::support::options::Options;
#[cfg(feature = "parallel")]
use crate::support::parallel::Parallels;
use crate::support::random::Random;
use crate::support::resume::{resume_law, resume_law_in_place, resume_law_of_both_ends};
use crate::support::seen::Seen;
#[cfg(feature = "compression")]
use crate::support::sources::visit_many_files;
#[cfg(feature = "regex")]
use crate::support::sources::visit_matching;
use crate::support::sources::{Lawful, Medium, Strategy, Visitor, visit_containing, visit_lines};

/// Holds every source against the law. What fails shows after the strategy's name.
struct Resumes;

impl Visitor for Resumes {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        println!("{strategy}");
        resume_law(&open);
        if strategy.medium != Medium::Reader {
            resume_law_in_place(open);
        }
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        println!("{strategy}, both ends");
        resume_law(|| Backward(open()));
        resume_law_in_place(|| Backward(open()));
        let fails = open().any(|item| item.is_err());
        if !fails {
            resume_law_of_both_ends(open);
        }
    }
}

/// A source from its end: for it the same law holds.
struct Backward<S>(S);

impl<S: DoubleEndedIterator> Iterator for Backward<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        self.0.next_back()
    }
}

impl<S: Source> Source for Backward<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.0.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.0.resume_at(at);
    }
}

fn options() -> Vec<Options> {
    let new = Options::NEW;
    let raw = Options { keep_ends: true, keep_bom: true, ..new };
    let nul = Options { delimiter: 0, ..new };
    let policies = [LongLine::Error, LongLine::Truncate, LongLine::Skip];
    let limits = policies.map(|policy| new.blocks_of(2).limit(4, policy));
    [new, raw.blocks_of(1), nul.blocks_of(3)].into_iter().chain(limits).collect()
}

#[test]
fn every_source_goes_on_after_any_item() {
    for (index, (name, bytes)) in inputs::small().into_iter().enumerate() {
        let data = Data::new(&bytes);
        for options in options().into_iter().skip(index % 3).step_by(3) {
            println!("{name}, {options:?}");
            visit_lines(&data, options, &mut Resumes);
            visit_lines(&data, options, &mut Heals(&mut Resumes));
            #[cfg(feature = "parallel")]
            visit_lines(&data, options, &mut Parallels(&mut Resumes));
        }
    }
}

const SEARCHED: &[u8] = b"\xEF\xBB\xBFb1\na2\na3b\nb4\nab\na6\nb7b\na8\nlong enough b\nb10";

#[test]
fn every_search_goes_on_after_any_item() {
    let data = Data::new(SEARCHED);
    for options in options() {
        println!("{options:?}");
        visit_containing(&data, options, b"b", &mut Resumes);
    }
}

#[cfg(feature = "regex")]
#[test]
fn every_search_by_expression_goes_on_after_any_item() {
    let data = Data::new(SEARCHED);
    let regex = regex::bytes::Regex::new("^b").unwrap();
    for options in options() {
        println!("{options:?}");
        visit_matching(&data, options, &regex, &mut Resumes);
    }
}

#[cfg(feature = "compression")]
#[test]
fn many_files_go_on_after_any_item() {
    for bytes in [&b"1\n22\n3"[..], b"\xEF\xBB\xBF1\nfar too long\n", b"", b"\n"] {
        let data = Data::new(bytes);
        for options in options() {
            visit_many_files(&data, options, &mut Resumes);
        }
    }
}

/// Goes on after each error where it was, at most `most` times; returns the items and the errors.
fn retried<S>(
    mut source: S,
    most: usize,
    pull: impl Fn(&mut S) -> Option<S::Item>,
) -> (Vec<Seen>, usize)
where
    S: Iterator<Item = Result<Line, Error>> + Source,
{
    let (mut items, mut errors) = (Vec::new(), 0);
    while let Some(item) = pull(&mut source) {
        match item {
            Ok(line) => items.push(Seen::of(Ok(line))),
            Err(error) => {
                errors += 1;
                assert!(errors <= most, "too many errors, the last at {:?}", error.offset());
                assert!(pull(&mut source).is_none(), "it goes on after an error");
                let position = source.position();
                source.resume_at(position);
            }
        }
    }
    (items, errors)
}

/// Lines of several lengths, a few of them longer than the block that the identity is taken of.
fn long_log() -> Vec<u8> {
    let lines = (0..60).map(|n| format!("{n} {}\n", "x".repeat(n * 7 % 61)));
    lines.collect::<String>().into_bytes()
}

/// A storage that fails at a byte a number of times, however often it is opened.
type Faulty = Arc<Failing<Vec<u8>>>;

fn faulty(bytes: &[u8], at: usize, times: usize) -> impl FnMut() -> io::Result<Faulty> + use<> {
    let storage = Arc::new(Failing::new(bytes.to_vec(), at, io::ErrorKind::Other, times));
    move || Ok(Arc::clone(&storage))
}

#[test]
fn a_fault_at_any_byte_loses_nothing_if_it_is_tried_again() {
    let bytes = long_log();
    let size = Options::NEW.blocks_of(100).block_size;
    let expected: Vec<Seen> = lines::random_access(|| Ok(&bytes[..])).map(Seen::of).collect();
    let mut reversed = expected.clone();
    reversed.reverse();
    let mut shown = 0;
    for at in 0..bytes.len() {
        let open = || lines::random_access(faulty(&bytes, at, 3)).block_size(size);
        let (forward, errors) = retried(open(), 3, Iterator::next);
        assert_eq!(forward, expected, "a fault at {at}");
        let (backward, more) = retried(open(), 3, DoubleEndedIterator::next_back);
        assert_eq!(backward, reversed, "a fault at {at}, backward");
        let ahead = open().read_ahead(Options::NEW.blocks_of(2).block_size);
        if at % 16 == 0 {
            assert_eq!(retried(ahead, 3, Iterator::next).0, expected, "a fault at {at}, ahead");
        }
        shown += errors + more;
    }
    assert!(shown > bytes.len(), "only {shown} faults showed");
}

#[test]
fn a_fault_at_any_byte_loses_nothing_from_both_ends() {
    let bytes = long_log();
    let size = Options::NEW.blocks_of(100).block_size;
    let expected: Vec<Seen> = lines::random_access(|| Ok(&bytes[..])).map(Seen::of).collect();
    for at in (0..bytes.len()).step_by(3) {
        let mut source = lines::random_access(faulty(&bytes, at, 2)).block_size(size);
        let mut random = Random::new(at as u64);
        let (mut front, mut back) = (Vec::new(), Vec::new());
        loop {
            let forward = random.coin();
            match if forward { source.next() } else { source.next_back() } {
                Some(Ok(line)) if forward => front.push(Seen::of(Ok(line))),
                Some(Ok(line)) => back.push(Seen::of(Ok(line))),
                Some(Err(_)) => source.resume_at(source.position()),
                None => break,
            }
        }
        front.extend(back.into_iter().rev());
        assert_eq!(front, expected, "a fault at {at}");
    }
}

#[test]
fn a_fault_at_any_call_loses_nothing_if_it_is_tried_again() {
    let bytes = long_log();
    let size = Options::NEW.blocks_of(100).block_size;
    let expected: Vec<Seen> = lines::random_access(|| Ok(&bytes[..])).map(Seen::of).collect();
    for call in 0.. {
        let storage = Arc::new(FailingCall::new(bytes.clone(), call, io::ErrorKind::Other));
        let open = || lines::random_access(|| Ok(Arc::clone(&storage))).block_size(size);
        let (items, _) = retried(open(), 1, Iterator::next);
        assert_eq!(items, expected, "a fault at call {call}");
        if !storage.has_failed() {
            assert!(call > bytes.len() / 100, "only {call} calls");
            break;
        }
    }
}

#[test]
fn an_opening_that_fails_can_be_tried_again() {
    let calls = Cell::new(0);
    let open = || {
        calls.set(calls.get() + 1);
        if calls.get() < 3 {
            Err(io::ErrorKind::PermissionDenied.into())
        } else {
            Ok(&b"1\n2\n"[..])
        }
    };
    let mut source = lines::random_access(open);
    for _ in 0..2 {
        assert_eq!(source.next().unwrap().unwrap_err().kind(), headwater::ErrorKind::Open);
        assert!(source.next().is_none());
        source.resume_at(source.position());
    }
    assert_eq!(source.map(Result::unwrap).collect::<Vec<_>>(), ["1", "2"]);
}
