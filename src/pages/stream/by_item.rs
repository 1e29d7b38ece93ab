use std::fmt;
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::pages::at_hand::AtHand;
use crate::pages::error::Error;
use crate::pages::iter::Fetched;
use crate::pages::position::Position;
use crate::pages::stream::by_page::Pages;
use crate::pages::stream::fetch::Fetch;
use crate::source::Source;

impl<C, S> Pages<C, S> {
    /// Gives the items of the pages, one by one.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on, future::ready};
    /// use headwater::{Source, pages::{Page, Position}, stream};
    ///
    /// let fetch = |n| ready(Ok::<_, String>(Page::new(["a", "b"]).next((n < 2).then_some(n + 1))));
    /// let mut items = stream::pages(1, fetch).items();
    /// assert_eq!(block_on(items.by_ref().take(3).count()), 3);
    /// let noted = items.position();
    /// assert_eq!(noted, Position::new(2, 1));
    ///
    /// let mut later = stream::pages(1, fetch).items();
    /// later.resume_at(noted);
    /// assert_eq!(block_on(later.map(Result::unwrap).collect::<Vec<_>>()), ["b"]);
    /// ```
    pub fn items<T, M, E>(self) -> Items<T, C, S>
    where
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
    {
        Items { pages: self, at_hand: AtHand::nothing() }
    }
}

/// The items of pages, one by one, as a stream.
///
/// This struct is created by [`Pages::items`]. See its documentation for more.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T, C, S> {
    pages: Pages<C, S>,
    at_hand: AtHand<T>,
}

impl<T, C: Clone + Eq + Hash, S> Items<T, C, S> {
    /// Fetches pages up to one that has items.
    #[cold]
    fn poll_turn<M, E>(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error<C, E>>>>
    where
        S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
    {
        loop {
            self.at_hand.settle(self.pages.course_mut());
            self.at_hand = AtHand::nothing();
            match ready!(self.pages.poll_turn(cx)) {
                Some(Ok(page)) => self.at_hand.take(page, self.pages.course_mut()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
            if let Some(item) = self.at_hand.next() {
                return Poll::Ready(Some(Ok(item)));
            }
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
        match self.at_hand.next() {
            Some(item) => Poll::Ready(Some(Ok(item))),
            None => self.poll_turn(cx),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.at_hand.len();
        (at_hand, self.pages.course().is_over().then_some(at_hand))
    }
}

impl<T, C, M, E, S> FusedStream for Items<T, C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C, Fetched = Fetched<T, C, M, E>>,
{
    fn is_terminated(&self) -> bool {
        self.at_hand.len() == 0 && self.pages.course().is_over()
    }
}

impl<T, C, S> Source for Items<T, C, S>
where
    C: Clone + Eq + Hash,
    S: Fetch<C>,
{
    type Position = Position<C>;

    fn position(&self) -> Position<C> {
        self.at_hand.position(self.pages.course())
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.at_hand.resume_at(at, self.pages.course_mut());
        self.pages.let_go();
    }

    fn can_recover(&self) -> bool {
        self.pages.course().can_recover()
    }
}
