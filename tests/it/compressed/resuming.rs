//! Going on in compressed files, at every position and at bare offsets.

use headwater::lines::{self, Position};
use headwater::{ErrorKind, Source};

use super::{File, frame, member, text};
use crate::expect::{broken, lines_in, starts_in, texts};
use crate::support::handles::open_below;
use crate::support::resume::{resume_law, resume_law_in_place};

type Compress = fn(&[u8]) -> Vec<u8>;

const FORMATS: [(&str, Compress); 2] = [("gzip", member), ("zstd", frame)];

fn file(compress: Compress, text: &[u8]) -> File {
    let parts = text.chunks(text.len().div_ceil(3)).map(compress);
    File::new(parts.collect::<Vec<_>>().concat())
}

#[test]
fn the_resume_law_holds() {
    for (_, compress) in FORMATS {
        let file = file(compress, &text(30));
        for block_size in [1, 20, 64 << 10].map(|size| size.try_into().unwrap()) {
            let open = || file.lines().block_size(block_size);
            resume_law(open);
            resume_law_in_place(open);
        }
    }
}

#[test]
fn every_position_of_many_blocks_is_found() {
    let text = text(9_000);
    let (expected, starts) = (lines_in(&text), starts_in(&text));
    assert!(text.len() > 3 * (64 << 10));
    for (format, compress) in FORMATS {
        let file = file(compress, &text);
        let mut lines = file.lines();
        for (index, &start) in starts.iter().enumerate() {
            assert_eq!(lines.position().offset(), start, "{format}");
            if index % 613 == 0 {
                let rest = texts(file.lines().from(lines.position()));
                assert_eq!(rest, expected[index..], "{format}");
                assert_eq!(texts(file.lines().from(start)), rest, "{format}");
            }
            assert_eq!(lines.next().unwrap().unwrap().offset(), start, "{format}");
        }
        assert!(lines.next().is_none());
        let end = lines.position();
        assert_eq!(end.offset(), text.len() as u64, "{format}");
        assert!(file.lines().from(end).next().is_none(), "{format}");
    }
}

#[test]
fn a_cut_file_is_gone_on_in_up_to_its_cut() {
    let text = text(30);
    for (format, compress) in FORMATS {
        let file = file(compress, &text);
        let whole = std::fs::read(file.path()).unwrap();
        file.write(&whole[..whole.len() - 5]);
        resume_law(|| file.lines());

        let length = broken(file.lines()).1.offset().unwrap();
        let (good, error) = broken(file.lines().from(length + 1));
        assert!(good.is_empty(), "{format}");
        assert_eq!(
            (error.kind(), error.offset()),
            (ErrorKind::Truncated, Some(length)),
            "{format}"
        );
    }
}

#[test]
fn a_position_behind_the_end_is_an_error() {
    let text = text(30);
    for (format, compress) in FORMATS {
        let file = file(compress, &text);
        let end = text.len() as u64;
        let (good, error) = broken(file.lines().from(end + 1));
        assert!(good.is_empty(), "{format}");
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(end)), "{format}");
        assert!(
            error.to_string().ends_with(&format!("ends at byte {end}, before byte {}", end + 1))
        );
    }
}

#[test]
fn a_file_that_is_compressed_meanwhile_is_another() {
    let text = text(30);
    let file = File::new(&text);
    let mut lines = file.lines();
    lines.nth(9).unwrap().unwrap();
    let noted = lines.position();
    // As a rotation does it, under the same name.
    file.write(member(&text));
    assert_eq!(broken(file.lines().from(noted.clone())).1.kind(), ErrorKind::SourceChanged);
    assert_eq!(texts(file.lines().from(noted.offset())), lines_in(&text)[10..]);
}

#[test]
fn what_is_open_is_closed() {
    let text = text(30);
    for (format, compress) in FORMATS {
        let file = file(compress, &text);
        let folder = file.folder.path();
        let open = usize::from(cfg!(target_os = "linux"));
        let mut lines = file.lines();
        assert_eq!(open_below(folder), open, "{format}");
        assert_eq!(lines.by_ref().count(), 30);
        assert_eq!(open_below(folder), 0, "{format}: at the end");
        lines.resume_at(Position::from(0));
        lines.next().unwrap().unwrap();
        lines.resume_at(Position::from(0));
        assert_eq!(open_below(folder), 0, "{format}: until the next pull");

        let mut lines = file.lines().max_len(5);
        lines.next().unwrap().unwrap_err();
        assert_eq!(open_below(folder), 0, "{format}: at the error");
        drop(lines);
        let lines = lines::decompressed(file.path()).unwrap();
        drop(lines);
        assert_eq!(open_below(folder), 0, "{format}: dropped");
    }
}

#[test]
fn a_plain_file_is_gone_on_with_where_it_was_left() {
    let text = text(9_000);
    let file = File::new(text.clone());
    let (expected, starts) = (lines_in(&text), starts_in(&text));
    let open = || file.lines().block_size(4096.try_into().unwrap());
    let mut lines = open();
    for (index, &start) in starts.iter().enumerate() {
        if index % 613 == 0 {
            for position in [lines.position(), Position::from(start)] {
                let mut rest = open().from(position);
                assert_eq!(texts(rest.by_ref()), expected[index..]);
                let most = text.len() as u64 - start + 4096;
                assert!(rest.bytes_read() <= most, "{} bytes after {start}", rest.bytes_read());
            }
        }
        assert_eq!(lines.next().unwrap().unwrap().offset(), start);
    }
    let (_, error) = broken(open().from(text.len() as u64 + 7));
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Shrunk, Some(text.len() as u64)));
}

#[test]
fn a_line_that_looks_compressed_is_none() {
    let text =
        [&b"plain\n"[..], b"\x1F\x8B\x08 gzip?\n", b"\x28\xB5\x2F\xFD zstd?\n", b"end"].concat();
    let file = File::new(text.clone());
    resume_law(|| file.lines());
    resume_law_in_place(|| file.lines());
    assert_eq!(texts(file.lines().from(6)), lines_in(&text)[1..]);
    assert_eq!(texts(file.lines().from(16)), lines_in(&text)[2..]);
}
