//! The thread: how far ahead it is, when it ends, and what it does not wait for.

use std::collections::VecDeque;
use std::error::Error as _;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use headwater::lines::{self, LongLine, Position, ReadAt};
use headwater::{ErrorKind, Source};

use super::{PATIENCE, TEXT, ahead};
use crate::expect::{lines_in, texts};
use crate::support::handles::{Handles, open_below};
use crate::support::own_process::without_threads;

const BLOCK: usize = 64;

/// Bytes that count how far they were read: as a storage, and as a reader.
#[derive(Clone)]
struct Counted {
    bytes: Arc<Vec<u8>>,
    read: Arc<AtomicUsize>,
}

impl ReadAt for Counted {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let read = self.bytes.read_at(buf, offset)?;
        // The head of the file is read first, for its identity: that is more than a block here.
        if buf.len() <= 2 * BLOCK {
            let end = usize::try_from(offset).unwrap() + read;
            self.read.fetch_max(end, Ordering::SeqCst);
        }
        Ok(read)
    }

    fn size(&self) -> io::Result<u64> {
        self.bytes.size()
    }
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let from = self.read.load(Ordering::SeqCst);
        let read = self.bytes.read_at(buf, from as u64)?;
        self.read.store(from + read, Ordering::SeqCst);
        Ok(read)
    }
}

#[test]
fn it_is_never_further_ahead_than_it_may_be() {
    fn pulls(
        counted: &Counted,
        blocks: usize,
        lines: &mut dyn Iterator<Item = Result<headwater::Line, headwater::Error>>,
    ) {
        let (mut given, mut furthest) = (0, 0);
        for line in lines {
            given += line.unwrap().len() + 1;
            // It may get there while this looks; it may not get further while nobody pulls.
            let ahead = counted.read.load(Ordering::SeqCst).saturating_sub(given);
            furthest = furthest.max(ahead);
            assert!(ahead <= (blocks + 3) * BLOCK, "{ahead} bytes ahead with {blocks} blocks");
        }
        assert_eq!(given, counted.bytes.len());
        assert!(furthest > 0, "it never was ahead");
    }

    let bytes = Arc::new(b"7 bytes\n".repeat(4000));
    for blocks in [1, 2, 3, 16] {
        let fresh = || Counted { bytes: Arc::clone(&bytes), read: Arc::default() };
        let (counted, stored) = (fresh(), fresh());
        let read = lines::read(counted.clone()).block_size(ahead(BLOCK));
        pulls(&counted, blocks, &mut read.read_ahead(ahead(blocks)));
        let counted = stored.clone();
        let stored = lines::random_access(move || Ok(stored.clone())).block_size(ahead(BLOCK));
        pulls(&counted, blocks, &mut stored.read_ahead(ahead(blocks)));
    }
}

/// A reader that is told, over a channel, what to give; and that says what is asked of it.
struct Told {
    script: Receiver<&'static str>,
    asked: Sender<()>,
    rest: VecDeque<u8>,
}

impl Read for Told {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            // Who made it may have gone.
            let _ = self.asked.send(());
            self.rest.extend(self.script.recv().unwrap_or_default().bytes());
        }
        self.rest.read(buf)
    }
}

fn told() -> (Told, Sender<&'static str>, Receiver<()>) {
    let ((tell, script), (asked, asks)) = (mpsc::channel(), mpsc::channel());
    (Told { script, asked, rest: VecDeque::new() }, tell, asks)
}

#[test]
fn a_line_is_given_as_soon_as_it_is_there() {
    let (reader, tell, asks) = told();
    let mut lines = lines::read(reader).read_ahead(ahead(8));
    for text in ["one\n", "two\n", "three\n"] {
        tell.send(text).unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), text.trim_end());
        asks.recv_timeout(PATIENCE).unwrap();
    }
    drop(tell);
    assert!(lines.next().is_none());
}

#[test]
fn dropping_it_does_not_wait_for_a_reader_that_waits() {
    let handles = Handles::default();
    let (reader, tell, asks) = told();
    let mut lines = lines::read(handles.handle(reader)).read_ahead(ahead(8));
    tell.send("one\n").unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "one");
    asks.recv_timeout(PATIENCE).unwrap();
    asks.recv_timeout(PATIENCE).expect("it asks for more");
    let (dropped, drops) = mpsc::channel();
    let thread = thread::spawn(move || {
        drop(lines);
        dropped.send(()).unwrap();
    });
    let result = drops.recv_timeout(PATIENCE);
    assert_eq!((result, handles.live()), (Ok(()), 1), "its read is under way");
    thread.join().unwrap();
    tell.send("two\n").unwrap();
    handles.none_before_long();
}

#[test]
fn an_error_does_not_wait_for_the_reader() {
    let (reader, tell, asks) = told();
    let (send, result) = mpsc::channel();
    let pulls = thread::spawn(move || {
        let mut lines = lines::read(reader).max_len(4).read_ahead(ahead(8));
        let item = lines.next().map(|item| item.map_err(|error| error.kind()));
        send.send(item).unwrap();
    });
    tell.send("much too long\n").unwrap();
    let item = result.recv_timeout(PATIENCE);
    drop((tell, asks));
    pulls.join().unwrap();
    assert_eq!(item.expect("it waits").unwrap().unwrap_err(), ErrorKind::LongLine);
}

#[test]
fn whichever_way_it_ends_the_reader_is_dropped() {
    let handles = Handles::default();
    let open = |bytes: &'static [u8]| {
        let handles = handles.clone();
        let stored = lines::random_access(move || Ok(handles.handle(bytes)));
        stored.block_size(ahead(4)).read_ahead(ahead(2))
    };
    let mut lines = open(TEXT);
    assert_eq!(lines.by_ref().count(), 6);
    assert_eq!(handles.live(), 0, "at the end");
    let mut lines_of_four = open(TEXT).max_len(4);
    assert_eq!(lines_of_four.by_ref().count(), 3);
    assert_eq!(handles.live(), 0, "at an error");
    let mut lines = open(TEXT);
    lines.next().unwrap().unwrap();
    lines.resume_at(Position::from(0));
    assert_eq!(handles.live(), 0, "gone elsewhere");
    lines.next().unwrap().unwrap();
    drop(lines);
    assert_eq!(handles.live(), 0, "dropped");
    drop(open(TEXT));
    assert_eq!(handles.live(), 0, "never pulled");
    drop((lines_of_four, open(b"")));
}

/// Gives some lines, and then panics.
struct Bomb(VecDeque<u8>);

impl Read for Bomb {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        assert!(!self.0.is_empty(), "the reader's own panic");
        let len = buf.len().min(4);
        self.0.read(&mut buf[..len])
    }
}

#[test]
fn a_panic_of_the_reader_comes_once_and_behind_its_lines() {
    let handles = Handles::default();
    for blocks in [1, 2, 10] {
        let reader = handles.handle(Bomb(TEXT.iter().copied().collect()));
        let mut lines = lines::read(reader).block_size(ahead(4)).read_ahead(ahead(blocks));
        assert_eq!(texts(lines.by_ref().take(5)), lines_in(TEXT)[..5]);
        let payload = panic::catch_unwind(AssertUnwindSafe(|| lines.next())).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"the reader's own panic"));
        let error = lines.next().unwrap().unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "the thread that read it is gone");
        assert!(lines.next().is_none() && lines.next().is_none());
        assert_eq!(lines.position().offset(), 24);
        assert_eq!(handles.live(), 0);
    }
}

#[test]
fn dropping_it_swallows_a_panic_of_the_reader() {
    let reader = Bomb(TEXT.iter().copied().collect());
    let mut lines = lines::read(reader).block_size(ahead(4)).read_ahead(ahead(100));
    lines.next().unwrap().unwrap();
    drop(lines);
}

#[test]
fn options_that_come_late_do_no_harm() {
    let lines = lines::read(TEXT).max_len(2).on_long(LongLine::Truncate);
    let mut lines = lines.block_size(ahead(64)).read_ahead(ahead(2));
    assert!(lines.next().unwrap().unwrap().is_truncated());
    assert!(lines.max_len(1000).all(|line| line.is_ok()));
}

#[test]
fn without_a_thread_it_fails_and_closes_its_file() {
    without_threads("read_ahead::threads::without_a_thread_it_fails_and_closes_its_file", || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.log");
        std::fs::write(&path, TEXT).unwrap();
        let mut lines = headwater::lines(&path).unwrap().read_ahead(ahead(2));
        assert_eq!(open_below(folder.path()), 1);
        for _ in 0..2 {
            let error = lines.next().unwrap().unwrap_err();
            assert_eq!((error.kind(), error.path()), (ErrorKind::Read, Some(path.as_path())));
            assert_eq!(open_below(folder.path()), 0);
            assert!(lines.next().is_none());
            lines.resume_at(lines.position());
        }

        let handles = Handles::default();
        let mut lines = lines::read(handles.handle(TEXT)).read_ahead(ahead(2));
        assert_eq!(lines.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
        assert_eq!(handles.live(), 0);
    });
}
