//! One file after the other, each open only while its turn lasts.

use std::fs;

use headwater::{ErrorKind, Source, lines};

use super::{Files, shorts};
use crate::expect::texts;
use crate::support::contract::contract;
use crate::support::handles::open_below;
use crate::support::seen::Seen;

#[test]
fn files_come_in_their_order_whatever_their_format() {
    let files = Files::mixed();
    let expected = ["one", "two", "three", "", "four", "five", "half"];
    for block_size in [1, 2, 3, 64 << 10].map(|size| size.try_into().unwrap()) {
        assert_eq!(texts(files.lines().block_size(block_size)), expected);
    }
    let reversed: Vec<_> = files.paths.iter().rev().collect();
    assert_eq!(texts(lines::each(reversed)), ["five", "half", "three", "", "four", "one", "two"]);
}

#[test]
fn it_is_an_iterator_as_every_other() {
    let files = Files::mixed();
    contract(|| files.lines(), Seen::of);
    contract(|| files.lines().containing("o"), Seen::of);
}

#[test]
fn lines_know_their_file_and_their_place_in_it() {
    let files = Files::mixed();
    let mut places = Vec::new();
    let mut lines = files.lines();
    while let Some(line) = lines.next() {
        let line = line.unwrap();
        let name = line.path().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(lines.position().path(), line.path());
        places.push((name, line.offset(), line.is_complete()));
    }
    let expected = [
        ("app.log.3.gz", 0, true),
        ("app.log.3.gz", 4, true),
        ("app.log.2.zst", 0, true),
        ("app.log.2.zst", 6, true),
        ("app.log.2.zst", 7, true),
        ("app.log", 0, true),
        ("app.log", 5, false),
    ];
    assert_eq!(places, expected.map(|(name, offset, end)| (name.to_owned(), offset, end)));
}

#[test]
fn no_files_have_no_lines() {
    let mut lines = lines::each([""; 0]);
    let start = lines.position();
    assert!(lines.next().is_none() && lines.next().is_none());
    assert_eq!(lines.position(), start);
    lines.resume_at(start);
    assert!(lines.next().is_none());
    assert_eq!(lines.count(), 0);
    let empty = Files::new(&[("a.gz", ""), ("b.zst", ""), ("c", "")]);
    assert!(empty.lines().next().is_none());
}

#[test]
fn half_a_line_is_not_joined_with_the_next_file() {
    let files =
        Files::new(&[("a", "one\nhalf"), ("b.gz", "other"), ("c", "\nthird\r"), ("d", "\nlast")]);
    assert_eq!(texts(files.lines()), ["one", "half", "other", "", "third\r", "", "last"]);
    assert_eq!(files.lines().count(), 7);
}

#[test]
fn each_file_may_have_a_byte_order_mark() {
    let files = Files::new(&[("a", "\u{FEFF}one\n"), ("b.gz", "\u{FEFF}two\n\u{FEFF}three\n")]);
    assert_eq!(texts(files.lines()), ["one", "two", "\u{FEFF}three"]);
    assert_eq!(texts(files.lines().keep_bom()), ["\u{FEFF}one", "\u{FEFF}two", "\u{FEFF}three"]);
}

#[test]
fn the_same_file_may_come_twice() {
    let files = Files::new(&[("a", "one\ntwo\n"), ("b", "three\n")]);
    let [a, b] = [&files.paths[0], &files.paths[1]];
    let open = || lines::each([a, a, b, a]);
    let expected = ["one", "two", "one", "two", "three", "one", "two"];
    assert_eq!(texts(open()), expected);
    let mut lines = open();
    for done in 0..=expected.len() {
        let rest = texts(open().from(lines.position()));
        assert_eq!(rest, expected[done..], "after {done}");
        lines.next();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_file_is_open_at_a_time() {
    let long = "a line that is long enough\n".repeat(20);
    let files = Files::new(&[("a", &long), ("b.gz", &long), ("c", ""), ("d.zst", &long)]);
    let folder = files.folder.path();
    let mut lines = files.lines().block_size(64.try_into().unwrap());
    assert_eq!(open_below(folder), 0, "none before the first pull");
    let mut given = 0;
    for line in lines.by_ref() {
        line.unwrap();
        given += 1;
        let open = open_below(folder);
        assert!(open <= 1, "{open} files are open at line {given}");
        assert!(given % 20 != 1 || open == 1, "line {given} is the first of its file");
    }
    assert_eq!((given, open_below(folder)), (60, 0));
}

#[test]
fn a_file_is_opened_when_its_turn_comes() {
    let files = Files::new(&[("a", "one\n"), ("b", "two\n"), ("c", "three\n")]);
    fs::remove_file(files.path("b")).unwrap();
    let mut lines = files.lines();
    assert_eq!(lines.next().unwrap().unwrap(), "one");
    files.write("b", "zwei\n");
    fs::remove_file(files.path("a")).unwrap();
    assert_eq!(shorts(lines), ["zwei", "three"]);
}

#[test]
fn building_it_opens_nothing() {
    let mut lines = lines::each(["there", "is", "none"]).max_len(5).keep_ends();
    assert_eq!(lines.position().path(), Some("there".as_ref()));
    assert_eq!(lines.bytes_read(), 0);
    assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Open);
}

#[test]
fn what_is_read_is_counted_over_all_files() {
    let files = Files::mixed();
    let stored: u64 = files.paths.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    let mut lines = files.lines();
    assert_eq!(lines.by_ref().count(), 7);
    assert_eq!(lines.bytes_read(), stored);
}

#[test]
fn searches_go_through_all_files() {
    let files = Files::mixed();
    assert_eq!(texts(files.lines().containing("f")), ["four", "five", "half"]);
    assert_eq!(texts(files.lines().containing("")).len(), 7);
    #[cfg(feature = "regex")]
    {
        let regex = regex::bytes::Regex::new("^t|^$").unwrap();
        assert_eq!(texts(files.lines().matching(&regex)), ["two", "three", ""]);
    }
}
