//! Fail once: the good lines in order, then the error, with all released in that same call, then
//! nothing. What is no error for good goes on; what is no error at all never shows.

use std::io;
use std::iter;
use std::num::{NonZeroU32, NonZeroUsize};

use headwater::lines::ReadAt;
use headwater::{Error, ErrorKind, Line, lines};

use crate::support::handles::Handles;
use crate::support::hostile::{Boasting, Brittle, Failing, Interrupted, Scripted, Trickling};
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::random::Random;
use crate::support::seen::Seen;

const LOG: &[u8] = b"one\n\nthree 3\r\nfour and some more\nf\0ve\nsix\r\nseven, no end";
const SIZES: [usize; 5] = [1, 2, 3, 16, 64 << 10];

fn size(bytes: usize) -> NonZeroUsize {
    NonZeroUsize::new(bytes).unwrap()
}

/// The lines that end before byte `end`.
fn lines_before(end: usize) -> Vec<Seen> {
    let end = LOG[..end].iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1);
    Oracle::new(&LOG[..end], &Options::NEW).collect()
}

/// The lines that are sure to begin behind byte `at`, from the last on.
fn lines_behind(at: usize) -> Vec<Seen> {
    // The byte before a line, which ends another, has to be read too.
    let begins_behind =
        |line: &Seen| matches!(line, Seen::Line { offset, .. } if *offset > at as u64 + 1);
    Oracle::new(LOG, &Options::NEW).rev().filter(begins_behind).collect()
}

fn failure(at: usize) -> Seen {
    Seen::Error { kind: ErrorKind::Read, offset: Some(at as u64) }
}

/// Pulls the good lines, the error, and nothing; all handles are gone with the error.
fn fails_once(
    pull: &mut dyn FnMut() -> Option<Result<Line, Error>>,
    good: &[Seen],
    error: &Seen,
    handles: &Handles,
    context: &str,
) {
    for expected in good {
        assert_eq!(pull().map(Seen::of).as_ref(), Some(expected), "{context}");
    }
    assert_eq!(pull().map(Seen::of).as_ref(), Some(error), "{context}");
    assert_eq!(handles.live(), 0, "{context}: it is still open after the error");
    for _ in 0..3 {
        assert!(pull().is_none(), "{context}: it goes on after the error");
    }
}

#[test]
fn a_reader_that_fails_at_any_byte_fails_once() {
    let kinds = [io::ErrorKind::Other, io::ErrorKind::ConnectionReset, io::ErrorKind::InvalidData];
    for (at, kind) in (0..=LOG.len()).flat_map(|at| kinds.map(|kind| (at, kind))) {
        for block in SIZES {
            let context = format!("{kind:?} at byte {at}, blocks of {block}");
            let (handles, good, error) = (Handles::default(), lines_before(at), failure(at));
            let reader = || {
                let reader = Failing::new(LOG, at, kind, Failing::<&[u8]>::FOR_EVER);
                handles.handle(Trickling::new(reader, 9, at as u64))
            };
            let mut lines = lines::read(reader()).block_size(size(block));
            fails_once(&mut || lines.next(), &good, &error, &handles, &context);
            assert_eq!(lines.count(), 0, "{context}");

            let mut ahead = lines::read(reader()).block_size(size(block)).read_ahead(size(1));
            let context = format!("{context}, read ahead");
            fails_once(&mut || ahead.next(), &good, &error, &handles, &context);
        }
    }
}

#[test]
fn an_error_keeps_its_cause() {
    let mut lines = lines::read(Failing::new(LOG, 2, io::ErrorKind::ConnectionReset, 1));
    let error = lines.next().unwrap().unwrap_err();
    assert!(error.is_transient());
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(cause.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn a_storage_that_fails_at_any_byte_fails_once() {
    for (at, block) in (0..LOG.len()).flat_map(|at| SIZES.map(|block| (at, block))) {
        let context = format!("byte {at}, blocks of {block}");
        let (handles, error) = (Handles::default(), failure(at));
        let (before, behind) = (lines_before(at), lines_behind(at));
        let counted = handles.clone();
        let open = move || {
            let storage = Failing::new(LOG, at, io::ErrorKind::Other, Failing::<&[u8]>::FOR_EVER);
            Ok(counted.handle(Trickling::new(storage, 9, at as u64)))
        };
        let lines = || lines::random_access(open.clone()).block_size(size(block));
        let ahead = || lines().read_ahead(size(2));

        let fails = |pull: &mut dyn FnMut() -> _, good: &[Seen], way: &str| {
            fails_once(pull, good, &error, &handles, &format!("{way}, {context}"));
        };
        let (mut front, mut back, mut found) = (lines(), lines().rev(), lines().containing(""));
        fails(&mut || front.next(), &before, "forward");
        fails(&mut || back.next(), &behind, "backward");
        fails(&mut || found.next(), &before, "containing");
        fails_from_either_end(lines(), &before, &behind, at, &handles);

        // A thread hands over each block, which takes time if they are many.
        if block > 3 {
            let (mut front, mut back) = (ahead(), ahead().rev());
            fails(&mut || front.next(), &before, "forward, read ahead");
            fails(&mut || back.next(), &behind, "backward, read ahead");
            fails_from_either_end(ahead(), &before, &behind, at, &handles);
        }
    }
}

/// Pulls at both ends in a random order: each gives its good lines, until one gives the error.
fn fails_from_either_end(
    mut lines: impl DoubleEndedIterator<Item = Result<Line, Error>>,
    before: &[Seen],
    behind: &[Seen],
    at: usize,
    handles: &Handles,
) {
    let (mut before, mut behind) = (before.iter(), behind.iter());
    let mut random = Random::new(at as u64);
    loop {
        let front = random.coin();
        let item = if front { lines.next() } else { lines.next_back() };
        let good = if front { before.next() } else { behind.next() };
        match item.map(Seen::of) {
            Some(item) if item.text().is_some() => assert_eq!(Some(&item), good, "byte {at}"),
            item => {
                assert_eq!(item, Some(failure(at)));
                assert_eq!(handles.live(), 0, "byte {at}: it is still open after the error");
                assert_eq!(good, None, "good lines come before the error at byte {at}");
                break;
            }
        }
    }
    assert!(lines.next().is_none() && lines.next_back().is_none(), "it goes on: byte {at}");
}

/// How many of the good lines come depends on where the reads begin, but not which.
#[test]
fn a_storage_whose_reads_fail_as_a_whole_fails_once() {
    for (at, block) in (0..LOG.len()).flat_map(|at| SIZES.map(|block| (at, block))) {
        let handles = Handles::default();
        let (before, behind) = (lines_before(at), lines_behind(at));
        let open = || Ok(handles.handle(Brittle::new(LOG, at)));
        let lines = || lines::random_access(open).block_size(size(block));
        for (way, good) in [("forward", before), ("backward", behind)] {
            let context = format!("{way}, byte {at}, blocks of {block}");
            let mut source = lines();
            let mut pull = || if way == "forward" { source.next() } else { source.next_back() };
            let all = good.len();
            let mut good = good.into_iter();
            let error = loop {
                match pull().unwrap() {
                    Ok(line) => assert_eq!(Some(Seen::of(Ok(line))), good.next(), "{context}"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::Read, "{context}");
            let some = way == "backward" && at < LOG.len() / 2;
            assert!(!some || good.len() < all, "{context}: a bad byte hides what is far behind it");
            assert_eq!(handles.live(), 0, "{context}: it is still open after the error");
            assert!(pull().is_none(), "{context}: it goes on after the error");
        }
    }
}

#[test]
fn a_reader_that_stalls_at_any_byte_goes_on() {
    let all: Vec<Seen> = Oracle::new(LOG, &Options::NEW).collect();
    for kind in [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock] {
        for (at, block) in (0..=LOG.len()).flat_map(|at| SIZES.map(|block| (at, block))) {
            for times in [1, 3] {
                let good = lines_before(at);
                let errors = iter::repeat_n(failure(at), times);
                let rest = all[good.len()..].iter().cloned();
                let expected: Vec<Seen> = good.iter().cloned().chain(errors).chain(rest).collect();

                let reader = || Failing::new(LOG, at, kind, times);
                let lines = || lines::read(reader()).block_size(size(block));
                let context = format!("{kind:?} {times} times at byte {at}, blocks of {block}");
                let given: Vec<Seen> = lines().map(Seen::of).collect();
                assert_eq!(given, expected, "{context}");
                let ahead: Vec<Seen> = lines().read_ahead(size(1)).map(Seen::of).collect();
                assert_eq!(ahead, expected, "{context}, read ahead");
                let found: Vec<Seen> = lines().containing("").map(Seen::of).collect();
                assert_eq!(found, expected, "{context}, containing");
            }
        }
    }
}

#[test]
fn half_a_line_is_kept_over_a_timeout() {
    let script = [Ok("aaa\nhel"), Err(io::ErrorKind::TimedOut), Ok("lo\nbbb\n")];
    let lines = lines::read(Scripted::new(script));
    let texts: Vec<Result<String, ErrorKind>> =
        lines.map(|line| line.map(|line| line.to_string()).map_err(|error| error.kind())).collect();
    let [aaa, hello, bbb] = ["aaa", "hello", "bbb"].map(|text| Ok(text.to_owned()));
    assert_eq!(texts, [aaa, Err(ErrorKind::Read), hello, bbb]);
}

#[test]
fn a_reader_that_only_stalls_fails_in_the_end() {
    let three = NonZeroU32::new(3).unwrap();
    let handles = Handles::default();
    let reader = || {
        let reader = Failing::new(LOG, 9, io::ErrorKind::TimedOut, Failing::<&[u8]>::FOR_EVER);
        lines::read(handles.handle(reader))
    };
    let mut lines = reader().max_stalls(three);
    let good = [lines_before(9), vec![failure(9), failure(9)]].concat();
    fails_once(&mut || lines.next(), &good, &failure(9), &handles, "three stalls");
    assert_eq!(reader().filter(Result::is_err).count(), 100, "the default");
}

#[test]
fn stalls_with_progress_between_them_never_end_a_reader() {
    let stalls = iter::repeat_n([Ok("x"), Err(io::ErrorKind::TimedOut)], 250);
    let mut script: Vec<_> = stalls.flatten().collect();
    script.push(Ok("\nend\n"));
    let lines = lines::read(Scripted::new(script));
    let good: Vec<_> = lines.filter_map(Result::ok).map(|line| line.len()).collect();
    assert_eq!(good, [250, 3]);
}

#[test]
fn interruptions_never_show() {
    let all: Vec<Seen> = Oracle::new(LOG, &Options::NEW).collect();
    for block in SIZES {
        let reader = || Interrupted::new(Trickling::new(LOG, 4, 1));
        let read: Vec<Seen> = lines::read(reader()).block_size(size(block)).map(Seen::of).collect();
        assert_eq!(read, all, "blocks of {block}");
        let open = || Ok(Interrupted::new(Trickling::new(LOG, 4, 1)));
        let lines = || lines::random_access(open).block_size(size(block));
        assert_eq!(lines().map(Seen::of).collect::<Vec<_>>(), all, "blocks of {block}");
        let mut backward: Vec<Seen> = lines().rev().map(Seen::of).collect();
        backward.reverse();
        assert_eq!(backward, all, "blocks of {block}, backward");
    }
}

#[test]
fn a_reader_that_boasts_fails_once() {
    let handles = Handles::default();
    let mut lines = lines::read(handles.handle(Boasting(LOG)));
    fails_once(&mut || lines.next(), &[], &failure(0), &handles, "reader");
}

#[test]
fn a_storage_that_boasts_fails_once() {
    let handles = Handles::default();
    let open = || Ok(handles.handle(Boasting(LOG)));
    let mut lines = lines::random_access(open);
    fails_once(&mut || lines.next(), &[], &failure(0), &handles, "storage");

    // Which of the bytes it looked at last, from the back, is all the same.
    let mut lines = lines::random_access(open).rev();
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(handles.live(), 0);
    assert!(lines.next().is_none());
}

#[test]
fn a_storage_without_a_length_fails_once() {
    struct Sizeless;

    impl ReadAt for Sizeless {
        fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
            Ok(0)
        }

        fn size(&self) -> io::Result<u64> {
            Err(io::ErrorKind::Other.into())
        }
    }

    let handles = Handles::default();
    let mut lines = lines::random_access(|| Ok(handles.handle(Sizeless)));
    fails_once(&mut || lines.next(), &[], &failure(0), &handles, "no length");
}
