//! Files that were cut, or of which a byte was changed: at every byte.

use bstr::BString;
use headwater::ErrorKind;

use super::{File, frame, member, text};
use crate::expect::{lines_in, texts};

/// Three parts that are compressed each on its own, and where in the file they end.
fn parts(compress: fn(&[u8]) -> Vec<u8>) -> (Vec<u8>, Vec<u8>, Vec<usize>) {
    let text = text(36);
    let (mut bytes, mut ends) = (Vec::new(), vec![0]);
    for part in text.chunks(text.len().div_ceil(3)) {
        bytes.extend(compress(part));
        ends.push(bytes.len());
    }
    assert_eq!(ends.len(), 4);
    (text, bytes, ends)
}

/// Cuts the file at every byte that leaves its first `magic` bytes.
fn is_cut_everywhere(compress: fn(&[u8]) -> Vec<u8>, magic: usize) {
    let (text, bytes, ends) = parts(compress);
    let file = File::new("");
    let part = text.len().div_ceil(3);
    let mut before = 0;
    for len in 0..magic {
        file.write(&bytes[..len]);
        assert_eq!(texts(file.lines()), lines_in(&bytes[..len]), "{len} bytes could be anything");
    }
    for len in magic..=bytes.len() {
        file.write(&bytes[..len]);
        if let Some(parts) = ends.iter().position(|&end| end == len) {
            // Whoever cuts there leaves a file that is whole.
            let whole = &text[..text.len().min(parts * part)];
            assert_eq!(texts(file.lines()), lines_in(whole), "{len}");
        } else {
            let offset = file.breaks_off(&text, ErrorKind::Truncated);
            let parts = ends.iter().filter(|&&end| end <= len).count() - 1;
            assert!(before <= offset && parts * part <= offset, "{offset} bytes of {len}");
            before = offset;
        }
    }
}

#[test]
fn gzip_is_cut_at_every_byte() {
    is_cut_everywhere(member, 2);
}

#[test]
fn zstd_is_cut_at_every_byte() {
    is_cut_everywhere(frame, 4);
}

/// Changes every byte of the file but its first `magic` ones.
fn is_changed_everywhere(compress: fn(&[u8]) -> Vec<u8>, magic: usize) {
    let (text, bytes, ends) = parts(compress);
    let expected = lines_in(&text);
    let part = text.len().div_ceil(3);
    let file = File::new("");
    let mut damaged = bytes.clone();
    for at in magic..bytes.len() {
        for flipped in [0x01, 0x04, 0x80, 0xFF] {
            damaged[at] ^= flipped;
            file.write(&damaged);
            damaged[at] = bytes[at];

            let (good, error) = given(&file);
            let Some(error) = error else {
                assert_eq!(good, expected, "{flipped:#x} at {at}: it is wrong and no error comes");
                continue;
            };
            let kind = error.kind();
            assert!(matches!(kind, ErrorKind::Corrupt | ErrorKind::Truncated), "{kind:?} at {at}");
            assert!(error.offset().is_some());
            let before = ends.iter().filter(|&&end| end <= at).count() - 1;
            let sure = &text[..before * part];
            let sure = memchr::memchr_iter(b'\n', sure).count();
            assert!(good.len() >= sure, "{flipped:#x} at {at}: a line before it is lost");
            assert_eq!(good[..sure], expected[..sure], "{flipped:#x} at {at}");
        }
    }
}

/// All lines and the error that ends them, if one does: at most one, and at the end.
fn given(file: &File) -> (Vec<BString>, Option<headwater::Error>) {
    let mut lines = file.lines();
    let mut good = Vec::new();
    for item in lines.by_ref().take(10_000) {
        match item {
            Ok(line) => good.push(line.into_owned()),
            Err(error) => {
                assert!(lines.next().is_none(), "something follows {error}");
                return (good, Some(error));
            }
        }
    }
    assert!(good.len() < 10_000, "it does not end");
    (good, None)
}

#[test]
fn every_byte_of_gzip_is_changed() {
    is_changed_everywhere(member, 2);
}

#[test]
fn every_byte_of_zstd_is_changed() {
    is_changed_everywhere(frame, 4);
}
