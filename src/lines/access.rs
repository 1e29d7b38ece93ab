use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use memchr::{memchr, memrchr};

use crate::error::{Error, ErrorKind};
use crate::lines::form::Form;
use crate::lines::identity::Identity;
use crate::lines::memory::Bytes;
use crate::lines::meter::Meter;
use crate::lines::place::Place;
use crate::lines::pool::Pool;
use crate::lines::store::{Fetched, Store};

/// An open store, its buffers, and what its failures are called.
pub(super) struct Access<S> {
    store: S,
    path: Option<Arc<Path>>,
    /// The size that the system told when it was measured. For the files of a system's state it is 0, or a page,
    /// whatever they hold.
    claimed: u64,
    pub(super) pool: Pool,
    meter: Meter,
}

/// What stopped a fetch before all of it was there.
pub(super) enum Stop {
    /// The data ends where its size did not say so.
    End,
    Failed(Error),
}

impl<S: Store> Access<S> {
    const SMALLEST: usize = 4 << 10;

    pub(super) fn new(store: S, path: Option<&Arc<Path>>, meter: &Meter) -> Self {
        let (path, pool, meter) = (path.cloned(), Pool::default(), meter.clone());
        Self { store, path, claimed: 0, pool, meter }
    }

    /// Takes the length, by reading to the end where the system does not tell.
    pub(super) fn measure(&mut self, form: &Form) -> Result<u64, Error> {
        let size = self.store.size();
        self.claimed = size.map_err(|cause| self.failed(0, cause))?;
        if self.claimed > 0 {
            return Ok(self.claimed);
        }
        let mut end = 0;
        loop {
            let (len, result) = self.skim(end..end + form.block_size as u64, |_| ());
            end += len as u64;
            result.map_err(|cause| self.failed(end, cause))?;
            if len < form.block_size {
                return Ok(end);
            }
        }
    }

    /// Tells whether it is, by what can be told, what `identity` was taken of.
    pub(super) fn is(&self, identity: &Identity) -> Result<bool, Error> {
        identity.is_of(self.store.file()).map_err(|(offset, cause)| self.failed(offset, cause))
    }

    /// Takes the identity, and holds it against the one that is known.
    pub(super) fn identify(&self, known: Option<&Identity>, from: u64) -> Result<Place, Error> {
        if let Some(known) = known
            && !self.is(known)?
        {
            return Err(Error::new(ErrorKind::SourceChanged).at(self.path.as_ref(), from));
        }
        let identity = Identity::of(self.store.file()).map_err(|cause| self.failed(0, cause))?;
        Ok(Place { path: self.path.clone(), identity: Some(identity), ..Place::default() })
    }

    pub(super) fn into_store(self) -> S {
        self.store
    }

    /// Finds where the first line begins that begins in a range. It looks no further: a line may be
    /// longer than many ranges.
    pub(super) fn first_line(
        &mut self,
        range: Range<u64>,
        form: &Form,
    ) -> Result<Option<u64>, Error> {
        match range.start {
            _ if range.is_empty() => Ok(None),
            0 => Ok(Some(0)),
            start => self.find_end(start - 1..range.end - 1, form),
        }
    }

    /// Finds where the first line begins that begins at `from` or after it.
    pub(super) fn line_from(&mut self, from: u64, end: u64, form: &Form) -> Result<u64, Error> {
        match from {
            0 => Ok(0),
            _ if from >= end => Ok(end),
            _ => Ok(self.find_end(from - 1..end, form)?.unwrap_or(end)),
        }
    }

    /// Finds where the last line of `range` begins that has the lines before it end; what can't be
    /// read of it, or else of the bytes behind it, is the error.
    pub(super) fn last_line(
        &mut self,
        range: Range<u64>,
        mut error: Error,
        form: &Form,
    ) -> (u64, Option<Error>) {
        let mut end = range.end;
        loop {
            match self.find_start(range.start..end, form) {
                Ok(found) => return (found.unwrap_or(range.start), Some(error)),
                Err(earlier) => {
                    // What can't be read is at least one byte.
                    end = earlier.offset().map_or(range.start, |at| at.min(end - 1));
                    error = earlier;
                }
            }
        }
    }

    /// Finds behind which byte of `range` its first delimiter is.
    pub(super) fn find_end(
        &mut self,
        range: Range<u64>,
        form: &Form,
    ) -> Result<Option<u64>, Error> {
        let mut from = range.start;
        // Most lines end soon.
        let mut size = form.block_size.min(Self::SMALLEST);
        while from < range.end {
            let asked = from..range.end.min(from + size as u64);
            let mut found = None;
            let (len, result) =
                self.skim(asked.clone(), |bytes| found = memchr(form.delimiter, bytes));
            if let Some(index) = found {
                return Ok(Some(from + index as u64 + 1));
            }
            match self.stop(&asked, len, result) {
                None => {
                    from = asked.end;
                    size = form.block_size.min(2 * size);
                }
                Some(Stop::End) => break,
                Some(Stop::Failed(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Finds behind which byte of `range` its last delimiter is.
    pub(super) fn find_start(
        &mut self,
        range: Range<u64>,
        form: &Form,
    ) -> Result<Option<u64>, Error> {
        let mut to = range.end;
        while range.start < to {
            let asked = range.start.max(to.saturating_sub(form.block_size as u64))..to;
            let mut found = None;
            let (len, result) =
                self.skim(asked.clone(), |bytes| found = memrchr(form.delimiter, bytes));
            match self.stop(&asked, len, result) {
                Some(Stop::Failed(error)) => return Err(error),
                Some(Stop::End) => return Err(self.shrunk(asked.start + len as u64, asked.end)),
                None => {}
            }
            if let Some(index) = found {
                return Ok(Some(asked.start + index as u64 + 1));
            }
            to = asked.start;
        }
        Ok(None)
    }

    pub(super) fn fetch(&mut self, range: Range<u64>) -> Fetched {
        let fetched = self.store.fetch(range, &mut self.pool);
        self.meter.add(fetched.len);
        fetched
    }

    /// Shows a range of the bytes to `look`; returns how many there were.
    fn skim(&mut self, range: Range<u64>, look: impl FnOnce(&[u8])) -> (usize, io::Result<()>) {
        let Fetched { bytes, len, result } = self.fetch(range);
        look(&bytes.as_slice()[..len]);
        self.put_back(bytes);
        (len, result)
    }

    pub(super) fn put_back(&mut self, bytes: Bytes) {
        self.pool.give(bytes.into_buffer());
    }

    /// Says what stopped a fetch of `range` after `len` bytes, if anything did.
    pub(super) fn stop(
        &mut self,
        range: &Range<u64>,
        len: usize,
        result: io::Result<()>,
    ) -> Option<Stop> {
        let end = range.start + len as u64;
        if let Err(cause) = result {
            return Some(Stop::Failed(self.failed(end, cause)));
        }
        if end == range.end {
            return None;
        }
        match self.store.size() {
            Ok(size) if size >= self.claimed => Some(Stop::End),
            Ok(size) => Some(Stop::Failed(self.shrunk(end.min(size), range.end))),
            Err(cause) => Some(Stop::Failed(self.failed(end, cause))),
        }
    }

    pub(super) fn shrunk(&self, end: u64, expected: u64) -> Error {
        Error::new(ErrorKind::Shrunk).at(self.path.as_ref(), end).number(expected)
    }

    fn failed(&self, offset: u64, cause: io::Error) -> Error {
        Error::new(ErrorKind::Read).at(self.path.as_ref(), offset).because(cause)
    }
}
