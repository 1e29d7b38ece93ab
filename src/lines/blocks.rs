use std::fmt;
use std::iter::FusedIterator;

use crate::error::Error;
use crate::lines::block::Block;
use crate::lines::file::File;
use crate::lines::iter::Lines;
use crate::lines::origin::Origin;
use crate::lines::position::Position;
use crate::lines::run::Run;
use crate::lines::runs::Runs;
use crate::source::Source;

impl<S: Runs> Lines<S> {
    /// Gives the lines in blocks, as many at once as a read brings.
    ///
    /// A [`Block`] is an iterator over its lines, and costs as much to hand to another thread, or to put
    /// into a channel, as one line would. Between two blocks it is a source like any other: its
    /// position is that behind the last block given.
    ///
    /// # Errors
    ///
    /// Those of the lines.
    ///
    /// # Resources
    ///
    /// As many blocks as are kept, and eight more, at most, to be filled again.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut requests = 0;
    /// for block in headwater::lines("fixtures/apache_access.log")?.blocks() {
    ///     requests += block?.filter(|line| line.starts_with(b"66.249.73.")).count();
    /// }
    /// assert_eq!(requests, 538);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn blocks(mut self) -> Blocks<S> {
        self.ends.form.in_blocks = true;
        Blocks { lines: self }
    }
}

/// An iterator over lines in [`Block`]s, each a [`Result`].
///
/// It is created by [`Lines::blocks`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Blocks<S = File> {
    lines: Lines<S>,
}

impl<S: Runs> Blocks<S> {
    /// Returns the lines, as far as they are still to be given.
    ///
    /// # Examples
    ///
    /// ```
    /// let blocks = headwater::lines::read(&b"one\ntwo\n"[..]).blocks();
    /// assert_eq!(blocks.into_lines().next().unwrap()?, "one");
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn into_lines(mut self) -> Lines<S> {
        self.lines.ends.form.in_blocks = false;
        self.lines
    }

    /// Returns the lines that the blocks are made of: for what they tell of themselves.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut blocks = headwater::lines("fixtures/rotated/access.log")?.blocks();
    /// blocks.by_ref().for_each(drop);
    /// assert!(blocks.get_ref().bytes_read() > 0);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn get_ref(&self) -> &Lines<S> {
        &self.lines
    }

    pub(super) fn pull(&mut self) -> Option<Result<Block, Error>> {
        let form = self.lines.ends.form;
        let block = match self.lines.ends.whole_run()? {
            Ok(run) => Ok(Block::of_run(run.split_off_whole(), form)),
            Err(item) => item.map(|line| {
                // It was cut from this run.
                let end = self.lines.ends.front.as_ref().map_or(line.offset(), Run::front);
                Block::of_line(line, end, form)
            }),
        };
        Some(block)
    }
}

impl<S: Runs> fmt::Debug for Blocks<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocks").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl<S: Origin> Iterator for Blocks<S> {
    type Item = Result<Block, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pull()
    }

    /// At most as many blocks as bytes, once the length is known.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.lines.ends.most())
    }
}

impl<S: Origin> FusedIterator for Blocks<S> {}

impl<S: Runs> Source for Blocks<S> {
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
