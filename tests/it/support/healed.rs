//! Every source with a policy of retries around it: what holds of the source must hold of that.

use std::fmt;
use std::iter::FusedIterator;

use headwater::lines::Position;
use headwater::prelude::*;
use headwater::retry::{GaveUp, Retrying};
use headwater::{Error, Line, Retry};

use super::sources::{Lawful, Strategy, Visitor};

/// Visits the same sources, healed.
pub(crate) struct Heals<'a, V>(pub(crate) &'a mut V);

impl<V: Visitor> Visitor for Heals<'_, V> {
    fn forward<S: Lawful>(&mut self, strategy: Strategy, open: impl Fn() -> S) {
        self.0.forward(Strategy { heals: true, ..strategy }, || Healed::new(open()));
    }

    fn both_ends<S: Lawful + DoubleEndedIterator>(
        &mut self,
        strategy: Strategy,
        open: impl Fn() -> S,
    ) {
        self.0.both_ends(Strategy { heals: true, ..strategy }, || Healed::new(open()));
    }
}

/// A healed source, whose errors are those that it gave up on.
pub(crate) struct Healed<S: Source>(Retrying<S>);

impl<S: Lawful> Healed<S> {
    fn new(source: S) -> Self {
        Self(source.retry(Retry::immediately().max_attempts(3)))
    }
}

fn cause(item: Result<Line, GaveUp<Error>>) -> Result<Line, Error> {
    item.map_err(GaveUp::into_cause)
}

impl<S: Lawful> Iterator for Healed<S> {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(cause)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<S: Lawful + DoubleEndedIterator> DoubleEndedIterator for Healed<S> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(cause)
    }
}

impl<S: Lawful> FusedIterator for Healed<S> {}

impl<S: Lawful> Source for Healed<S> {
    type Position = Position;

    fn position(&self) -> Position {
        self.0.position()
    }

    fn resume_at(&mut self, at: Position) {
        self.0.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.0.can_recover()
    }
}

impl<S: Lawful> fmt::Debug for Healed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Lawful> Lawful for Healed<S> {
    fn long_lines(&self) -> Option<u64> {
        self.0.get_ref().long_lines()
    }
}
