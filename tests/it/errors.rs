//! What the methods of every iterator do with an item that is an error.

use std::io;

use headwater::lines::{self, LongLine, ReadAt};
use headwater::{Error, ErrorKind, Line};
use itertools::{Itertools, process_results};

use crate::support::hostile::{Failing, Scripted};

const TEXT: &[u8] = b"one\ntwo\nthree\nfour\n";

/// Two lines, an error, and nothing more.
fn broken() -> impl DoubleEndedIterator<Item = Result<Line, Error>> {
    let failing =
        Failing::new(TEXT, 10, io::ErrorKind::ConnectionReset, Failing::<&[u8]>::FOR_EVER);
    let storage = std::sync::Arc::new(failing);
    lines::random_access(move || Ok(storage.clone()))
}

/// A line, an error, and two lines more.
fn stalling() -> impl Iterator<Item = Result<Line, Error>> {
    let script = [Ok("one\ntw"), Err(io::ErrorKind::TimedOut), Ok("o\nthree\n")];
    lines::read(Scripted::new(script))
}

#[test]
fn count_counts_an_error_as_an_item() {
    assert_eq!(broken().count(), 3);
    assert_eq!(stalling().count(), 4);
    assert_eq!(broken().filter(Result::is_err).count(), 1);
}

#[test]
fn flatten_hides_errors_and_ends() {
    let texts: Vec<String> = broken().flatten().map(|line| line.to_string()).collect();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(broken().flatten().count(), 2, "as if the file had two lines");
    assert_eq!(stalling().flatten().count(), 3);
    assert_eq!(stalling().map_while(Result::ok).count(), 1, "as if the input ended there");
    assert_eq!(broken().filter_map(Result::ok).count(), 2);
}

/// A storage on which nothing can be read: one that a naive loop reads again for ever.
struct Broken;

impl ReadAt for Broken {
    fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
        Err(io::ErrorKind::IsADirectory.into())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(4096)
    }
}

impl io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::IsADirectory.into())
    }
}

/// A reader that has nothing yet, and never will.
struct Silent;

impl io::Read for Silent {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}

#[test]
fn a_loop_that_skips_errors_ends() {
    assert_eq!(lines::read(Broken).flatten().count(), 0);
    assert_eq!(lines::random_access(|| Ok(Broken)).flatten().count(), 0);
    assert_eq!(lines::random_access(|| Ok(Broken)).rev().flatten().count(), 0);
    assert_eq!(
        lines::random_access(|| Err::<Broken, _>(io::ErrorKind::NotFound.into())).count(),
        1
    );
    assert_eq!(lines::read(Silent).flatten().count(), 0);
    assert_eq!(lines::read(Silent).count(), 100, "as many stalls in a row as it bears");
}

#[test]
fn collect_gives_the_lines_or_the_first_error() {
    let lines: Result<Vec<Line>, Error> = broken().collect();
    let error = lines.unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Read, Some(10)));

    let lines: Result<Vec<Line>, Error> = lines::read(TEXT).collect();
    assert_eq!(lines.unwrap(), ["one", "two", "three", "four"]);
    let longest: Result<Option<usize>, Error> = lines::read(TEXT)
        .map(|line| line.map(|line| line.len()))
        .fold_ok(None, |most, len| most.max(Some(len)));
    assert_eq!(longest.unwrap(), Some(5));
}

#[test]
fn collect_stops_at_the_error_and_leaves_the_rest() {
    let mut lines = stalling();
    let first: Result<Vec<Line>, Error> = lines.by_ref().collect();
    assert_eq!(first.unwrap_err().kind(), ErrorKind::Read);
    let rest: Result<Vec<Line>, Error> = lines.collect();
    assert_eq!(rest.unwrap(), ["two", "three"]);
}

#[test]
fn sums_stop_at_an_error() {
    let bytes = |item: Result<Line, Error>| item.map(|line| line.len());
    assert_eq!(lines::read(TEXT).map(bytes).sum::<Result<usize, Error>>().unwrap(), 15);
    assert!(broken().map(bytes).sum::<Result<usize, Error>>().is_err());
}

#[test]
fn process_results_gives_plain_lines_to_any_adapter_and_the_error_at_the_end() {
    let initials = |lines: &mut dyn Iterator<Item = Line>| -> String {
        lines.filter_map(|line| line.to_str().ok()?.chars().next()).collect()
    };
    let good = process_results(lines::read(TEXT), |mut lines| initials(&mut lines));
    assert_eq!(good.unwrap(), "ottf");

    let mut seen = String::new();
    let result = process_results(broken(), |mut lines| seen = initials(&mut lines));
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(seen, "ot", "the lines before it were there");

    let counted = process_results(lines::read(TEXT), |lines| lines.dedup().count());
    assert_eq!(counted.unwrap(), 4);
}

#[test]
fn partition_keeps_both() {
    let (lines, errors): (Vec<_>, Vec<_>) = stalling().partition_result();
    assert_eq!(lines, ["one", "two", "three"]);
    assert_eq!(errors.len(), 1);
}

#[test]
fn try_for_each_passes_errors_on() {
    let job = |lines: &mut dyn Iterator<Item = Result<Line, Error>>| -> io::Result<usize> {
        let mut bytes = 0;
        for line in lines {
            bytes += line?.len();
        }
        Ok(bytes)
    };
    assert_eq!(job(&mut lines::read(TEXT)).unwrap(), 15);
    assert_eq!(job(&mut broken()).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    let long = job(&mut lines::read(TEXT).max_len(4)).unwrap_err();
    assert_eq!(long.kind(), io::ErrorKind::InvalidData);
    assert_eq!(job(&mut lines::read(TEXT).max_len(4).on_long(LongLine::Skip)).unwrap(), 10);
}

#[test]
fn an_error_at_the_end_hides_nothing_from_the_back() {
    let backward: Vec<_> = broken().rev().map(|item| item.map(|line| line.to_string())).collect();
    assert_eq!(backward.len(), 2);
    assert_eq!(backward[0].as_deref().unwrap(), "four");
    assert_eq!(backward[1].as_ref().unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(broken().last().unwrap().unwrap(), "four", "last reads from the end");
}
