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
    /// Where the page after that at hand is.
    next: Option<C>,
    /// Why it does not go on behind the items at hand.
    problem: Option<ErrorKind>,
    /// The cursors of pages that were turned to.
    seen: Seen,
    pub(super) limits: Limits,
    /// What was given since the last position that was set.
    pages: u64,
    items: u64,
    bytes: u64,
    /// Whether that has the page at hand in it: one that is fetched again is not counted again.
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
            next: None,
            problem: None,
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
        self.at.cursor.is_none()
    }

    /// Notes that an item was delivered.
    #[inline]
    pub(super) fn delivered(&mut self) {
        self.delivered_all(1);
    }

    /// Notes that as many items were delivered.
    #[inline]
    pub(super) fn delivered_all(&mut self, items: u64) {
        self.at.index += items;
        self.items += items;
    }

    /// Tells whether nothing comes behind the items at hand, if there are any.
    pub(super) fn is_last(&self) -> bool {
        self.next.is_none() && self.problem.is_none()
    }

    /// Tells how many more items may be delivered.
    pub(super) fn items_left(&self) -> u64 {
        self.limits.max_items.saturating_sub(self.items)
    }
}

impl<C: Clone + Eq + Hash> Turns<C> {
    pub(super) fn position(&self) -> Position<C> {
        self.at.clone()
    }

    /// Goes to a position. Where it already is, it keeps what it saw and counted.
    pub(super) fn resume_at(&mut self, at: Position<C>) {
        (self.next, self.problem) = (None, None);
        if at != self.at {
            self.at = at;
            (self.pages, self.items, self.bytes, self.is_counted) = (0, 0, 0, false);
            self.seen.clear();
        }
    }

    /// Returns the cursor of the page to be fetched, `None` at the end.
    pub(super) fn wanted(&self) -> Option<Result<&C, ErrorKind>> {
        if let Some(problem) = self.problem {
            return Some(Err(problem));
        }
        let cursor = self.at.cursor.as_ref()?;
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
        page.items.drain(..index);
        self.next.clone_from(&page.next);
        // One that leads to itself is known for it here, so that another can tell it as early.
        let leads_to_itself = page.next.is_some() && page.next == self.at.cursor;
        let is_repeated = leads_to_itself && self.limits.on_repeat == OnRepeat::Error;
        self.problem = page.problem.or(is_repeated.then_some(ErrorKind::Repeated));
        Ok(())
    }

    /// Tells whether a page that was [turned](Turns::turned) has nothing to show but what comes behind
    /// it: the rest of one that was delivered, or an error.
    pub(super) fn is_spent<T, M>(&self, page: &Page<T, C, M>) -> bool {
        page.items.is_empty() && (self.at.index > 0 || self.problem.is_some())
    }

    /// Goes to the next page, once all items of the one at hand are delivered.
    pub(super) fn advance(&mut self) {
        if self.problem.is_some() {
            return;
        }
        let mut next = self.next.take();
        if let Some(cursor) = &next
            && self.limits.on_repeat != OnRepeat::Allow
            && self.seen.note(cursor)
        {
            if self.limits.on_repeat == OnRepeat::Error {
                self.problem = Some(ErrorKind::Repeated);
                return;
            }
            next = None;
        }
        self.at = Position { cursor: next, index: 0 };
        self.is_counted = false;
    }
}
