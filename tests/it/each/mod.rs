//! Many files as one source.

use std::fs;
use std::path::PathBuf;

use bstr::BString;
use headwater::lines::{self, Each, LongLine};
use headwater::{Error, Line, Lines};

use crate::support::data;

mod failures;
mod order;
mod resuming;
mod shares;

/// Files of a folder that is deleted in the end.
struct Files {
    folder: tempfile::TempDir,
    paths: Vec<PathBuf>,
}

impl Files {
    /// Compresses those whose names say so.
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = files.iter().map(|(name, _)| folder.path().join(name)).collect();
        let made = Self { folder, paths };
        for (name, text) in files {
            made.write(name, text);
        }
        made
    }

    /// Four files of every format, one of them empty.
    fn mixed() -> Self {
        Self::new(&[
            ("app.log.3.gz", "one\ntwo\n"),
            ("app.log.2.zst", "three\n\nfour\n"),
            ("app.log.1", ""),
            ("app.log", "five\nhalf"),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let text = text.as_bytes();
        let bytes = match name.rsplit('.').next() {
            Some("gz") => data::gzip(text),
            Some("zst") => data::zstd(text),
            _ => text.to_vec(),
        };
        fs::write(self.path(name), bytes).unwrap();
    }

    fn lines(&self) -> Lines<Each> {
        lines::each(&self.paths)
    }
}

/// What an item is, in short: its text, or the kind of its error and the name of its file.
fn short(item: Result<Line, Error>) -> BString {
    match item {
        Ok(line) => line.into_owned(),
        Err(error) => {
            let name = error.path().and_then(|path| path.file_name()).unwrap_or_default();
            format!("{:?} {}", error.kind(), name.display()).into()
        }
    }
}

fn shorts(lines: impl IntoIterator<Item = Result<Line, Error>>) -> Vec<BString> {
    lines.into_iter().map(short).collect()
}

/// Limits lines to four bytes.
fn limited(lines: Lines<Each>) -> Lines<Each> {
    lines.max_len(4).on_long(LongLine::Error)
}
