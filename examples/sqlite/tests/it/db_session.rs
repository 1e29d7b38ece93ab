//! Runs sessions on real databases, and looks at what they leave: rows, files, open files.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;
use std::{fs, mem};

use anyhow::{Result, anyhow, ensure};
use rusqlite::{Connection, ErrorCode};
use tempfile::TempDir;

use crate::session::{Session, session};
use crate::support::example;

/// A folder with a database that has an empty table.
struct Database(TempDir);

impl Database {
    fn new() -> Self {
        let database = Self(tempfile::tempdir().unwrap());
        let connection = database.connect();
        let schema = "CREATE TABLE parents (id INTEGER PRIMARY KEY);
            CREATE TABLE children (
                parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED
            )";
        connection.execute_batch(schema).unwrap();
        database
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("test.db")
    }

    fn connect(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// What is there when it is opened afresh.
    fn parents(&self) -> Vec<i64> {
        let connection = self.connect();
        let mut select = connection.prepare("SELECT id FROM parents ORDER BY id").unwrap();
        let parents = select.query_map((), |row| row.get(0)).unwrap();
        parents.collect::<Result<_, _>>().unwrap()
    }

    /// Asserts that nothing of it is open, and that no journal stays.
    fn assert_closed(&self) {
        let files = fs::read_dir(self.0.path()).unwrap();
        let files: Vec<_> = files.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["test.db"]);
        assert_eq!(self.open_files(), Vec::<PathBuf>::new());
    }

    #[cfg(target_os = "linux")]
    fn open_files(&self) -> Vec<PathBuf> {
        let folder = self.0.path().canonicalize().unwrap();
        let open = fs::read_dir("/proc/self/fd").unwrap();
        // One that another test closes meanwhile can't be read.
        let open = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
        open.filter(|path| path.starts_with(&folder)).collect()
    }

    #[cfg(not(target_os = "linux"))]
    fn open_files(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}

fn insert(session: &Session<'_>, parent: i64) -> Result<()> {
    session.execute("INSERT INTO parents VALUES (?1)", [parent])?;
    Ok(())
}

fn code(error: &anyhow::Error) -> Option<ErrorCode> {
    error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code)
}

#[test]
fn what_is_open_is_seen() {
    let database = Database::new();
    session(&database.path(), |session| {
        insert(session, 1)?;
        if cfg!(target_os = "linux") {
            let path = database.path().canonicalize()?;
            assert!(database.open_files().contains(&path), "or the tests below prove nothing");
        }
        Ok(())
    })
    .unwrap();
    database.assert_closed();
}

#[test]
fn a_value_commits() {
    let database = Database::new();
    let id = session(&database.path(), |session| {
        insert(session, 1)?;
        insert(session, 2)?;
        assert_eq!(database.parents(), [0; 0]);
        Ok(session.last_insert_rowid())
    });
    assert_eq!(id.unwrap(), 2);
    database.assert_closed();
    assert_eq!(database.parents(), [1, 2]);
}

#[test]
fn an_error_rolls_back() {
    let database = Database::new();
    let result = session(&database.path(), |session| {
        insert(session, 1)?;
        Err::<(), _>(anyhow!("changed my mind"))
    });
    let error = result.unwrap_err();
    assert_eq!(format!("{error:#}"), format!("{}: changed my mind", database.path().display()));
    database.assert_closed();
    assert_eq!(database.parents(), [0; 0]);
}

#[test]
fn an_error_of_the_database_keeps_its_code() {
    let database = Database::new();
    let result = session(&database.path(), |session| {
        insert(session, 1)?;
        insert(session, 1)
    });
    assert_eq!(code(&result.unwrap_err()), Some(ErrorCode::ConstraintViolation));
    database.assert_closed();
    assert_eq!(database.parents(), [0; 0]);
}

#[test]
fn a_panic_rolls_back_and_goes_on() {
    let database = Database::new();
    let result = catch_unwind(AssertUnwindSafe(|| {
        session(&database.path(), |session| -> Result<()> {
            insert(session, 1)?;
            panic!("out of the session")
        })
    }));
    let payload = result.unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"out of the session"));
    database.assert_closed();
    assert_eq!(database.parents(), [0; 0]);
}

#[test]
fn a_commit_that_breaks_a_constraint_is_the_error() {
    let database = Database::new();
    let result = session(&database.path(), |session| {
        insert(session, 1)?;
        // Nothing is wrong with it before the commit.
        session.execute("INSERT INTO children VALUES (7)", ())?;
        Ok(())
    });
    let error = result.unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::ConstraintViolation));
    assert!(format!("{error:#}").contains(": cannot commit: FOREIGN KEY"), "{error:#}");
    database.assert_closed();
    assert_eq!(database.parents(), [0; 0]);
}

#[test]
fn a_commit_that_finds_the_database_busy_is_the_error() {
    let database = Database::new();
    let reader = database.connect();
    let result = session(&database.path(), |session| {
        session.busy_timeout(Duration::ZERO)?;
        insert(session, 1)?;
        // It goes on reading, and nobody may write meanwhile.
        reader.execute_batch("BEGIN; SELECT count(*) FROM parents")?;
        Ok(())
    });
    let error = result.unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::DatabaseBusy));
    assert!(format!("{error:#}").contains(": cannot commit: "), "{error:#}");
    reader.close().unwrap();
    database.assert_closed();
    assert_eq!(database.parents(), [0; 0]);
    // Nothing is locked.
    session(&database.path(), |session| insert(session, 2)).unwrap();
    assert_eq!(database.parents(), [2]);
}

#[test]
fn a_body_is_not_run_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/test.db");
    let result = session(&missing, |_| -> Result<()> { unreachable!("nothing is open") });
    let error = result.unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::CannotOpen));
    let text = format!("{error:#}");
    assert!(text.starts_with(&format!("{}: cannot open: ", missing.display())), "{text}");

    let database = Database::new();
    fs::write(database.path(), "no database, but long enough to have the header of one".repeat(9))
        .unwrap();
    let result = session(&database.path(), |_| -> Result<()> { unreachable!("nothing has begun") });
    assert_eq!(code(&result.unwrap_err()), Some(ErrorCode::NotADatabase));
    database.assert_closed();
}

#[test]
fn a_close_that_fails_is_the_error() {
    let database = Database::new();
    let result = session(&database.path(), |session| {
        insert(session, 1)?;
        // A statement that nobody finalizes keeps its connection from being closed.
        mem::forget(session.prepare("SELECT id FROM parents")?);
        Ok(())
    });
    let error = result.unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::DatabaseBusy));
    assert!(format!("{error:#}").contains(": cannot close: "), "{error:#}");
    // Which comes after the commit.
    assert_eq!(database.parents(), [1]);
}

#[test]
fn sessions_in_a_row_see_what_was_committed() {
    let database = Database::new();
    for n in 1..=9 {
        let result = session(&database.path(), |session| {
            insert(session, n)?;
            let sum: i64 =
                session.query_row("SELECT sum(id) FROM parents", (), |row| row.get(0))?;
            ensure!(n % 3 != 0, "every third one fails");
            Ok(sum)
        });
        match n % 3 {
            0 => assert!(result.is_err()),
            _ => assert_eq!(result.unwrap(), database.parents().iter().sum::<i64>()),
        }
        database.assert_closed();
    }
    assert_eq!(database.parents(), [1, 2, 4, 5, 7, 8]);
}

#[test]
fn a_write_ahead_log_is_gone_with_its_session() {
    let database = Database::new();
    let connection = database.connect();
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    connection.close().unwrap();

    session(&database.path(), |session| {
        insert(session, 1)?;
        assert!(database.0.path().join("test.db-wal").exists());
        Ok(())
    })
    .unwrap();
    database.assert_closed();
    session(&database.path(), |session| {
        insert(session, 2)?;
        insert(session, 2)
    })
    .unwrap_err();
    database.assert_closed();
    assert_eq!(database.parents(), [1]);
}

/// Returns a command that runs the example, as cargo built it beside this test.
fn db_session() -> Command {
    example("db_session")
}

fn assert_report(output: &Output) {
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    let lines = stdout.lines().skip(2);
    let rows: Vec<_> =
        lines.map(|line| line.split_once(": ").map_or(line, |(row, _)| row)).collect();
    assert_eq!(
        rows,
        [
            "commits           2  a value",
            "fails             0  error",
            "panics            0  panic",
            "as it should be",
        ]
    );
    assert!(stderr.contains("the cashier is gone"), "{stderr}");
}

#[test]
fn the_program_proves_what_is_there() {
    assert_report(&db_session().output().unwrap());
    let database = Database::new();
    for runs in 1..=2 {
        assert_report(&db_session().arg(database.path()).output().unwrap());
        database.assert_closed();
        let cents: i64 = database
            .connect()
            .query_row("SELECT sum(cents) FROM deposits", (), |row| row.get(0))
            .unwrap();
        assert_eq!(cents, runs * 1_250);
    }
}

#[test]
fn the_program_fails_if_the_rows_are_not_right() {
    let database = Database::new();
    // A table that loses what is written to it.
    let lossy = "CREATE TABLE deposits (session, cents CHECK (cents > 0));
        CREATE TRIGGER loss AFTER INSERT ON deposits BEGIN DELETE FROM deposits; END";
    database.connect().execute_batch(lossy).unwrap();
    let output = db_session().arg(database.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("NOT as it should be\n"));
}

#[test]
fn the_program_says_why_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let output = db_session().arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let start = format!("db_session: {}: cannot open: ", folder.path().display());
    assert!(stderr.starts_with(&start), "{stderr}");
}
