use memchr::memrchr;

use crate::lines::line::MAX_LEN;

/// What becomes of a line that is longer than [`max_len`](crate::lines::Lines::max_len).
///
/// Whichever it is, [`long_lines`](crate::lines::Lines::long_lines) counts it.
///
/// # Examples
///
/// ```
/// use headwater::lines::{self, LongLine};
///
/// let log = &b"short\nmuch too long\nfine\n"[..];
/// let mut kept = lines::read(log).max_len(6).on_long(LongLine::Truncate);
/// let texts: Vec<_> = kept.by_ref().map(|line| line.unwrap().to_string()).collect();
/// assert_eq!(texts, ["short", "much t", "fine"]);
/// assert_eq!(kept.long_lines(), 1);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum LongLine {
    /// It is an error, which ends the source.
    #[default]
    Error,
    /// Its first bytes are given, as many as the limit allows.
    Truncate,
    /// It is left out.
    Skip,
}

/// How bytes become lines: the options that every origin of lines shares.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub(super) delimiter: u8,
    pub(super) keep_ends: bool,
    pub(super) keep_bom: bool,
    /// The most bytes a line may have, its end not counted.
    pub(super) max_len: usize,
    pub(super) on_long: LongLine,
    /// The bytes that one read asks for, unless lines that are kept make it less.
    pub(super) block_size: usize,
    /// Whether whole blocks are asked for, and not lines.
    pub(super) in_blocks: bool,
}

impl Form {
    /// A byte order mark, a carriage return and a delimiter can stand beside a line's bytes.
    const MARKS: usize = 3 + 1 + 1;

    pub(super) fn limit(&mut self, bytes: usize) {
        self.max_len = bytes.min(MAX_LEN - Self::MARKS);
    }

    /// As many bytes without a delimiter can only be a line that is too long.
    pub(super) fn too_long(&self) -> usize {
        self.max_len + Self::MARKS
    }

    /// How many bytes of `line`, which has its end, are given; `None` if it is too long.
    #[inline]
    pub(super) fn len_of(&self, line: &[u8]) -> Option<usize> {
        let body = &line[..line.len() - 1];
        let returned = self.delimiter == b'\n' && body.last() == Some(&b'\r');
        let len = body.len() - usize::from(returned);
        (len <= self.max_len).then_some(if self.keep_ends { line.len() } else { len })
    }

    /// How many of `lines`, in bytes, come before the first line that is too long.
    ///
    /// As many bytes as a line may have hold none that is longer, so it looks only for the last line
    /// end among them, and at no byte twice.
    pub(super) fn len_within(&self, lines: &[u8]) -> usize {
        let mut start = 0;
        loop {
            let rest = &lines[start..];
            if rest.len() <= self.max_len {
                return lines.len();
            }
            let end = memrchr(self.delimiter, &rest[..=self.max_len]).or_else(|| {
                // A carriage return does not count.
                let line = rest.get(..self.max_len + 2)?;
                let ended = line.last() == Some(&self.delimiter) && self.len_of(line).is_some();
                ended.then_some(line.len() - 1)
            });
            match end {
                Some(index) => start += index + 1,
                None => return start,
            }
        }
    }
}

impl Default for Form {
    fn default() -> Self {
        Self {
            delimiter: b'\n',
            keep_ends: false,
            keep_bom: false,
            max_len: 16 << 20,
            on_long: LongLine::Error,
            // Half of it costs 2 % where files are read, since each read touches a page twice, and
            // 10 % where they are inflated, since a decoder copies its window with each read.
            block_size: 128 << 10,
            in_blocks: false,
        }
    }
}
