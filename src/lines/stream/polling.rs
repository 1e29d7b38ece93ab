use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::error::Error;
use crate::lines::block::Block;
use crate::lines::blocks::Blocks;
use crate::lines::iter::Lines;
use crate::lines::line::Line;
use crate::lines::search::{Pattern, Search};
use crate::lines::stream::origin::Origin;
use crate::lines::wait::Wait;

/// Pulls an item of what may be pending.
fn poll<T>(wait: &Wait, cx: &Context<'_>, pull: impl FnOnce() -> Option<T>) -> Poll<Option<T>> {
    wait.attend(cx);
    let item = pull();
    if wait.take_pending() { Poll::Pending } else { Poll::Ready(item) }
}

impl<S: Origin> Stream for Lines<S> {
    type Item = Result<Line, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let ends = &mut self.ends;
        if let Some(line) = ends.front.as_mut().and_then(|run| run.cut_front(&ends.form)) {
            return Poll::Ready(Some(Ok(line)));
        }
        let wait = ends.origin.wait().clone();
        poll(&wait, cx, || ends.next_front())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.ends.most())
    }
}

impl<S: Origin> FusedStream for Lines<S> {
    fn is_terminated(&self) -> bool {
        self.ends.has_ended()
    }
}

impl<P: Pattern + Unpin, S: Origin> Stream for Search<P, S> {
    type Item = Result<Line, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let wait = self.get_ref().ends.origin.wait().clone();
        poll(&wait, cx, || self.pull())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.get_ref().ends.most())
    }
}

impl<P: Pattern + Unpin, S: Origin> FusedStream for Search<P, S> {
    fn is_terminated(&self) -> bool {
        self.get_ref().ends.has_ended()
    }
}

impl<S: Origin> Stream for Blocks<S> {
    type Item = Result<Block, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let wait = self.get_ref().ends.origin.wait().clone();
        poll(&wait, cx, || self.pull())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.get_ref().ends.most())
    }
}

impl<S: Origin> FusedStream for Blocks<S> {
    fn is_terminated(&self) -> bool {
        self.get_ref().ends.has_ended()
    }
}
