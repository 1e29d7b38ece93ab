//! Files that are shortened, extended and replaced while they are read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use headwater::{ErrorKind, Lines, Source};

use crate::expect::{broken, lines_in, texts};

const BLOCK: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// A folder with a file of 100 lines of 10 bytes.
struct Log {
    folder: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        let log = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(log.path(), Self::text()).unwrap();
        log
    }

    fn text() -> String {
        (0..100).map(|n| format!("line {n:04}\n")).collect::<Vec<_>>().concat()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("app.log")
    }

    fn other(&self) -> PathBuf {
        self.folder.path().join("other.log")
    }

    fn lines(&self) -> Lines {
        headwater::lines(self.path()).unwrap().block_size(BLOCK)
    }

    fn truncate(&self, len: u64) {
        OpenOptions::new().write(true).open(self.path()).unwrap().set_len(len).unwrap();
    }

    fn append(&self, text: &str) {
        append(&self.path(), text);
    }
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn all() -> Vec<bstr::BString> {
    lines_in(Log::text().as_bytes())
}

#[test]
fn a_file_that_is_shortened_gives_its_good_lines_and_then_an_error() {
    // All but the block that is read before the file is shortened.
    for len in 60..1000 {
        let log = Log::new();
        let mut lines = log.lines();
        let first = lines.next().unwrap().unwrap();
        assert_eq!(first, "line 0000");
        log.truncate(len);
        let (good, error) = broken(lines);
        let whole = usize::try_from(len).unwrap() / 10;
        assert_eq!(good, all()[1..whole.max(6)], "{len}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(len)), "{len}");
        assert_eq!(error.path(), Some(log.path().as_path()));
    }
}

#[test]
fn a_file_that_is_shortened_to_before_what_was_read_is_an_error_too() {
    for len in [0, 1, 59] {
        let log = Log::new();
        let mut lines = log.lines();
        lines.next().unwrap().unwrap();
        log.truncate(len);
        let (good, error) = broken(lines);
        assert_eq!(good, all()[1..6], "{len}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(len)), "{len}");
    }
}

#[test]
fn a_file_that_is_shortened_is_an_error_from_the_back() {
    for len in [0, 1, 500, 929] {
        let log = Log::new();
        let mut lines = log.lines();
        assert_eq!(lines.next_back().unwrap().unwrap(), "line 0099");
        log.truncate(len);
        let (good, error) = broken(lines.rev());
        let mut expected = all()[94..99].to_vec();
        expected.reverse();
        assert_eq!(good, expected, "{len}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(len)), "{len}");
    }
}

#[test]
fn a_file_that_is_shortened_never_ends_quietly() {
    let shortened = || {
        let log = Log::new();
        let mut lines = log.lines();
        lines.next().unwrap().unwrap();
        log.truncate(500);
        (log, lines)
    };
    let (_log, lines) = shortened();
    assert_eq!(lines.count(), 49 + 1);
    let (_log, lines) = shortened();
    assert_eq!(lines.last().unwrap().unwrap_err().kind(), ErrorKind::Shrunk);
    let (_log, mut lines) = shortened();
    assert_eq!(lines.nth(80).map(|item| item.unwrap_err().kind()), None, "49 lines and an error");
    let (_log, mut lines) = shortened();
    assert_eq!(lines.nth(49).unwrap().unwrap_err().kind(), ErrorKind::Shrunk);
    let (_log, lines) = shortened();
    let (good, error) = broken(lines.containing("line 00"));
    assert_eq!((good.len(), error.kind()), (49, ErrorKind::Shrunk));
}

#[test]
fn a_file_that_is_whole_again_is_read_on() {
    let log = Log::new();
    let mut lines = log.lines();
    lines.next().unwrap().unwrap();
    log.truncate(505);
    let good = lines.by_ref().take_while(Result::is_ok).count();
    assert_eq!(good, 49);
    let noted = lines.position();
    assert_eq!(noted.offset(), 500);

    log.append(&Log::text()[505..]);
    lines.resume_at(noted);
    assert_eq!(texts(lines), all()[50..]);
}

#[test]
fn what_is_appended_after_the_first_pull_is_not_given() {
    let log = Log::new();
    let mut forward = log.lines();
    let mut backward = log.lines();
    forward.next().unwrap().unwrap();
    backward.next_back().unwrap().unwrap();
    log.append("line 0100\n");
    let given = texts(forward.by_ref());
    assert_eq!(given, all()[1..]);
    assert_eq!(texts(backward), all()[..99]);

    let noted = forward.position();
    forward.resume_at(noted.clone());
    assert!(forward.next().is_none(), "a source keeps the length that it took");
    assert_eq!(texts(log.lines().from(noted)), ["line 0100"]);
}

#[test]
fn what_is_appended_before_the_first_pull_is_given() {
    let log = Log::new();
    let lines = log.lines();
    log.append("line 0100\n");
    assert_eq!(lines.last().unwrap().unwrap(), "line 0100");
}

#[test]
fn half_a_line_stays_half_though_the_rest_of_it_is_appended() {
    let log = Log::new();
    log.append("ha");
    let mut lines = log.lines();
    lines.next().unwrap().unwrap();
    log.append("lf\n");
    let last = lines.last().unwrap().unwrap();
    assert_eq!(last, "ha");
    assert!(!last.is_complete());

    let mut lines = log.lines();
    let whole = lines.nth(100).unwrap().unwrap();
    assert_eq!(whole, "half");
    assert!(whole.is_complete());
}

#[test]
fn a_file_that_is_replaced_or_removed_is_read_to_its_end() {
    let log = Log::new();
    let (mut forward, mut backward) = (log.lines(), log.lines());
    let unpulled = log.lines();
    forward.next().unwrap().unwrap();
    backward.next_back().unwrap().unwrap();
    fs::write(log.other(), "something else\n").unwrap();
    fs::rename(log.other(), log.path()).unwrap();
    assert_eq!(texts(forward), all()[1..]);
    assert_eq!(texts(backward.rev()).len(), 99);
    assert_eq!(texts(unpulled), all(), "it was open before the first pull");
    assert_eq!(texts(log.lines()), ["something else"]);

    let log = Log::new();
    let mut forward = log.lines();
    forward.next().unwrap().unwrap();
    fs::remove_file(log.path()).unwrap();
    assert_eq!(texts(forward), all()[1..]);
}

#[test]
fn a_file_that_is_shortened_before_the_first_pull_is_as_long_as_it_is_then() {
    let log = Log::new();
    let lines = log.lines();
    log.truncate(505);
    let given = texts(lines);
    assert_eq!(given[..50], all()[..50]);
    assert_eq!(given[50..], ["line "]);

    let log = Log::new();
    let lines = log.lines();
    log.truncate(0);
    assert!(texts(lines).is_empty());
}
