//! What is known of a file before it is read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// With these bytes files begin that are gzip, zstd, or zstd that can be skipped.
const PACKED: [&[u8]; 3] = [b"\x1F\x8B", b"\x28\xB5\x2F\xFD", b"\x2A\x4D\x18"];

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
    let packed = PACKED.iter().any(|mark| start.starts_with(mark))
        || (start.len() == 4 && start[0] & 0xF0 == 0x50 && start[1..] == *PACKED[2]);
    Ok(Measured { len: found.len(), packed })
}
