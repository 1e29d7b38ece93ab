use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::plumbing::UnindexedConsumer;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator, ParallelIterator};

use crate::error::Error;
use crate::lines::block::Block;
use crate::lines::blocks::Blocks;
use crate::lines::division::{Division, Opened, Shareable};
use crate::lines::file::ByPath;
use crate::lines::iter::Lines;
use crate::lines::line::Line;
use crate::lines::ranged::Ranged;
use crate::lines::search::{Pattern, Search};
use crate::lines::store::{Open, Store};

/// A parallel iterator over lines, found lines or blocks, each a [`Result`].
///
/// It is created by `into_par_iter` of [`Lines`] and of searches, and by [`Lines::par_blocks`]. The
/// bytes are divided into parts, of which each thread of the current rayon pool takes one after the
/// other; the lines that begin in a part are its lines. So each line is given once, and what keeps
/// order, such as `collect`, has the lines in the order of the file.
///
/// [`lines`](crate::lines()), [`random_access`](crate::lines::random_access) and `mapped` can be
/// divided so, in ranges and shares too. What is read from its start alone can't, and has no
/// `into_par_iter`: [`read`](crate::lines::read()), `decompressed`, `each`, and what reads ahead. Give
/// their [`blocks`](Lines::blocks) to rayon's `par_bridge`, which keeps no order, or to
/// [`parallel_map`](crate::prelude::ParallelMapIterator::parallel_map), which does:
///
/// ```
/// use headwater::prelude::*;
/// use rayon::prelude::*;
///
/// let read = || headwater::lines::read(&b"one\ntwo\nthree\n"[..]).blocks().map(Result::unwrap);
/// assert_eq!(read().par_bridge().map(Iterator::count).sum::<usize>(), 3);
/// assert_eq!(read().parallel_map(Iterator::count).sum::<usize>(), 3);
/// ```
///
/// # Errors
///
/// An item may be an error, as in the sequential form. The lines before it are all given. Of those
/// behind it only parts are that other threads had begun, which may fail with an error of their
/// own. `collect::<Result<…>>` and the `try_` methods give one of the errors and stop.
///
/// # Panics
///
/// A panic in a closure is passed on by rayon, as it does everywhere.
///
/// # Resources
///
/// One open file. At most six blocks of 128 KiB for each thread, whatever the length of the file;
/// more are held only by lines and blocks that are kept.
///
/// # Examples
///
/// ```
/// use rayon::prelude::*;
///
/// let bytes: u64 = headwater::lines("fixtures/apache_access.log")?
///     .into_par_iter()
///     .map(|line| line.map_or(0, |line| line.len() as u64 + 1))
///     .sum();
/// assert_eq!(bytes, std::fs::metadata("fixtures/apache_access.log").unwrap().len());
/// # Ok::<(), headwater::Error>(())
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Parallel<F = EachLine, O: Open = ByPath> {
    lines: Lines<Ranged<O>>,
    shape: F,
}

/// In which shape lines are given: each on its own, those that are found, or blocks.
///
/// It is there for bounds, and can't be implemented outside this crate.
pub trait Shape: Clone + Send + Sync {
    /// What is given.
    type Item: Send;

    /// Gives a part of the lines in this shape.
    fn shape<S>(&self, lines: Part<S>) -> impl Iterator<Item = Result<Self::Item, Error>>
    where
        S: Store + Clone;
}

/// The lines of one part.
type Part<S> = Lines<Ranged<Opened<S>>>;

/// Each line on its own.
#[derive(Clone, Debug)]
pub struct EachLine;

/// Lines that a pattern finds.
#[derive(Clone, Debug)]
pub struct Found<P>(P);

/// Blocks of lines.
#[derive(Clone, Debug)]
pub struct InBlocks;

impl Shape for EachLine {
    type Item = Line;

    fn shape<S>(&self, lines: Part<S>) -> impl Iterator<Item = Result<Line, Error>>
    where
        S: Store + Clone,
    {
        lines
    }
}

impl<P: Pattern + Clone + Send + Sync> Shape for Found<P> {
    type Item = Line;

    fn shape<S>(&self, lines: Part<S>) -> impl Iterator<Item = Result<Line, Error>>
    where
        S: Store + Clone,
    {
        Search::new(lines, self.0.clone())
    }
}

impl Shape for InBlocks {
    type Item = Block;

    fn shape<S>(&self, lines: Part<S>) -> impl Iterator<Item = Result<Block, Error>>
    where
        S: Store + Clone,
    {
        lines.blocks()
    }
}

impl<O: Open> Lines<Ranged<O>> {
    /// Gives the lines in blocks, to rayon's threads: for what works on many lines at once.
    ///
    /// It is [`blocks`](Lines::blocks) for all cores; see [`Parallel`].
    ///
    /// # Errors
    ///
    /// Those of the lines.
    ///
    /// # Examples
    ///
    /// ```
    /// use rayon::prelude::*;
    ///
    /// let log = headwater::lines("fixtures/apache_access.log")?;
    /// let requests: usize = log.par_blocks().map(|block| block.map_or(0, Iterator::count)).sum();
    /// assert_eq!(requests, 10_000);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn par_blocks(self) -> Parallel<InBlocks, O>
    where
        O: Send,
        O::Store: Shareable + Send,
    {
        Parallel { lines: self, shape: InBlocks }
    }
}

impl<O> IntoParallelIterator for Lines<Ranged<O>>
where
    O: Open + Send,
    O::Store: Shareable + Send,
{
    type Item = Result<Line, Error>;
    type Iter = Parallel<EachLine, O>;

    fn into_par_iter(self) -> Self::Iter {
        Parallel { lines: self, shape: EachLine }
    }
}

impl<P, O> IntoParallelIterator for Search<P, Ranged<O>>
where
    P: Pattern + Clone + Send + Sync,
    O: Open + Send,
    O::Store: Shareable + Send,
{
    type Item = Result<Line, Error>;
    type Iter = Parallel<Found<P>, O>;

    fn into_par_iter(self) -> Self::Iter {
        let (lines, pattern) = self.into_parts();
        Parallel { lines, shape: Found(pattern) }
    }
}

impl<O> IntoParallelIterator for Blocks<Ranged<O>>
where
    O: Open + Send,
    O::Store: Shareable + Send,
{
    type Item = Result<Block, Error>;
    type Iter = Parallel<InBlocks, O>;

    fn into_par_iter(self) -> Self::Iter {
        self.into_lines().par_blocks()
    }
}

impl<F, O: Open> fmt::Debug for Parallel<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parallel").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl<F, O> ParallelIterator for Parallel<F, O>
where
    F: Shape,
    O: Open + Send,
    O::Store: Shareable + Send,
{
    type Item = Result<F::Item, Error>;

    fn drive_unindexed<C: UnindexedConsumer<Self::Item>>(self, consumer: C) -> C::Result {
        let mut division = match Division::of(self.lines) {
            Ok(Some(division)) => division,
            Ok(None) => return rayon::iter::empty().drive_unindexed(consumer),
            Err(error) => return rayon::iter::once(Err(error)).drive_unindexed(consumer),
        };
        let (count, owed) = (division.parts(rayon::current_num_threads()), division.owed.take());
        let (division, shape, failed) = (&division, &self.shape, &AtomicUsize::new(usize::MAX));
        let part = |index| {
            let is_wanted = failed.load(Ordering::Relaxed) > index;
            let lines = is_wanted.then(|| division.part(index, count));
            lines.into_iter().flat_map(|lines| shape.shape(lines)).inspect(move |item| {
                if item.is_err() {
                    failed.fetch_min(index, Ordering::Relaxed);
                }
            })
        };
        let parts = (0..count).into_par_iter().with_max_len(1).flat_map_iter(part);
        parts.chain(owed.map(Err)).drive_unindexed(consumer)
    }
}
