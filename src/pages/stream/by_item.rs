use std::fmt;
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::{FusedStream, Stream};

use crate::pages::error::Error;
use crate::pages::iter::Fetched;
use crate::pages::position::Position;
use crate::pages::stream::by_page::Pages;
use crate::pages::stream::fetch::Fetch;
use crate::source::Source;

/// The items of pages, one by one, as a stream.
///
/// This struct is created by [`Pages::items`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T, C, S> {
    pages: Pages<C, S>,
    /// What is left of the page at hand.
    items: vec::IntoIter<T>,
}

impl<T, C, S> Items<T, C, S> {
    pub(super) fn new(pages: Pages<C, S>) -> Self {
        Self { pages, items: Vec::new().into_iter() }
    }
}

impl<T, C: Clone + Eq + Hash, S> Items<T, C, S> {
    /// Fetches pages up to one that has items.
    #[cold]
    fn poll_turn<M, E>(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error<C, E>>>>
    where
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
    {
        loop {
            match ready!(self.pages.poll_turn(cx)) {
                Some(Ok(page)) => self.items = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
            let course = self.pages.course_mut();
            if let Some(item) = course.deliver_next(&mut self.items) {
                return Poll::Ready(Some(item));
            }
            course.skip();
        }
    }
}

/// Nothing is pinned in it.
impl<T, C, S> Unpin for Items<T, C, S> {}

impl<T, C: fmt::Debug, S> fmt::Debug for Items<T, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl<T, C, M, E, S> Stream for Items<T, C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
{
    type Item = Result<T, Error<C, E>>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        match this.pages.course_mut().deliver_next(&mut this.items) {
            Some(item) => Poll::Ready(Some(item)),
            None => this.poll_turn(cx),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.items.len();
        (usize::from(at_hand > 0), (at_hand == 0 && self.pages.course().is_over()).then_some(0))
    }
}

impl<T, C, M, E, S> FusedStream for Items<T, C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
{
    fn is_terminated(&self) -> bool {
        self.items.len() == 0 && self.pages.course().is_over()
    }
}

impl<T, C, S> Source for Items<T, C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C>,
{
    type Position = Position<C>;

    fn position(&self) -> Position<C> {
        self.pages.course().position()
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.items = Vec::new().into_iter();
        self.pages.resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.pages.course().can_recover()
    }
}
