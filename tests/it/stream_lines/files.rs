//! Files that a thread opens and reads.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;

use futures::executor::block_on;
use futures::stream::{FusedStream as _, StreamExt as _, TryStreamExt as _};
use headwater::lines::ReadAt;
use headwater::stream::lines;
use headwater::{ErrorKind, Source, stream};

use crate::expect::texts;
use crate::support::blocking::Blocking;
use crate::support::handles::Handles;
use crate::support::polls::{poll_next, poll_once};

const FOUR: NonZeroUsize = NonZeroUsize::new(4).unwrap();

#[test]
fn a_file_that_is_not_there_is_an_error_at_the_call() {
    let error = block_on(stream::lines("fixtures/missing.log")).unwrap_err();
    assert_eq!(error.to_string(), "fixtures/missing.log: cannot be opened");
    let error = block_on(stream::lines("fixtures")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Open);
    #[cfg(feature = "compression")]
    assert_eq!(
        block_on(lines::decompressed("fixtures/missing.log")).unwrap_err().kind(),
        ErrorKind::Open,
    );
}

#[test]
fn an_opening_that_is_dropped_leaves_nothing_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    fs::write(&path, "1\n").unwrap();
    for _ in 0..50 {
        let _ = poll_once(stream::lines(&path));
    }
    crate::support::handles::none_open_before_long(folder.path());
}

#[test]
fn a_stream_goes_on_where_it_was_noted() {
    let path = "fixtures/rotated/access.log";
    let all = texts(headwater::lines(path).unwrap());
    block_on(async {
        let mut log = stream::lines(path).await.unwrap();
        let first: Vec<_> = log.by_ref().take(60).try_collect().await.unwrap();
        assert_eq!(texts(first.into_iter().map(Ok)), all[..60]);
        let noted = log.position();
        let rest: Vec<_> = log.by_ref().try_collect().await.unwrap();
        assert_eq!(texts(rest.into_iter().map(Ok)), all[60..]);
        assert!(log.is_terminated() && log.next().await.is_none());

        // The iterator goes on where the stream was, and the other way round.
        assert_eq!(texts(headwater::lines(path).unwrap().from(noted.clone())), all[60..]);
        log.resume_at(noted);
        assert_eq!(log.count().await, 40);
    });
}

/// Bytes whose reads wait until they are allowed, one by one.
struct Gated {
    bytes: Vec<u8>,
    allowed: mpsc::Receiver<()>,
}

impl ReadAt for Gated {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        // Who is gone allows all.
        let _ = self.allowed.recv();
        self.bytes.read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.bytes.size()
    }
}

#[test]
fn nobody_waits_for_a_read_that_hangs() {
    let handles = Handles::default();
    let (allow, allowed) = mpsc::channel();
    let mut gated = Some(handles.handle(Gated { bytes: b"1\n2\n3\n".to_vec(), allowed }));
    let again = handles.clone();
    let open = move || {
        Ok(gated.take().unwrap_or_else(|| {
            again.handle(Gated { bytes: b"1\n2\n3\n".to_vec(), allowed: mpsc::channel().1 })
        }))
    };
    let mut log = headwater::lines::random_access(open).into_stream(FOUR);
    assert!(poll_once(log.next()).is_pending());

    // To resume, and to ask for more, ends at once while the thread still waits for its read.
    log.resume_at(2.into());
    assert!(poll_once(log.next()).is_pending());
    drop(allow);
    assert_eq!(texts(Blocking(&mut log)), ["2", "3"]);
    drop(log);
    handles.none_before_long();
}

#[test]
fn a_drop_does_not_wait_for_a_read_that_hangs() {
    let handles = Handles::default();
    let (allow, allowed) = mpsc::channel();
    let mut gated = Some(handles.handle(Gated { bytes: b"1\n".to_vec(), allowed }));
    let mut log =
        headwater::lines::random_access(move || gated.take().ok_or(io::ErrorKind::Other.into()))
            .into_stream(FOUR);
    assert!(poll_once(log.next()).is_pending());
    drop(log);
    drop(allow);
    handles.none_before_long();
}

/// Panics at its second read.
struct PanicsLater(Vec<u8>);

impl ReadAt for PanicsLater {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        // What its identity is taken of may be asked for.
        assert!(offset < 4 || buf.len() > 64, "enough is read");
        self.0[..4].read_at(buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }
}

#[test]
fn a_panic_of_a_storage_is_one_of_the_poll() {
    let open = || Ok(PanicsLater(b"1\n2\n3\n".to_vec()));
    let log = headwater::lines::random_access(open).block_size(FOUR).into_stream(FOUR);
    let mut log = Blocking(log);
    assert_eq!(log.next().unwrap().unwrap(), "1");
    assert_eq!(log.next().unwrap().unwrap(), "2");
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| log.next()));
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"enough is read"));
    // As for the iterator: the thread is gone, and says so once.
    assert_eq!(log.next().unwrap().unwrap_err().kind(), ErrorKind::Read);
    assert!(log.next().is_none());
}

#[test]
fn it_is_at_most_so_many_blocks_ahead() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Counted(Arc<AtomicU64>);

    impl ReadAt for Counted {
        fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
            buf.fill(b'\n');
            if buf.len() < 1024 {
                self.0.fetch_max(offset + buf.len() as u64, Ordering::SeqCst);
            }
            Ok(buf.len())
        }

        fn size(&self) -> io::Result<u64> {
            Ok(1 << 40)
        }
    }

    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    let block = NonZeroUsize::new(64).unwrap();
    for blocks in [1, 2, 4, 16] {
        let counter = Arc::clone(&counter);
        read.store(0, Ordering::SeqCst);
        let log = headwater::lines::random_access(move || Ok(Counted(Arc::clone(&counter))));
        let mut log =
            Blocking(log.block_size(block).into_stream(NonZeroUsize::new(blocks).unwrap()));
        for given in 1..5_000_u64 {
            assert!(log.next().unwrap().is_ok());
            let ahead = read.load(Ordering::SeqCst).saturating_sub(given);
            // A batch is at hand, one waits, one is read.
            let most = 64 * (blocks as u64 + blocks.div_ceil(2) as u64 + 2);
            assert!(ahead <= most, "{ahead} bytes ahead of {given} with {blocks} blocks");
        }
    }
}

#[test]
fn other_threads_may_poll_it() {
    let mut log = block_on(stream::lines("fixtures/rotated/access.log")).unwrap();
    assert!(block_on(log.next()).unwrap().is_ok());
    let rest = thread::spawn(move || block_on(log.count()));
    assert_eq!(rest.join().unwrap(), 99);
}

#[test]
fn they_can_be_sent_and_shared() {
    fn is_send<T: Send>(_: &T) {}
    fn is_sync<T: Send + Sync>(_: &T) {}

    is_send(&stream::lines("fixtures/rotated/access.log"));
    #[cfg(feature = "compression")]
    is_send(&lines::decompressed("fixtures/rotated/access.log"));
    let threaded = block_on(stream::lines("fixtures/rotated/access.log")).unwrap();
    is_sync(&threaded);
    is_sync(&threaded.containing("x"));
    is_sync(&lines::read(&b""[..]));
    is_sync(&headwater::lines("fixtures/rotated/access.log").unwrap().read_ahead(FOUR));
    is_sync(&lines::chunks(futures::stream::iter([Ok::<_, io::Error>("")])));
}

#[test]
fn an_opening_that_panics_is_a_panic_of_its_future() {
    struct Panics;

    impl AsRef<std::path::Path> for Panics {
        fn as_ref(&self) -> &std::path::Path {
            panic!("no path")
        }
    }

    let panicked = panic::catch_unwind(AssertUnwindSafe(|| block_on(stream::lines(Panics))));
    assert!(panicked.is_err());
}

#[test]
fn blocks_and_found_lines_are_streams_too() {
    block_on(async {
        let path = "fixtures/apache_access.log";
        let blocks = stream::lines(path).await.unwrap().blocks();
        let lines = blocks.map_ok(Iterator::count).try_fold(0, |n, m| async move { Ok(n + m) });
        assert_eq!(lines.await.unwrap(), 10_000);
        let mut found = stream::lines(path).await.unwrap().containing(" 500 ");
        let first = found.next().await.unwrap().unwrap();
        let noted = found.position();
        assert_eq!(noted.offset(), first.offset() + first.len() as u64 + 1);
        assert_eq!(found.count().await, 2);
    });
}

#[test]
fn it_gives_way_to_other_tasks() {
    use std::sync::Arc;
    use std::task::{Poll, Waker};

    use crate::support::polls::Wakes;

    // All that is read is there at once, and still it is pending now and then, to be polled again.
    let bytes = b"0123456789abcde\n".repeat(1 << 17);
    let mut log = lines::read(&bytes[..]);
    let count = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&count));
    let (mut given, mut pending) = (0, 0);
    loop {
        match poll_next(&mut log, &waker) {
            Poll::Ready(Some(line)) => given += line.unwrap().len() + 1,
            Poll::Ready(None) => break,
            Poll::Pending => {
                pending += 1;
                assert_eq!(count.count(), pending);
            }
        }
    }
    assert_eq!(given, bytes.len());
    assert!((4..=8).contains(&pending), "{pending} times in 2 MiB");

    // So it is where nothing is given of what is read, and where nothing is read.
    let is_pending = |polled: Poll<_>| polled.is_pending();
    let line = vec![b'x'; 2 << 20];
    assert!(is_pending(poll_next(&mut lines::read(&line[..]).from(1 << 20), &waker)));
    let skipping = headwater::lines::LongLine::Skip;
    let mut skips = lines::read(&line[..]).max_len(9).on_long(skipping);
    assert!(is_pending(poll_next(&mut skips, &waker)));
    let empty = futures::stream::repeat_with(|| Ok::<_, io::Error>(""));
    assert!(is_pending(poll_next(&mut lines::chunks(empty), &waker)));
}
