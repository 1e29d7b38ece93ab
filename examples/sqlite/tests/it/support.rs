use std::env;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::transfer::{Done, Job, transfer};

/// Returns a command that runs an example, as cargo built it beside this test.
pub(crate) fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let path = test.ancestors().nth(2).unwrap().join("examples").join(file);
    assert!(path.exists(), "{} is not built: run `cargo build --examples`", path.display());
    Command::new(path)
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// The rows of a table `line`: offsets and texts.
pub(crate) type Rows = Vec<(i64, Vec<u8>)>;

/// The rows that the lines of some bytes are, found without headwater.
pub(crate) fn rows_of(bytes: &[u8]) -> Rows {
    let mut offset = 0;
    let row = |line: &[u8]| {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text =
            if text.len() < line.len() { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
        let row = (offset, text.to_vec());
        offset += i64::try_from(line.len()).unwrap();
        row
    };
    bytes.split_inclusive(|&byte| byte == b'\n').map(row).collect()
}

/// A log that is put into a database, both in a folder of their own.
pub(crate) struct Ingest {
    folder: TempDir,
    pub(crate) job: Job,
}

impl Ingest {
    /// Makes a log of some bytes.
    pub(crate) fn new(log: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (file, database) = (folder.path().join("app.log"), folder.path().join("lines.db"));
        fs::write(&file, log).unwrap();
        let batch = NonZeroUsize::new(1000).unwrap();
        let wait = Duration::ZERO;
        Self { folder, job: Job { file, database, batch, fail_every: None, wait } }
    }

    pub(crate) fn batches_of(mut self, lines: usize) -> Self {
        self.job.batch = NonZeroUsize::new(lines).unwrap();
        self
    }

    /// A path in its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, log: impl AsRef<[u8]>) {
        fs::write(&self.job.file, log).unwrap();
    }

    pub(crate) fn run(&self) -> Result<Done> {
        transfer(&self.job, |_| Ok(()))
    }

    /// Runs it, and returns how many lines it put in.
    pub(crate) fn lines(&self) -> u64 {
        let done = self.run().unwrap();
        assert_eq!(done.lines_in_all, self.rows().len() as u64);
        done.lines
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.job.database).unwrap()
    }

    pub(crate) fn rows(&self) -> Rows {
        let connection = self.connect();
        let mut select =
            connection.prepare("SELECT offset, text FROM line ORDER BY offset").unwrap();
        let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }
}
