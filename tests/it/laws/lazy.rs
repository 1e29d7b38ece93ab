//! Lazy: building a pipeline reads nothing.

use std::io;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};

use headwater::lines;
use headwater::lines::{LongLine, Position};

use crate::support::data::Data;
use crate::support::handles::Handles;
use crate::support::healed::Heals;
use crate::support::options::Options;
use crate::support::oracle::Oracle;
use crate::support::panics::{Panics, never_opened};
#[cfg(feature = "parallel")]
use crate::support::parallel::Parallels;
use crate::support::seen::Seen;
use crate::support::sources::{Lawful, Medium, Strategy, Visitor, visit_containing, visit_lines};

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// Asks a source everything that it can be asked before the first pull.
fn ask<S: Lawful>(mut source: S) -> S {
    let noted = source.position();
    let text = format!("{source:?} {:?}", source.size_hint());
    assert!(!text.is_empty());
    source.resume_at(noted);
    source.by_ref().map(drop).filter(|()| true).step_by(2).skip(3).take(0).for_each(drop);
    source
}

#[test]
fn readers_are_not_read_before_the_first_pull() {
    let all = || {
        let lines = lines::read(Panics).delimiter(0).keep_ends().keep_bom().block_size(TWO);
        lines.max_len(1).on_long(LongLine::Skip).from(7).from(Position::default())
    };
    drop(ask(lines::read(Panics)));
    drop(ask(all()));
    drop(ask(all().containing("a")));
    drop(ask(all().read_ahead(TWO)));
    drop(ask(lines::read(Panics).read_ahead(TWO).keep_ends().from(3)));
    drop(ask(ask(all().read_ahead(TWO)).read_ahead(TWO).containing("a").into_lines()));
    #[cfg(feature = "regex")]
    drop(ask(all().matching(&regex::bytes::Regex::new("a").unwrap())));
    #[cfg(feature = "compression")]
    drop(ask(lines::read(lines::Decoder::new(Panics)).read_ahead(TWO).containing("a")));
}

#[test]
fn storages_are_not_opened_before_the_first_pull() {
    let all = || {
        let lines = lines::random_access(never_opened).range(3..).delimiter(0).keep_ends();
        let lines = lines.keep_bom().block_size(TWO).max_len(1).on_long(LongLine::Truncate);
        lines.from(7).from(Position::default())
    };
    drop(ask(lines::random_access(never_opened)));
    drop(ask(all()));
    drop(ask(all().containing("a")));
    drop(ask(all().read_ahead(TWO).containing("a")));
    drop(ask(all()).rev().take(0).next());
    drop(ask(all().containing("a")).rev().take(0).next());
    #[cfg(feature = "regex")]
    drop(ask(all().matching(&regex::bytes::Regex::new("a").unwrap())));
}

#[cfg(feature = "compression")]
#[test]
fn paths_are_not_looked_at_before_the_first_pull() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [1, 2].map(|name| folder.path().join(name.to_string()));
    let mut source = ask(lines::each(&paths).keep_ends().read_ahead(TWO).containing("a"));
    for (path, text) in std::iter::zip(&paths, ["a1\n", "a2\n"]) {
        std::fs::write(path, text).unwrap();
    }
    assert_eq!(source.next().unwrap().unwrap(), "a1\n");
    assert_eq!(source.next().unwrap().unwrap(), "a2\n");
}

#[test]
fn what_must_not_be_touched_panics_at_the_first_pull() {
    fn panics<S: Lawful>(mut source: S) {
        let pulled = panic::catch_unwind(AssertUnwindSafe(|| source.next().is_none()));
        assert!(pulled.is_err(), "it was not touched: {pulled:?}");
    }
    panics(lines::read(Panics));
    panics(lines::read(Panics).read_ahead(TWO).containing("a"));
    panics(lines::random_access(never_opened));
    panics(lines::random_access(|| Ok(Panics)).containing("a"));
    panics(lines::random_access(never_opened).read_ahead(TWO));
    let pulled = panic::catch_unwind(|| lines::random_access(|| Ok(Panics)).next_back().is_none());
    assert!(pulled.is_err(), "it was not touched: {pulled:?}");
}

/// Writes other bytes into the files of a source before its first pull.
struct ReadAtFirstPull<'a> {
    data: &'a Data,
    options: Options,
    before: &'a [u8],
    after: &'a [u8],
}

impl Visitor for ReadAtFirstPull<'_> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        self.data.write(self.before);
        let source = ask(open());
        if strategy.medium == Medium::File {
            self.data.write(self.after);
            let given: Vec<Seen> = source.map(Seen::of).collect();
            let expected: Vec<Seen> = Oracle::new(self.after, &self.options).collect();
            assert_eq!(given, expected, "{strategy}");
        }
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        self.data.write(self.before);
        let source = ask(open());
        if strategy.medium == Medium::File {
            self.data.write(self.after);
            let given: Vec<Seen> = source.rev().map(Seen::of).collect();
            let expected: Vec<Seen> = Oracle::new(self.after, &self.options).rev().collect();
            assert_eq!(given, expected, "{strategy}, backward");
        }
    }
}

#[test]
fn files_are_not_read_before_the_first_pull() {
    let before = b"what was\nthere\nat first\n";
    for after in [&b"1\n22\n333\n"[..], b"", b"\xEF\xBB\xBF1\r\n2", &b"much more\n".repeat(50)] {
        let data = Data::new(before);
        for options in [Options::NEW, Options { keep_ends: true, ..Options::NEW }.blocks_of(2)] {
            let mut check = ReadAtFirstPull { data: &data, options, before, after };
            visit_lines(&data, options, &mut check);
            visit_lines(&data, options, &mut Heals(&mut check));
            #[cfg(feature = "parallel")]
            visit_lines(&data, options, &mut Parallels(&mut check));
            visit_containing(&data, options, b"", &mut check);
        }
    }
}

#[cfg(feature = "mmap")]
#[test]
fn files_are_not_mapped_before_the_first_pull() {
    use crate::support::handles::open_below;

    struct NotMapped<'a>(&'a Data);

    impl Visitor for NotMapped<'_> {
        fn both_ends<S: Lawful + DoubleEndedIterator>(
            &mut self,
            strategy: Strategy,
            open: impl Fn() -> S,
        ) {
            let mut source = ask(open());
            let opened = open_below(self.0.folder());
            let line = source.next();
            if strategy.medium == Medium::Map && cfg!(target_os = "linux") {
                assert_eq!(opened, 1, "only the file is open");
                assert_eq!(open_below(self.0.folder()), 1, "only the map of {line:?} is there");
            }
        }
    }

    let data = Data::new(b"1\n");
    visit_lines(&data, Options::NEW, &mut NotMapped(&data));
}

#[test]
fn no_thread_is_started_before_the_first_pull() {
    let handles = Handles::default();
    let ahead = ask(lines::read(handles.handle(io::repeat(b'\n'))).read_ahead(TWO));
    assert_eq!(handles.live(), 1);
    drop(ahead);
    assert_eq!(handles.live(), 0, "a thread has it");
}
