use std::fmt;
use std::hash::Hash;
use std::iter::FusedIterator;
use std::vec;

use crate::pages::error::Error;
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
            let course = self.pages.course_mut();
            if let Some(item) = course.deliver_next(&mut self.items) {
                return Some(item);
            }
            course.skip();
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
        self.pages.course_mut().deliver_next(&mut self.items).or_else(|| self.turn())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let at_hand = self.items.len();
        (usize::from(at_hand > 0), (at_hand == 0 && self.pages.course().is_over()).then_some(0))
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
        self.pages.course().position()
    }

    fn resume_at(&mut self, at: Position<C>) {
        self.items = Vec::new().into_iter();
        self.pages.course_mut().resume_at(at);
    }

    fn can_recover(&self) -> bool {
        self.pages.course().can_recover()
    }
}
