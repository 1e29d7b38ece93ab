use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::path::Path;

use crate::lines::form::Form;
use crate::lines::line::Line;
use crate::lines::run::Run;

/// Whole lines, as many as one read brought: an iterator over them, from both ends.
///
/// It is what crosses threads, since handing over a block costs as much as handing over a line: it
/// is a part of the memory that was read into, and so it stays in its process.
/// [`Lines::blocks`](crate::lines::Lines::blocks) and `par_blocks` give them. No line of it is over
/// the limit, so none is an error; a line that was truncated is a block of its own.
///
/// # Resources
///
/// Its memory, 128 KiB unless [`block_size`](crate::lines::Lines::block_size) says otherwise or a
/// line is longer, which it shares with its clones and with lines that are kept.
///
/// # Examples
///
/// ```
/// let mut blocks = headwater::lines::read(&b"one\ntwo\nthree\n"[..]).blocks();
/// let mut block = blocks.next().unwrap()?;
/// assert_eq!(block.as_bytes(), b"one\ntwo\nthree\n");
/// assert_eq!(block.next().unwrap(), "one");
/// assert_eq!((block.offset(), block.as_bytes()), (4, &b"two\nthree\n"[..]));
/// assert_eq!(block.count(), 2);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Block {
    rest: Rest,
    form: Form,
}

/// The lines that are still to be given.
#[derive(Clone)]
enum Rest {
    Run(Run),
    /// One that was truncated.
    Line {
        line: Line,
        /// Where it ended in the data, what it was truncated by included.
        end: u64,
        given: bool,
    },
}

impl Block {
    /// Makes one of lines that are all within the limit.
    pub(super) fn of_run(run: Run, form: Form) -> Self {
        Self { rest: Rest::Run(run), form }
    }

    /// Makes one of a line that was truncated, and ended at `end` in the data.
    pub(super) fn of_line(line: Line, end: u64, form: Form) -> Self {
        Self { rest: Rest::Line { line, end, given: false }, form }
    }

    /// Returns the lines that are still to be given as they stand in the (decompressed) data, with
    /// the bytes that end them; of a line that was truncated, what is left of it.
    ///
    /// # Examples
    ///
    /// ```
    /// let log = std::fs::read("fixtures/rotated/access.log").unwrap();
    /// let mut copy = Vec::new();
    /// for block in headwater::lines("fixtures/rotated/access.log")?.blocks() {
    ///     copy.extend_from_slice(block?.as_bytes());
    /// }
    /// assert_eq!(copy, log);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.rest {
            Rest::Run(run) => run.rest(),
            Rest::Line { given: true, .. } => &[],
            Rest::Line { line, .. } => whole(line, &self.form),
        }
    }

    /// Returns where the first of [`as_bytes`](Block::as_bytes) is in the (decompressed) data; once
    /// all lines are given, where the last of them ended.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut end = 0;
    /// for block in headwater::lines("fixtures/apache_access.log")?.blocks() {
    ///     let block = block?;
    ///     assert_eq!(block.offset(), end);
    ///     end += block.as_bytes().len() as u64;
    /// }
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn offset(&self) -> u64 {
        match &self.rest {
            Rest::Run(run) => run.offset(),
            Rest::Line { line, given: false, .. } => line.offset(),
            Rest::Line { end, .. } => *end,
        }
    }

    /// Returns the path of the file that it is from, if it is from a file.
    ///
    /// # Examples
    ///
    /// ```
    /// let block = headwater::lines("fixtures/rotated/access.log")?.blocks().next().unwrap()?;
    /// assert_eq!(block.path(), Some("fixtures/rotated/access.log".as_ref()));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.rest {
            Rest::Run(run) => run.block().place().path.as_deref(),
            Rest::Line { line, .. } => line.path(),
        }
    }
}

/// The bytes of a line as they stand in the data.
fn whole<'a>(line: &'a Line, form: &Form) -> &'a [u8] {
    if form.keep_ends { line.bytes() } else { line.bytes_with_end(form.delimiter) }
}

/// Gives a line that was not given yet.
fn take(line: &Line, given: &mut bool) -> Option<Line> {
    (!mem::replace(given, true)).then(|| line.clone())
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("path", &self.path())
            .field("offset", &self.offset())
            .field("len", &self.as_bytes().len())
            .finish_non_exhaustive()
    }
}

impl Iterator for Block {
    type Item = Line;

    #[inline]
    fn next(&mut self) -> Option<Line> {
        match &mut self.rest {
            Rest::Run(run) => run.cut_front_whole(&self.form),
            Rest::Line { line, given, .. } => take(line, given),
        }
    }

    /// At most as many lines as bytes.
    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.rest {
            Rest::Run(run) => (usize::from(!run.is_empty()), Some(run.rest().len())),
            Rest::Line { given, .. } => (usize::from(!given), Some(usize::from(!given))),
        }
    }

    /// Counts delimiters.
    fn count(self) -> usize {
        match self.rest {
            Rest::Run(mut run) => run.pass_over_lines(usize::MAX, &self.form),
            Rest::Line { given, .. } => usize::from(!given),
        }
    }

    fn last(mut self) -> Option<Line> {
        self.next_back()
    }

    fn nth(&mut self, n: usize) -> Option<Line> {
        match &mut self.rest {
            Rest::Run(run) => {
                if n > 0 && run.pass_over_lines(n, &self.form) < n {
                    return None;
                }
            }
            Rest::Line { given, .. } => *given |= n > 0,
        }
        self.next()
    }
}

impl DoubleEndedIterator for Block {
    #[inline]
    fn next_back(&mut self) -> Option<Line> {
        match &mut self.rest {
            Rest::Run(run) => run.cut_back_whole(&self.form),
            Rest::Line { line, given, .. } => take(line, given),
        }
    }
}

impl FusedIterator for Block {}
