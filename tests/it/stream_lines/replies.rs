//! What servers reply, against what was wanted.

use std::error::Error as _;
use std::future::ready;
use std::io;

use futures::stream;
use headwater::lines::Position;
use headwater::stream::lines::{self, Body};
use headwater::{ErrorKind, Source};

use crate::expect::{broken, texts};
use crate::support::blocking::Blocking;

type Headers = &'static [(&'static str, &'static str)];

/// The lines of one reply, which is wanted from byte `from` on, of the version `validator`.
fn lines_of(
    status: u16,
    headers: Headers,
    body: &'static str,
    from: Position,
) -> impl Iterator<Item = Result<headwater::Line, headwater::Error>> + std::fmt::Debug {
    Blocking(
        lines::remote(move |_wanted| {
            let header =
                |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
            let chunks = stream::iter([Ok::<_, io::Error>(body)]);
            ready(Ok::<_, io::Error>(Body::http(status, header, chunks)))
        })
        .from(from),
    )
}

/// The position at byte `offset` of version `"7"`.
fn noted(offset: u64) -> Position {
    let body = Body::new(stream::iter([Ok::<_, io::Error>("x\n")])).validator("\"7\"");
    let mut body = Some(body);
    let again = || io::Error::other("asked again");
    let mut log = Blocking(lines::remote(move |_| ready(body.take().ok_or_else(again))));
    assert!(log.next().unwrap().is_ok());
    let position = log.position();
    assert_eq!(position.validator(), Some("\"7\""));
    // The same place, elsewhere.
    let text = moved(&position, offset);
    assert_eq!((text.offset(), text.validator()), (offset, Some("\"7\"")));
    text
}

/// Moves a position, by going through a file of newlines up to there.
fn moved(position: &Position, offset: u64) -> Position {
    let newlines = "\n".repeat(usize::try_from(offset).unwrap());
    let mut log = Blocking(lines::remote(move |_| {
        let chunks = stream::iter([Ok::<_, io::Error>(newlines.clone())]);
        ready(Ok::<_, io::Error>(Body::new(chunks).validator("\"7\"")))
    }));
    for _ in 0..offset {
        assert!(log.next().unwrap().is_ok());
    }
    assert_eq!(position.validator(), log.position().validator());
    log.position()
}

#[test]
fn what_was_wanted_is_read() {
    let tag = ("etag", "\"7\"");
    let cases: &[(u16, Headers, &str, &[&str])] = &[
        (200, &[], "one\ntwo\n", &["two"]),
        (200, &[("content-length", "8")], "one\ntwo\n", &["two"]),
        (206, &[("content-range", "bytes 4-7/8")], "two\n", &["two"]),
        (206, &[("content-range", "bytes 4-7/*")], "two\n", &["two"]),
        (206, &[("content-range", "BYTES 4-7/8")], "two\n", &["two"]),
        // A proxy may widen a range.
        (206, &[("content-range", "bytes 2-7/8")], "e\ntwo\n", &["two"]),
        (416, &[("content-range", "bytes */4")], "no", &[]),
        (416, &[], "no", &[]),
        (200, &[("content-encoding", "gzip"), ("content-length", "3")], "one\ntwo\n", &["two"]),
    ];
    for &(status, headers, body, expected) in cases {
        assert_eq!(
            texts(lines_of(status, headers, body, 4.into())),
            expected,
            "{status} {headers:?}"
        );
    }
    for (headers, body) in [(&[tag, ("content-range", "bytes 4-7/8")][..], "two\n")] {
        let headers: Headers = Box::leak(headers.into());
        assert_eq!(texts(lines_of(206, headers, body, noted(4))), ["two"]);
    }
}

#[test]
fn another_version_is_an_error_of_its_own() {
    let cases: &[(u16, Headers)] = &[
        (200, &[("etag", "\"8\"")]),
        (200, &[("etag", "W/\"7\"")]),
        (200, &[("last-modified", "Tue, 15 Nov 1994 12:45:26 GMT")]),
        (200, &[]),
        (206, &[("etag", "\"8\""), ("content-range", "bytes 4-7/8")]),
    ];
    for &(status, headers) in cases {
        let (good, error) = broken(lines_of(status, headers, "one\ntwo\n", noted(4)));
        assert!(good.is_empty());
        assert_eq!(
            (error.kind(), error.offset()),
            (ErrorKind::SourceChanged, Some(4)),
            "{headers:?}"
        );
        assert_eq!(error.to_string(), "is not the file that byte 4 was noted in");
        assert!(!error.is_transient());
    }
}

#[test]
fn what_can_not_be_right_is_an_error() {
    let cases: &[(u16, Headers, ErrorKind, &str)] = &[
        (206, &[], ErrorKind::Open, "the server's content-range can't be understood"),
        (
            206,
            &[("content-range", "4-7/8")],
            ErrorKind::Open,
            "the server's content-range can't be understood",
        ),
        (
            206,
            &[("content-range", "bytes 7-4/8")],
            ErrorKind::Open,
            "the server's content-range can't be understood",
        ),
        (
            206,
            &[("content-range", "bytes 4-99999999999999999999/*")],
            ErrorKind::Open,
            "the server's content-range can't be understood",
        ),
        (
            206,
            &[("content-range", "bytes 5-7/8")],
            ErrorKind::Open,
            "the server's bytes begin at byte 5",
        ),
        (
            416,
            &[("content-range", "bytes */9")],
            ErrorKind::Open,
            "the server refuses a range that it has",
        ),
        (404, &[], ErrorKind::Open, "the server answered with status 404"),
        (204, &[], ErrorKind::Open, "the server answered with status 204"),
        (503, &[], ErrorKind::Open, "the server answered with status 503"),
    ];
    for &(status, headers, kind, says) in cases {
        let (good, error) = broken(lines_of(status, headers, "one\ntwo\n", 4.into()));
        assert!(good.is_empty());
        assert_eq!((error.kind(), error.offset()), (kind, Some(4)), "{status} {headers:?}");
        assert_eq!(error.source().unwrap().to_string(), says);
        assert_eq!(error.is_transient(), status == 503);
    }
}

#[test]
fn a_file_that_shrank_says_where_it_ends() {
    for (status, headers) in [
        (416, &[("content-range", "bytes */3")][..]),
        (200, &[("content-length", "3")]),
        (200, &[]),
    ] {
        let headers: Headers = Box::leak(headers.into());
        let (_, error) = broken(lines_of(status, headers, "one", 4.into()));
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(3)));
        assert_eq!(error.to_string(), "ends at byte 3, before byte 4");
    }
}

#[test]
fn a_body_that_ends_early_is_an_error_and_no_line() {
    let (good, error) = broken(lines_of(200, &[("content-length", "8")], "one\ntw", 0.into()));
    assert_eq!(good, ["one"]);
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Read, Some(6)));
    assert_eq!(error.source().unwrap().to_string(), "the body ended early: 6 bytes of 8");
    assert!(error.is_transient());
    let (good, _) = broken(lines_of(206, &[("content-range", "bytes 4-7/8")], "tw", 4.into()));
    assert!(good.is_empty());
}

#[test]
fn what_is_asked_is_what_the_standard_says() {
    let asked = |position: Position| {
        let (send, headers) = std::sync::mpsc::channel();
        let log = lines::remote(move |wanted| {
            send.send(wanted.headers().collect::<Vec<_>>()).unwrap();
            ready(Err::<Body<stream::Empty<io::Result<&str>>>, _>(io::Error::other("no")))
        });
        assert!(Blocking(log.from(position)).next().unwrap().is_err());
        headers.recv().unwrap()
    };
    let identity = ("accept-encoding", "identity".to_owned());
    assert_eq!(asked(0.into()), std::slice::from_ref(&identity));
    let range = ("range", "bytes=4-".to_owned());
    assert_eq!(asked(4.into()), [identity.clone(), range.clone()]);
    let condition = ("if-range", "\"7\"".to_owned());
    assert_eq!(asked(noted(4)), [identity, range, condition]);
}
