use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;

use crate::pages::at_hand::AtHand;
use crate::pages::error::Error;
use crate::pages::iter::Pages;
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::source::Source;

impl<C, F> Pages<C, F> {
    /// Gives the items of the pages, one by one.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Source, pages::{Page, Position, pages}};
    ///
    /// let feed = || pages(1, |n| Ok::<_, String>(Page::new(["a", "b"]).next((n < 2).then_some(n + 1))));
    /// let mut items = feed().items();
    /// assert_eq!(items.by_ref().take(3).count(), 3);
    /// let noted = items.position();
    /// assert_eq!(noted, Position::new(2, 1));
    ///
    /// let mut later = feed().items();
    /// later.resume_at(noted);
    /// assert_eq!(later.map(Result::unwrap).collect::<Vec<_>>(), ["b"]);
    /// ```
    pub fn items<T, M, E>(self) -> Items<T, C, F>
    where
        F: FnMut(C) -> Result<Page<T, C, M>, E>,
    {
        Items { pages: self, at_hand: AtHand::nothing() }
    }
}

/// The items of pages, one by one.
///
/// This struct is created by [`Pages::items`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Items<T, C, F> {
    pages: Pages<C, F>,
    at_hand: AtHand<T>,
}

impl<T, C: Clone + Eq + Hash, F> Items<T, C, F> {
    /// Fetches pages up to one that has items.
    #[cold]
    fn turn<M, E>(&mut self) -> Option<Result<T, Error<C, E>>>
    where
        F: FnMut(C) -> Result<Page<T, C, M>, E>,
    {
        loop {
            self.at_hand.settle(self.pages.course_mut());
            self.at_hand = AtHand::nothing();
            match self.pages.turn()? {
                Ok(page) => self.at_hand.take(page, self.pages.course_mut()),
                Err(error) => return Some(Err(error)),
            }
            if let Some(item) = self.at_hand.next() {
                return Some(Ok(item));
            }
        }
    }
}

impl<T, C: fmt::Debug, F> fmt::Debug for Items<T, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("at_hand", &self.at_hand.len())
            .finish_non_exhaustive()
    }
}

impl<T, C, M, E, F> Iterator for Items<T, C, F>
where
    C: Clone + Eq + Hash,
    F: FnMut(C) -> Result<Page<T, C, M>, E>,
{
    type Item = Result<T, Error<C, E>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.at_hand.next() {
            Some(item) => Some(Ok(item)),
            None => self.turn(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.at_hand.len();
        (at_hand, self.pages.course().is_over().then_some(at_hand))
    }
}

impl<T, C, M, E, F> FusedIterator for Items<T, C, F>
where
    C: Clone + Eq + Hash,
    F: FnMut(C) -> Result<Page<T, C, M>, E>,
{
}

impl<T, C: Clone + Eq + Hash, F> Source for Items<T, C, F> {
    type Position = Position<C>;

    fn position(&self) -> Position<C> {
        self.at_hand.position(self.pages.course())
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.at_hand.resume_at(at, self.pages.course_mut());
    }

    fn can_recover(&self) -> bool {
        self.pages.course().can_recover()
    }
}
