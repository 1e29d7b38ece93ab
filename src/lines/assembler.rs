use std::fmt;
use std::io;
use std::mem;
use std::sync::Arc;

use memchr::{memchr, memrchr};

use crate::lines::form::{Form, LongLine};
use crate::lines::memory::{Bytes, Memory};
use crate::lines::place::Place;
use crate::lines::pool::Pool;
use crate::lines::run::{Beyond, Run};

/// Makes runs of whole lines out of bytes as they come.
///
/// It reads nothing: it says where bytes are to be put, is told how many came, and gives a run when
/// it has one. Half a line stays until the rest of it comes, however often reading fails meanwhile.
#[derive(Default)]
pub(super) struct Assembler {
    buffer: Vec<u8>,
    /// Which bytes of the buffer are data.
    start: usize,
    end: usize,
    /// Where the first of them is in the data.
    offset: u64,
    /// How many of them hold no delimiter.
    searched: usize,
    /// How many bytes are to be passed over before any line.
    skip: u64,
    /// The head of a line that is too long, while the rest of it is passed over.
    head: Option<Arc<Memory>>,
    pool: Pool,
}

/// What comes of reading.
pub(super) enum Assembled {
    Run(Run),
    /// The data has ended.
    End(Option<Run>),
}

impl Assembler {
    /// Forgets all data, to begin at some byte of other data, and pass over `skip` bytes.
    #[cfg(any(feature = "async", feature = "compression"))]
    pub(super) fn restart(&mut self, offset: u64, skip: u64) {
        *self = Self {
            buffer: mem::take(&mut self.buffer),
            pool: mem::take(&mut self.pool),
            offset,
            skip,
            ..Self::default()
        };
    }

    /// Where the first byte is that is in no run yet.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// How far the data has come.
    pub(super) fn end(&self) -> u64 {
        self.offset + (self.end - self.start) as u64
    }

    /// Takes back a run whose lines have all been given.
    pub(super) fn take_back(&mut self, spent: Option<Run>, form: &Form) {
        if let Some(spent) = spent {
            self.pool.retire(spent.into_block(), form);
        }
    }

    /// Reads until there is a run.
    pub(super) fn next_run(
        &mut self,
        reader: &mut impl io::Read,
        form: &Form,
        place: &Arc<Place>,
    ) -> io::Result<Assembled> {
        loop {
            if let Some(run) = self.run(form, place) {
                return Ok(Assembled::Run(run));
            }
            let space = self.space(form);
            let room = space.len();
            match reader.read(space) {
                Ok(0) => return Ok(Assembled::End(self.finish(form, place))),
                Ok(read) if read > room => {
                    return Err(io::Error::other(
                        "the reader says that it read more than it could",
                    ));
                }
                Ok(read) => self.filled(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where the next bytes are to be put.
    fn space(&mut self, form: &Form) -> &mut [u8] {
        if self.buffer.is_empty() {
            self.buffer = self.pool.take(form.block_size);
        }
        if self.end == self.buffer.len() && self.start > 0 {
            self.buffer.copy_within(self.start.., 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            let larger = (self.end * 2).min(form.too_long().max(self.end + 1));
            self.buffer.resize(larger, 0);
        }
        &mut self.buffer[self.end..]
    }

    fn filled(&mut self, len: usize) {
        self.end += len;
        let data = self.end - self.start;
        let passed = usize::try_from(self.skip).map_or(data, |skip| skip.min(data));
        if passed > 0 {
            self.skip -= passed as u64;
            self.drop_front(passed);
        }
    }

    fn data(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Drops data from the front, after which there may be delimiters.
    fn drop_front(&mut self, len: usize) {
        self.start += len;
        self.offset += len as u64;
        self.searched = 0;
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Gives a run, if there is a whole line.
    fn run(&mut self, form: &Form, place: &Arc<Place>) -> Option<Run> {
        if let Some(head) = self.head.take() {
            return self.end_long(head, form);
        }
        if let Some(len) = self.whole_lines(form) {
            return Some(self.cut_run(len, form, place));
        }
        self.searched = self.data().len();
        if self.searched < form.too_long() {
            return None;
        }
        let end = self.end();
        let head = self.cut_block(self.searched, form, place);
        if form.on_long == LongLine::Error {
            return Some(Self::long(head, form, Beyond::Unended, end));
        }
        self.head = Some(head);
        None
    }

    /// Finds how many bytes of data are whole lines, as many as a block should have.
    fn whole_lines(&self, form: &Form) -> Option<usize> {
        let data = self.data();
        let most = self.pool.size(form.block_size);
        if data.len() > most && most < form.block_size {
            let last = memrchr(form.delimiter, &data[..most]);
            let next = || memchr(form.delimiter, &data[most..]).map(|index| most + index);
            return last.or_else(next).map(|index| index + 1);
        }
        let last = memrchr(form.delimiter, &data[self.searched..]);
        last.map(|index| self.searched + index + 1)
    }

    /// Gives what is left when the data has ended.
    fn finish(&mut self, form: &Form, place: &Arc<Place>) -> Option<Run> {
        if let Some(head) = self.head.take() {
            return Some(Self::long(head, form, Beyond::Unended, self.end()));
        }
        let len = self.data().len();
        (len > 0).then(|| self.cut_run(len, form, place))
    }

    /// Looks for the end of a line that is too long.
    fn end_long(&mut self, head: Arc<Memory>, form: &Form) -> Option<Run> {
        let Some(index) = memchr(form.delimiter, self.data()) else {
            self.drop_front(self.data().len());
            self.head = Some(head);
            return None;
        };
        self.drop_front(index + 1);
        Some(Self::long(head, form, Beyond::Ended, self.offset))
    }

    fn long(head: Arc<Memory>, form: &Form, beyond: Beyond, end: u64) -> Run {
        Run::new(head, 0..form.too_long(), form).and_beyond(beyond, end)
    }

    fn cut_run(&mut self, len: usize, form: &Form, place: &Arc<Place>) -> Run {
        Run::new(self.cut_block(len, form, place), 0..len, form)
    }

    /// Makes a block of the first `len` bytes of data.
    ///
    /// They are copied out if they are few: a line that is kept must not keep a large buffer.
    fn cut_block(&mut self, len: usize, form: &Form, place: &Arc<Place>) -> Arc<Memory> {
        let offset = self.offset;
        let bytes = if len < self.buffer.len() / 4 || self.start > 0 {
            let bytes = self.data()[..len].to_vec();
            self.drop_front(len);
            bytes
        } else {
            let rest = self.end - len;
            let mut next = self.pool.take(form.block_size.max(rest));
            next[..rest].copy_from_slice(&self.buffer[len..self.end]);
            (self.end, self.offset, self.searched) = (rest, offset + len as u64, rest);
            mem::replace(&mut self.buffer, next)
        };
        Memory::new(Bytes::Owned(bytes), offset, place)
    }
}

impl fmt::Debug for Assembler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assembler")
            .field("offset", &self.offset)
            .field("len", &self.data().len())
            .finish_non_exhaustive()
    }
}
