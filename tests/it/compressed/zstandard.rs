//! Zstd files: frames, frames to skip, checksums, windows.

use std::io::Write;

use headwater::{ErrorKind, Source};

use super::{File, frame, text};
use crate::expect::{lines_in, texts};

/// A frame with content that is no data.
fn skippable(kind: u8, content: &[u8]) -> Vec<u8> {
    let len = u32::try_from(content.len()).unwrap().to_le_bytes();
    [&[0x50 + kind, 0x2A, 0x4D, 0x18][..], &len, content].concat()
}

/// A frame made by hand, of one block that is not compressed, with a window of two to the `log`.
fn with_window(log: u8, text: &[u8]) -> Vec<u8> {
    let block = u32::try_from(text.len()).unwrap() << 3 | 1;
    let header = [0x28, 0xB5, 0x2F, 0xFD, 0, (log - 10) << 3];
    [&header[..], &block.to_le_bytes()[..3], text].concat()
}

#[test]
fn all_frames_are_read_as_one() {
    let text = text(50);
    for parts in 1..8 {
        let frames = text.chunks(text.len().div_ceil(parts)).map(frame);
        let file = File::new(frames.collect::<Vec<_>>().concat());
        assert_eq!(texts(file.lines()), lines_in(&text), "{parts}");
    }
}

#[test]
fn frames_may_be_tiny_empty_and_many() {
    let text = text(60);
    let mut bytes = frame(b"");
    for byte in text.chunks(1) {
        bytes.extend(frame(byte));
        bytes.extend(frame(b""));
    }
    assert_eq!(texts(File::new(bytes).lines()), lines_in(&text));
    assert!(File::new(frame(b"")).lines().next().is_none());
}

#[test]
fn frames_of_every_kind_are_read() {
    let text = text(5_000);
    for level in [-5, 1, 3, 10, 19] {
        let file = File::new(zstd::encode_all(&text[..], level).unwrap());
        assert_eq!(texts(file.lines()), lines_in(&text), "level {level}");
    }
    assert_eq!(texts(File::new(with_window(10, b"one\ntwo\n")).lines()), ["one", "two"]);
}

#[test]
fn frames_to_skip_are_skipped() {
    let text = text(20);
    for kind in 0..16 {
        let skipped = skippable(kind, &[b'\n'; 100]);
        let frame = frame(&text);
        for bytes in [
            [&skipped[..], &frame].concat(),
            [&frame[..], &skipped].concat(),
            [&skipped[..], &skippable(kind, b""), &frame, &skipped, &frame].concat(),
        ] {
            let count = bytes.windows(4).filter(|bytes| *bytes == &frame[..4]).count();
            assert_eq!(texts(File::new(bytes).lines()), lines_in(&text.repeat(count)));
        }
    }
    assert!(File::new(skippable(0, b"nothing")).lines().next().is_none());
}

#[test]
fn a_wrong_checksum_is_an_error_after_the_good_lines() {
    let text = text(20);
    let mut bytes = frame(&text);
    *bytes.last_mut().unwrap() ^= 1;
    let file = File::new([&frame(&text)[..], &bytes].concat());
    let offset = file.breaks_off(&text.repeat(2), ErrorKind::Corrupt);
    assert!(offset >= text.len(), "{offset}");
}

#[test]
fn what_follows_the_last_frame_must_be_a_frame() {
    let text = text(10);
    for garbage in [&b"garbage"[..], b"\0\0\0\0", b"\x1F\x8B\x08\0\0\0\0\0\0\0"] {
        let file = File::new([&frame(&text)[..], garbage].concat());
        assert_eq!(file.breaks_off(&text, ErrorKind::Corrupt), text.len(), "{garbage:?}");
    }
    for begun in [&b"\x28"[..], b"\x28\xB5\x2F", b"\x28\xB5\x2F\xFD", &skippable(3, b"cut")[..10]] {
        let file = File::new([&frame(&text)[..], begun].concat());
        assert_eq!(file.breaks_off(&text, ErrorKind::Truncated), text.len(), "{begun:?}");
    }
}

#[test]
fn files_of_a_few_bytes_are_what_they_are() {
    let file = File::new("");
    for plain in [&b"\x28"[..], b"\x28\xB5", b"\x28\xB5\x2F", b"(\xB5/\xFE", b"P*M", b"P*M\x19"] {
        file.write(plain);
        assert_eq!(texts(file.lines()), lines_in(plain), "{plain:?}");
    }
    file.write(&frame(b"one\n")[..4]);
    assert_eq!(file.breaks_off(b"", ErrorKind::Truncated), 0);
}

#[test]
fn a_window_beyond_128_mib_is_refused() {
    assert_eq!(texts(File::new(with_window(27, b"one\n")).lines()), ["one"]);
    let file = File::new(with_window(28, b"one\n"));
    assert_eq!(file.breaks_off(b"", ErrorKind::Corrupt), 0);
}

#[test]
fn a_file_that_is_still_written_gives_what_is_there() {
    let text = text(300);
    let file = File::new("");
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    let mut written = 0;
    let mut noted = file.lines().position();
    let mut given = Vec::new();
    for part in text.chunks(777) {
        encoder.write_all(part).unwrap();
        encoder.flush().unwrap();
        written += part.len();
        file.write(encoder.get_ref());
        assert_eq!(file.breaks_off(&text, ErrorKind::Truncated), written);
        let mut lines = file.lines().from(noted);
        given.extend(lines.by_ref().map_while(Result::ok).map(headwater::Line::into_owned));
        noted = lines.position();
    }
    file.write(encoder.finish().unwrap());
    given.extend(texts(file.lines().from(noted)));
    assert_eq!(given, lines_in(&text));
}
