//! Runs three sessions of one database file, one that commits, one that fails and one that panics,
//! then opens it afresh and reports what is there.
//!
//! `cargo run -p headwater-sqlite-examples --example db_session [DATABASE]`
//!
//! Exit status: 0 if the deposits of the first session are there and no others, 1 otherwise.

mod session;

use std::any::Any;
use std::env;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags};

use session::{Session, session};

/// What each session writes into its rows, and how many of them are to stay.
const EXPECTED: [(&str, i64); 3] = [("commits", 2), ("fails", 0), ("panics", 0)];

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("db_session: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Tells whether each session left what it should.
fn run() -> Result<bool> {
    // The folder is removed when this function returns.
    let folder = tempfile::tempdir()?;
    let path = env::args_os().nth(1).map_or(folder.path().join("deposits.db"), PathBuf::from);

    create(&path)?;
    // A database that is given may have rows of an earlier run.
    let before = count(&path)?;
    let endings = [
        ending(&commits(&path)),
        ending(&fails(&path)),
        catch_unwind(|| panics(&path)).map_or_else(|payload| message(&*payload), |it| ending(&it)),
    ];
    let after = count(&path)?;

    let mut is_right = true;
    println!("{}", path.display());
    println!("session  rows added  how it ended");
    for (n, (name, expected)) in EXPECTED.into_iter().enumerate() {
        let added = after[n] - before[n];
        println!("{name:<7}  {added:>10}  {}", endings[n]);
        is_right &= added == expected;
    }
    println!("{}", if is_right { "as it should be" } else { "NOT as it should be" });
    Ok(is_right)
}

fn create(path: &Path) -> Result<()> {
    session(path, |session| {
        session.execute_batch(
            "CREATE TABLE IF NOT EXISTS deposits (
                 session TEXT NOT NULL,
                 cents INTEGER NOT NULL CHECK (cents > 0)
             )",
        )?;
        Ok(())
    })
}

fn commits(path: &Path) -> Result<()> {
    session(path, |session| {
        deposit(session, "commits", 1_000)?;
        deposit(session, "commits", 250)
    })
}

fn fails(path: &Path) -> Result<()> {
    session(path, |session| {
        deposit(session, "fails", 1_000)?;
        deposit(session, "fails", -250) // the table allows none of these
    })
}

fn panics(path: &Path) -> Result<()> {
    session(path, |session| {
        deposit(session, "panics", 1_000)?;
        panic!("the cashier is gone")
    })
}

fn deposit(session: &Session<'_>, name: &str, cents: i64) -> Result<()> {
    session.execute("INSERT INTO deposits VALUES (?1, ?2)", (name, cents))?;
    Ok(())
}

/// Counts the rows of each session, as anybody else sees them.
fn count(path: &Path) -> Result<[i64; 3]> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut counts = [0; 3];
    for (count, (name, _)) in counts.iter_mut().zip(EXPECTED) {
        let rows = "SELECT count(*) FROM deposits WHERE session = ?1";
        *count = connection.query_row(rows, [name], |row| row.get(0))?;
    }
    connection.close().map_err(|(_, error)| error).context("cannot close")?;
    Ok(counts)
}

fn ending(result: &Result<()>) -> String {
    result.as_ref().map_or_else(|error| format!("error: {error:#}"), |()| "a value".to_owned())
}

fn message(payload: &(dyn Any + Send)) -> String {
    format!("panic: {}", payload.downcast_ref::<&str>().unwrap_or(&"of another kind"))
}
