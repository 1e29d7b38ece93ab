//! Every source behind a parallel map that changes nothing: what holds of the source must hold of
//! that.

use headwater::prelude::*;
use headwater::{Error, Line, ParallelMap, Source};

use super::sources::{Lawful, Strategy, Visitor};

/// Visits the same sources, mapped.
pub(crate) struct Parallels<'a, V>(pub(crate) &'a mut V);

impl<V: Visitor> Visitor for Parallels<'_, V> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        let three = 3.try_into().unwrap();
        self.0.forward(Strategy { parallel: true, ..strategy }, || {
            open().parallel_map_source(unchanged as Unchanged).bound(three)
        });
    }
}

type Unchanged = fn(Result<Line, Error>) -> Result<Line, Error>;

fn unchanged(item: Result<Line, Error>) -> Result<Line, Error> {
    item
}

impl<S, M> Lawful for ParallelMap<S, Result<Line, Error>, Unchanged, M>
where
    S: Lawful,
    Self: Source<Position = S::Position>,
{
    fn long_lines(&self) -> Option<u64> {
        self.get_ref().long_lines()
    }
}
