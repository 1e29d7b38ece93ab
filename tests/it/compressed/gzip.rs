//! Gzip files: members, headers, what follows the last member.

use std::fs;
use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, Crc, GzBuilder};
use headwater::{ErrorKind, Source};

use super::{File, member, text};
use crate::expect::{lines_in, texts};
use crate::support::handles::open_below;

#[test]
fn all_members_are_read_as_one() {
    let text = text(50);
    for parts in 1..8 {
        // Members end within lines, not only between them.
        let members = text.chunks(text.len().div_ceil(parts)).map(member);
        let file = File::new(members.collect::<Vec<_>>().concat());
        assert_eq!(texts(file.lines()), lines_in(&text), "{parts}");
    }
}

#[test]
fn members_may_be_tiny_empty_and_many() {
    let text = text(60);
    let mut bytes = member(b"");
    for byte in text.chunks(1) {
        bytes.extend(member(byte));
        bytes.extend(member(b""));
    }
    assert_eq!(texts(File::new(bytes).lines()), lines_in(&text));
    let nothing = File::new(member(b"").repeat(100));
    assert!(nothing.lines().next().is_none());
}

#[test]
fn members_of_every_level_are_read() {
    let text = text(5_000);
    for level in 0..=9 {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(&text).unwrap();
        let file = File::new(encoder.finish().unwrap());
        assert_eq!(texts(file.lines()), lines_in(&text), "level {level}");
    }
}

#[test]
fn headers_may_say_much() {
    let text = text(10);
    // Longer than the buffer of compressed bytes.
    let long = "n".repeat(40_000);
    let headers = [
        GzBuilder::new().filename("app.log").comment("a day").mtime(1),
        GzBuilder::new().filename(&long[..]).comment(&long[..]),
        GzBuilder::new().extra(vec![7; 65_535]).operating_system(3),
        GzBuilder::new().extra(&b""[..]).filename(&b"\xFF"[..]),
    ];
    for header in headers {
        let mut encoder = header.write(Vec::new(), Compression::fast());
        encoder.write_all(&text).unwrap();
        let whole = encoder.finish().unwrap();
        let file = File::new([&whole[..], &whole].concat());
        assert_eq!(texts(file.lines()), lines_in(&text.repeat(2)));
    }
}

#[test]
fn headers_may_have_a_checksum() {
    let text = text(10);
    let mut header = member(&text)[..10].to_vec();
    header[3] |= 1 << 1;
    let mut crc = Crc::new();
    crc.update(&header);
    let sum = crc.sum().to_le_bytes();
    let body = &member(&text)[10..];
    let file = File::new([&header[..], &sum[..2], body].concat());
    assert_eq!(texts(file.lines()), lines_in(&text));

    file.write([&header[..], &[!sum[0], sum[1]], body].concat());
    assert_eq!(file.breaks_off(&text, ErrorKind::Corrupt), 0);
}

#[test]
fn zeros_may_follow_the_last_member() {
    let text = text(10);
    for zeros in [1, 2, 7, 512, 100_000] {
        let file = File::new([member(&text), vec![0; zeros]].concat());
        assert_eq!(texts(file.lines()), lines_in(&text), "{zeros}");
    }
}

#[test]
fn anything_else_that_follows_is_an_error_after_the_good_lines() {
    let text = text(10);
    let garbage: [&[u8]; 6] = [
        b"garbage",
        b"\n",
        b"\0\0\0x",
        b"\x1F\x8Amore than a header",
        b"\x1F\x8B\x09more than a header",
        b"\x28\xB5\x2F\xFD",
    ];
    for garbage in garbage {
        let file = File::new([&member(&text), garbage].concat());
        assert_eq!(file.breaks_off(&text, ErrorKind::Corrupt), text.len(), "{garbage:?}");
    }
    for begun in [&b"\x1F"[..], b"\x1F\x8B", b"\x1F\x8B\x08\0\0\0\0\0\0", b"\0\0\x1F\x8B"] {
        let file = File::new([&member(&text), begun].concat());
        assert_eq!(file.breaks_off(&text, ErrorKind::Truncated), text.len(), "{begun:?}");
    }
}

#[test]
fn a_last_line_without_an_end_is_given() {
    let file = File::new(member(b"one\nhalf"));
    let last = file.lines().last().unwrap().unwrap();
    assert_eq!(last, "half");
    assert!(!last.is_complete());
}

#[test]
fn files_of_a_few_bytes_are_what_they_are() {
    let file = File::new("");
    assert!(file.lines().next().is_none());
    file.write(member(b""));
    assert!(file.lines().next().is_none());
    for plain in [&b"\x1F"[..], b"\x8B", b"\x1F\x8A", b"a", b"ab\n", b"\n\n\n\n", b"\x1F\n\x8B"] {
        file.write(plain);
        assert_eq!(texts(file.lines()), lines_in(plain), "{plain:?}");
    }
    for begun in [&b"\x1F\x8B"[..], b"\x1F\x8B\x08", b"\x1F\x8B\x08\0"] {
        file.write(begun);
        assert_eq!(file.breaks_off(b"", ErrorKind::Truncated), 0, "{begun:?}");
    }
    // Not what the only method that there is, deflate, calls itself.
    file.write(b"\x1F\x8B\x07\0\0\0\0\0\0\0");
    assert_eq!(file.breaks_off(b"", ErrorKind::Corrupt), 0);
}

#[test]
fn what_is_not_compressed_is_passed_on() {
    let text = text(5_000);
    let file = File::new(&text);
    assert_eq!(texts(file.lines()), lines_in(&text));
    // The name says that it is compressed; nobody asked it.
    assert_eq!(file.path().extension(), Some("gz".as_ref()));
    file.write(b"\xEF\xBB\xBFone\r\ntwo");
    assert_eq!(texts(file.lines()), ["one", "two"]);
}

#[test]
fn a_file_that_is_still_written_gives_what_is_there() {
    let text = text(300);
    let file = File::new("");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let mut written = 0;
    let mut noted = file.lines().position();
    let mut given = Vec::new();
    for part in text.chunks(777) {
        encoder.write_all(part).unwrap();
        encoder.flush().unwrap();
        written += part.len();
        file.write(encoder.get_ref());
        assert_eq!(file.breaks_off(&text, ErrorKind::Truncated), written);

        // From one look at it to the next, nothing is lost and nothing comes twice.
        let mut lines = file.lines().from(noted);
        given.extend(lines.by_ref().map_while(Result::ok).map(headwater::Line::into_owned));
        noted = lines.position();
        assert!(lines.next().is_none());
        assert_eq!(open_below(file.folder.path()), 0);
    }
    file.write(encoder.finish().unwrap());
    given.extend(texts(file.lines().from(noted)));
    assert_eq!(given, lines_in(&text));
}

#[test]
fn a_source_goes_on_when_the_rest_was_written() {
    let text = text(100);
    let whole = member(&text);
    let file = File::new(&whole[..whole.len() / 2]);
    let mut lines = file.lines();
    let mut given: Vec<_> =
        lines.by_ref().map_while(Result::ok).map(headwater::Line::into_owned).collect();
    assert!(!given.is_empty() && given.len() < 100);
    let mut more = fs::OpenOptions::new().append(true).open(file.path()).unwrap();
    more.write_all(&whole[whole.len() / 2..]).unwrap();
    let noted = lines.position();
    lines.resume_at(noted);
    given.extend(texts(lines));
    assert_eq!(given, lines_in(&text));
}
