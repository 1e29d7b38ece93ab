//! Lines and their position, in one database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use headwater::lines::Position;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use crate::transfer::Batch;

/// A database that lines are put into.
pub(crate) struct Database {
    connection: Connection,
    path: PathBuf,
    /// The position as it is stored there, as JSON; `None` before the first batch.
    stored: Option<String>,
}

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS line (offset INTEGER PRIMARY KEY, text BLOB);
    CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY CHECK (id = 0), json TEXT NOT NULL);
";

impl Database {
    /// Opens a database, and makes it and its tables, if they are not there.
    ///
    /// # Errors
    ///
    /// Those of the database, with its path.
    pub(crate) fn open(path: &Path, wait: Duration) -> Result<Self> {
        let open = || -> Result<_> {
            let mut connection = Connection::open(path).context("cannot open")?;
            connection.busy_timeout(wait)?;
            // One sync a commit, and nobody who reads is in the way.
            connection.pragma_update(None, "journal_mode", "wal").context("cannot open")?;
            let transaction = begin(&mut connection)?;
            transaction.execute_batch(TABLES).context("cannot make its tables")?;
            let stored = stored(&transaction)?;
            transaction.commit().context("cannot commit")?;
            Ok((connection, stored))
        };
        let (connection, stored) = open().with_context(|| path.display().to_string())?;
        Ok(Self { connection, path: path.to_owned(), stored })
    }

    /// Returns where to go on.
    ///
    /// # Errors
    ///
    /// If what is there is not a position.
    pub(crate) fn position(&self) -> Result<Option<Position>> {
        let position = self.stored.as_deref().map(serde_json::from_str).transpose();
        position.with_context(|| format!("{}: its position makes no sense", self.path.display()))
    }

    /// Stores lines and the position behind them, both or neither; returns how many lines there are
    /// more.
    ///
    /// # Errors
    ///
    /// Those of the database, and if somebody else stored lines meanwhile.
    pub(crate) fn store(&mut self, batch: &Batch) -> Result<u64> {
        if batch.lines.is_empty() {
            return Ok(0);
        }
        let json = serde_json::to_string(&batch.position)?;
        let more = self.commit(batch, &json).with_context(|| self.path.display().to_string())?;
        self.stored = Some(json);
        Ok(more)
    }

    fn commit(&mut self, batch: &Batch, json: &str) -> Result<u64> {
        let transaction = begin(&mut self.connection)?;
        ensure!(stored(&transaction)? == self.stored, "somebody else puts lines in, too");
        let mut replaced = 0;
        if let Some(first) = batch.lines.first() {
            // A last line that had no end when it was stored is behind the position.
            let delete = "DELETE FROM line WHERE offset >= ?1";
            replaced = transaction.execute(delete, [i64::try_from(first.offset())?])?;
        }
        let mut insert = transaction.prepare_cached("INSERT INTO line VALUES (?1, ?2)")?;
        for line in &batch.lines {
            insert.execute((i64::try_from(line.offset())?, &line[..] as &[u8]))?;
        }
        drop(insert);
        transaction.execute("INSERT OR REPLACE INTO position VALUES (0, ?1)", [json])?;
        transaction.commit().context("cannot commit")?;
        Ok(batch.lines.len().saturating_sub(replaced) as u64)
    }

    /// Counts the lines that are there.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub(crate) fn count(&self) -> Result<u64> {
        let count = "SELECT count(*) FROM line";
        let count = self.connection.query_row(count, (), |row| row.get::<_, i64>(0));
        Ok(count.with_context(|| self.path.display().to_string())?.unsigned_abs())
    }

    /// Closes it.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub(crate) fn close(self) -> Result<()> {
        let closed = self.connection.close().map_err(|(_, error)| error);
        closed.with_context(|| format!("{}: cannot close", self.path.display()))
    }
}

/// Begins to write: one that begins by reading can find, when it comes to write, that it may not.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    begun.context("cannot begin")
}

fn stored(transaction: &Transaction<'_>) -> Result<Option<String>> {
    let json = transaction.query_row("SELECT json FROM position", (), |row| row.get(0));
    json.optional().context("cannot read the position")
}
