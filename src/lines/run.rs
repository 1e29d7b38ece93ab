use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::lines::form::Form;
use crate::lines::line::Line;
use crate::lines::memory::Memory;

/// A run of whole lines in one block, of which lines are cut from both ends.
///
/// This is the machine that knows what a line is. It reads nothing.
#[derive(Clone, Debug)]
pub struct Run {
    block: Arc<Memory>,
    /// Where the lines that are still to be cut begin and end in the block.
    start: usize,
    end: usize,
    /// The same in the data: `back` lies behind the bytes that a cut line was too long for.
    front: u64,
    back: u64,
    /// What of the last line is not in the block, until that line is cut.
    beyond: Beyond,
    /// Where in the block the first line begins that is too long, or else where the lines end, once
    /// that was looked for; it says nothing any more when that line was cut from the front.
    within: Option<usize>,
}

/// What follows the bytes of a run that belongs to its last line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Beyond {
    Nothing,
    /// The line is too long: bytes that were passed over, and its end.
    Ended,
    /// The line is too long: bytes that were passed over, up to the end of the data.
    Unended,
}

/// What is cut from a run.
pub(super) enum Cut {
    Line(Line),
    /// A line over the limit: as much of it as the limit allows, and where the run's edge was.
    Long {
        head: Line,
        edge: u64,
    },
}

impl Cut {
    fn into_line(self) -> Line {
        match self {
            Self::Line(line) | Self::Long { head: line, .. } => line,
        }
    }
}

impl Run {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    const FEW: usize = 500;

    /// Makes a run of the bytes `lines` of `block`, which are whole lines.
    pub(super) fn new(block: Arc<Memory>, lines: Range<usize>, form: &Form) -> Self {
        let Range { mut start, end } = lines;
        let (front, back) = (block.offset() + start as u64, block.offset() + end as u64);
        if front == 0 && !form.keep_bom && block.bytes()[start..end].starts_with(Self::BOM) {
            start += Self::BOM.len();
        }
        Self { block, start, end, front, back, beyond: Beyond::Nothing, within: None }
    }

    /// Says that its last line goes on beyond it, up to `back` in the data.
    pub(super) fn and_beyond(mut self, beyond: Beyond, back: u64) -> Self {
        self.beyond = beyond;
        self.back = back;
        self
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(super) fn front(&self) -> u64 {
        self.front
    }

    pub(super) fn back(&self) -> u64 {
        self.back
    }

    pub(super) fn block(&self) -> &Arc<Memory> {
        &self.block
    }

    pub(super) fn into_block(self) -> Arc<Memory> {
        self.block
    }

    /// The bytes that are still to be cut.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        &self.block.bytes()[self.start..self.end]
    }

    /// Where the first of the bytes that are still to be cut is in the data.
    pub(super) fn offset(&self) -> u64 {
        self.block.offset() + self.start as u64
    }

    /// The bytes of the first lines that are all within the limit, which there must be.
    #[inline]
    pub(super) fn whole(&self) -> &[u8] {
        &self.block.bytes()[self.start..self.whole_end()]
    }

    #[inline]
    fn whole_end(&self) -> usize {
        self.within.map_or(self.end, |within| within.min(self.end))
    }

    /// Moves what is still to be cut into a run of its own, and stays where that ends.
    pub(super) fn split_off_front(&mut self) -> Self {
        let taken = self.clone();
        self.pass_over();
        taken
    }

    /// Moves what is still to be cut into a run of its own, and stays where that begins.
    pub(super) fn split_off_back(&mut self) -> Self {
        let taken = self.clone();
        self.pass_over_back();
        taken
    }

    /// Moves the first lines, which are within the limit, into a run of their own.
    pub(super) fn split_off_whole(&mut self) -> Self {
        let mut taken = self.clone();
        self.pass_over_whole();
        if self.start < taken.end {
            (taken.end, taken.back, taken.beyond) = (self.start, self.front, Beyond::Nothing);
        }
        taken
    }

    /// Passes over the first lines, which are within the limit.
    pub(super) fn pass_over_whole(&mut self) {
        match self.whole_end() {
            end if end == self.end => self.pass_over(),
            end => self.pass_to(end),
        }
    }

    /// Passes over all its lines.
    pub(super) fn pass_over(&mut self) {
        (self.start, self.front, self.beyond) = (self.end, self.back, Beyond::Nothing);
    }

    /// Passes over all bytes before `offset`.
    pub(super) fn pass_to_offset(&mut self, offset: u64) {
        let index = usize::try_from(offset.saturating_sub(self.block.offset()));
        match index {
            Ok(index) if index < self.start => {}
            Ok(index) if index < self.end => self.pass_to(index),
            _ => self.pass_over(),
        }
    }

    /// Passes over all its lines, from the back.
    pub(super) fn pass_over_back(&mut self) {
        (self.end, self.back, self.beyond) = (self.start, self.front, Beyond::Nothing);
    }

    /// Passes over the lines before the one that byte `at` of the rest is in; returns how many
    /// bytes that were.
    pub(super) fn pass_to_line_of(&mut self, at: usize, form: &Form) -> usize {
        let skipped = memrchr(form.delimiter, &self.rest()[..at]).map_or(0, |index| index + 1);
        self.pass_to(self.start + skipped);
        skipped
    }

    #[inline]
    fn pass_to(&mut self, start: usize) {
        self.start = start;
        self.front = self.block.offset() + start as u64;
    }

    /// Tells whether all its lines are within the limit.
    pub(super) fn is_within(&mut self, form: &Form) -> bool {
        self.look_for_long(form) == self.end
    }

    /// Tells whether its first line is within the limit.
    #[inline]
    pub(super) fn begins_within(&mut self, form: &Form) -> bool {
        self.look_for_long(form) > self.start
    }

    /// Finds where the first line begins that is too long, or else where the lines end.
    #[inline]
    fn look_for_long(&mut self, form: &Form) -> usize {
        match self.within {
            Some(within) if within >= self.start => within.min(self.end),
            _ => {
                let within = self.start + self.len_within(form);
                self.within = Some(within);
                within
            }
        }
    }

    fn len_within(&self, form: &Form) -> usize {
        let rest = self.rest();
        let len = form.len_within(rest);
        if len < rest.len() || self.beyond == Beyond::Nothing {
            return len;
        }
        let before = &rest[..rest.len().saturating_sub(1)];
        memrchr(form.delimiter, before).map_or(0, |index| index + 1)
    }

    /// Passes over as many as `most` of the first lines, which are within the limit; returns how many.
    pub(super) fn pass_over_lines(&mut self, most: usize, form: &Form) -> usize {
        let whole = self.whole();
        let open = whole.last().is_some_and(|&last| last != form.delimiter);
        // To count all of a block takes as long as to find some hundred line ends one by one.
        if most > Self::FEW {
            let count = memchr_iter(form.delimiter, whole).count() + usize::from(open);
            if count <= most {
                self.pass_over_whole();
                return count;
            }
        }
        let (mut passed, mut end) = (0, 0);
        for index in memchr_iter(form.delimiter, whole).take(most) {
            (passed, end) = (passed + 1, index + 1);
        }
        if passed == most && end < whole.len() {
            self.pass_to(self.start + end);
            return passed;
        }
        passed += usize::from(open && passed < most);
        self.pass_over_whole();
        passed
    }

    /// Cuts the first line if that takes no thought; else [`Run::cut_first`] does.
    ///
    /// Nearly every line is cut here: it must stay small enough to be inlined.
    #[inline]
    pub(super) fn cut_front(&mut self, form: &Form) -> Option<Line> {
        let rest = self.rest();
        let index = memchr(form.delimiter, rest)?;
        let len = form.len_of(&rest[..=index])?;
        let line = Line::new(&self.block, self.start, len, true);
        self.pass_to(self.start + index + 1);
        Some(line)
    }

    /// Cuts the last line if that takes no thought; else [`Run::cut_last`] does.
    #[inline]
    pub(super) fn cut_back(&mut self, form: &Form) -> Option<Line> {
        let rest = self.rest();
        let (&last, before) = rest.split_last()?;
        let index = memrchr(form.delimiter, before)? + 1;
        if last != form.delimiter {
            return None;
        }
        let len = form.len_of(&rest[index..])?;
        let line = Line::new(&self.block, self.start + index, len, true);
        self.end = self.start + index;
        self.back = self.block.offset() + self.end as u64;
        Some(line)
    }

    /// Cuts the first line, if it is one of those that are within the limit.
    pub(super) fn cut_front_whole(&mut self, form: &Form) -> Option<Line> {
        if self.start == self.whole_end() {
            return None;
        }
        self.cut_front(form).or_else(|| self.cut_first(form).map(Cut::into_line))
    }

    /// Cuts the last line of a run whose lines are all within the limit.
    pub(super) fn cut_back_whole(&mut self, form: &Form) -> Option<Line> {
        self.cut_back(form).or_else(|| self.cut_last(form).map(Cut::into_line))
    }

    /// Cuts the first line, whatever it is.
    #[cold]
    pub(super) fn cut_first(&mut self, form: &Form) -> Option<Cut> {
        let edge = self.front;
        let rest = self.rest();
        let len = memchr(form.delimiter, rest).map_or(rest.len(), |index| index + 1);
        let cut = self.cut(self.start..self.start + len, edge, form)?;
        match self.start + len {
            start if start == self.end => self.pass_over(),
            start => self.pass_to(start),
        }
        Some(cut)
    }

    /// Cuts the last line, whatever it is.
    #[cold]
    pub(super) fn cut_last(&mut self, form: &Form) -> Option<Cut> {
        let edge = self.back;
        let (_, before) = self.rest().split_last()?;
        let index = memrchr(form.delimiter, before).map_or(0, |index| index + 1);
        let cut = self.cut(self.start + index..self.end, edge, form)?;
        self.end = self.start + index;
        self.back =
            if self.is_empty() { self.front } else { self.block.offset() + self.end as u64 };
        self.beyond = Beyond::Nothing;
        Some(cut)
    }

    /// Makes a line of the bytes `line` of the block, unless there are none.
    fn cut(&self, line: Range<usize>, edge: u64, form: &Form) -> Option<Cut> {
        let bytes = &self.block.bytes()[line.clone()];
        let ended = *bytes.last()? == form.delimiter;
        let beyond = if line.end == self.end { self.beyond } else { Beyond::Nothing };
        let len = match beyond {
            Beyond::Nothing if ended => form.len_of(bytes),
            Beyond::Nothing => Some(bytes.len()).filter(|&len| len <= form.max_len),
            Beyond::Ended | Beyond::Unended => None,
        };
        let cut = len.map(|len| Cut::Line(Line::new(&self.block, line.start, len, ended)));
        cut.or_else(|| {
            let ended = ended || beyond == Beyond::Ended;
            // An option that was changed late may allow more than there is.
            let len = form.max_len.min(bytes.len());
            let head = Line::new(&self.block, line.start, len, ended).truncated();
            Some(Cut::Long { head, edge })
        })
    }
}
