//! Release: whichever way a source ends, what it opened is closed: at its end, with its error, when
//! it is dropped, when a closure panics.

use std::iter;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use headwater::lines;
use headwater::lines::LongLine;

use crate::support::data::Data;
use crate::support::handles::{Handles, none_open_before_long, open_below};
use crate::support::healed::Heals;
use crate::support::options::Options;
#[cfg(feature = "parallel")]
use crate::support::parallel::Parallels;
use crate::support::sources::{Lawful, Medium, Strategy, Visitor, visit_containing, visit_lines};

const LOG: &[u8] = b"1\n22\n333\nfour\n5\n66";

/// Panics, without a word on standard error.
fn panics<T>(_item: T) {
    panic::resume_unwind(Box::new("stop"));
}

/// What is in the name of strategies whose thread nobody waits for.
const POLLED: &str = "stream";

/// Ends every source in every way, and looks for what is still open.
struct Releases<'a>(&'a Path);

impl Releases<'_> {
    fn nothing_is_open(&self, context: impl std::fmt::Display) {
        if context.to_string().contains(POLLED) {
            none_open_before_long(self.0);
        }
        assert_eq!(open_below(self.0), 0, "{context}: it is still open");
    }

    /// Ends sources from the front or from the back.
    fn ends<S: Lawful>(
        &self,
        name: &str,
        open: impl Fn() -> S,
        pull: fn(&mut S) -> Option<S::Item>,
    ) {
        let mut source = open();
        let mut last = None;
        while let Some(item) = pull(&mut source) {
            last = Some(item);
            if last.as_ref().is_some_and(Result::is_err) {
                self.nothing_is_open(format!("{name}, with the error"));
            }
        }
        drop(last);
        self.nothing_is_open(format!("{name}, at the end"));
        drop(source);

        drop(open());
        self.nothing_is_open(format!("{name}, dropped before the first pull"));
        for pulls in 1..4 {
            let mut source = open();
            (0..pulls).for_each(|_| drop(pull(&mut source)));
            drop(source);
            self.nothing_is_open(format!("{name}, dropped after {pulls} pulls"));
        }

        let mut source = open();
        let first = pull(&mut source);
        let noted = source.position();
        source.resume_at(noted);
        drop((first, source));
        self.nothing_is_open(format!("{name}, dropped after it was resumed"));

        let mut source = open();
        let panicked = panic::catch_unwind(AssertUnwindSafe(move || {
            iter::from_fn(|| pull(&mut source)).for_each(panics);
        }));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"stop"));
        self.nothing_is_open(format!("{name}, after a panic"));
    }
}

impl Visitor for Releases<'_> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        self.ends(&strategy.to_string(), &open, Iterator::next);
        open().fold((), |(), _| ());
        self.nothing_is_open(format!("{strategy}, folded"));
        open().last();
        self.nothing_is_open(format!("{strategy}, after its last"));
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        self.ends(&format!("{strategy}, backward"), &open, DoubleEndedIterator::next_back);
        self.ends(&format!("{strategy}, both ends"), &open, |source| {
            let first = source.next();
            source.next_back().or(first)
        });
    }
}

#[test]
fn nothing_stays_open() {
    let data = Data::new(LOG);
    let small = Options::NEW.blocks_of(2);
    let limits = [LongLine::Error, LongLine::Skip].map(|policy| small.limit(3, policy));
    for options in [Options::NEW, small].into_iter().chain(limits) {
        let mut check = Releases(data.folder());
        visit_lines(&data, options, &mut check);
        visit_lines(&data, options, &mut Heals(&mut check));
        #[cfg(feature = "parallel")]
        visit_lines(&data, options, &mut Parallels(&mut check));
        visit_containing(&data, options, b"6", &mut check);
        #[cfg(feature = "compression")]
        crate::support::sources::visit_many_files(&data, options, &mut check);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_open_is_seen() {
    let data = Data::new(LOG);
    let mut source =
        headwater::lines(data.plain()).unwrap().block_size(Options::NEW.blocks_of(2).block_size);
    assert_eq!(open_below(data.folder()), 1);
    assert_eq!(source.next().unwrap().unwrap(), "1");
    assert_eq!(open_below(data.folder()), 1);
    source.by_ref().for_each(drop);
    assert_eq!(open_below(data.folder()), 0);
}

#[test]
fn a_file_is_closed_with_its_last_byte() {
    let data = Data::new(LOG);
    let mut source = headwater::lines(data.plain()).unwrap();
    assert_eq!(source.next().unwrap().unwrap(), "1");
    assert_eq!(open_below(data.folder()), 0, "all bytes are read, but not all lines given");
    assert_eq!(source.count(), 5);
}

#[test]
fn lines_that_are_kept_keep_no_file_open() {
    struct Keeps<'a>(&'a Path);

    impl Visitor for Keeps<'_> {
        fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
            let lines: Vec<_> = open().map(Result::unwrap).collect();
            if strategy.name.contains(POLLED) {
                none_open_before_long(self.0);
            }
            let open = open_below(self.0);
            if strategy.medium == Medium::Map {
                assert_eq!(open, usize::from(cfg!(target_os = "linux")), "the map goes on");
                return;
            }
            assert_eq!(open, 0, "{strategy}");
            assert_eq!(lines.len(), 6);
        }
    }

    let data = Data::new(LOG);
    visit_lines(&data, Options::NEW, &mut Keeps(data.folder()));
}

#[test]
fn ten_thousand_sources_dropped_early_leave_nothing() {
    struct DropsEarly<'a>(&'a Path);

    impl Visitor for DropsEarly<'_> {
        fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
            let sources = if strategy.to_string() == "file" { 10_000 } else { 400 };
            for _ in 0..sources {
                assert!(open().next().unwrap().is_ok());
            }
            if strategy.name.contains(POLLED) {
                none_open_before_long(self.0);
            }
            assert_eq!(open_below(self.0), 0, "{strategy}");
        }

        fn both_ends<S: Lawful + DoubleEndedIterator>(
            &mut self,
            strategy: Strategy,
            open: impl Fn() -> S,
        ) {
            for _ in 0..400 {
                assert!(open().next_back().unwrap().is_ok());
            }
            assert_eq!(open_below(self.0), 0, "{strategy}");
        }
    }

    let data = Data::new(LOG);
    visit_lines(&data, Options::NEW.blocks_of(2), &mut DropsEarly(data.folder()));
}

#[test]
fn ten_thousand_readers_dropped_early_leave_no_handle() {
    let handles = Handles::default();
    let small = Options::NEW.blocks_of(2).block_size;
    for _ in 0..10_000 {
        let mut lines = lines::read(handles.handle(LOG)).block_size(small);
        assert_eq!(lines.next().unwrap().unwrap(), "1");
        assert_eq!(handles.live(), 1);
    }
    assert_eq!(handles.live(), 0);
    for _ in 0..1_000 {
        let mut lines = lines::read(handles.handle(LOG)).block_size(small).read_ahead(small);
        assert_eq!(lines.next().unwrap().unwrap(), "1");
    }
    handles.none_before_long();
}

#[test]
fn ten_thousand_storages_dropped_early_leave_no_handle() {
    let handles = Handles::default();
    let small = Options::NEW.blocks_of(2).block_size;
    let lines = || lines::random_access(|| Ok(handles.handle(LOG))).block_size(small);
    for _ in 0..10_000 {
        let mut lines = lines();
        assert_eq!(handles.live(), 0);
        assert_eq!(lines.next().unwrap().unwrap(), "1");
        assert_eq!(lines.next_back().unwrap().unwrap(), "66");
        assert_eq!(handles.live(), 1);
    }
    assert_eq!(handles.live(), 0);

    let handles = Arc::new(handles);
    for _ in 0..1_000 {
        let handles = Arc::clone(&handles);
        let lines = lines::random_access(move || Ok(handles.handle(LOG))).block_size(small);
        assert_eq!(lines.read_ahead(small).next().unwrap().unwrap(), "1");
    }
    assert_eq!(handles.live(), 0, "dropping waits for the thread");
}

#[test]
fn a_storage_that_is_gone_to_again_is_closed_first() {
    let handles = Handles::default();
    let open = || {
        assert_eq!(handles.live(), 0, "two are open at once");
        Ok(handles.handle(LOG))
    };
    let mut lines = lines::random_access(open).block_size(Options::NEW.blocks_of(2).block_size);
    let start = headwater::Source::position(&lines);
    for _ in 0..3 {
        assert_eq!(lines.next().unwrap().unwrap(), "1");
        assert_eq!(handles.live(), 1);
        headwater::Source::resume_at(&mut lines, start.clone());
        assert_eq!(handles.live(), 0, "it is still open");
    }
}

#[test]
fn a_reader_is_dropped_at_its_end() {
    let handles = Handles::default();
    let mut lines = lines::read(handles.handle(LOG));
    assert_eq!(lines.by_ref().count(), 6);
    assert_eq!(handles.live(), 0);
    let mut ahead = lines::read(handles.handle(LOG)).read_ahead(Options::NEW.block_size);
    assert_eq!(ahead.by_ref().count(), 6);
    assert_eq!(handles.live(), 0, "with the end, not a little later");

    let mut limited = lines::read(handles.handle(LOG)).max_len(3);
    assert!(limited.by_ref().any(|line| line.is_err()));
    assert_eq!(handles.live(), 0, "with the error");
}

#[test]
fn a_panic_in_a_closure_drops_a_reader() {
    let handles = Handles::default();
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| {
        let lines = lines::read(handles.handle(LOG));
        lines.for_each(panics);
    }));
    assert!(panicked.is_err());
    assert_eq!(handles.live(), 0);
}
