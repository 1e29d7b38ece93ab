//! Shares: however many take one each, every line is in exactly one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::num::NonZeroUsize;

use headwater::lines::{LongLine, Position, ReadAt};
use headwater::{Error, ErrorKind, Line, Source, lines};
use proptest::collection::vec;
use proptest::sample::select;

use crate::support::caught::panic_of;
use crate::support::data::Data;
use crate::support::demand::Demand;
use crate::support::hostile::{Failing, FailingCall};
use crate::support::inputs;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::panics::never_opened;
use crate::support::property::check;
use crate::support::resume::{resume_law, resume_law_of_both_ends};
use crate::support::seen::Seen;

fn size(bytes: usize) -> NonZeroUsize {
    NonZeroUsize::new(bytes).unwrap()
}

fn seen(lines: impl Iterator<Item = Result<Line, Error>>) -> Vec<Seen> {
    lines.map(Seen::of).collect()
}

/// Holds that the shares of each number, one after the other, are the lines.
macro_rules! are_shares {
    ($open:expr, $expected:expr, $context:expr) => {
        for count in 1..=20 {
            let shares = (0..count).map(|index| $open.share(index, count).unwrap());
            let forward: Vec<Seen> = shares.flat_map(seen).collect();
            assert_eq!(forward, $expected, "{count} shares, {}", $context);
            let shares = (0..count).rev().map(|index| $open.share(index, count).unwrap().rev());
            let mut backward: Vec<Seen> = shares.flat_map(seen).collect();
            backward.reverse();
            assert_eq!(backward, $expected, "{count} shares backward, {}", $context);
        }
    };
}

#[test]
fn shares_of_any_number_are_the_lines() {
    let new = Options::NEW;
    let skip = new.limit(4, LongLine::Skip).blocks_of(2);
    let cut = new.limit(4, LongLine::Truncate).blocks_of(3);
    for (name, bytes) in inputs::small() {
        let data = Data::new(&bytes);
        for options in [new, new.blocks_of(1), Options { delimiter: 0, ..new }, skip, cut] {
            let context = format!("{name}, {options:?}");
            let expected: Vec<Seen> = Oracle::new(&bytes, &options).collect();
            let storage = || options.set(lines::random_access(|| Ok(&bytes[..])));
            are_shares!(storage(), expected, context);
            are_shares!(options.set(lines(data.plain()).unwrap()), expected, context);
        }
    }
}

#[test]
fn shares_of_shares_and_of_ranges_are_theirs() {
    let log = b"one\n\ntwo\r\nthree and more\n\n\nfour\nfive";
    let open = || lines::random_access(|| Ok(&log[..])).block_size(size(3));
    for range in [0..40, 0..7, 5..25, 6..7, 9..9, 30..1000, 50..60] {
        let expected = seen(open().range(range.clone()));
        are_shares!(open().range(range.clone()), expected, format!("{range:?}"));
        for outer in 0..3 {
            let expected = seen(open().range(range.clone()).share(outer, 3).unwrap());
            let nested = || open().range(range.clone()).share(outer, 3).unwrap();
            are_shares!(nested(), expected, format!("{outer} of 3 of {range:?}"));
        }
    }
}

#[test]
fn what_begins_at_an_offset_is_divided_too() {
    let log = b"one\n\ntwo\r\nthree and more\n\n\nfour\nfive";
    for at in 0..=log.len() as u64 {
        let open = || lines::random_access(|| Ok(&log[..])).block_size(size(3)).from(at);
        // Also within a line, whose rest is in one share alone.
        are_shares!(open(), seen(open()), format!("from {at} on"));
        are_shares!(open().range(..20), seen(open().range(..20)), format!("from {at} to 20"));
    }
}

#[test]
fn random_shares_of_random_bytes_are_the_lines() {
    let values = (vec(select(b"\n\n\rab\0\xEF\xBB\xBF"), 0..60), 1..9_usize, 1..100_usize);
    check(400, &values, |(bytes, block, count)| {
        let options = Options::NEW.blocks_of(block);
        let open = || options.set(lines::random_access(|| Ok(&bytes[..])));
        let shares = (0..count).flat_map(|index| seen(open().share(index, count).unwrap()));
        assert!(shares.eq(Oracle::new(&bytes, &options)));
    });
}

#[test]
fn a_share_is_gone_on_in() {
    let log = b"one\n\ntwo\r\nthree and more\n\n\nfour\nfive";
    for index in 0..4 {
        let open =
            || lines::random_access(|| Ok(&log[..])).block_size(size(3)).share(index, 4).unwrap();
        resume_law(open);
        resume_law_of_both_ends(open);
        let mut share = open();
        share.next();
        // The position knows where the share ends.
        let rest = seen(lines::random_access(|| Ok(&log[..])).from(share.position()));
        assert_eq!(seen(share), rest);
    }
}

#[test]
fn shares_of_a_file_that_grows_are_those_of_the_length_that_was_agreed_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\nthree\n").unwrap();
    let len = fs::metadata(&path).unwrap().len();
    let mut given = Vec::new();
    for index in 0..3 {
        given.extend(seen(lines(&path).unwrap().range(..len).share(index, 3).unwrap()));
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"later\n").unwrap();
    }
    assert!(given.into_iter().eq(Oracle::new(b"one\ntwo\nthree\n", &Options::NEW)));
    // What is written after a share was taken is not in it.
    let last = lines(&path).unwrap().share(1, 2).unwrap();
    let expected = seen(lines(&path).unwrap().share(1, 2).unwrap());
    OpenOptions::new().append(true).open(&path).unwrap().write_all(b"later\n").unwrap();
    assert_eq!(seen(last), expected);
}

#[test]
fn a_line_of_many_shares_is_not_read_by_each() {
    let len = 1 << 20;
    let mut log = vec![b'a'; len];
    log[len / 4] = b'\n';
    for policy in [LongLine::Error, LongLine::Skip] {
        let (demand, mut counted, mut given) = (Demand::default(), 0, 0_u64);
        for index in 0..100 {
            let lines = lines::random_access(|| Ok(demand.watch(&log[..]))).block_size(size(4096));
            let limit = if policy == LongLine::Skip { 10_000 } else { 16 << 20 };
            let lines = lines.max_len(limit).on_long(policy);
            let mut share = lines.share(index, 100).unwrap();
            given += share.by_ref().map(Result::unwrap).count() as u64 + share.long_lines();
            counted += usize::try_from(share.bytes_read()).unwrap();
        }
        assert_eq!(given, 2, "{policy:?}");
        // Once to find its end, in all less than three times to read it into buffers that grow, once
        // by those that look for their first line; a little to tell which file it is.
        assert!(demand.total() < 5 * len, "{policy:?}: {} bytes", demand.total());
        assert!(counted <= demand.total(), "{counted}");
    }
}

#[test]
fn a_share_that_is_none_panics_before_anything_is_opened() {
    for (index, count) in [(0, 0), (1, 1), (7, 3), (usize::MAX, usize::MAX)] {
        let message = panic_of(|| lines::random_access(never_opened).share(index, count));
        assert_eq!(message, format!("share {index} of {count} is none: they count from 0"));
    }
}

#[test]
fn what_has_no_length_has_no_shares() {
    let closed = || Err::<&[u8], _>(io::ErrorKind::PermissionDenied.into());
    let error = lines::random_access(closed).share(0, 2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Open);
    let fails = || Ok(FailingCall::new(&b"one\n"[..], 0, io::ErrorKind::Other));
    let error = lines::random_access(fails).share(0, 2).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Read, Some(0)));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\n").unwrap();
    let log = lines(&path).unwrap();
    fs::remove_file(&path).unwrap();
    // What is open already needs no name.
    assert_eq!(log.share(0, 1).unwrap().count(), 2);
}

/// Says that it is as long as it is told, and can't be read.
#[derive(Clone, Copy)]
struct Long(u64);

impl ReadAt for Long {
    fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
        Err(io::ErrorKind::Other.into())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0)
    }
}

#[test]
fn the_longest_files_are_divided_into_the_most_shares() {
    for len in [1, 1000, u64::MAX - 1, u64::MAX] {
        for count in [1, 3, 1 << 40, usize::MAX] {
            let bounds = |index| {
                let share = lines::random_access(|| Ok(Long(len))).share(index, count).unwrap();
                let position: Position = share.position();
                (position.offset(), position.back().unwrap_or(u64::MAX))
            };
            assert_eq!(bounds(0).0, 0);
            assert_eq!(bounds(count - 1).1, len, "{len} {count}");
            let part = u128::from(len).div_ceil(count as u128);
            for index in [0, 1, count / 2, count.saturating_sub(2)]
                .into_iter()
                .filter(|index| index + 1 < count)
            {
                let (share, next) = (bounds(index), bounds(index + 1));
                assert_eq!(share.1, next.0, "{len} {count} {index}");
                assert!(u128::from(share.1 - share.0) <= part, "{len} {count} {index}");
            }
        }
    }
}

/// Goes on after each error, and gives all lines.
fn persistent<S>(mut lines: S) -> Vec<Seen>
where
    S: Iterator<Item = Result<Line, Error>> + Source<Position = Position>,
{
    let mut given = Vec::new();
    for failures in 0..100 {
        match lines.next().map(Seen::of) {
            None => return given,
            Some(Seen::Error { .. }) => {
                assert!(failures < 99, "it does not get on");
                let noted = lines.position();
                lines.resume_at(noted);
            }
            Some(line) => given.push(line),
        }
    }
    panic!("it does not end");
}

#[test]
fn the_good_lines_come_before_one_that_ends_beyond_the_share_and_can_not_be_read() {
    let log = b"one\ntwo\nthree\nfour, which is long\nfive\n";
    for block in [1, 2, 5, 64 << 10] {
        for at in 0..log.len() {
            let storage = move || Ok(Failing::new(&log[..], at, io::ErrorKind::Other, usize::MAX));
            let open = || lines::random_access(storage).block_size(size(block)).range(..20);
            let readable = log[..at].split(|&byte| byte == b'\n').count().min(5) - 1;
            let given = seen(open());
            let lines = Oracle::new(log, &Options::NEW).take(readable);
            assert!(given.iter().take(readable).cloned().eq(lines), "{given:?} {at}");
            let error = Seen::Error { kind: ErrorKind::Read, offset: Some(at as u64) };
            let expected = if at < 34 { &[error][..] } else { &[] };
            assert_eq!(&given[readable..], expected, "a fault at {at}, blocks of {block}");

            // The fault passes; what is gone on with is what is left of the share, wherever.
            let lines: Vec<Seen> = Oracle::new(log, &Options::NEW).take(4).collect();
            let passing = move || Ok(Failing::new(&log[..], at, io::ErrorKind::Other, 1));
            let mut share = lines::random_access(passing).block_size(size(block)).range(..20);
            let given: Vec<_> =
                share.by_ref().map_while(Result::ok).map(|l| Seen::of(Ok(l))).collect();
            assert_eq!(given, lines[..given.len()]);
            let rest = lines::random_access(|| Ok(&log[..])).from(share.position());
            assert_eq!(seen(rest), lines[given.len()..], "a fault at {at}, blocks of {block}");
        }
    }
}

#[test]
fn a_share_whose_calls_fail_is_gone_on_with() {
    let log = b"one\n\ntwo\r\nthree and more\n\n\nfour\nfive";
    for index in 0..3 {
        let open = |call| {
            let mut calls = Some(call);
            let lines = lines::random_access(move || {
                let call = calls.take().unwrap_or(usize::MAX / 2);
                Ok(FailingCall::new(&log[..], call, io::ErrorKind::TimedOut))
            });
            lines.block_size(size(4)).share(index, 3).unwrap()
        };
        let expected = seen(open(usize::MAX / 2));
        for call in 1..40 {
            assert_eq!(persistent(open(call)), expected, "call {call} of share {index}");
        }
    }
}

#[test]
fn a_share_reads_little_beyond_itself() {
    let log = b"0123456789abcde\n".repeat(1 << 16);
    let (demand, count) = (Demand::default(), 64);
    for index in 0..count {
        let lines = lines::random_access(|| Ok(demand.watch(&log[..])));
        assert_eq!(lines.share(index, count).unwrap().count(), (1 << 16) / count);
    }
    // Its first and its last line are looked for in 4 KiB each, and 1 KiB tells which file it is.
    assert!(demand.total() <= log.len() + count * (9 << 10), "{} bytes", demand.total());
}

#[test]
fn a_share_is_of_the_file_that_was_measured_whatever_takes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "one\ntwo\nthree\nfour\n").unwrap();
    let share = |index| headwater::lines(&path).unwrap().share(index, 2).unwrap();
    let (first, second) = (share(0), share(1));
    fs::rename(&path, folder.path().join("app.log.1")).unwrap();
    fs::write(&path, "another\nfile\n").unwrap();
    let texts: Vec<_> = first.chain(second).map(|line| line.unwrap().to_string()).collect();
    assert_eq!(texts, ["one", "two", "three", "four"]);
}
