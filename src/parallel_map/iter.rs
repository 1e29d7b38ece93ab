use std::collections::VecDeque;
use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use crate::mark::Mark;
use crate::parallel_map::jobs::Jobs;
use crate::source::Source;

/// How many items are under way for each thread, where nothing else is said.
const FOR_EACH_THREAD: usize = 8;

/// Maps iterators on all cores: every [`Iterator`] has these methods.
///
/// It is in the [`prelude`](crate::prelude).
pub trait ParallelMapIterator: Iterator + Sized {
    /// Calls `f` with several items at once, and gives the results in order.
    ///
    /// It is std's [`map`](Iterator::map) on the threads of rayon: the global pool, or the one whose
    /// [`install`](rayon::ThreadPool::install) is around the pull. The input is pulled on the
    /// consumer's own thread, and only in a pull, so it need not be `Send`. If its items are
    /// `Result`s, `f` gets those.
    ///
    /// It is lazy and bounded: nothing is pulled before the first pull, and input `k + bound` is not
    /// pulled before output `k` was given. A pull that finds no more than half of the
    /// [`bound`](ParallelMap::bound) under way takes input up to it: 8 items a thread, if nothing else
    /// is said. Where the input makes one wait,
    /// [`read_ahead`](crate::prelude::ReadAheadIterator::read_ahead) before this waits on a thread.
    ///
    /// A consumer that would wait calls `f` meanwhile, for the first item that is not begun. So it is
    /// one of the threads that share the work, and one thread is enough for all.
    ///
    /// An item should take some microseconds at least. Of smaller ones, map chunks.
    ///
    /// # Positions
    ///
    /// The input is ahead by what is under way. To resume where the consumer is, use
    /// [`parallel_map_source`](ParallelMapIterator::parallel_map_source), or pass what is needed
    /// through `f` with each item.
    ///
    /// # Panics
    ///
    /// As `map`, in order: a panic of `f` or of the input is passed on by the pull that would have
    /// given that result, and `None` follows. What is under way is let go of before.
    ///
    /// If rayon can't start its global pool, which it does at the first pull, unless it is started.
    ///
    /// # Resources
    ///
    /// At most `bound` items, or their results. When this is dropped, calls that were not begun are
    /// not begun any more, and those under way are waited for. All values are dropped on the consumer's
    /// thread, but the items that `f` takes.
    ///
    /// A consumer that is itself a thread of a pool does other jobs of the pool while it waits, as
    /// rayon does: so a lock that those take must not be held during a pull. Nor may an iterator that
    /// was pulled already be moved into a job of the pool, where it could wait for a call that waits
    /// below it on the same thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{lines, prelude::*};
    ///
    /// let log = lines("fixtures/rotated/access.log")?.map_while(Result::ok);
    /// let fields = log.parallel_map(|line| line.split(|byte| *byte == b' ').count());
    /// assert_eq!(fields.max(), Some(31));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn parallel_map<T, F>(self, f: F) -> ParallelMap<Self, T, F>
    where
        Self::Item: Send + 'static,
        T: Send + 'static,
        F: Fn(Self::Item) -> T + Send + Sync + 'static,
    {
        ParallelMap::new(self, f, |_| (), ())
    }

    /// Does the same with a [`Source`], and gives a [`Source`].
    ///
    /// The position is that of the input behind the item whose result was given last, whatever is
    /// under way behind it. So a retry or a checkpoint after this loses nothing and repeats nothing.
    /// [`resume_at`](Source::resume_at) lets go of what is under way, as a drop does.
    ///
    /// An error of the input that `f` passes on is one of the source: the position is still before
    /// it. One that `f` makes of a good item is a result of it, and the position is behind: to have
    /// such an item again, note the position before the pull.
    ///
    /// # Panics
    ///
    /// As [`parallel_map`](ParallelMapIterator::parallel_map). The position is that before the item
    /// then.
    ///
    /// # Resources
    ///
    /// As [`parallel_map`](ParallelMapIterator::parallel_map), and a position with each item.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{lines, prelude::*};
    ///
    /// let log = || lines("fixtures/rotated/access.log");
    /// let mut lengths = log()?.parallel_map_source(|line| line.map(|line| line.len() + 1));
    /// let sum: usize = lengths.by_ref().take(60).sum::<Result<_, _>>()?;
    /// let noted = lengths.position();
    /// assert_eq!(noted.offset(), sum as u64);
    ///
    /// assert_eq!(log()?.from(noted).count(), 40);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    fn parallel_map_source<T, F>(self, f: F) -> ParallelMap<Self, T, F, Mark<Self::Position>>
    where
        Self: Source,
        Self::Item: Send + 'static,
        T: Send + 'static,
        F: Fn(Self::Item) -> T + Send + Sync + 'static,
    {
        let here = Mark::of(&self);
        ParallelMap::new(self, f, Mark::of, here)
    }
}

impl<I: Iterator> ParallelMapIterator for I {}

/// An iterator that maps on all cores.
///
/// This struct is created by [`ParallelMapIterator::parallel_map`]. See its documentation for more.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ParallelMap<I: Iterator, T, F, M = ()> {
    input: I,
    jobs: Jobs<I::Item, T, F>,
    /// `None` for a number that depends on that of the threads.
    bound: Option<NonZeroUsize>,
    mark: fn(&I) -> M,
    /// The mark of the last output given.
    here: M,
    /// Those of what is under way, in order.
    marks: VecDeque<M>,
    ahead: Ahead<M>,
}

/// What is behind that which is under way.
enum Ahead<M> {
    /// More input.
    Input,
    /// The end of the input, or its panic; it is still to be given.
    End(thread::Result<M>),
    /// Nothing: the end, or a panic, was given.
    Nothing,
}

impl<I, T, F, M> ParallelMap<I, T, F, M>
where
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    fn new(input: I, f: F, mark: fn(&I) -> M, here: M) -> Self {
        let (jobs, marks) = (Jobs::new(f), VecDeque::new());
        Self { input, jobs, bound: None, mark, here, marks, ahead: Ahead::Input }
    }

    /// Sets how many items may be under way: 8 for each thread of the pool, unless it is set.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::prelude::*;
    /// use std::num::NonZeroUsize;
    ///
    /// let two = NonZeroUsize::new(2).unwrap();
    /// let mut squares = (1..).parallel_map(|n: u64| n * n).bound(two);
    /// assert_eq!(squares.nth(9), Some(100));
    /// ```
    pub fn bound(mut self, items: NonZeroUsize) -> Self {
        self.bound = Some(items);
        self
    }

    /// Takes input up to the bound.
    fn fill(&mut self) {
        if !matches!(self.ahead, Ahead::Input) {
            return;
        }
        let threads = rayon::current_num_threads();
        let bound = self.bound.map_or(threads.saturating_mul(FOR_EACH_THREAD), NonZeroUsize::get);
        // Half of it at once: to wake the threads for each item would cost more than a small item.
        if self.marks.len() > bound / 2 {
            return;
        }
        while self.marks.len() < bound {
            let (input, mark) = (&mut self.input, self.mark);
            let pull = || {
                let item = input.next();
                (item, mark(input))
            };
            // A panic of the input comes behind the results before it.
            match catch_unwind(AssertUnwindSafe(pull)) {
                Ok((Some(item), mark)) => {
                    self.marks.push_back(mark);
                    self.jobs.push(item, threads);
                }
                Ok((None, mark)) => {
                    self.ahead = Ahead::End(Ok(mark));
                    return;
                }
                Err(payload) => {
                    self.ahead = Ahead::End(Err(payload));
                    return;
                }
            }
        }
    }

    /// Gives what is behind that which is under way: nothing.
    fn end(&mut self) -> Option<T> {
        if let Ahead::End(end) = mem::replace(&mut self.ahead, Ahead::Nothing) {
            self.here = end.unwrap_or_else(|payload| resume_unwind(payload));
        }
        None
    }
}

impl<I: Iterator, T, F, M> ParallelMap<I, T, F, M> {
    /// Returns the iterator that is mapped, which is ahead by what is under way.
    pub fn get_ref(&self) -> &I {
        &self.input
    }

    /// Lets go of what is under way.
    fn let_go(&mut self) {
        self.marks.clear();
        self.jobs.let_go();
    }
}

impl<I: Iterator + fmt::Debug, T, F, M> fmt::Debug for ParallelMap<I, T, F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelMap")
            .field("input", &self.input)
            .field("bound", &self.bound)
            .field("under_way", &self.marks.len())
            .finish_non_exhaustive()
    }
}

impl<I, T, F, M> Iterator for ParallelMap<I, T, F, M>
where
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.fill();
        let Some(mark) = self.marks.pop_front() else { return self.end() };
        match self.jobs.take()? {
            Ok(output) => {
                self.here = mark;
                Some(output)
            }
            Err(payload) => {
                self.ahead = Ahead::Nothing;
                self.let_go();
                resume_unwind(payload)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let under_way = self.marks.len();
        let (least, most) = match self.ahead {
            Ahead::Input => self.input.size_hint(),
            Ahead::End(_) | Ahead::Nothing => (0, Some(0)),
        };
        let sum = most.and_then(|most| most.checked_add(under_way));
        (least.saturating_add(under_way), sum)
    }
}

impl<I, T, F, M> ExactSizeIterator for ParallelMap<I, T, F, M>
where
    I: ExactSizeIterator<Item: Send + 'static>,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
}

impl<I, T, F, M> FusedIterator for ParallelMap<I, T, F, M>
where
    I: Iterator<Item: Send + 'static>,
    T: Send + 'static,
    F: Fn(I::Item) -> T + Send + Sync + 'static,
{
}

impl<I: Source + Iterator, T, F> Source for ParallelMap<I, T, F, Mark<I::Position>> {
    type Position = I::Position;

    fn position(&self) -> I::Position {
        self.here.position.clone()
    }

    fn resume_at(&mut self, at: I::Position) {
        // If a function of the input panics, it is not pulled where it stands.
        self.ahead = Ahead::Nothing;
        self.let_go();
        self.input.resume_at(at);
        self.here = Mark::of(&self.input);
        self.ahead = Ahead::Input;
    }

    fn can_recover(&self) -> bool {
        self.here.can_recover
    }
}
