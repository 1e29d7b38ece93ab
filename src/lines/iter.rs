use std::fmt;
use std::iter::FusedIterator;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::lines::ends::Ends;
use crate::lines::file::{ByPath, File};
use crate::lines::line::Line;
use crate::lines::origin::{BackOrigin, Origin};
use crate::lines::position::Position;
use crate::lines::ranged::Ranged;
use crate::lines::runs::Runs;
use crate::lines::store::Open;
use crate::source::Source;

/// Opens a file to give its lines, from either end.
///
/// Nothing is read before the first pull. The length is taken then: what is written to the file
/// later is not given.
///
/// A line ends at `\n` or `\r\n`, which is cut off, as a UTF-8 byte order mark before the first
/// line is; a last line without an end is given. Lines are bytes: what is not UTF-8 is no error.
///
/// # Errors
///
/// [`ErrorKind::Open`] if there is no such file, it may not be read or is a directory, and
/// [`ErrorKind::Unseekable`] if it is a pipe, a socket or a device, which [`read`] can read.
///
/// After that each item may be one of these, and nothing follows it:
/// - [`ErrorKind::Read`]: reading failed, at the offset that it names;
/// - [`ErrorKind::LongLine`]: the line is longer than [`max_len`](Lines::max_len);
/// - [`ErrorKind::Shrunk`]: the file became shorter than it was at the first pull, or than the
///   position to begin at;
/// - [`ErrorKind::SourceChanged`]: the file is not the one that the position to begin at was taken in;
/// - [`ErrorKind::Open`]: it could not be opened again.
///
/// # Resources
///
/// One open file, closed once the last byte is read. At most 6 × block + 4 KiB, whatever the length
/// of the file, where a block is 128 KiB or twice the longest line, whichever is more; a line that
/// is kept keeps its block.
///
/// [`read`]: crate::lines::read()
/// [`ErrorKind::Open`]: crate::ErrorKind::Open
/// [`ErrorKind::Unseekable`]: crate::ErrorKind::Unseekable
/// [`ErrorKind::Read`]: crate::ErrorKind::Read
/// [`ErrorKind::LongLine`]: crate::ErrorKind::LongLine
/// [`ErrorKind::Shrunk`]: crate::ErrorKind::Shrunk
/// [`ErrorKind::SourceChanged`]: crate::ErrorKind::SourceChanged
///
/// # Examples
///
/// ```
/// use bstr::ByteSlice;
///
/// let mut newest_failures = headwater::lines("fixtures/apache_access.log")?
///     .rev()
///     .filter(|line| line.as_ref().is_ok_and(|line| line.contains_str(" 500 ")));
/// assert!(newest_failures.next().unwrap()?.contains_str("/projects/xdotool/"));
/// # Ok::<(), headwater::Error>(())
/// ```
pub fn lines(path: impl AsRef<Path>) -> Result<Lines, Error> {
    let mut by_path = ByPath(Arc::from(path.as_ref()));
    let file = by_path.open()?;
    Ok(Lines::new(Ranged::new(by_path, Some(file))))
}

/// An iterator over lines, each a [`Result`]; from both ends where its origin allows it.
///
/// It is created by [`lines`](crate::lines()) and by the functions of the module
/// [`lines`](mod@crate::lines). What it gives is set by its options, which belong before the first
/// pull.
///
/// # Resources
///
/// What it opened it closes with the last byte read, at its first fatal error, or when it is
/// dropped, whichever is first. It holds six blocks at most; more are held only by lines.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Lines<S = File> {
    pub(super) ends: Ends<S>,
}

impl<S: Runs> Lines<S> {
    pub(super) fn new(origin: S) -> Self {
        Self { ends: Ends::new(origin) }
    }

    /// Returns how many lines were longer than [`max_len`](Lines::max_len) up to here.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::{self, LongLine};
    ///
    /// let mut lines = lines::read(&b"1\n333\n22\n"[..]).max_len(2).on_long(LongLine::Skip);
    /// assert_eq!(lines.by_ref().count(), 2);
    /// assert_eq!(lines.long_lines(), 1);
    /// ```
    #[must_use]
    pub fn long_lines(&self) -> u64 {
        self.ends.long_lines()
    }

    /// Returns how many bytes were read up to here, compressed ones as they are stored.
    ///
    /// That is what a progress bar shows for files that may be compressed. Where lines are read from
    /// both ends, a few bytes of each block are read twice: the offset of the
    /// [`position`](Source::position) is exact.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut log = headwater::lines("fixtures/rotated/access.log")?;
    /// assert_eq!(log.bytes_read(), 0);
    /// log.by_ref().for_each(drop);
    /// assert!(log.bytes_read() >= std::fs::metadata("fixtures/rotated/access.log").unwrap().len());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.ends.origin.meter().total()
    }
}

impl<S: Runs> fmt::Debug for Lines<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("position", &self.position())
            .field("form", &self.ends.form)
            .field("long_lines", &self.ends.long_lines())
            .finish_non_exhaustive()
    }
}

impl<S: Origin> Iterator for Lines<S> {
    type Item = Result<Line, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.ends.next_front()
    }

    /// At most as many lines as bytes, once the length is known.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.ends.most())
    }

    /// Counts delimiters, a block at a time; an error counts as one, as every item does.
    fn count(mut self) -> usize {
        let form = self.ends.form;
        let mut count = 0;
        while let Some(run) = self.ends.whole_run() {
            match run {
                Ok(run) => count += run.pass_over_lines(usize::MAX, &form),
                Err(_) => count += 1,
            }
        }
        count
    }

    /// Reads from the end where the origin allows it, so that an error in between is not met.
    fn last(mut self) -> Option<Self::Item> {
        if S::BACKWARD {
            return self.ends.next_back();
        }
        let form = self.ends.form;
        let mut last = None;
        while let Some(run) = self.ends.whole_run() {
            match run {
                Ok(run) => last = run.split_off_whole().cut_back_whole(&form).map(Ok),
                Err(item) => last = Some(item),
            }
        }
        last
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        let form = self.ends.form;
        let mut left = n;
        while left > 0 {
            match self.ends.whole_run()? {
                Ok(run) => left -= run.pass_over_lines(left, &form),
                Err(_) => left -= 1,
            }
        }
        self.next()
    }

    fn fold<B, F>(mut self, init: B, mut f: F) -> B
    where
        F: FnMut(B, Self::Item) -> B,
    {
        let form = self.ends.form;
        let mut folded = init;
        loop {
            if let Some(run) = &mut self.ends.front {
                while let Some(line) = run.cut_front(&form) {
                    folded = f(folded, Ok(line));
                }
            }
            match self.next() {
                Some(item) => folded = f(folded, item),
                None => return folded,
            }
        }
    }
}

impl<S: BackOrigin> DoubleEndedIterator for Lines<S> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.ends.next_back()
    }
}

impl<S: Origin> FusedIterator for Lines<S> {}

impl<S: Runs> Source for Lines<S> {
    type Position = Position;

    fn position(&self) -> Position {
        self.ends.position()
    }

    fn resume_at(&mut self, at: Position) {
        self.ends.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.ends.can_recover()
    }
}
