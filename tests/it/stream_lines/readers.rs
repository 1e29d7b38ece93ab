//! Async readers and streams of chunks.

use std::error::Error as _;
use std::io;

use futures::executor::block_on;
use futures::io::AsyncReadExt as _;
use futures::stream::{self, StreamExt as _};
use headwater::stream::lines;
use headwater::{ErrorKind, Source};

use crate::expect::{broken, texts};
use crate::support::blocking::Blocking;

#[test]
fn chunks_may_break_anywhere_and_be_empty() {
    let chunks = ["", "on", "e", "\n", "", "two\r", "\nthr", "ee", ""];
    let log = lines::chunks(stream::iter(chunks.map(Ok::<_, io::Error>)));
    assert_eq!(texts(Blocking(log)), ["one", "two", "three"]);
}

#[test]
fn an_error_of_a_stream_is_the_cause() {
    #[derive(Debug)]
    struct Broken;

    impl std::fmt::Display for Broken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("broken")
        }
    }

    impl std::error::Error for Broken {}

    let log = lines::chunks(stream::iter([Ok("one\nhalf"), Err(Broken), Ok("never\n")]));
    let (good, error) = broken(Blocking(log));
    assert_eq!(good, ["one"]);
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Read, Some(8)));
    assert_eq!(error.to_string(), "cannot be read at byte 8");
    assert_eq!(error.source().unwrap().to_string(), "broken");
    // A stream that breaks is a connection that broke.
    assert!(error.is_transient());

    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    let (_, error) = broken(Blocking(lines::chunks(stream::iter([Ok(""), Err(denied)]))));
    assert!(!error.is_transient());
}

#[test]
fn whatever_a_stream_fails_with_ends_it() {
    use io::ErrorKind as Kind;

    let kinds = [
        Kind::Interrupted,
        Kind::TimedOut,
        Kind::WouldBlock,
        Kind::UnexpectedEof,
        Kind::Other,
        Kind::ConnectionReset,
        Kind::InvalidData,
        Kind::NotFound,
    ];
    for kind in kinds {
        let chunks = || stream::iter([Ok("one\nhalf"), Err(io::Error::from(kind)), Ok("never\n")]);
        let (good, error) = broken(Blocking(lines::chunks(chunks())));
        assert_eq!(
            (good.len(), error.kind(), error.offset()),
            (1, ErrorKind::Read, Some(8)),
            "{kind}"
        );
        let remote = lines::remote(move |_| {
            std::future::ready(Ok::<_, io::Error>(lines::Body::new(chunks())))
        });
        let (good, error) = broken(Blocking(remote));
        assert_eq!(
            (good.len(), error.kind(), error.offset()),
            (1, ErrorKind::Read, Some(8)),
            "{kind}"
        );
    }
}

#[test]
fn an_error_within_an_error_says_what_it_is() {
    #[derive(Debug)]
    struct Outer(io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    let early = (io::ErrorKind::UnexpectedEof, true);
    for (kind, transient) in
        [(io::ErrorKind::TimedOut, true), (io::ErrorKind::NotFound, false), early]
    {
        let log = lines::chunks(stream::iter([Ok(""), Err(Outer(kind.into()))]));
        assert_eq!(broken(Blocking(log)).1.is_transient(), transient, "{kind}");
    }
}

#[test]
fn a_reader_that_can_only_go_on_does() {
    let mut log = lines::read(&b"1\n2\n3\n4\n"[..]);
    assert_eq!(block_on(log.next()).unwrap().unwrap(), "1");
    log.resume_at(4.into());
    assert_eq!(block_on(log.next()).unwrap().unwrap(), "3");
    log.resume_at(0.into());
    assert_eq!(block_on(log.next()).unwrap().unwrap_err().kind(), ErrorKind::Unseekable);
    assert!(block_on(log.next()).is_none());
}

#[test]
fn a_reader_that_would_block_though_it_is_async_is_broken() {
    struct Blocks;

    impl futures::io::AsyncRead for Blocks {
        fn poll_read(
            self: std::pin::Pin<&mut Self>,
            _cx: &mut std::task::Context<'_>,
            _buf: &mut [u8],
        ) -> std::task::Poll<io::Result<usize>> {
            std::task::Poll::Ready(Err(io::ErrorKind::WouldBlock.into()))
        }
    }

    let (good, error) = broken(Blocking(lines::read(Blocks)));
    assert!(good.is_empty());
    assert_eq!(error.kind(), ErrorKind::Read);
}

#[test]
fn an_interrupted_read_never_shows() {
    let mut interrupted = false;
    let reader = stream::poll_fn(move |_cx| {
        interrupted = !interrupted;
        std::task::Poll::Ready(Some(if interrupted {
            Err(io::Error::from(io::ErrorKind::Interrupted))
        } else {
            Ok("1\n")
        }))
    });
    let log = lines::read(reader.into_async_read_each());
    assert_eq!(texts(Blocking(log).take(3)), ["1", "1", "1"]);
}

/// A reader that reads a stream on after an error, which that of futures does not.
trait ReadEach: Sized {
    fn into_async_read_each(self) -> Each<Self> {
        Each(self)
    }
}

impl<S> ReadEach for S {}

struct Each<S>(S);

impl<S: stream::Stream<Item = io::Result<&'static str>> + Unpin> futures::io::AsyncRead
    for Each<S>
{
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &mut [u8],
    ) -> std::task::Poll<io::Result<usize>> {
        self.0.poll_next_unpin(cx).map(|item| match item {
            Some(Ok(text)) => {
                buf[..text.len()].copy_from_slice(text.as_bytes());
                Ok(text.len())
            }
            Some(Err(error)) => Err(error),
            None => Ok(0),
        })
    }
}

#[test]
fn bytes_are_counted_as_they_come() {
    let mut log = lines::read(b"one\n".chain(&b"two\n"[..]));
    block_on(log.by_ref().for_each(|_| async {}));
    assert_eq!(log.bytes_read(), 8);
    #[cfg(feature = "compression")]
    {
        let gzip = std::fs::read("fixtures/rotated/access.log.2.gz").unwrap();
        let mut log = lines::read(&gzip[..]).decompressed();
        let lines = block_on(log.by_ref().count());
        assert_eq!((lines, log.bytes_read()), (100, gzip.len() as u64));
    }
}

#[cfg(feature = "compression")]
#[test]
fn compressed_bytes_may_come_in_pieces_and_break_off() {
    let gzip = std::fs::read("fixtures/rotated/access.log.2.gz").unwrap();
    let expected =
        texts(headwater::lines::decompressed("fixtures/rotated/access.log.2.gz").unwrap());
    for size in [1, 2, 3, 1000] {
        let chunks = gzip.chunks(size).map(Ok::<_, io::Error>);
        assert_eq!(texts(Blocking(lines::chunks(stream::iter(chunks)).decompressed())), expected);
    }
    let half = &gzip[..gzip.len() / 2];
    let (good, error) = broken(Blocking(lines::read(half).decompressed()));
    assert_eq!(error.kind(), ErrorKind::Truncated);
    assert_eq!(good, expected[..good.len()]);
    let mut bad = gzip.clone();
    bad[gzip.len() / 2] ^= 0xFF;
    let (_, error) = broken(Blocking(lines::read(&bad[..]).decompressed()));
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    // What is not compressed passes through.
    assert_eq!(texts(Blocking(lines::read(&b"1\n2"[..]).decompressed())), ["1", "2"]);
}

#[test]
fn a_long_line_is_an_error_before_it_is_kept() {
    let endless = stream::repeat_with(|| Ok::<_, io::Error>("no end "));
    let (good, error) = broken(Blocking(lines::chunks(endless).max_len(1000)));
    assert!(good.is_empty());
    assert_eq!((error.kind(), error.offset()), (ErrorKind::LongLine, Some(0)));
}
