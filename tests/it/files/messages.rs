//! What errors say: exactly, and through which of their faces.

use std::error::Error as _;
use std::fs;
use std::io;
use std::mem::size_of;

use headwater::lines::{self, Position};
use headwater::{Error, ErrorKind, Line, Lines, Source};

use crate::expect::broken;
#[cfg(feature = "compression")]
use crate::support::data;

/// A folder to write in, and a file in it with the lines `one`, `three`, `caf\xE9`.
fn log() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log").to_str().unwrap().to_owned();
    fs::write(&path, b"one\nthree\ncaf\xE9\n").unwrap();
    (folder, path)
}

struct Said<'a> {
    kind: ErrorKind,
    text: &'a str,
    /// The text of its cause, if it has one.
    cause: Option<&'a str>,
    path: Option<&'a str>,
    offset: Option<u64>,
    io: io::ErrorKind,
}

fn says(error: Error, said: &Said<'_>) {
    assert_eq!(error.kind(), said.kind);
    assert_eq!(error.to_string(), said.text);
    assert_eq!(error.source().map(ToString::to_string).as_deref(), said.cause);
    assert_eq!(error.path().map(|path| path.to_str().unwrap()), said.path);
    assert_eq!(error.offset(), said.offset);
    let debug = format!("{error:?}");
    assert!(debug.starts_with("Error {") && debug.contains(&format!("{:?}", said.kind)), "{debug}");

    let error = io::Error::from(error);
    assert_eq!(error.kind(), said.io);
    assert_eq!(error.to_string(), said.text);
    let inner: &Error = error.get_ref().unwrap().downcast_ref().expect("the error itself");
    assert_eq!(inner.kind(), said.kind);
}

#[test]
fn opening() {
    let (folder, _) = log();
    let path = folder.path().join("missing.log").to_str().unwrap().to_owned();
    let said = Said {
        kind: ErrorKind::Open,
        text: &format!("{path}: cannot be opened"),
        cause: Some(&fs::File::open(&path).unwrap_err().to_string()),
        path: Some(&path),
        offset: None,
        io: io::ErrorKind::NotFound,
    };
    says(headwater::lines(&path).unwrap_err(), &said);
    #[cfg(feature = "compression")]
    says(lines::each([&path]).next().unwrap().unwrap_err(), &said);

    let closed = || Err::<&[u8], _>(io::Error::new(io::ErrorKind::ResourceBusy, "come again"));
    let said = Said {
        kind: ErrorKind::Open,
        text: "cannot be opened",
        cause: Some("come again"),
        path: None,
        offset: None,
        io: io::ErrorKind::ResourceBusy,
    };
    says(broken(lines::random_access(closed)).1, &said);
}

struct Silent;

impl io::Read for Silent {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "not today"))
    }
}

#[test]
fn reading() {
    let said = Said {
        kind: ErrorKind::Read,
        text: "cannot be read at byte 6",
        cause: Some("not today"),
        path: None,
        offset: Some(6),
        io: io::ErrorKind::PermissionDenied,
    };
    let (good, error) = broken(lines::read(io::Read::chain(&b"one\ntw"[..], Silent)));
    assert_eq!(good, ["one"]);
    says(error, &said);
}

#[test]
fn another_file() {
    let (folder, path) = log();
    let mut lines = headwater::lines(&path).unwrap();
    lines.next().unwrap().unwrap();
    let noted = lines.position();
    fs::write(folder.path().join("new.log"), "something else\n").unwrap();
    fs::rename(folder.path().join("new.log"), &path).unwrap();
    let said = Said {
        kind: ErrorKind::SourceChanged,
        text: &format!("{path}: is not the file that byte 4 was noted in"),
        cause: None,
        path: Some(&path),
        offset: Some(4),
        io: io::ErrorKind::Other,
    };
    says(broken(headwater::lines(&path).unwrap().from(noted)).1, &said);
}

#[test]
fn a_shorter_file() {
    let (_folder, path) = log();
    let said = Said {
        kind: ErrorKind::Shrunk,
        text: &format!("{path}: ends at byte 15, before byte 100"),
        cause: None,
        path: Some(&path),
        offset: Some(15),
        io: io::ErrorKind::UnexpectedEof,
    };
    says(broken(headwater::lines(&path).unwrap().from(100)).1, &said);
    #[cfg(feature = "compression")]
    says(broken(lines::decompressed(&path).unwrap().from(100)).1, &said);
}

#[test]
fn a_long_line() {
    let (_folder, path) = log();
    let said = Said {
        kind: ErrorKind::LongLine,
        text: &format!("{path}: the line at byte 4 is longer than 4 bytes"),
        cause: None,
        path: Some(&path),
        offset: Some(4),
        io: io::ErrorKind::InvalidData,
    };
    says(broken(headwater::lines(&path).unwrap().max_len(4)).1, &said);
    let (good, error) = broken(headwater::lines(&path).unwrap().max_len(4).rev());
    assert_eq!(good, [b"caf\xE9"]);
    says(error, &said);
}

#[cfg(feature = "compression")]
#[test]
fn compressed_data() {
    let (_folder, path) = log();
    let whole = data::gzip(b"one\nthree\n");
    let cases = [
        (whole[..whole.len() - 1].to_vec(), ErrorKind::Truncated, "breaks off"),
        ([&whole[..], b"garbage"].concat(), ErrorKind::Corrupt, "is corrupt"),
    ];
    for (bytes, kind, what) in cases {
        fs::write(&path, bytes).unwrap();
        let (good, error) = broken(lines::decompressed(&path).unwrap());
        assert_eq!(good, ["one", "three"]);
        let cause = error.source().expect("what the decoder says").to_string();
        let said = Said {
            kind,
            text: &format!("{path}: compressed data {what} after byte 10"),
            cause: Some(&cause),
            path: Some(&path),
            offset: Some(10),
            io: match kind {
                ErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
                _ => io::ErrorKind::InvalidData,
            },
        };
        says(error, &said);
    }
}

#[test]
fn places_that_can_not_be_gone_to() {
    let mut lines = lines::read(&b"one\nthree\n"[..]);
    lines.nth(1).unwrap().unwrap();
    lines.resume_at(Position::from(4));
    let said = Said {
        kind: ErrorKind::Unseekable,
        text: "cannot go back from byte 10 to byte 4",
        cause: None,
        path: None,
        offset: Some(10),
        io: io::ErrorKind::NotSeekable,
    };
    says(broken(lines).1, &said);
    #[cfg(unix)]
    {
        let said = Said {
            kind: ErrorKind::Unseekable,
            text: "/dev/null: is a pipe or a device: only `lines::read` can read it",
            cause: None,
            path: Some("/dev/null"),
            offset: None,
            io: io::ErrorKind::NotSeekable,
        };
        says(headwater::lines("/dev/null").unwrap_err(), &said);
    }
}

#[test]
fn bytes_that_are_no_text() {
    let (_folder, path) = log();
    let said = Said {
        kind: ErrorKind::NotUtf8,
        text: &format!("{path}: the line is not UTF-8 at byte 13"),
        cause: None,
        path: Some(&path),
        offset: Some(13),
        io: io::ErrorKind::InvalidData,
    };
    let line = headwater::lines(&path).unwrap().last().unwrap().unwrap();
    says(line.to_str().unwrap_err(), &said);
}

#[test]
fn what_may_go_better_later() {
    use io::ErrorKind as Io;
    let opened = |kind: Io| {
        let closed = move || Err::<&[u8], _>(io::Error::from(kind));
        lines::random_access(closed).next().unwrap().unwrap_err()
    };
    for kind in
        [Io::TimedOut, Io::WouldBlock, Io::ResourceBusy, Io::ConnectionReset, Io::NetworkDown]
    {
        assert!(opened(kind).is_transient(), "{kind:?}");
    }
    for kind in [Io::NotFound, Io::PermissionDenied, Io::InvalidData, Io::UnexpectedEof, Io::Other]
    {
        assert!(!opened(kind).is_transient(), "{kind:?}");
    }
    assert!(!broken(lines::read(&b"too long"[..]).max_len(3)).1.is_transient());
}

#[test]
fn sizes_are_what_they_are_said_to_be() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    assert_eq!(size_of::<Line>(), 16);
    assert_eq!(size_of::<Option<Line>>(), 16);
}

#[test]
fn everything_can_go_to_another_thread() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}

    shared::<Error>();
    shared::<ErrorKind>();
    shared::<Line>();
    shared::<Lines>();
    shared::<lines::Containing>();
    shared::<Lines<lines::Read<fs::File>>>();
    shared::<Position>();
    #[cfg(feature = "compression")]
    {
        shared::<Lines<lines::Decompressed>>();
        shared::<Lines<lines::Each>>();
        shared::<lines::Decoder<fs::File>>();
    }
    #[cfg(feature = "mmap")]
    shared::<Lines<lines::Mapped>>();
    #[cfg(feature = "regex")]
    shared::<lines::Matching>();

    sent::<Lines<lines::ReadAhead<lines::File>>>();
}
