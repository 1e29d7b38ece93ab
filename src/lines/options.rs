use std::num::NonZeroUsize;
use std::ops::{Bound, RangeBounds};

use crate::lines::form::LongLine;
use crate::lines::iter::Lines;
use crate::lines::line::MAX_LEN;
use crate::lines::position::Position;
use crate::lines::ranged::Ranged;
use crate::lines::runs::Runs;
use crate::lines::store::Open;
use crate::source::Source;

/// # Options
///
/// They belong before the first pull, since what was read by then may be given as it was before, and
/// before searches and [`blocks`](Lines::blocks).
impl<S: Runs> Lines<S> {
    /// Ends lines at `byte`, and at nothing else. The default is a newline, which takes a carriage
    /// return before it along.
    ///
    /// # Examples
    ///
    /// ```
    /// let names = headwater::lines::read(&b"a b\0c\nd\0"[..]).delimiter(0);
    /// let names: Vec<_> = names.map(|name| name.unwrap().to_string()).collect();
    /// assert_eq!(names, ["a b", "c\nd"]);
    /// ```
    pub fn delimiter(mut self, byte: u8) -> Self {
        self.ends.form.delimiter = byte;
        self
    }

    /// Gives lines with the bytes that end them.
    ///
    /// # Examples
    ///
    /// ```
    /// let log = &b"one\r\ntwo\nthree"[..];
    /// let whole = headwater::lines::read(log).keep_ends();
    /// let whole: Vec<u8> = whole.flat_map(|line| line.unwrap().to_vec()).collect();
    /// assert_eq!(whole, log);
    /// ```
    pub fn keep_ends(mut self) -> Self {
        self.ends.form.keep_ends = true;
        self
    }

    /// Gives the first line with the UTF-8 byte order mark that may stand before it.
    ///
    /// # Examples
    ///
    /// ```
    /// let log = "\u{FEFF}one\n";
    /// assert_eq!(headwater::lines::read(log.as_bytes()).next().unwrap()?, "one");
    /// assert_eq!(headwater::lines::read(log.as_bytes()).keep_bom().next().unwrap()?, "\u{FEFF}one");
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn keep_bom(mut self) -> Self {
        self.ends.form.keep_bom = true;
        self
    }

    /// Limits lines to that many bytes, their ends not counted. The default is 16 MiB; the most is a
    /// little below 1 GiB, and more than that means that.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LongLine`](crate::ErrorKind::LongLine), at the longer line, which ends the
    /// source, unless [`on_long`](Lines::on_long) says otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = headwater::lines("fixtures/rotated/access.log")?.max_len(80).next().unwrap();
    /// assert_eq!(error.unwrap_err().kind(), headwater::ErrorKind::LongLine);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn max_len(mut self, bytes: usize) -> Self {
        self.ends.form.limit(bytes);
        self
    }

    /// Says what becomes of a line over the limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::LongLine;
    ///
    /// let log = headwater::lines("fixtures/rotated/access.log")?;
    /// let heads = log.max_len(80).on_long(LongLine::Truncate);
    /// assert!(heads.flatten().all(|head| head.len() <= 80));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn on_long(mut self, policy: LongLine) -> Self {
        self.ends.form.on_long = policy;
        self
    }

    /// Reads that many bytes at once. The default is 128 KiB; the most is 1 GiB.
    ///
    /// # Resources
    ///
    /// It holds six blocks at most. A block is as large as this; one with a longer line, up to
    /// twice as large as that line.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// let size = NonZeroUsize::new(1 << 20).unwrap();
    /// assert_eq!(headwater::lines("fixtures/rotated/access.log")?.block_size(size).count(), 100);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn block_size(mut self, bytes: NonZeroUsize) -> Self {
        self.ends.form.block_size = bytes.get().min(MAX_LEN);
        self
    }

    /// Begins at a position, or at an offset in bytes.
    ///
    /// It is [`resume_at`](Source::resume_at) for the start of a pipeline.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, lines};
    ///
    /// let mut yesterday = lines("fixtures/rotated/access.log")?;
    /// yesterday.nth(59);
    /// let noted = yesterday.position();
    ///
    /// assert_eq!(lines("fixtures/rotated/access.log")?.from(noted).count(), 40);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn from(mut self, position: impl Into<Position>) -> Self {
        self.resume_at(position.into());
        self
    }
}

impl<O: Open> Lines<Ranged<O>> {
    /// Gives the lines that *begin* in a range of bytes; the last of them may end beyond it.
    ///
    /// So, whatever the ranges are that a file is divided into, each line is in exactly one: the
    /// rule by which Hadoop splits its inputs.
    ///
    /// # Examples
    ///
    /// ```
    /// let path = "fixtures/rotated/access.log";
    /// let first = headwater::lines(path)?.range(..4000).count();
    /// let others = headwater::lines(path)?.range(4000..).count();
    /// assert_eq!(first + others, headwater::lines(path)?.count());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        let start = match bytes.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(&start) => start.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match bytes.end_bound() {
            Bound::Included(&end) => end.saturating_add(1),
            Bound::Excluded(&end) => end,
            Bound::Unbounded => u64::MAX,
        };
        self.ends.origin.want(start..end.max(start));
        self
    }
}
