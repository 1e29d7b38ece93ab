use std::hash::Hash;
use std::vec;

use crate::pages::course::Course;
use crate::pages::page::Page;
use crate::pages::position::Position;

/// The items of the page at hand that are still to be delivered, one by one.
#[derive(Clone, Debug)]
pub(super) struct AtHand<T> {
    items: vec::IntoIter<T>,
    /// How many there were when the course was last told what was delivered.
    len: usize,
}

impl<T> AtHand<T> {
    pub(super) fn nothing() -> Self {
        Self { items: Vec::new().into_iter(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<T> {
        self.items.next()
    }

    /// Takes the items of a page that was turned to.
    pub(super) fn take<C, M>(&mut self, mut page: Page<T, C, M>, course: &mut Course<C>) {
        course.turns.limit(&mut page);
        self.items = page.items.into_iter();
        self.len = self.items.len();
    }

    /// Tells the course what was delivered, which is not done for each item.
    pub(super) fn settle<C>(&mut self, course: &mut Course<C>) {
        course.turns.delivered((self.len - self.items.len()) as u64);
        self.len = self.items.len();
        if self.len == 0 {
            course.turns.advance();
        }
    }

    /// Goes on elsewhere, and lets go of what is left.
    pub(super) fn resume_at<C: Clone + Eq + Hash>(
        &mut self,
        at: Position<C>,
        course: &mut Course<C>,
    ) {
        self.settle(course);
        *self = Self::nothing();
        course.resume_at(at);
    }

    pub(super) fn position<C: Clone + Eq + Hash>(&self, course: &Course<C>) -> Position<C> {
        course.turns.position_after(self.len - self.items.len(), self.len)
    }
}
