use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memrchr};

use crate::error::{Error, ErrorKind};
use crate::lines::access::{Access, Stop};
use crate::lines::form::{Form, LongLine};
use crate::lines::memory::{Bytes, Memory};
use crate::lines::place::Place;
use crate::lines::run::{Beyond, Run};
use crate::lines::store::{Fetched, Store};

/// The bytes of an open store that are still to be read, which are whole lines.
///
/// Runs are read from both ends, until nothing is left between them.
pub(super) struct Unread<S> {
    access: Access<S>,
    range: Range<u64>,
    place: Arc<Place>,
}

impl<S: Store> Unread<S> {
    pub(super) fn new(access: Access<S>, range: Range<u64>, place: &Arc<Place>) -> Self {
        Self { access, range, place: Arc::clone(place) }
    }

    /// Gives the store back, the bytes that are unread, and whose they are.
    #[cfg(feature = "parallel")]
    pub(super) fn into_parts(self) -> (S, Range<u64>, Arc<Place>) {
        (self.access.into_store(), self.range, self.place)
    }

    pub(super) fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// Takes back a run whose lines have all been given.
    pub(super) fn take_back(&mut self, spent: Run, form: &Form) {
        self.access.pool.retire(spent.into_block(), form);
    }

    /// Reads a run from the front.
    ///
    /// The line that a block breaks off in is read again with the next block: cheaper than to carry
    /// it over, and a failure leaves nothing behind.
    pub(super) fn first_run(&mut self, form: &Form) -> Result<Option<Run>, Error> {
        let mut size = self.access.pool.size(form.block_size);
        while !self.range.is_empty() {
            let start = self.range.start;
            let asked = start..self.range.end.min(start + size as u64);
            let Fetched { bytes, len, result } = self.access.fetch(asked.clone());
            let stop = self.access.stop(&asked, len, result);
            if stop.is_none() && asked.end == self.range.end {
                self.range.start = asked.end;
                return Ok(Some(self.run(bytes, start, 0..len, form)));
            }
            if let Some(index) = memrchr(form.delimiter, &bytes.as_slice()[..len]) {
                self.range.start = start + index as u64 + 1;
                return Ok(Some(self.run(bytes, start, 0..index + 1, form)));
            }
            match stop {
                Some(Stop::Failed(error)) => return Err(error),
                Some(Stop::End) => self.range.end = start + len as u64,
                None if len >= form.too_long() => return self.first_long(bytes, form).map(Some),
                None => size = larger(size, form),
            }
            self.access.put_back(bytes);
        }
        Ok(None)
    }

    /// Reads a run from the back.
    pub(super) fn last_run(&mut self, form: &Form) -> Result<Option<Run>, Error> {
        let mut size = self.access.pool.size(form.block_size);
        // What can't be read is given as an error once the lines behind it are given.
        let (mut floor, mut failure) = (self.range.start, None);
        while !self.range.is_empty() {
            let end = self.range.end;
            let start = floor.max(end.saturating_sub(size as u64));
            let asked = start..end;
            let Fetched { bytes, len, result } = self.access.fetch(asked.clone());
            match self.access.stop(&asked, len, result) {
                Some(Stop::Failed(error)) => {
                    floor = match len {
                        0 if failure.is_some() => start + (end - start).div_ceil(2),
                        _ => start + len as u64 + 1,
                    };
                    if error.kind() != ErrorKind::Read {
                        return Err(error);
                    }
                    if floor >= end {
                        return Err(failure.unwrap_or(error));
                    }
                    failure = Some(error);
                    self.access.put_back(bytes);
                    continue;
                }
                Some(Stop::End) => {
                    self.range.end = start + len as u64;
                    self.access.put_back(bytes);
                    continue;
                }
                None => {}
            }
            if start == self.range.start {
                self.range.end = start;
                return Ok(Some(self.run(bytes, start, 0..len, form)));
            }
            // The last byte ends the last line; a delimiter before it ends the line before.
            if let Some(index) = memchr(form.delimiter, &bytes.as_slice()[..len - 1]) {
                self.range.end = start + index as u64 + 1;
                return Ok(Some(self.run(bytes, start, index + 1..len, form)));
            }
            match failure {
                Some(error) if start == floor => return Err(error),
                _ if len > form.too_long() => return self.last_long(bytes, start, form).map(Some),
                _ => size = larger(size, form),
            }
            self.access.put_back(bytes);
        }
        Ok(None)
    }

    /// Makes a run of the first line, which begins `bytes` and is too long.
    fn first_long(&mut self, bytes: Bytes, form: &Form) -> Result<Run, Error> {
        let start = self.range.start;
        let (beyond, end) = match form.on_long {
            LongLine::Error => (Beyond::Unended, self.range.end),
            LongLine::Truncate | LongLine::Skip => {
                let rest = start + form.too_long() as u64..self.range.end;
                match self.access.find_end(rest, form)? {
                    Some(end) => (Beyond::Ended, end),
                    None => (Beyond::Unended, self.range.end),
                }
            }
        };
        self.range.start = end;
        Ok(self.run(bytes, start, 0..form.too_long(), form).and_beyond(beyond, end))
    }

    /// Makes a run of the last line, which `tail` ends, from `tail_start` on, and is too long.
    fn last_long(&mut self, tail: Bytes, tail_start: u64, form: &Form) -> Result<Run, Error> {
        let ended = tail.as_slice().last() == Some(&form.delimiter);
        self.access.put_back(tail);
        let before = self.range.start..tail_start;
        let start = self.access.find_start(before, form)?.unwrap_or(self.range.start);
        let asked = start..start + form.too_long() as u64;
        let Fetched { bytes, len, result } = self.access.fetch(asked.clone());
        match self.access.stop(&asked, len, result) {
            Some(Stop::Failed(error)) => return Err(error),
            Some(Stop::End) => return Err(self.access.shrunk(start + len as u64, asked.end)),
            None => {}
        }
        let end = self.range.end;
        self.range.end = start;
        let beyond = if ended { Beyond::Ended } else { Beyond::Unended };
        Ok(self.run(bytes, start, 0..len, form).and_beyond(beyond, end))
    }

    fn run(&self, bytes: Bytes, offset: u64, lines: Range<usize>, form: &Form) -> Run {
        Run::new(Memory::new(bytes, offset, &self.place), lines, form)
    }
}

/// The size to try after a block of `size` bytes had no whole line in it.
fn larger(size: usize, form: &Form) -> usize {
    size.saturating_mul(2).min(form.too_long().max(form.block_size) + 1)
}

impl<S> fmt::Debug for Unread<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unread").field("range", &self.range).finish_non_exhaustive()
    }
}
