use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use crate::error::Error;
use crate::lines::file::File;
use crate::lines::form::Form;
use crate::lines::iter::Lines;
use crate::lines::line::Line;
use crate::lines::origin::{BackOrigin, Origin};
use crate::lines::position::Position;
use crate::lines::runs::Runs;
use crate::source::Source;

/// What lines are searched for.
///
/// It is there for bounds, as [`Origin`] is, and can't be implemented outside this crate:
/// [`containing`](Lines::containing) takes any bytes, and `matching` any regular expression.
///
/// # Examples
///
/// ```
/// use headwater::lines::{Origin, Pattern, Search};
///
/// fn total<P: Pattern, S: Origin>(found: Search<P, S>) -> usize {
///     found.flatten().map(|line| line.len()).sum()
/// }
///
/// assert_eq!(total(headwater::lines::read(&b"one\ntwo\n"[..]).containing("w")), 3);
/// ```
pub trait Pattern: Find {}

impl<P: Find> Pattern for P {}

/// How lines are searched.
pub trait Find {
    /// Finds the bytes, in a run of whole lines, at which the first match may be.
    ///
    /// No line before the one that they begin in has a match; whether that one has,
    /// [`accepts`](Find::accepts) says.
    fn find(&self, lines: &[u8], form: &Form) -> Option<Range<usize>>;

    /// Tells whether a line has a match.
    fn is_match(&self, line: &[u8]) -> bool;

    /// Tells whether the line that what was found begins in has a match; `end` is where in the line
    /// that ends, or beyond it.
    fn accepts(&mut self, line: &[u8], end: usize) -> bool {
        end <= line.len() || self.is_match(line)
    }
}

/// An iterator over the lines that a search finds; from both ends if the lines are.
///
/// It gives what [`filter`](Iterator::filter) would, errors included, but searches a block at a
/// time and looks for the ends of lines only around what it finds: the way of ripgrep.
///
/// It is created by [`Lines::containing`] and `Lines::matching`. Its position moves on through
/// lines that are not given.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Search<P, S = File> {
    lines: Lines<S>,
    pattern: P,
    /// Where the first match in the run at the back may be, in the data, once it was looked for.
    first_found: Option<u64>,
}

impl<P: Pattern, S: Runs> Search<P, S> {
    pub(super) fn new(lines: Lines<S>, pattern: P) -> Self {
        Self { lines, pattern, first_found: None }
    }

    /// Returns the lines that are searched, as far as they are still to be searched.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut found = headwater::lines::read(&b"one\ntwo\nthree\n"[..]).containing("w");
    /// assert_eq!(found.next().unwrap()?, "two");
    /// assert_eq!(found.into_lines().next().unwrap()?, "three");
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn into_lines(self) -> Lines<S> {
        self.lines
    }

    #[cfg(feature = "parallel")]
    pub(super) fn into_parts(self) -> (Lines<S>, P) {
        (self.lines, self.pattern)
    }

    /// Returns the lines that are searched: for what they tell of themselves.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut found = headwater::lines::read(&b"one\ntwo\n"[..]).containing("w");
    /// found.by_ref().for_each(drop);
    /// assert_eq!(found.get_ref().long_lines(), 0);
    /// ```
    pub fn get_ref(&self) -> &Lines<S> {
        &self.lines
    }

    /// Returns how many bytes were read up to here: see [`Lines::bytes_read`].
    ///
    /// # Examples
    ///
    /// ```
    /// let mut found = headwater::lines("fixtures/rotated/access.log")?.containing("Googlebot");
    /// found.by_ref().for_each(drop);
    /// assert!(found.bytes_read() > 0);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    pub(super) fn pull(&mut self) -> Option<Result<Line, Error>> {
        let form = self.lines.ends.form;
        loop {
            let run = match self.lines.ends.whole_run()? {
                Ok(run) => run,
                Err(item) => match self.keep(item) {
                    Some(item) => return Some(item),
                    None => continue,
                },
            };
            let Some(found) = self.pattern.find(run.whole(), &form) else {
                run.pass_over_whole();
                continue;
            };
            let skipped = run.pass_to_line_of(found.start, &form);
            let Some(line) = run.cut_front_whole(&form) else { continue };
            if self.pattern.accepts(&line, found.end - skipped) {
                return Some(Ok(line));
            }
        }
    }

    /// Nothing searches backward as fast as forward, so each block is searched forward once, and
    /// its lines one by one from the back to the first that was found.
    fn pull_back(&mut self) -> Option<Result<Line, Error>> {
        let form = self.lines.ends.form;
        loop {
            let run = match &mut self.lines.ends.back {
                Some(run) if !run.is_empty() => run,
                _ => {
                    self.first_found = None;
                    if let Err(error) = self.lines.ends.load_back()? {
                        return Some(Err(error));
                    }
                    continue;
                }
            };
            if run.is_within(&form) {
                let first = self.first_found.or_else(|| {
                    let found = self.pattern.find(run.rest(), &form)?;
                    // An empty match at the very end is one of the last line.
                    Some(run.offset() + found.start.min(run.rest().len() - 1) as u64)
                });
                self.first_found = first;
                if first.is_none_or(|first| run.back() <= first) {
                    run.pass_over_back();
                    continue;
                }
            }
            let item = self.lines.ends.next_back()?;
            if let Some(item) = self.keep(item) {
                return Some(item);
            }
        }
    }

    fn keep(&self, item: Result<Line, Error>) -> Option<Result<Line, Error>> {
        match item {
            Ok(line) => self.pattern.is_match(&line).then_some(Ok(line)),
            Err(error) => Some(Err(error)),
        }
    }
}

impl<P, S: Runs> fmt::Debug for Search<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl<P: Pattern, S: Origin> Iterator for Search<P, S> {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pull()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.lines.ends.most())
    }

    /// Reads from the end where the origin allows it, so that an error in between is not met.
    fn last(mut self) -> Option<Self::Item> {
        if S::BACKWARD {
            return self.pull_back();
        }
        self.fold(None, |_, item| Some(item))
    }
}

impl<P: Pattern, S: BackOrigin> DoubleEndedIterator for Search<P, S> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.pull_back()
    }
}

impl<P: Pattern, S: Origin> FusedIterator for Search<P, S> {}

impl<P: Pattern, S: Runs> Source for Search<P, S> {
    type Position = Position;

    fn position(&self) -> Position {
        Source::position(&self.lines)
    }

    fn resume_at(&mut self, at: Position) {
        self.lines.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.lines.can_recover()
    }
}
