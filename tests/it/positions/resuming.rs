//! Going to a position: after errors, after the end, where there is no way back.

use std::cell::Cell;
use std::fs;
use std::io;
use std::rc::Rc;

use headwater::lines::{self, LongLine, Position};
use headwater::{ErrorKind, Source};

use crate::expect::{broken, lines_in, texts};
use crate::support::hostile::{Failing, Scripted};

const TEXT: &[u8] = b"one\ntwo\nthree\nfour\n";

fn is_unseekable(lines: lines::Lines<lines::Read<&[u8]>>, from: u64, to: u64) {
    let (good, error) = broken(lines);
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Unseekable, Some(from)));
    assert_eq!(error.to_string(), format!("cannot go back from byte {from} to byte {to}"));
}

#[test]
fn a_reader_can_not_go_back() {
    let mut lines = lines::read(TEXT);
    let start = lines.position();
    lines.nth(1).unwrap().unwrap();
    lines.resume_at(start);
    is_unseekable(lines, 8, 0);

    let mut lines = lines::read(TEXT);
    assert_eq!(lines.by_ref().count(), 4);
    lines.resume_at(Position::from(18));
    is_unseekable(lines, 19, 18);
}

#[test]
fn a_reader_stays_where_it_is() {
    for taken in 0..=4 {
        let mut lines = lines::read(TEXT);
        assert_eq!(lines.by_ref().take(taken).count(), taken);
        let here = lines.position();
        lines.resume_at(here);
        assert_eq!(texts(lines), lines_in(TEXT)[taken..], "{taken}");
    }
}

#[test]
fn a_reader_goes_forward() {
    for block_size in [1, 3, 64 << 10].map(|size| size.try_into().unwrap()) {
        let open = || lines::read(TEXT).block_size(block_size);
        for (from, rest) in [
            (0, "one\ntwo\nthree\nfour"),
            (4, "two\nthree\nfour"),
            (9, "hree\nfour"),
            (14, "four"),
            (19, ""),
        ] {
            assert_eq!(texts(open().from(from)).join(&b'\n'), rest.as_bytes(), "{from}");
        }
    }
    let mut lines = lines::read(TEXT).block_size(2.try_into().unwrap());
    lines.next().unwrap().unwrap();
    lines.resume_at(Position::from(14));
    assert_eq!(lines.position().offset(), 14);
    let last = lines.next().unwrap().unwrap();
    assert_eq!((last.to_str().unwrap(), last.offset()), ("four", 14));
    assert!(lines.next().is_none());
}

#[test]
fn a_reader_goes_forward_within_what_it_has_read() {
    for (from, rest) in [(8, "three\nfour"), (9, "hree\nfour"), (14, "four"), (19, "")] {
        let mut lines = lines::read(TEXT);
        lines.next().unwrap().unwrap();
        lines.resume_at(Position::from(from));
        assert_eq!(lines.position().offset(), from);
        assert_eq!(texts(lines).join(&b'\n'), rest.as_bytes(), "{from}");
    }
}

#[test]
fn half_a_line_that_has_come_can_be_passed_over() {
    let script = [Ok("one\ntw"), Err(io::ErrorKind::TimedOut), Ok("o\nthree\n")];
    let mut lines = lines::read(Scripted::new(script));
    lines.next().unwrap().unwrap();
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
    assert_eq!(lines.position().offset(), 4, "half a line was not delivered");
    lines.resume_at(Position::from(8));
    assert_eq!(texts(lines), ["three"]);
}

#[test]
fn only_the_last_place_gone_to_counts() {
    let mut lines = lines::read(TEXT).block_size(2.try_into().unwrap());
    lines.next().unwrap().unwrap();
    lines.resume_at(Position::from(0));
    lines.resume_at(Position::from(14));
    assert_eq!(texts(lines), ["four"]);

    let mut lines = lines::random_access(|| Ok(TEXT));
    lines.resume_at(Position::from(100));
    lines.resume_at(Position::from(8));
    assert_eq!(texts(lines), ["three", "four"]);
}

#[cfg(feature = "compression")]
#[test]
fn only_the_last_place_gone_to_counts_among_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, TEXT).unwrap();
    let foreign = folder.path().join("foreign.log");
    fs::write(&foreign, TEXT).unwrap();
    let elsewhere = headwater::lines(&foreign).unwrap().position();

    let mut lines = lines::each([&path]);
    lines.next().unwrap().unwrap();
    let here = lines.position();
    lines.resume_at(elsewhere.clone());
    lines.resume_at(here);
    assert_eq!(texts(lines), ["two", "three", "four"]);

    let mut lines = lines::each([&path]);
    lines.resume_at(elsewhere);
    lines.resume_at(Position::from(4));
    assert_eq!(texts(lines), ["two", "three", "four"]);
}

#[test]
fn an_error_leaves_the_position_behind_the_last_line() {
    for at in 0..TEXT.len() {
        let reader =
            Failing::new(TEXT, at, io::ErrorKind::ConnectionReset, Failing::<&[u8]>::FOR_EVER);
        let mut lines = lines::read(reader).block_size(3.try_into().unwrap());
        let good = lines.by_ref().take_while(Result::is_ok).count();
        let whole: usize =
            TEXT.split_inclusive(|&byte| byte == b'\n').take(good).map(<[u8]>::len).sum();
        assert_eq!(lines.position().offset(), whole as u64, "failing at {at}");
        assert!(lines.next().is_none());
        assert_eq!(lines.position().offset(), whole as u64, "failing at {at}, and over");
    }
}

#[test]
fn after_a_fatal_error_it_opens_again_and_gives_the_rest() {
    for at in 0..TEXT.len() {
        for block_size in [1, 5, 64 << 10].map(|size| size.try_into().unwrap()) {
            let opened = Rc::new(Cell::new(0));
            let count = Rc::clone(&opened);
            let open = move || {
                count.set(count.get() + 1);
                let times = if count.get() == 1 { Failing::<&[u8]>::FOR_EVER } else { 0 };
                Ok(Failing::new(TEXT, at, io::ErrorKind::NetworkDown, times))
            };
            let mut lines = lines::random_access(open).block_size(block_size);
            let mut given = Vec::new();
            let error = loop {
                match lines.next().expect("an error") {
                    Ok(line) => given.push(line.into_owned()),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::Read);
            assert!(error.is_transient());
            assert!(lines.next().is_none(), "an error is given once");
            assert_eq!(opened.get(), 1);

            let noted = lines.position();
            lines.resume_at(noted);
            assert_eq!(opened.get(), 1, "it opens when it is pulled");
            given.extend(texts(lines));
            assert_eq!(opened.get(), 2);
            assert_eq!(given, lines_in(TEXT), "failing at {at}");
        }
    }
}

#[test]
fn after_an_error_of_opening_it_opens_again() {
    let broken_times = Cell::new(2);
    let mut lines = lines::random_access(|| match broken_times.get() {
        0 => Ok(TEXT),
        left => {
            broken_times.set(left - 1);
            Err(io::ErrorKind::ConnectionRefused.into())
        }
    });
    for _ in 0..2 {
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Open);
        assert!(lines.next().is_none());
        let noted = lines.position();
        lines.resume_at(noted);
    }
    assert_eq!(texts(lines), lines_in(TEXT));
}

#[test]
fn after_the_end_it_goes_on_anywhere() {
    let mut lines = lines::random_access(|| Ok(TEXT));
    let start = lines.position();
    for _ in 0..3 {
        assert_eq!(texts(lines.by_ref()), lines_in(TEXT));
        let end = lines.position();
        lines.resume_at(end);
        assert!(lines.next().is_none());
        lines.resume_at(start.clone());
    }
}

#[test]
fn a_line_that_is_too_long_can_be_gone_around() {
    let open = || lines::random_access(|| Ok(TEXT)).max_len(4).block_size(2.try_into().unwrap());
    let mut lines = open();
    lines.nth(1).unwrap().unwrap();
    let error = lines.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(8)));
    let noted = lines.position();
    assert_eq!(noted.offset(), 8, "it was not delivered");
    lines.resume_at(noted.clone());
    assert_eq!(lines.next().unwrap().unwrap_err().offset(), Some(8), "it is still there");
    let skipping = open().on_long(LongLine::Skip).from(noted);
    assert_eq!(texts(skipping), ["four"]);
}

#[test]
fn a_line_that_is_too_long_can_be_gone_around_from_the_back() {
    let open = || lines::random_access(|| Ok(TEXT)).max_len(4).block_size(2.try_into().unwrap());
    let mut lines = open();
    assert_eq!(lines.next_back().unwrap().unwrap(), "four");
    assert_eq!(lines.next_back().unwrap().unwrap_err().offset(), Some(8));
    let noted = lines.position();
    assert_eq!((noted.offset(), noted.back()), (0, Some(14)), "it was not delivered");
    lines.resume_at(noted.clone());
    assert_eq!(lines.next_back().unwrap().unwrap_err().offset(), Some(8), "it is still there");
    let skipping = open().on_long(LongLine::Skip).from(noted);
    assert_eq!(texts(skipping.rev()), ["two", "one"]);
}

#[test]
fn a_position_beyond_what_a_reader_gives_is_an_error() {
    let (good, error) = broken(lines::read(TEXT).from(100));
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(19)));
    assert_eq!(error.to_string(), "ends at byte 19, before byte 100");
}

#[test]
fn a_position_beyond_the_end_is_one_at_the_end_too() {
    let mut lines = lines::read(TEXT);
    assert_eq!(lines.by_ref().count(), 4);
    lines.resume_at(Position::from(100));
    let (good, error) = broken(lines);
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(19)));
}

#[test]
fn files_are_opened_again_after_they_were_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, TEXT).unwrap();
    let mut lines = headwater::lines(&path).unwrap();
    lines.next().unwrap().unwrap();
    let noted = lines.position();
    lines.next().unwrap().unwrap();
    lines.resume_at(noted.clone());
    let away = folder.path().join("away.log");
    fs::rename(&path, &away).unwrap();
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Open);
    assert!(lines.next().is_none());
    fs::rename(&away, &path).unwrap();
    lines.resume_at(noted);
    assert_eq!(texts(lines), ["two", "three", "four"]);
}
