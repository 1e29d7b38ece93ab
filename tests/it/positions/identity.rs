//! Going on in a file that is, or is not, the one that a position was taken in.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use bstr::BString;
use headwater::lines::Position;
use headwater::{Error, ErrorKind, Line, Source};

use crate::expect::{broken, texts};

/// The ways of opening a file that have a position in it.
const WAYS: &[(&str, Open)] = &[
    ("lines", |path| Box::new(headwater::lines(path).unwrap())),
    #[cfg(feature = "compression")]
    ("decompressed", |path| Box::new(headwater::lines::decompressed(path).unwrap())),
    #[cfg(feature = "compression")]
    ("each", |path| Box::new(headwater::lines::each([path]))),
];

type Open = fn(&Path) -> Box<dyn Opened>;

trait Opened:
    Iterator<Item = Result<Line, Error>> + Source<Position = Position> + std::fmt::Debug
{
}

impl<T> Opened for T where
    T: Iterator<Item = Result<Line, Error>> + Source<Position = Position> + std::fmt::Debug
{
}

struct Log {
    folder: tempfile::TempDir,
}

impl Log {
    fn new(text: &str) -> Self {
        let log = Self { folder: tempfile::tempdir().unwrap() };
        log.rewrite(text);
        log
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("app.log")
    }

    /// Writes it anew: the same file, with other bytes.
    fn rewrite(&self, text: &str) {
        fs::write(self.path(), text).unwrap();
    }

    /// Puts another file in its place. The one that was there stays, for its inode must not be
    /// given to another file.
    fn replace(&self, text: &str) {
        let count = self.folder.path().read_dir().unwrap().count();
        fs::rename(self.path(), self.folder.path().join(format!("app.log.{count}"))).unwrap();
        fs::write(self.path(), text).unwrap();
    }

    fn append(&self, text: &str) {
        let mut file = OpenOptions::new().append(true).open(self.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// The position behind some lines.
    fn position(&self, open: Open, lines: usize) -> Position {
        let mut log = open(&self.path());
        assert_eq!(log.by_ref().take(lines).flatten().count(), lines);
        Source::position(&*log)
    }

    fn go_on(&self, open: Open, position: Position) -> Box<dyn Opened> {
        let mut log = open(&self.path());
        log.resume_at(position);
        log
    }
}

fn rest(log: Box<dyn Opened>) -> Vec<BString> {
    texts(log)
}

fn is_changed(way: &str, log: &Log, resumed: Box<dyn Opened>, offset: u64) {
    let (good, error) = broken(resumed);
    assert!(good.is_empty(), "{way}: {good:?}");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::SourceChanged, Some(offset)), "{way}");
    assert_eq!(error.path(), Some(log.path().as_path()), "{way}");
    assert!(!error.is_transient());
}

#[test]
fn a_file_that_took_the_name_is_another() {
    for &(way, open) in WAYS {
        let log = Log::new("one\ntwo\nthree\n");
        let noted = log.position(open, 2);
        log.replace("uno\ndos\ntres\n");
        is_changed(way, &log, log.go_on(open, noted.clone()), 8);
        // It has the same bytes, but has them from somebody else. (Windows gives a new file the time
        // of creation of the one that had its name before.)
        if cfg!(unix) {
            log.replace("one\ntwo\nthree\n");
            is_changed(way, &log, log.go_on(open, noted), 8);
        }
    }
}

#[test]
fn a_file_that_was_written_anew_is_another() {
    for &(way, open) in WAYS {
        for anew in ["One\ntwo\nthree\n", "one\ntwo\nThree\n", "one\n", ""] {
            let log = Log::new("one\ntwo\nthree\n");
            let noted = log.position(open, 2);
            log.rewrite(anew);
            is_changed(way, &log, log.go_on(open, noted), 8);
        }
    }
}

#[test]
fn the_first_kibibyte_tells_files_apart() {
    for &(way, open) in WAYS {
        let line = "0123456789\n";
        let text = line.repeat(200);
        let log = Log::new(&text);
        let noted = log.position(open, 150);
        // The last byte that counts, and the first that does not.
        for (at, same) in [(1023, false), (1024, true)] {
            let mut other = text.clone();
            other.replace_range(at..=at, "x");
            log.rewrite(&other);
            let resumed = log.go_on(open, noted.clone());
            if same {
                assert_eq!(rest(resumed), vec!["0123456789"; 50], "{way}");
            } else {
                is_changed(way, &log, resumed, 150 * 11);
            }
        }
    }
}

#[test]
fn a_file_that_grew_is_the_same() {
    for &(way, open) in WAYS {
        for before in ["", "one\n", "one\nhalf", &"0123456789\n".repeat(200)] {
            let log = Log::new(before);
            let whole = before.matches('\n').count();
            let noted = log.position(open, whole);
            log.append(" and\nmore\n");
            let more = before.rsplit('\n').next().unwrap().to_owned() + " and";
            let given = rest(log.go_on(open, noted));
            assert_eq!(given, [more.as_str(), "more"], "{way} after {before:?}");
        }
    }
}

#[test]
fn a_file_with_another_name_is_the_same() {
    for &(way, open) in WAYS {
        let log = Log::new("one\ntwo\n");
        let noted = log.position(open, 1);
        let rotated = log.folder.path().join("app.log.1");
        fs::rename(log.path(), &rotated).unwrap();
        log.rewrite("fresh\n");

        let mut resumed = open(&rotated);
        resumed.resume_at(noted.clone());
        assert_eq!(rest(resumed), ["two"], "{way}");
        is_changed(way, &log, log.go_on(open, noted), 4);
    }
}

#[test]
fn a_file_that_ends_before_the_position_shrank() {
    for &(way, open) in WAYS {
        let line = "0123456789\n";
        let log = Log::new(&line.repeat(200));
        let noted = log.position(open, 150);
        log.rewrite(&line.repeat(100));
        let (good, error) = broken(log.go_on(open, noted));
        assert!(good.is_empty(), "{way}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(1100)), "{way}");
        let text = format!("{}: ends at byte 1100, before byte 1650", log.path().display());
        assert_eq!(error.to_string(), text, "{way}");

        let (good, error) = broken(log.go_on(open, Position::from(1101)));
        assert!(good.is_empty(), "{way}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(1100)), "{way}");
        assert!(rest(log.go_on(open, Position::from(1100))).is_empty(), "{way}: the end is in it");
    }
}

#[test]
fn a_place_from_the_back_must_be_there_as_well() {
    let line = "0123456789\n";
    let log = Log::new(&line.repeat(200));
    let mut lines = headwater::lines(log.path()).unwrap();
    lines.next_back().unwrap().unwrap();
    let noted = lines.position();
    assert_eq!((noted.offset(), noted.back()), (0, Some(2189)));
    log.rewrite(&line.repeat(199));
    assert_eq!(headwater::lines(log.path()).unwrap().from(noted.clone()).count(), 199);
    log.rewrite(&line.repeat(198));
    let (_, error) = broken(headwater::lines(log.path()).unwrap().from(noted));
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(2178)));
}

#[test]
fn a_position_from_before_the_first_pull_fits_any_file() {
    for &(way, open) in WAYS {
        let log = Log::new("one\ntwo\n");
        let noted = log.position(open, 0);
        log.replace("uno\ndos\n");
        assert_eq!(rest(log.go_on(open, noted)), ["uno", "dos"], "{way}");
        let bare = log.go_on(open, Position::from(4));
        assert_eq!(rest(bare), ["dos"], "{way}");
    }
}

#[test]
fn a_source_that_goes_on_in_place_looks_at_the_file_too() {
    for &(way, open) in WAYS {
        let log = Log::new("one\ntwo\nthree\n");
        let mut lines = open(&log.path());
        let start = Source::position(&*lines);
        lines.next().unwrap().unwrap();
        let noted = Source::position(&*lines);
        lines.next().unwrap().unwrap();
        log.replace("uno\ndos\ntres\n");
        lines.resume_at(noted.clone());
        assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::SourceChanged, "{way}");
        assert!(lines.next().is_none(), "{way}");
        assert_eq!(
            Source::position(&*lines),
            noted,
            "{way}: an error leaves the position as it is"
        );

        lines.resume_at(start);
        assert_eq!(rest(lines)[0], "uno", "{way}");
    }
}

#[test]
fn an_offset_forgets_which_file_it_was() {
    for &(way, open) in WAYS {
        for seek in [Position::from(0), Position::from(4)] {
            let log = Log::new("one\ntwo\n");
            let mut lines = open(&log.path());
            assert_eq!(lines.next().unwrap().unwrap(), "one");
            log.replace("uno\ndos\ntres\n");
            lines.resume_at(seek.clone());
            let noted = Source::position(&*lines);
            assert_eq!(noted.offset(), seek.offset(), "{way}");
            let expected = &["uno", "dos", "tres"][usize::from(seek.offset() > 0)..];
            assert_eq!(rest(log.go_on(open, noted)), expected, "{way} at {seek}");
            assert_eq!(lines.next().unwrap().unwrap(), expected[0], "{way} at {seek}");
            let behind = Source::position(&*lines);
            assert_eq!(rest(log.go_on(open, behind)), expected[1..], "{way} at {seek}");
            assert_eq!(rest(lines), expected[1..], "{way} at {seek}: its length is its own");
        }
    }
}

#[test]
fn an_offset_forgets_which_file_it_was_behind_a_retry() {
    use headwater::prelude::*;
    let log = Log::new("one\ntwo\n");
    let healed = || headwater::lines(log.path()).unwrap().retry(headwater::Retry::immediately());
    let mut lines = healed();
    lines.next().unwrap().unwrap();
    log.replace("uno\ndos\n");
    lines.resume_at(0.into());
    let mut other = healed();
    other.resume_at(lines.position());
    assert!(other.map(Result::unwrap).eq(["uno", "dos"]));
    assert!(lines.map(Result::unwrap).eq(["uno", "dos"]));
}

#[test]
fn an_offset_keeps_the_length_of_the_same_file() {
    let log = Log::new("one\ntwo\n");
    let mut lines = headwater::lines(log.path()).unwrap();
    lines.next().unwrap().unwrap();
    log.append("three\n");
    lines.resume_at(0.into());
    assert_eq!(texts(lines), ["one", "two"], "what was written later is not given");
}
