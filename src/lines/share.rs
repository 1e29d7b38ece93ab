use std::ops::Range;

use crate::error::Error;
use crate::lines::iter::Lines;
use crate::lines::ranged::Ranged;
use crate::lines::store::Open;

impl<O: Open> Lines<Ranged<O>> {
    /// Narrows the lines to one of `count` shares of about as many bytes each.
    ///
    /// The shares of a file are its lines, each once, in the order of their indices: they are
    /// [ranges](Lines::range). So threads, processes and machines divide a file without a word to
    /// each other. Of a [range](Lines::range) it is a share of that.
    ///
    /// The length is taken now. Where a file may grow while several take it, they must agree on it:
    /// `.range(..len)` before this. What is opened for that is what is read, whatever has taken its
    /// name by then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Read`](crate::ErrorKind::Read) if the length can't be taken, and
    /// [`ErrorKind::Open`](crate::ErrorKind::Open) if it can't be opened for that.
    ///
    /// # Panics
    ///
    /// If `index` is not less than `count`.
    ///
    /// # Examples
    ///
    /// ```
    /// let path = "fixtures/apache_access.log";
    /// let mut requests = 0;
    /// for index in 0..4 {
    ///     requests += headwater::lines(path)?.share(index, 4)?.count();
    /// }
    /// assert_eq!(requests, headwater::lines(path)?.count());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn share(mut self, index: usize, count: usize) -> Result<Self, Error> {
        check(index, count);
        let bytes = self.ends.origin.bytes(&self.ends.form)?;
        Ok(self.range(part(&bytes, index, count)))
    }
}

/// Panics where there is no such share, before anything is opened for it.
pub(super) fn check(index: usize, count: usize) {
    assert!(index < count, "share {index} of {count} is none: they count from 0");
}

/// Part `index` of `count` equal parts of a range.
pub(super) fn part(bytes: &Range<u64>, index: usize, count: usize) -> Range<u64> {
    let len = u128::from(bytes.end - bytes.start);
    // No more than the length, which is 64 bits long.
    let at = |part: usize| u64::try_from(len * part as u128 / count as u128).unwrap_or(u64::MAX);
    bytes.start + at(index)..bytes.start + at(index + 1)
}
