use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;
use std::vec;

use crate::pages::error::{Error, ErrorKind};
use crate::pages::iter::Pages;
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::source::Source;

/// The items of pages, one by one.
///
/// This struct is created by [`Pages::items`]. See its documentation for more.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Items<T, C, F> {
    pages: Pages<C, F>,
    /// What is left of the page at hand.
    items: vec::IntoIter<T>,
}

impl<T, C, F> Items<T, C, F> {
    pub(super) fn new(pages: Pages<C, F>) -> Self {
        Self { pages, items: Vec::new().into_iter() }
    }
}

impl<T, C: Clone + Eq + Hash, F> Items<T, C, F> {
    /// Fetches pages up to one that has items.
    #[cold]
    fn turn<M, E>(&mut self) -> Option<Result<T, Error<C, E>>>
    where
        F: FnMut(C) -> Result<Page<T, C, M>, E>,
    {
        loop {
            match self.pages.turn()? {
                Ok(page) => self.items = page.items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
            if self.items.len() > 0 {
                return self.next();
            }
            self.pages.turns().advance();
        }
    }
}

impl<T, C: fmt::Debug, F> fmt::Debug for Items<T, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
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
        if self.items.len() == 0 {
            return self.turn();
        }
        if self.pages.turns_ref().items_left() == 0 {
            self.items = Vec::new().into_iter();
            return Some(Err(self.pages.fail(ErrorKind::TooManyItems, None)));
        }
        let item = self.items.next()?;
        let turns = self.pages.turns();
        turns.delivered();
        if self.items.len() == 0 {
            turns.advance();
        }
        Some(Ok(item))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.items.len();
        (usize::from(at_hand > 0), (at_hand == 0 && self.pages.is_over()).then_some(0))
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
        self.pages.position()
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.items = Vec::new().into_iter();
        self.pages.go_to(at);
    }

    fn can_recover(&self) -> bool {
        self.pages.can_recover()
    }
}
