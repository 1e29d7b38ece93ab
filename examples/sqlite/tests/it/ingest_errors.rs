//! What is an error, and what it leaves.

use std::fs;

use headwater::ErrorKind;
use rusqlite::ErrorCode;

use crate::support::{Ingest, example, fixture, rows_of};
use crate::transfer::transfer;

/// The kind of the log's error.
fn kind(error: &anyhow::Error) -> Option<ErrorKind> {
    error.downcast_ref::<headwater::Error>().map(headwater::Error::kind)
}

/// The code of the database's error.
fn code(error: &anyhow::Error) -> Option<ErrorCode> {
    error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code)
}

#[test]
fn another_file_is_an_error() {
    let mut ingest = Ingest::new(b"one\ntwo\n");
    ingest.run().unwrap();
    let other = ingest.path("other.log");
    fs::write(&other, "eins\nzwei\ndrei\n").unwrap();
    ingest.job.file = other;
    for fail_every in [None, std::num::NonZeroU64::new(1)] {
        ingest.job.fail_every = fail_every;
        let error = ingest.run().unwrap_err();
        assert_eq!(kind(&error), Some(ErrorKind::SourceChanged));
        let text = format!(
            "{}: has the lines of another file: {}: is not the file that byte 8 was noted in",
            ingest.job.database.display(),
            ingest.job.file.display()
        );
        assert_eq!(format!("{error:#}"), text);
        assert_eq!(ingest.rows(), rows_of(b"one\ntwo\n"));
    }
}

#[test]
fn a_file_that_was_replaced_or_rewritten_is_another() {
    let ingest = Ingest::new(b"one\ntwo\n");
    ingest.run().unwrap();
    let new = ingest.path("new.log");
    fs::write(&new, "eins\nzwei\ndrei\n").unwrap();
    fs::rename(new, &ingest.job.file).unwrap();
    assert_eq!(kind(&ingest.run().unwrap_err()), Some(ErrorKind::SourceChanged));
    assert_eq!(ingest.rows(), rows_of(b"one\ntwo\n"));

    let ingest = Ingest::new(b"one\ntwo\n");
    ingest.run().unwrap();
    ingest.write("eins\nzwei\n");
    assert_eq!(kind(&ingest.run().unwrap_err()), Some(ErrorKind::SourceChanged));
}

#[test]
fn a_file_that_had_no_whole_line_is_known_as_well() {
    for size in [1, 1000] {
        let ingest = Ingest::new(b"abc").batches_of(size);
        assert_eq!(ingest.lines(), 1);
        let new = ingest.path("new.log");
        fs::write(&new, "xyz\n").unwrap();
        fs::rename(new, &ingest.job.file).unwrap();
        let error = ingest.run().unwrap_err();
        assert_eq!(kind(&error), Some(ErrorKind::SourceChanged));
        assert!(format!("{error:#}").contains("has the lines of another file"), "{error:#}");
        assert_eq!(ingest.rows(), rows_of(b"abc"));
    }
}

#[test]
fn a_file_that_was_cut_is_an_error() {
    let log = fs::read(fixture("rotated/access.log")).unwrap();
    let ingest = Ingest::new(&log);
    ingest.run().unwrap();
    ingest.write(&log[..2000]);
    assert_eq!(kind(&ingest.run().unwrap_err()), Some(ErrorKind::Shrunk));
    assert_eq!(ingest.rows(), rows_of(&log));
}

#[test]
fn a_missing_file_leaves_no_database() {
    let ingest = Ingest::new(b"");
    fs::remove_file(&ingest.job.file).unwrap();
    assert_eq!(kind(&ingest.run().unwrap_err()), Some(ErrorKind::Open));
    assert!(!ingest.job.database.exists());
}

#[test]
fn the_lines_before_an_error_are_put_in() {
    let log = fs::read(fixture("rotated/access.log")).unwrap();
    let whole = zstd::encode_all(&log[..], 1).unwrap();
    let ingest = Ingest::new(&whole[..whole.len() / 2]).batches_of(7);
    assert_eq!(kind(&ingest.run().unwrap_err()), Some(ErrorKind::Truncated));
    let rows = ingest.rows();
    assert!(rows_of(&log).starts_with(&rows));
    // Whoever writes it goes on.
    ingest.write(&whole);
    assert_eq!(ingest.lines(), 100 - rows.len() as u64);
    assert_eq!(ingest.rows(), rows_of(&log));
}

#[test]
fn a_database_that_is_locked_is_an_error() {
    let ingest = Ingest::new(b"one\ntwo\n");
    ingest.run().unwrap();
    ingest.write("one\ntwo\nthree\n");
    let other = ingest.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = ingest.run().unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::DatabaseBusy));
    let text = format!("{}: cannot begin: ", ingest.job.database.display());
    assert!(format!("{error:#}").starts_with(&text), "{error:#}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!((ingest.lines(), ingest.rows()), (1, rows_of(b"one\ntwo\nthree\n")));
}

#[test]
fn a_database_that_may_only_be_read_is_an_error() {
    let ingest = Ingest::new(b"one\n");
    ingest.run().unwrap();
    // A number for those who write, greater than any that SQLite knows: whoever may do anything to
    // files may not write either.
    let mut bytes = fs::read(&ingest.job.database).unwrap();
    bytes[18] = 3;
    fs::write(&ingest.job.database, bytes).unwrap();
    assert_eq!(ingest.lines(), 0, "there is nothing to write");
    ingest.write("one\ntwo\n");
    let error = ingest.run().unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::ReadOnly));
    let start = ingest.job.database.display().to_string();
    assert!(format!("{error:#}").starts_with(&start), "{error:#}");
}

#[test]
fn what_is_no_database_is_an_error() {
    let ingest = Ingest::new(b"one\n");
    fs::write(&ingest.job.database, "a text that is long enough for a header".repeat(9)).unwrap();
    assert_eq!(code(&ingest.run().unwrap_err()), Some(ErrorCode::NotADatabase));
    fs::remove_file(&ingest.job.database).unwrap();
    fs::create_dir(&ingest.job.database).unwrap();
    assert_eq!(code(&ingest.run().unwrap_err()), Some(ErrorCode::CannotOpen));
}

#[test]
fn a_position_that_makes_no_sense_is_an_error() {
    let ingest = Ingest::new(b"one\n");
    ingest.run().unwrap();
    ingest.connect().execute("UPDATE position SET json = 'seven'", ()).unwrap();
    let text = format!("{:#}", ingest.run().unwrap_err());
    let start = format!("{}: its position makes no sense: ", ingest.job.database.display());
    assert!(text.starts_with(&start), "{text}");
    assert_eq!(ingest.rows(), rows_of(b"one\n"));
}

#[test]
fn two_at_once_do_not_get_mixed_up() {
    let ingest = Ingest::new(b"1\n2\n3\n4\n").batches_of(1);
    let mut others = 0;
    let result = transfer(&ingest.job, |_| {
        others += ingest.lines();
        Ok(())
    });
    let text = format!("{:#}", result.unwrap_err());
    assert!(text.ends_with("lines.db: somebody else puts lines in, too"), "{text}");
    assert_eq!((others, ingest.rows()), (3, rows_of(b"1\n2\n3\n4\n")));
}

#[test]
fn the_program_fails_with_a_sentence() {
    let mut ingest = Ingest::new(b"one\n");
    ingest.run().unwrap();
    ingest.job.file = ingest.path("missing.log");
    let paths = [&ingest.job.file, &ingest.job.database];
    let output = example("ingest").args(paths).output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let start = format!("ingest: {}: cannot be opened: ", ingest.job.file.display());
    assert!(stderr.starts_with(&start), "{stderr}");

    for word in ["--batch=0", "--wait=2147484"] {
        let output = example("ingest").args(paths).arg(word).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{word}");
    }
}
