//! Streams as iterators, for what holds of both.

use futures::executor::block_on;
use std::iter::FusedIterator;

use futures::stream::{FusedStream, Stream, StreamExt as _};
use headwater::Source;

/// Waits for each item.
#[derive(Debug)]
pub(crate) struct Blocking<S>(pub(crate) S);

impl<S: Stream + Unpin> Iterator for Blocking<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        block_on(self.0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<S: FusedStream + Unpin> FusedIterator for Blocking<S> {}

impl<S: Source> Source for Blocking<S> {
    type Position = S::Position;

    fn position(&self) -> S::Position {
        self.0.position()
    }

    fn resume_at(&mut self, at: S::Position) {
        self.0.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.0.can_recover()
    }
}
