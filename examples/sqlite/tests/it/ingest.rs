//! Lines that are put into a table, each exactly once.

use std::fs;
use std::io::Write as _;
use std::num::NonZeroU64;

use flate2::{Compression, write::GzEncoder};
use rusqlite::types::Type;

use crate::support::{Ingest, example, fixture, rows_of};

fn access_log() -> Vec<u8> {
    fs::read(fixture("apache_access.log")).unwrap()
}

#[test]
fn the_table_is_the_lines_of_the_file() {
    let log = access_log();
    let ingest = Ingest::new(&log);
    assert_eq!(ingest.lines(), 10_000);
    assert!(ingest.rows() == rows_of(&log));
    let select = "SELECT text FROM line LIMIT 1";
    let text = ingest.connect().query_row(select, (), |row| Ok(row.get_ref(0)?.data_type()));
    assert_eq!(text.unwrap(), Type::Blob);
}

#[test]
fn the_same_in_batches_of_any_size_and_from_files_of_any_kind() {
    for name in [
        "blank_lines.log",
        "crlf.log",
        "empty.log",
        "invalid_utf8.log",
        "no_final_newline.log",
        "nul.log",
    ] {
        let log = fs::read(fixture("edge").join(name)).unwrap();
        for size in [1, 2, 3, 1000] {
            let ingest = Ingest::new(&log).batches_of(size);
            let expected = rows_of(&log);
            assert_eq!(ingest.lines(), expected.len() as u64, "{name} by {size}");
            assert_eq!(ingest.rows(), expected, "{name} by {size}");
            assert_eq!((ingest.lines(), ingest.rows()), (0, expected), "{name} by {size}, again");
        }
    }
}

/// Asserts that faults after every `n` lines change nothing.
fn is_healed(n: u64) {
    let log = access_log();
    let mut ingest = Ingest::new(&log);
    ingest.job.fail_every = NonZeroU64::new(n);
    assert_eq!(ingest.lines(), 10_000);
    assert!(ingest.rows() == rows_of(&log));
}

#[test]
fn a_fault_after_every_line_changes_nothing() {
    is_healed(1);
}

#[test]
fn a_fault_after_every_second_line_changes_nothing() {
    is_healed(2);
}

#[test]
fn a_fault_after_every_third_line_changes_nothing() {
    is_healed(3);
}

#[test]
fn a_fault_after_every_seventh_line_changes_nothing() {
    is_healed(7);
}

fn gzip(log: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(log).unwrap();
    encoder.finish().unwrap()
}

type Compress = fn(&[u8]) -> Vec<u8>;

#[test]
fn compressed_files_are_read_as_if_they_were_not() {
    let log = fs::read(fixture("rotated/access.log")).unwrap();
    let more = b"one\ntwo\n";
    for compress in [gzip as Compress, |log| zstd::encode_all(log, 1).unwrap()] {
        let mut ingest = Ingest::new(&compress(&log)).batches_of(7);
        ingest.job.fail_every = NonZeroU64::new(5);
        assert_eq!(ingest.lines(), 100);
        assert_eq!(ingest.rows(), rows_of(&log));
        // Another member, or frame, behind the first.
        ingest.write([compress(&log), compress(more)].concat());
        assert_eq!(ingest.lines(), 2);
        assert_eq!(ingest.rows(), rows_of(&[&log[..], more].concat()));
    }
}

#[test]
fn a_file_that_grows_is_gone_on_with() {
    let log = access_log();
    let ingest = Ingest::new(b"").batches_of(100);
    let mut expected = 0;
    for len in [0, 1, 200, 1_000, 1_024, 1_025, 50_000, 50_000, 50_001, 2_000_000, log.len()] {
        ingest.write(&log[..len]);
        let rows = rows_of(&log[..len]);
        assert_eq!(ingest.lines(), rows.len() as u64 - expected, "at {len} bytes");
        assert!(ingest.rows() == rows, "at {len} bytes");
        expected = rows.len() as u64;
    }
}

#[test]
fn a_last_line_without_an_end_is_replaced_when_there_is_more_of_it() {
    let ingest = Ingest::new(b"one\ntw");
    assert_eq!((ingest.lines(), ingest.rows()), (2, rows_of(b"one\ntw")));
    assert_eq!((ingest.lines(), ingest.rows()), (0, rows_of(b"one\ntw")));
    ingest.write("one\ntwo\nthr");
    assert_eq!((ingest.lines(), ingest.rows()), (1, rows_of(b"one\ntwo\nthr")));
    ingest.write("one\ntwo\nthree\n");
    assert_eq!((ingest.lines(), ingest.rows()), (0, rows_of(b"one\ntwo\nthree\n")));
}

#[test]
fn a_file_that_is_renamed_is_gone_on_with() {
    let mut ingest = Ingest::new(b"one\n");
    assert_eq!(ingest.lines(), 1);
    let renamed = ingest.path("app.log.1");
    fs::rename(&ingest.job.file, &renamed).unwrap();
    ingest.job.file = renamed;
    ingest.write("one\ntwo\n");
    assert_eq!((ingest.lines(), ingest.rows()), (1, rows_of(b"one\ntwo\n")));
}

#[test]
fn the_program_says_what_it_has_done() {
    let ingest = Ingest::new(b"1\n2\n3\n4\n5\n");
    let run = |arguments: &[&str]| {
        let paths = [&ingest.job.file, &ingest.job.database];
        let output = example("ingest").args(arguments).args(paths).output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = run(&["--batch", "2", "--verbose", "--fail-every=2"]);
    assert_eq!(said, "2 lines\n4 lines\n5 lines\n5 lines ingested, 5 in all\n");
    assert_eq!(run(&[]), "0 lines ingested, 5 in all\n");
    ingest.write("1\n2\n3\n4\n5\n6\n");
    assert_eq!(run(&[]), "1 lines ingested, 6 in all\n");
    assert!(ingest.rows() == rows_of(b"1\n2\n3\n4\n5\n6\n"));
}
