//! A session of a database: `with db_session(path) as session`.

use std::path::Path;

use anyhow::{Context as _, Result};
use headwater::{Outcome, scope};
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// What the body of a session works with. It derefs to the connection.
pub(crate) type Session<'connection> = Transaction<'connection>;

/// Opens a database, lends it to `body` in a transaction, and closes it.
///
/// The transaction is committed if the body gives a value; if it fails or panics, all that it wrote
/// is rolled back. The database is closed in each case.
///
/// `rusqlite` rolls back a transaction that is dropped, and closes a connection that is. The scopes
/// add what a drop can't do: nobody can forget to commit, a commit that fails is the session's
/// error, and so is a close that does.
///
/// # Errors
///
/// The first error: of opening the database, of beginning, of the body, of the commit or the
/// rollback, of closing.
///
/// # Panics
///
/// If the body does, once all was rolled back and closed.
pub(crate) fn session<T>(
    path: &Path,
    body: impl FnOnce(&mut Session<'_>) -> Result<T>,
) -> Result<T> {
    scope(
        || Connection::open(path).context("cannot open"),
        |connection| transaction(connection, body),
        |connection, _| connection.close().map_err(|(_, error)| error).context("cannot close"),
    )
    .with_context(|| path.display().to_string())
}

fn transaction<T>(
    connection: &mut Connection,
    body: impl FnOnce(&mut Session<'_>) -> Result<T>,
) -> Result<T> {
    scope(
        // One that begins by reading can find, when it comes to write, that it may not any more.
        || {
            let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
            begun.context("cannot begin")
        },
        body,
        |transaction, outcome| match outcome {
            // One that fails drops the transaction, which rolls it back.
            Outcome::Finished => transaction.commit().context("cannot commit"),
            Outcome::Failed | Outcome::Abandoned => {
                transaction.rollback().context("cannot roll back")
            }
        },
    )
}
