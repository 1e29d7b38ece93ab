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
    seen: Seen,
    pub(super) limits: Limits,
    /// What was given since the last position that was set.
    pages: u64,
    items: u64,
    bytes: u64,
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
    /// It is a page as any other: some servers give the same cursor until there is more.
    Allow,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) on_repeat: OnRepeat,
    pub(super) max_pages: u64,
    pub(super) max_items: u64,
    pub(super) max_bytes: u64,
}

/// How many cursors are remembered exactly: 128 KiB of hashes, and their index.
const REMEMBERED: usize = 16 * 1024;

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
        }
    }

    /// Tells whether nothing is to be fetched any more.
    pub(super) fn is_over(&self) -> bool {
        self.at.cursor.is_none()
    }

    /// Notes that an item was delivered.
    #[inline]
    pub(super) fn delivered(&mut self) {
        self.at.index += 1;
        self.items += 1;
    }

    /// Tells how many more items may be delivered.
    pub(super) fn items_left(&self) -> u64 {
        self.limits.max_items - self.items.min(self.limits.max_items)
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
            (self.pages, self.items, self.bytes) = (0, 0, 0);
            self.seen.clear();
        }
    }

    /// Returns the cursor of the page to be fetched, `None` at the end.
    pub(super) fn wanted(&self) -> Option<Result<&C, ErrorKind>> {
        if let Some(problem) = self.problem {
            return Some(Err(problem));
        }
        let cursor = self.at.cursor.as_ref()?;
        if self.pages >= self.limits.max_pages {
            return Some(Err(ErrorKind::TooManyPages));
        }
        Some(Ok(cursor))
    }

    /// Takes a page that was fetched, and leaves in it what is still to be delivered.
    pub(super) fn turned<T, M>(&mut self, page: &mut Page<T, C, M>) -> Result<(), ErrorKind> {
        let bytes = self.bytes.saturating_add(page.bytes);
        if bytes > self.limits.max_bytes {
            return Err(ErrorKind::TooManyBytes);
        }
        let index = usize::try_from(self.at.index).unwrap_or(usize::MAX);
        if index > page.items.len() {
            return Err(ErrorKind::Shrunk);
        }
        page.items.drain(..index);
        self.bytes = bytes;
        self.pages += 1;
        self.next.clone_from(&page.next);
        self.problem = page.problem;
        if let (1, Some(first)) = (self.pages, &self.at.cursor) {
            self.seen.note(first);
        }
        Ok(())
    }

    /// Goes to the next page, once all items of the one at hand are delivered.
    pub(super) fn advance(&mut self) {
        if self.problem.is_some() {
            return;
        }
        let next = self.next.take();
        if let Some(next) = &next
            && self.limits.on_repeat != OnRepeat::Allow
            && self.seen.note(next)
        {
            if self.limits.on_repeat == OnRepeat::Error {
                self.problem = Some(ErrorKind::Repeated);
                return;
            }
            self.at = Position { cursor: None, index: 0 };
            return;
        }
        self.at = Position { cursor: next, index: 0 };
    }
}
