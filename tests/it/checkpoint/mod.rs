//! Positions on disk: what is kept, what becomes of it, and when.

use std::path::PathBuf;

use headwater::Checkpoint;
use tempfile::TempDir;

mod adapter;
mod damaged;
mod errors;
mod failing;
mod killed;
mod pace;
mod saving;

/// A folder with room for a checkpoint.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("app.position")
    }

    fn checkpoint<P>(&self) -> Checkpoint<P> {
        Checkpoint::new(self.path())
    }

    /// What is in it, sorted.
    fn files(&self) -> Vec<String> {
        let files = self.0.path().read_dir().unwrap();
        let mut names: Vec<_> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}
