//! Errors are items: all lines before one are given, in order, and nothing is given twice.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use headwater::lines::{LongLine, ReadAt};
use headwater::{Error, ErrorKind, Line, Source, lines};
use rayon::prelude::*;

use super::{on_every_pool, seen, seen_in_blocks};
use crate::support::hostile::Failing;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::seen::Seen;

const LOG: &[u8] = b"one\n\nthree 3\r\nfour and some more\nfive\nsix\r\nseven\neight, no end";

/// Holds that `given` is `sequential`, which ends with an error, and then at most other lines of
/// `all`, and errors of other parts.
fn goes_wrong_once(given: &[Seen], sequential: &[Seen], all: &[Seen], context: &str) {
    let (last, lines) = sequential.split_last().unwrap();
    assert!(last.text().is_none() && lines.iter().all(|line| line.text().is_some()));
    assert!(given.len() >= sequential.len(), "{given:?}, {context}");
    assert_eq!(&given[..sequential.len()], sequential, "{context}");
    let mut left = all.iter();
    for line in given.iter().filter(|item| item.text().is_some()) {
        assert!(
            left.any(|other| other == line),
            "{line:?} is given twice, or out of order, {context}"
        );
    }
}

#[test]
fn a_fault_at_any_byte_comes_after_all_lines_before_it() {
    let all: Vec<Seen> = Oracle::new(LOG, &Options::NEW).collect();
    for at in 0..LOG.len() {
        for size in [1, 3, 64 << 10] {
            let open = || {
                let fails = move || Ok(Failing::new(LOG, at, io::ErrorKind::Other, usize::MAX));
                lines::random_access(fails).block_size(size.try_into().unwrap())
            };
            let sequential: Vec<Seen> = open().map(Seen::of).collect();
            on_every_pool(|pool| {
                let context = format!("a fault at {at}, blocks of {size}, {pool}");
                goes_wrong_once(&seen(open()), &sequential, &all, &context);
                goes_wrong_once(&seen_in_blocks(open().blocks()), &sequential, &all, &context);
                let found = seen(open().containing(""));
                goes_wrong_once(&found, &sequential, &all, &context);
                let collected: Result<Vec<Line>, Error> = open().into_par_iter().collect();
                assert_eq!(collected.unwrap_err().kind(), ErrorKind::Read, "{context}");
            });
        }
    }
}

#[test]
fn a_fault_at_any_byte_of_a_range_comes_after_all_lines_before_it() {
    let all: Vec<Seen> = Oracle::new(LOG, &Options::NEW).collect();
    for at in 8..30 {
        let open = || {
            let fails = move || Ok(Failing::new(LOG, at, io::ErrorKind::Other, usize::MAX));
            lines::random_access(fails).block_size(4.try_into().unwrap()).range(2..20)
        };
        let sequential: Vec<Seen> = open().map(Seen::of).collect();
        on_every_pool(|pool| {
            let context = format!("a fault at {at}, {pool}");
            goes_wrong_once(&seen(open()), &sequential, &all, &context);
        });
    }
}

#[test]
fn a_line_over_the_limit_is_an_error_after_all_lines_before_it() {
    let all: Vec<Seen> = Oracle::new(LOG, &Options::NEW).collect();
    for size in [1, 2, 7, 64 << 10] {
        let options = Options::NEW.limit(9, LongLine::Error).blocks_of(size);
        let open = || options.set(lines::random_access(|| Ok(LOG)));
        let sequential: Vec<Seen> = Oracle::new(LOG, &options).collect();
        on_every_pool(|pool| {
            let context = format!("blocks of {size}, {pool}");
            goes_wrong_once(&seen(open()), &sequential, &all, &context);
            goes_wrong_once(&seen_in_blocks(open().blocks()), &sequential, &all, &context);
        });
    }
}

#[test]
fn one_thread_begins_nothing_behind_an_error() {
    let log = b"0123456\n".repeat(1000);
    let open = || {
        let fails = || Ok(Failing::new(&log[..], 2000, io::ErrorKind::Other, usize::MAX));
        lines::random_access(fails).block_size(8.try_into().unwrap())
    };
    let sequential: Vec<Seen> = open().map(Seen::of).collect();
    assert_eq!(super::POOLS[0].install(|| seen(open())), sequential);
}

#[test]
fn what_can_not_be_opened_is_one_error() {
    let closed = || Err::<&[u8], _>(io::ErrorKind::PermissionDenied.into());
    on_every_pool(|pool| {
        let error = Seen::Error { kind: ErrorKind::Open, offset: None };
        assert_eq!(seen(lines::random_access(closed)), [error], "{pool}");
    });
}

#[test]
fn another_file_is_one_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\n").unwrap();
    let mut log = lines(&path).unwrap();
    log.next().unwrap().unwrap();
    let noted = log.position();
    fs::write(&path, "three\nfour\n").unwrap();
    on_every_pool(|pool| {
        let given = seen(lines(&path).unwrap().from(noted.clone()));
        let error = Seen::Error { kind: ErrorKind::SourceChanged, offset: Some(4) };
        assert_eq!(given, [error], "{pool}");
    });
}

/// Becomes shorter when it has been asked for its length a few times.
struct Shrinking<'a> {
    bytes: &'a [u8],
    asked: AtomicUsize,
    to: usize,
    after: usize,
}

impl ReadAt for Shrinking<'_> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let shrunk = self.asked.load(Ordering::SeqCst) > self.after;
        self.bytes[..if shrunk { self.to } else { self.bytes.len() }].read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        let shrunk = self.asked.fetch_add(1, Ordering::SeqCst) >= self.after;
        Ok(if shrunk { self.to } else { self.bytes.len() } as u64)
    }
}

#[test]
fn a_file_that_shrinks_is_an_error_and_gives_no_line_twice() {
    let log: Vec<u8> = (0..500).flat_map(|line| format!("line {line}\n").into_bytes()).collect();
    let all: Vec<Seen> = Oracle::new(&log, &Options::NEW).collect();
    for after in 1..8 {
        let open = || {
            let storage = Shrinking { bytes: &log, asked: 0.into(), to: 2000, after };
            let mut storage = Some(storage);
            let open = move || storage.take().ok_or_else(|| io::Error::other("it is open"));
            lines::random_access(open).block_size(50.try_into().unwrap())
        };
        on_every_pool(|pool| {
            let given = seen(open());
            let lines: Vec<&Seen> = given.iter().filter(|item| item.text().is_some()).collect();
            let mut left = all.iter();
            assert!(lines.iter().all(|line| left.any(|other| other == *line)), "{pool}");
            let is_shrunk =
                |item: &Seen| matches!(item, Seen::Error { kind: ErrorKind::Shrunk, .. });
            assert!(given.iter().any(is_shrunk), "{after}, {pool}");
            assert!(given.iter().all(|item| item.text().is_some() || is_shrunk(item)), "{pool}");
        });
    }
}
