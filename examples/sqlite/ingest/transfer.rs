//! From the log to the database: a batch of lines after the other.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use headwater::lines::Position;
use headwater::prelude::*;
use headwater::retry::{GaveUp, Reason};
use headwater::{ErrorKind, Line, Retry, lines};

use crate::database::Database;
use crate::faulty::{Fault, Faulty};

/// What to transfer, and how.
pub(crate) struct Job {
    pub(crate) file: PathBuf,
    pub(crate) database: PathBuf,
    /// How many lines go into one transaction.
    pub(crate) batch: NonZeroUsize,
    pub(crate) fail_every: Option<NonZeroU64>,
    /// How long to wait for somebody else who writes to the database.
    pub(crate) wait: Duration,
}

/// What was done.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Done {
    pub(crate) lines: u64,
    pub(crate) lines_in_all: u64,
}

/// Puts what is not yet there of a log into a database.
///
/// `told` is told how many lines it were up to there, after each transaction.
///
/// # Errors
///
/// Of the log, once the lines before it are in: a [`headwater::Error`], as
/// [`ErrorKind::SourceChanged`] where it is not the log that the database has lines of, or what was
/// given up. Of the database: a [`rusqlite::Error`]. Of `told`.
pub(crate) fn transfer(job: &Job, mut told: impl FnMut(u64) -> Result<()>) -> Result<Done> {
    let mut log = lines::decompressed(&job.file)?;
    let mut database = Database::open(&job.database, job.wait)?;
    if let Some(position) = database.position()? {
        log.resume_at(position);
    }
    let retry = match job.fail_every {
        // What is injected is over at once.
        Some(_) => Retry::immediately(),
        None => Retry::default(),
    };
    let mut log = Faulty::new(log, job.fail_every).retry(retry);

    let mut lines = 0;
    loop {
        let (batch, end) = pull(&mut log, job.batch);
        lines += database.store(&batch)?;
        told(lines)?;
        match end {
            None => {}
            Some(Ok(())) => break,
            Some(Err(gave_up)) => return Err(explain(gave_up, job)),
        }
    }
    let lines_in_all = database.count()?;
    database.close()?;
    Ok(Done { lines, lines_in_all })
}

/// Lines, and where to go on once they are in.
pub(crate) struct Batch {
    pub(crate) lines: Vec<Line>,
    pub(crate) position: Position,
}

/// Pulls a batch. The second value tells how the log ended, if it did.
fn pull<S>(log: &mut S, size: NonZeroUsize) -> (Batch, Option<Result<(), GaveUp<Fault>>>)
where
    S: Source<Position = Position> + Iterator<Item = Result<Line, GaveUp<Fault>>>,
{
    let mut batch = Batch { lines: Vec::new(), position: (*log).position() };
    while batch.lines.len() < size.get() {
        match log.next() {
            Some(Ok(line)) => {
                let is_complete = line.is_complete();
                batch.lines.push(line);
                if !is_complete {
                    // It is the last, and is read again when there is more of it. The position before
                    // it knows by now which file it is in, even if nothing was read when it was taken.
                    log.resume_at(batch.position);
                    batch.position = (*log).position();
                    return (batch, Some(Ok(())));
                }
                batch.position = (*log).position();
            }
            Some(Err(gave_up)) => return (batch, Some(Err(gave_up))),
            None => return (batch, Some(Ok(()))),
        }
    }
    (batch, None)
}

fn explain(gave_up: GaveUp<Fault>, job: &Job) -> anyhow::Error {
    if gave_up.reason() != Reason::NotRetryable {
        return gave_up.into();
    }
    match gave_up.into_cause() {
        Fault::Log(error) if error.kind() == ErrorKind::SourceChanged => {
            let database = job.database.display();
            anyhow::Error::new(error).context(format!("{database}: has the lines of another file"))
        }
        Fault::Log(error) => error.into(),
        fault @ Fault::Injected => fault.into(),
    }
}
