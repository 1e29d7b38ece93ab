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

#[cfg(test)]
mod tests {
    use super::Ahead;

    /// Fetches pages from 1 on, as many at once as may be, and has them arrive in a random order.
    /// `total` says, by the request, how many there are. Returns the requests, and the pages taken.
    fn fetched(
        most: usize,
        total: impl Fn(usize) -> u64,
        draw: &mut impl FnMut(usize) -> usize,
    ) -> (Vec<u64>, Vec<u64>) {
        let mut ahead = Ahead::new(most, u64::MAX);
        let (mut requests, mut under_way, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        let mut wanted = Some(1);
        while let Some(cursor) = wanted {
            assert!(ahead.ask(&cursor).is_empty(), "a page is fetched in vain");
            while let Some((number, cursor)) = ahead.begin() {
                under_way.push((number, cursor, total(requests.len())));
                requests.push(cursor);
            }
            assert!(ahead.window.len() <= most);
            assert!(ahead.under_way().count() <= under_way.len());
            if let Some((cursor, total)) = ahead.take() {
                taken.push(cursor);
                wanted = (cursor < total).then_some(cursor + 1);
            } else {
                let (number, cursor, total) = under_way.swap_remove(draw(under_way.len()));
                let following = (cursor + 1..=total).take(most).collect();
                drop(ahead.fetched(number, (cursor, total), following));
            }
        }
        assert!(ahead.is_done(), "something is under way after the end");
        (requests, taken)
    }

    fn draws() -> impl FnMut(usize) -> usize {
        let mut state = 1_usize;
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        }
    }

    #[test]
    fn in_any_order_of_arrival_all_pages_are_fetched_once_and_taken_in_order() {
        let mut draw = draws();
        for most in 1..=8 {
            for total in 1..=30 {
                for _ in 0..20 {
                    let (requests, taken) = fetched(most, |_| total, &mut draw);
                    assert!(requests.into_iter().eq(1..=total) && taken.into_iter().eq(1..=total));
                }
            }
        }
    }

    #[test]
    fn of_a_total_that_shrinks_no_more_is_asked_for_than_was_under_way() {
        let mut draw = draws();
        for most in 1..=8 {
            for shrinks_after in 1..20 {
                for _ in 0..20 {
                    let total = |requests| if requests < shrinks_after { 30 } else { 10 };
                    let (requests, taken) = fetched(most, total, &mut draw);
                    let last = (most.max(shrinks_after) + most) as u64;
                    assert!(requests.iter().all(|cursor| *cursor <= last.max(10)), "{requests:?}");
                    assert!(taken.len() >= 10 && taken.is_sorted());
                }
            }
        }
    }
}
