//! What is known of a file before it is read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use headwater::lines::is_compressed;
use serde::{Deserialize, Serialize};

/// What the processes agree on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Measured {
    /// In bytes, as it is stored.
    pub(crate) len: u64,
    /// It is compressed, and can only be read from its start.
    pub(crate) packed: bool,
}

pub(crate) fn measure(path: &Path) -> io::Result<Measured> {
    let mut file = File::open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("not a regular file, which could be shared out"));
    }
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start)?;
    let packed = is_compressed(&start);
    Ok(Measured { len: found.len(), packed })
}
