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
    let cases: &[(u16, Headers, &str, &[&str])] = &[
        (200, &[], "one\ntwo\n", &["two"]),
        (200, &[("content-length", "8")], "one\ntwo\n", &["two"]),
        (206, &[("content-range", "bytes 4-7/8")], "two\n", &["two"]),
        (206, &[("content-range", "BYTES 4-7/8")], "two\n", &["two"]),
        // A proxy may widen a range.
        (206, &[("content-range", "bytes 2-7/8")], "e\ntwo\n", &["two"]),
        (416, &[("content-range", "bytes */4")], "no", &[]),
        (200, &[("content-encoding", "Identity"), ("content-length", "8")], "one\ntwo\n", &["two"]),
    ];
    for &(status, headers, body, expected) in cases {
        assert_eq!(
            texts(lines_of(status, headers, body, 4.into())),
            expected,
            "{status} {headers:?}"
        );
    }
    let headers: Headers = &[("etag", "\"7\""), ("content-range", "bytes 4-7/8")];
    assert_eq!(texts(lines_of(206, headers, "two\n", noted(4))), ["two"]);
}

#[test]
fn another_version_is_an_error_of_its_own() {
    let cases: &[(u16, Headers)] = &[
        (200, &[("etag", "\"8\"")]),
        (200, &[("etag", "W/\"7\"")]),
        (200, &[("last-modified", "Tue, 15 Nov 1994 12:45:26 GMT")]),
        (200, &[]),
        (206, &[("etag", "\"8\""), ("content-range", "bytes 4-7/8")]),
        (416, &[("etag", "\"8\""), ("content-range", "bytes */4")]),
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
    const UNCLEAR: &str = "the server's content-range can't be understood";
    let cases: &[(u16, Headers, &str)] = &[
        (206, &[], UNCLEAR),
        (206, &[("content-range", "4-7/8")], UNCLEAR),
        (206, &[("content-range", "bytes 7-4/8")], UNCLEAR),
        (206, &[("content-range", "bytes 4-900/9")], UNCLEAR),
        (206, &[("content-range", "bytes 4-99999999999999999999/*")], UNCLEAR),
        (206, &[("content-range", "bytes 4-18446744073709551615/*")], UNCLEAR),
        (206, &[("content-range", "bytes 5-7/8")], "the server's bytes begin at byte 5"),
        (
            206,
            &[("content-range", "bytes 4-7/8"), ("content-encoding", "gzip")],
            "the server sent a part of what is encoded",
        ),
        (
            200,
            &[("content-encoding", "gzip")],
            "the server sent it encoded, and it is not decompressed",
        ),
        (416, &[("content-range", "bytes */9")], "the server refuses a range that it has"),
        (416, &[], "the server has nothing there, and says not how long it is"),
        (404, &[], "the server answered with status 404"),
        (204, &[], "the server answered with status 204"),
        (503, &[], "the server answered with status 503"),
    ];
    for &(status, headers, says) in cases {
        let (good, error) = broken(lines_of(status, headers, "one\ntwo\n", 4.into()));
        assert!(good.is_empty());
        assert_eq!(
            (error.kind(), error.offset()),
            (ErrorKind::Open, Some(4)),
            "{status} {headers:?}"
        );
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
fn a_refused_start_is_no_empty_file() {
    let (_, error) = broken(lines_of(416, &[("content-range", "bytes */0")], "", 0.into()));
    assert_eq!(error.kind(), ErrorKind::Open);
}

#[test]
fn a_part_that_was_asked_for_if_it_is_the_same_is_the_same() {
    let headers: Headers = &[("content-range", "bytes 4-7/8")];
    assert_eq!(texts(lines_of(206, headers, "two\n", noted(4))), ["two"]);
}

#[test]
fn parts_are_put_together() {
    // A server that never sends more than five bytes, and tells how long all is, or not.
    for tells in [true, false] {
        let log = "one\ntwo\nthree and more\nhalf";
        let mut asked = Vec::new();
        let remote = lines::remote(move |wanted: lines::Wanted| {
            let from = usize::try_from(wanted.offset()).unwrap();
            assert!(!asked.contains(&from), "{from} is asked for twice");
            asked.push(from);
            let end = log.len().min(from + 5);
            let total = if tells { log.len().to_string() } else { "*".to_owned() };
            let range = format!("bytes {from}-{}/{total}", end.saturating_sub(1));
            let status = if from < log.len() { 206 } else { 416 };
            let header = |name: &str| match name {
                "content-range" if status == 206 => Some(&*range),
                _ => None,
            };
            let chunks = stream::iter([Ok::<_, io::Error>(log.get(from..end).unwrap_or_default())]);
            ready(Ok::<_, io::Error>(Body::http(status, header, chunks)))
        });
        let expected = ["two", "three and more", "half"];
        assert_eq!(texts(Blocking(remote.from(4))), expected, "tells: {tells}");
    }
}

#[test]
fn a_part_that_ends_before_its_end_is_an_error() {
    let (good, error) =
        broken(lines_of(206, &[("content-range", "bytes 4-9/*")], "two\nth", 4.into()));
    // All six bytes are there, and then nothing that begins at byte 10: the same reply is refused.
    assert_eq!(good, ["two"]);
    assert_eq!(error.kind(), ErrorKind::Open);
    let (good, error) =
        broken(lines_of(206, &[("content-range", "bytes 4-99/*")], "two\nth", 4.into()));
    assert_eq!(good, ["two"]);
    assert_eq!(error.source().unwrap().to_string(), "the body ended early: 10 bytes of 100");
}

#[test]
fn another_length_is_another_file() {
    let mut asks = 0;
    let mut log = Blocking(lines::remote(move |wanted: lines::Wanted| {
        asks += 1;
        let from = wanted.offset();
        let range = format!("bytes {from}-{}/{}", 7 + asks, 8 + asks);
        let header = |name: &str| (name == "content-range").then_some(&*range);
        let chunks = stream::iter([Ok::<_, io::Error>("1\n2\n")]);
        ready(Ok::<_, io::Error>(Body::http(206, header, chunks)))
    }));
    assert_eq!(log.next().unwrap().unwrap(), "1");
    let noted = log.position();
    log.resume_at(noted);
    assert_eq!(broken(&mut log).1.kind(), ErrorKind::SourceChanged);
    // An offset alone is one of whatever is there.
    log.resume_at(2.into());
    assert_eq!(log.next().unwrap().unwrap(), "1");
}

#[test]
fn an_offset_alone_is_one_of_no_version() {
    let mut version = 0;
    let mut log = Blocking(lines::remote(move |_wanted| {
        version += 1;
        let body = Body::new(stream::iter([Ok::<_, io::Error>("1\n2\n")]));
        ready(Ok::<_, io::Error>(body.validator(version.to_string())))
    }));
    assert!(log.next().unwrap().is_ok());
    log.resume_at(2.into());
    assert_eq!(log.position().validator(), None);
    assert!(log.next().unwrap().is_ok());
    assert_eq!(log.position().validator(), Some("2"));
}

#[cfg(feature = "compression")]
#[test]
fn a_body_that_ends_early_is_one_if_it_is_decompressed_too() {
    let two = [include_bytes!("../../../fixtures/rotated/access.log.2.gz").as_slice(); 2].concat();
    for (body, len) in [(two[..two.len() / 2].to_vec(), two.len()), (b"one\ntw".to_vec(), 100)] {
        let log = lines::remote(move |_wanted| {
            let body = Body::new(stream::iter([Ok::<_, io::Error>(body.clone())]));
            ready(Ok::<_, io::Error>(body.total_len(len as u64)))
        });
        let (_, error) = broken(Blocking(log.decompressed()));
        assert!(
            error.source().unwrap().to_string().starts_with("the body ended early"),
            "{error:?}"
        );
    }
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
