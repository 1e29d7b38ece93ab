//! What comes of it: the same lines, errors and positions as without a thread.

use std::io;

use headwater::lines::{self, Position};
use headwater::{ErrorKind, Source};

use super::{TEXT, ahead};
use crate::expect::{broken, lines_in, texts};
use crate::support::contract::contract;
use crate::support::hostile::{Failing, Scripted, Trickling};
use crate::support::inputs;
use crate::support::panics::{Panics, never_opened};
use crate::support::resume::{resume_law, resume_law_in_place};
use crate::support::seen::Seen;

#[test]
fn lines_are_the_same() {
    for (name, bytes) in inputs::small().into_iter().chain(inputs::large()) {
        let expected = lines_in(&bytes);
        for (blocks, block_size) in [(1, 1), (1, 64 << 10), (2, 3), (3, 64 << 10), (64, 7)] {
            if bytes.len() / block_size > 10_000 {
                continue;
            }
            let bytes = bytes.clone();
            let read = lines::read(Trickling::new(io::Cursor::new(bytes.clone()), 5000, 7));
            let read = read.block_size(ahead(block_size)).read_ahead(ahead(blocks));
            assert_eq!(texts(read), expected, "{name}, read");
            let stored = lines::random_access(move || Ok(bytes.clone()));
            let stored = stored.block_size(ahead(block_size)).read_ahead(ahead(blocks));
            assert_eq!(texts(stored), expected, "{name}, stored");
        }
    }
}

#[test]
fn it_is_an_iterator_as_every_other() {
    for blocks in [1, 2, 5] {
        let open = || lines::read(TEXT).block_size(ahead(3)).read_ahead(ahead(blocks));
        contract(open, Seen::of);
        contract(|| open().containing("o"), Seen::of);
    }
}

#[test]
fn nothing_is_touched_before_the_first_pull() {
    let read = lines::read(Panics).read_ahead(ahead(3)).max_len(9);
    let stored = lines::random_access(never_opened).read_ahead(ahead(3)).keep_ends();
    assert_eq!((read.position().offset(), read.bytes_read()), (0, 0));
    assert_eq!((stored.position().offset(), stored.bytes_read()), (0, 0));
    assert!(format!("{read:?} {stored:?}").contains("position"));
}

#[test]
fn errors_come_in_their_order() {
    for blocks in [1, 2, 10] {
        for at in 0..TEXT.len() {
            let open = || {
                let kind = io::ErrorKind::ConnectionReset;
                let reader = Failing::new(TEXT, at, kind, Failing::<&[u8]>::FOR_EVER);
                lines::read(reader).block_size(ahead(2))
            };
            let (expected, error) = broken(open());
            let (given, same) = broken(open().read_ahead(ahead(blocks)));
            assert_eq!(given, expected, "failing at {at}");
            assert_eq!((same.kind(), same.offset()), (error.kind(), error.offset()), "at {at}");
        }
        let (given, error) = broken(lines::read(TEXT).max_len(4).read_ahead(ahead(blocks)));
        assert_eq!(given, ["one", "two"]);
        assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(8)));
    }
}

#[test]
fn stalls_pass_through() {
    let script = [
        Err(io::ErrorKind::TimedOut),
        Ok("one\ntw"),
        Err(io::ErrorKind::TimedOut),
        Err(io::ErrorKind::WouldBlock),
        Ok("o\n"),
        Err(io::ErrorKind::Interrupted),
        Ok("three"),
        Err(io::ErrorKind::TimedOut),
    ];
    let open = || lines::read(Scripted::new(script));
    let expected: Vec<Seen> = open().map(Seen::of).collect();
    let good: Vec<_> = expected.iter().filter_map(Seen::text).collect();
    assert_eq!((good, expected.len()), (vec![&b"one"[..], b"two", b"three"], 3 + 4));
    for blocks in [1, 2, 10] {
        let given: Vec<Seen> = open().read_ahead(ahead(blocks)).map(Seen::of).collect();
        assert_eq!(given, expected);
    }
    let given = open().max_stalls(2.try_into().unwrap()).read_ahead(ahead(2)).map(Seen::of);
    assert_eq!(given.count(), 4, "an error, a line, and the second of two errors is the last");
}

#[test]
fn the_position_is_that_of_what_was_given() {
    for blocks in [1, 4, 100] {
        let mut plain = lines::read(TEXT).block_size(ahead(2));
        let mut lines = lines::read(TEXT).block_size(ahead(2)).read_ahead(ahead(blocks));
        loop {
            assert_eq!(lines.position(), plain.position());
            let Some(line) = lines.next() else { break };
            assert_eq!(line.unwrap(), plain.next().unwrap().unwrap());
        }
    }
}

#[test]
fn the_resume_law_holds() {
    for blocks in [1, 3] {
        let stored = || {
            let stored = lines::random_access(|| Ok(TEXT));
            stored.block_size(ahead(2)).read_ahead(ahead(blocks))
        };
        resume_law(stored);
        resume_law_in_place(stored);
        resume_law(|| lines::read(TEXT).block_size(ahead(2)).read_ahead(ahead(blocks)));
    }
}

#[test]
fn after_a_fatal_error_the_same_source_goes_on() {
    for at in 0..TEXT.len() {
        let mut opened = 0;
        let mut lines = lines::random_access(move || {
            opened += 1;
            let times = usize::from(opened == 1);
            Ok(Failing::new(TEXT, at, io::ErrorKind::TimedOut, times))
        });
        lines = lines.block_size(ahead(3));
        let mut lines = lines.read_ahead(ahead(2));
        let mut given = Vec::new();
        while let Some(item) = lines.next() {
            match item {
                Ok(line) => given.push(line.into_owned()),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Read);
                    assert!(lines.next().is_none());
                    let noted = lines.position();
                    lines.resume_at(noted);
                }
            }
        }
        assert_eq!(given, lines_in(TEXT), "failing at {at}");
    }
}

#[test]
fn a_reader_goes_forward_and_not_back() {
    let open = || lines::read(TEXT).block_size(ahead(2)).read_ahead(ahead(2));
    let mut lines = open();
    lines.next().unwrap().unwrap();
    lines.resume_at(Position::from(14));
    assert_eq!(texts(lines), ["four", "five", "half"]);
    let mut lines = open();
    lines.nth(1).unwrap().unwrap();
    lines.resume_at(Position::from(0));
    let (good, error) = broken(lines);
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Unseekable, Some(8)));
}
