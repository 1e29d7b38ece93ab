use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::lines::memory::Bytes;
use crate::lines::pool::Pool;
use crate::lines::read_at::{ReadAt, fill_at};

/// Opens a store of bytes, and opens it again.
pub trait Open {
    /// What it opens.
    type Store: Store;

    /// Opens it.
    fn open(&mut self) -> Result<Self::Store, Error>;

    /// The path, where it has one.
    fn path(&self) -> Option<&Arc<Path>>;
}

/// Bytes of which any range can be had.
pub trait Store {
    /// The length in bytes; 0 where only reading to the end can tell.
    fn size(&mut self) -> io::Result<u64>;

    /// What its identity is taken of.
    fn file(&self) -> &impl ReadAt;

    /// Gets a range of its bytes.
    fn fetch(&self, range: Range<u64>, pool: &mut Pool) -> Fetched;
}

/// A range of bytes, or its beginning.
#[derive(Debug)]
pub struct Fetched {
    pub(super) bytes: Bytes,
    /// How many of the bytes are there: fewer than were asked for at the end, and before an error.
    pub(super) len: usize,
    pub(super) result: io::Result<()>,
}

impl Fetched {
    /// Nothing, of what is not open.
    #[cfg(feature = "mmap")]
    pub(super) fn none() -> Self {
        Self { bytes: Bytes::Owned(Vec::new()), len: 0, result: Ok(()) }
    }
}

impl<R: ReadAt> Store for R {
    fn size(&mut self) -> io::Result<u64> {
        ReadAt::size(self)
    }

    fn file(&self) -> &impl ReadAt {
        self
    }

    fn fetch(&self, range: Range<u64>, pool: &mut Pool) -> Fetched {
        let mut buffer = pool.take(len_of(&range));
        let (len, result) = fill_at(self, &mut buffer, range.start);
        Fetched { bytes: Bytes::Owned(buffer), len, result }
    }
}

/// The length of a range that is asked for at once, and so is never more than a line's.
#[expect(clippy::cast_possible_truncation, reason = "no longer than a block")]
pub(super) fn len_of(range: &Range<u64>) -> usize {
    (range.end - range.start) as usize
}
