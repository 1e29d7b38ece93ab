use std::collections::VecDeque;
use std::vec;

use crate::pages::iter::Fetched;
use crate::pages::page::Page;

/// Which pages are fetched before they are asked for, and which of them are here: the machine in
/// all that fetches ahead. It fetches nothing.
///
/// It guesses what will be asked for next. Where it is wrong, as after a source was resumed
/// elsewhere, it begins anew there: so all that a source decides stays with the source.
pub(super) struct Ahead<C, X> {
    /// Pages that will be asked for one after the other: under way, or here.
    window: VecDeque<Slot<C, X>>,
    /// The cursors known to follow those.
    rest: vec::IntoIter<C>,
    /// How many pages the window has at the most.
    most: usize,
    /// The number of the last page that was begun. None comes twice.
    last: u64,
    /// How many pages may be begun in a row, and how many of those are left.
    max_pages: u64,
    pages_left: u64,
}

struct Slot<C, X> {
    number: u64,
    cursor: C,
    /// What was fetched; `None` while it is under way.
    fetched: Option<X>,
}

impl<C, X> Ahead<C, X> {
    pub(super) fn new(most: usize, max_pages: u64) -> Self {
        let (window, rest) = (VecDeque::new(), Vec::new().into_iter());
        Self { window, rest, most, last: 0, max_pages, pages_left: max_pages }
    }

    /// Begins a fetch, if one is to be begun: returns its number and its cursor.
    pub(super) fn begin(&mut self) -> Option<(u64, C)>
    where
        C: Clone,
    {
        if self.window.len() == self.most || self.pages_left == 0 {
            return None;
        }
        let cursor = self.rest.next()?;
        self.last += 1;
        self.pages_left -= 1;
        self.window.push_back(Slot { number: self.last, cursor: cursor.clone(), fetched: None });
        Some((self.last, cursor))
    }

    /// Returns the numbers of the pages that are under way.
    pub(super) fn under_way(&self) -> impl Iterator<Item = u64> {
        self.window.iter().filter(|slot| slot.fetched.is_none()).map(|slot| slot.number)
    }

    /// Tells whether nothing is under way or to be begun, until something else is asked for.
    pub(super) fn is_done(&self) -> bool {
        let has_begun_all = self.rest.len() == 0 || self.pages_left == 0;
        has_begun_all && self.under_way().next().is_none()
    }

    /// Takes the page that was asked for, if it is here.
    pub(super) fn take(&mut self) -> Option<X> {
        let fetched = self.window.front_mut()?.fetched.take()?;
        self.window.pop_front();
        Some(fetched)
    }

    /// Lets go of everything, and returns what is to be dropped where no lock is held.
    pub(super) fn clear(&mut self) -> Vec<X> {
        self.rest = Vec::new().into_iter();
        self.window.drain(..).filter_map(|slot| slot.fetched).collect()
    }
}

impl<C: Clone + PartialEq, X> Ahead<C, X> {
    /// Asks for a page: it is the next that can be taken. Returns what is to be dropped.
    pub(super) fn ask(&mut self, cursor: &C) -> Vec<X> {
        let next = self.window.front().map(|slot| &slot.cursor);
        if next.or(self.rest.as_slice().first()) == Some(cursor) {
            if self.window.is_empty() {
                self.pages_left = self.pages_left.max(1);
            }
            return Vec::new();
        }
        let unwanted = self.clear();
        self.rest = vec![cursor.clone()].into_iter();
        self.pages_left = self.max_pages.max(1);
        unwanted
    }

    /// Takes what was fetched, and the cursors that follow: none do after one that failed. What the
    /// page furthest ahead says of them holds. Returns what is to be dropped.
    pub(super) fn fetched(&mut self, number: u64, fetched: X, following: Vec<C>) -> Vec<X> {
        let Some(index) = self.window.iter().position(|slot| slot.number == number) else {
            return vec![fetched];
        };
        self.window[index].fetched = Some(fetched);
        let mut rest = following.into_iter();
        let mut kept = index + 1;
        let mut is_furthest = true;
        while let Some(slot) = self.window.get(kept)
            && rest.as_slice().first() == Some(&slot.cursor)
        {
            is_furthest &= slot.fetched.is_none();
            rest.next();
            kept += 1;
        }
        if is_furthest || kept < self.window.len() {
            self.rest = rest;
        }
        self.window.drain(kept..).filter_map(|slot| slot.fetched).collect()
    }
}

/// Makes of a function that says what follows a page one that lists the next of it.
pub(super) fn listed<T, C, M, E, I>(
    mut following: impl FnMut(&C, &Page<T, C, M>) -> I,
    most: usize,
) -> impl FnMut(&C, &Fetched<T, C, M, E>) -> Vec<C>
where
    I: IntoIterator<Item = C>,
{
    move |cursor, fetched| {
        let Ok(page) = fetched else { return Vec::new() };
        following(cursor, page).into_iter().take(most).collect()
    }
}
