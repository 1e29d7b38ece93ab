use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::path::Path;
use std::str;
use std::sync::Arc;

use bstr::{BStr, BString};
use memchr::memchr;

use crate::error::{Error, ErrorKind};
use crate::lines::memory::Memory;

/// The most bytes that a line can have: its length shares 32 bits with two flags.
pub(super) const MAX_LEN: usize = LEN as usize;
const LEN: u32 = (1 << 30) - 1;
const COMPLETE: u64 = 1 << 31;
const TRUNCATED: u64 = 1 << 30;

/// A line: a 16-byte handle into the block of lines that was read with it.
///
/// It derefs to [`BStr`], so everything of [`bstr::ByteSlice`] is at hand (`use bstr::ByteSlice`,
/// or `headwater::bstr`; with bstr's feature `unicode` also `fields` and `words`). It is [`Send`] and
/// [`Sync`], and cheap to clone.
///
/// # Resources
///
/// A line keeps its whole block in memory (128 KiB unless [`block_size`] says otherwise; less and
/// less, down to 4 KiB, while few lines of many blocks are kept). Where few of many lines are kept
/// for long, [`into_owned`](Line::into_owned) copies a line out of its block.
///
/// [`block_size`]: crate::lines::Lines::block_size
///
/// # Examples
///
/// ```
/// use bstr::ByteSlice;
///
/// let mut log = headwater::lines("fixtures/rotated/access.log")?;
/// let line = log.next().unwrap()?;
/// assert!(line.contains_str("GET /"));
/// assert_eq!(line.offset(), 0);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone)]
pub struct Line {
    block: Arc<Memory>,
    /// From the high bits down: where it begins in its block (32 bits), the two flags, its length
    /// (30). One word, not three fields, since halves written apart and read together stall the
    /// processor: a quarter of the time of reading lines.
    span: u64,
}

impl Line {
    #[inline]
    pub(super) fn new(block: &Arc<Memory>, start: usize, len: usize, complete: bool) -> Self {
        let flag = if complete { COMPLETE } else { 0 };
        Self { block: Arc::clone(block), span: (start as u64) << 32 | len as u64 | flag }
    }

    pub(super) fn truncated(mut self) -> Self {
        self.span |= TRUNCATED;
        self
    }

    /// Makes the error of a line of which it is the head.
    pub(super) fn too_long(&self, limit: usize) -> Error {
        let path = self.block.place().path.as_ref();
        Error::new(ErrorKind::LongLine).at(path, self.offset()).number(limit as u64)
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the other half of the word")]
    pub(super) fn bytes(&self) -> &[u8] {
        let (start, len) = (self.start(), self.span as u32 & LEN);
        &self.block.bytes()[start as usize..(start + len) as usize]
    }

    /// Its bytes as they stand in the data, with those that end it.
    pub(super) fn bytes_with_end(&self, delimiter: u8) -> &[u8] {
        if !self.is_complete() || self.is_truncated() {
            return self.bytes();
        }
        let (start, len) = (self.start() as usize, self.bytes().len());
        let end = memchr(delimiter, &self.block.bytes()[start + len..]);
        &self.block.bytes()[start..][..len + end.map_or(0, |end| end + 1)]
    }

    /// Where it begins in its block.
    fn start(&self) -> u32 {
        (self.span >> 32) as u32
    }

    /// Returns where its first byte is, counted from the start of the (decompressed) data.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut lines = headwater::lines::read(&b"one\ntwo\n"[..]);
    /// assert_eq!(lines.nth(1).unwrap()?.offset(), 4);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.block.offset() + u64::from(self.start())
    }

    /// Returns the path of the file that it is from, if it is from a file.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut log = headwater::lines("fixtures/rotated/access.log")?;
    /// let line = log.next().unwrap()?;
    /// assert_eq!(line.path(), Some("fixtures/rotated/access.log".as_ref()));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.block.place().path.as_deref()
    }

    /// Tells whether it had its end: the last line of a file that is being written may not.
    ///
    /// # Examples
    ///
    /// ```
    /// let complete: Vec<bool> = headwater::lines::read(&b"one\ntw"[..])
    ///     .map(|line| line.map(|line| line.is_complete()))
    ///     .collect::<Result<_, _>>()?;
    /// assert_eq!(complete, [true, false]);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.span & COMPLETE != 0
    }

    /// Tells whether it was longer than the limit and is cut there.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::lines::{self, LongLine};
    ///
    /// let mut lines = lines::read(&b"one hundred\n"[..]).max_len(3).on_long(LongLine::Truncate);
    /// let line = lines.next().unwrap()?;
    /// assert_eq!(line, "one");
    /// assert!(line.is_truncated());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.span & TRUNCATED != 0
    }

    /// Returns it as text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotUtf8`], with the offset of the first byte that is not UTF-8. For text at any
    /// price there is [`to_str_lossy`](bstr::ByteSlice::to_str_lossy).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut lines = headwater::lines::read(&b"caf\xC3\xA9\ncaf\xE9\n"[..]);
    /// assert_eq!(lines.next().unwrap()?.to_str()?, "café");
    ///
    /// let error = lines.next().unwrap()?.to_str().unwrap_err();
    /// assert_eq!(error.offset(), Some(9));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn to_str(&self) -> Result<&str, Error> {
        str::from_utf8(self.bytes()).map_err(|error| {
            let offset = self.offset() + error.valid_up_to() as u64;
            Error::new(ErrorKind::NotUtf8).at(self.block.place().path.as_ref(), offset)
        })
    }

    /// Copies it out of its block, which it then no longer keeps in memory.
    ///
    /// # Examples
    ///
    /// ```
    /// let longest = headwater::lines("fixtures/rotated/access.log")?
    ///     .map(|line| line.map(headwater::Line::into_owned))
    ///     .max_by_key(|line| line.as_ref().map_or(0, |line| line.len()))
    ///     .unwrap()?;
    /// assert!(longest.len() > 100);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> BString {
        BString::from(self.bytes())
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Writes it as text, with U+FFFD where it is not UTF-8.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl Deref for Line {
    type Target = BStr;

    #[inline]
    fn deref(&self) -> &BStr {
        BStr::new(self.bytes())
    }
}

impl AsRef<[u8]> for Line {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl AsRef<BStr> for Line {
    fn as_ref(&self) -> &BStr {
        self
    }
}

impl Borrow<[u8]> for Line {
    fn borrow(&self) -> &[u8] {
        self.bytes()
    }
}

impl Borrow<BStr> for Line {
    fn borrow(&self) -> &BStr {
        self
    }
}

impl From<Line> for BString {
    fn from(line: Line) -> Self {
        line.into_owned()
    }
}

impl From<Line> for Vec<u8> {
    fn from(line: Line) -> Self {
        line.into_owned().into()
    }
}

/// Hashes as its bytes do, as [`Borrow`] asks.
impl Hash for Line {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}
