use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::lines::ranged::Ranged;
use crate::lines::store::Open;

/// A file as an origin of lines.
pub type File = Ranged<ByPath>;

/// Opens a file by its path.
#[derive(Clone, Debug)]
pub struct ByPath(pub(super) Arc<Path>);

impl Open for ByPath {
    type Store = fs::File;

    fn open(&mut self) -> Result<fs::File, Error> {
        open_regular(&self.0)
    }

    fn path(&self) -> Option<&Arc<Path>> {
        Some(&self.0)
    }
}

/// Opens what has a length and an offset.
pub(super) fn open_regular(path: &Arc<Path>) -> Result<fs::File, Error> {
    let failed = |cause| Error::new(ErrorKind::Open).in_file(Some(path)).because(cause);
    // A pipe that nobody writes to must not be opened to find out that it is one.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() {
        return Err(Error::new(ErrorKind::Unseekable).in_file(Some(path)));
    }
    fs::File::open(path).map_err(failed)
}
