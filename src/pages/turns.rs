use std::hash::Hash;

use crate::pages::error::ErrorKind;
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::pages::seen::Seen;

/// Follows cursors from page to page: the machine in all sources of pages. It fetches nothing.
#[derive(Clone, Debug)]
pub(super) struct Turns<C> {
    /// Where the next item is.
    at: Position<C>,
    /// Whether the page there was fetched since the position was set.
    is_at_hand: bool,
    /// What that page says the next is. It is kept while the page is fetched again.
    next: Option<C>,
    /// Whether that was given before, which is not for [`OnRepeat::Allow`] to ask.
    is_repeated: bool,
    /// What is wrong behind the items at hand.
    wrong: Option<ErrorKind>,
    /// The cursors of pages that were turned to, and of the next one.
    seen: Seen,
    pub(super) limits: Limits,
    /// What was given since another position was set.
    pages: u64,
    items: u64,
    bytes: u64,
    /// Whether that has the page there in it: one that is fetched again is not counted again.
    is_counted: bool,
}

/// What to do with a next page that was given before.
///
/// # Examples
///
/// ```
/// use headwater::pages::{OnRepeat, Page, pages};
///
/// let feed = |_| Ok::<_, String>(Page::new(["a"]).next(1));
/// assert_eq!(pages(1, feed).on_repeat(OnRepeat::Stop).count(), 1);
/// assert_eq!(pages(1, feed).on_repeat(OnRepeat::Allow).take(9).count(), 9);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum OnRepeat {
    /// It is an error: the server leads in a circle.
    #[default]
    Error,
    /// It is the end: some servers say it so.
    Stop,
    /// It is a page as any other: some servers give the same cursor until there is more. It is fetched
    /// at once, and pages without items again and again until one has some: have the fetch wait.
    Allow,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) on_repeat: OnRepeat,
    pub(super) max_pages: u64,
    pub(super) max_items: u64,
    pub(super) max_bytes: u64,
}

/// How many cursors are remembered exactly: as many as fit into a table of 32 Ki slots, at 9 bytes each,
/// whose half may be those of others that were removed; and 128 KiB for their order.
const REMEMBERED: usize = 14_000;

impl<C> Turns<C> {
    pub(super) fn new(first: C) -> Self {
        let limits = Limits {
            on_repeat: OnRepeat::Error,
            max_pages: u64::MAX,
            max_items: u64::MAX,
            max_bytes: u64::MAX,
        };
        Self {
            at: Position::from(first),
            is_at_hand: false,
            next: None,
            is_repeated: false,
            wrong: None,
            seen: Seen::new(REMEMBERED),
            limits,
            pages: 0,
            items: 0,
            bytes: 0,
            is_counted: false,
        }
    }

    /// Tells whether nothing is to be fetched any more.
    pub(super) fn is_over(&self) -> bool {
        self.at.cursor.is_none() || self.is_last()
    }

    /// Tells whether nothing comes behind the items at hand.
    pub(super) fn is_last(&self) -> bool {
        self.is_at_hand && self.problem().is_none() && self.following().is_none()
    }

    /// Tells whether a page that was [turned](Turns::turned) has nothing to show but what comes behind
    /// it: the rest of one that was delivered, or an error.
    pub(super) fn is_spent<T, M>(&self, page: &Page<T, C, M>) -> bool {
        page.items.is_empty() && (self.at.index > 0 || self.problem().is_some())
    }

    /// Notes that as many items were delivered.
    pub(super) fn delivered(&mut self, items: u64) {
        self.at.index += items;
        self.items += items;
    }

    /// Tells how many more items may be delivered.
    pub(super) fn items_left(&self) -> u64 {
        self.limits.max_items.saturating_sub(self.items)
    }

    /// Leaves in a page that was [turned](Turns::turned) what may be delivered; more is an error.
    pub(super) fn limit<T, M>(&mut self, page: &mut Page<T, C, M>) {
        let left = usize::try_from(self.items_left()).unwrap_or(usize::MAX);
        if page.items.len() > left {
            page.items.truncate(left);
            self.wrong = Some(ErrorKind::TooManyItems);
        }
    }

    /// Goes to the next page, once all items of the one at hand are delivered.
    pub(super) fn advance(&mut self) {
        if self.is_at_hand && self.problem().is_none() {
            let next = self.next.take().filter(|_| !self.is_repeated);
            self.at = Position { cursor: next, index: 0 };
            (self.is_at_hand, self.is_repeated, self.is_counted) = (false, false, false);
        }
    }

    /// What is given instead of the next page.
    fn problem(&self) -> Option<ErrorKind> {
        let is_error = self.is_repeated && self.limits.on_repeat == OnRepeat::Error;
        self.wrong.or(is_error.then_some(ErrorKind::Repeated))
    }

    /// The next page, where there is no problem.
    fn following(&self) -> Option<&C> {
        self.next.as_ref().filter(|_| !self.is_repeated)
    }
}

impl<C: Clone + Eq + Hash> Turns<C> {
    pub(super) fn position(&self) -> Position<C> {
        self.at.clone()
    }

    /// The position after so many of the items at hand, of which there are so many.
    pub(super) fn position_after(&self, delivered: usize, of: usize) -> Position<C> {
        if self.is_at_hand && delivered == of && self.problem().is_none() {
            return Position { cursor: self.following().cloned(), index: 0 };
        }
        Position { cursor: self.at.cursor.clone(), index: self.at.index + delivered as u64 }
    }

    /// Goes to a position. Where it already is, it keeps what it saw and counted.
    pub(super) fn resume_at(&mut self, at: Position<C>) {
        (self.is_at_hand, self.wrong) = (false, None);
        if at != self.at {
            self.at = at;
            (self.next, self.is_repeated) = (None, false);
            (self.pages, self.items, self.bytes, self.is_counted) = (0, 0, 0, false);
            self.seen.clear();
        }
    }

    /// Returns the cursor of the page to be fetched, `None` at the end.
    pub(super) fn wanted(&self) -> Option<Result<&C, ErrorKind>> {
        let cursor = self.at.cursor.as_ref()?;
        if let Some(problem) = self.problem().filter(|_| self.is_at_hand) {
            return Some(Err(problem));
        }
        if !self.is_counted && self.pages >= self.limits.max_pages {
            return Some(Err(ErrorKind::TooManyPages));
        }
        Some(Ok(cursor))
    }

    /// Takes a page that was fetched, and leaves in it what is still to be delivered.
    pub(super) fn turned<T, M>(&mut self, page: &mut Page<T, C, M>) -> Result<(), ErrorKind> {
        let index = usize::try_from(self.at.index).unwrap_or(usize::MAX);
        if index > page.items.len() {
            return Err(ErrorKind::Shrunk);
        }
        let is_known = self.is_counted && self.next == page.next;
        if !self.is_counted {
            let bytes = self.bytes.saturating_add(page.bytes);
            if bytes > self.limits.max_bytes {
                return Err(ErrorKind::TooManyBytes);
            }
            (self.pages, self.bytes, self.is_counted) = (self.pages + 1, bytes, true);
            if let (1, Some(first)) = (self.pages, &self.at.cursor) {
                self.seen.note(first);
            }
        }
        // A page that is fetched again has noted its next.
        if !is_known {
            self.next.clone_from(&page.next);
            let asks = self.limits.on_repeat != OnRepeat::Allow;
            self.is_repeated = self.next.as_ref().is_some_and(|next| asks && self.seen.note(next));
        }
        page.items.drain(..index);
        (self.is_at_hand, self.wrong) = (true, page.problem);
        Ok(())
    }
}
