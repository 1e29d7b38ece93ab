use std::hash::Hash;

use crate::pages::error::{Error, ErrorKind};
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::pages::turns::{Limits, Turns};

/// Where a source of pages is, and whether it goes on: all that sync and async sources share.
#[derive(Clone, Debug)]
pub(super) struct Course<C> {
    turns: Turns<C>,
    /// Whether an error was given, or a fetch has panicked.
    has_failed: bool,
    /// Whether that was one of fetching.
    can_recover: bool,
}

impl<C> Course<C> {
    pub(super) fn new(first: C) -> Self {
        Self { turns: Turns::new(first), has_failed: false, can_recover: true }
    }

    pub(super) fn limits(&mut self) -> &mut Limits {
        &mut self.turns.limits
    }

    /// Tells whether nothing is to be fetched any more.
    pub(super) fn is_over(&self) -> bool {
        self.has_failed || self.turns.is_over()
    }

    /// Tells whether going on at the position may do better: a fetch may succeed the next time, a
    /// server that leads in a circle is not gone on with.
    pub(super) fn can_recover(&self) -> bool {
        self.can_recover
    }

    /// Does what may panic: a source whose fetch does fetches nothing any more.
    pub(super) fn guard<O>(&mut self, work: impl FnOnce() -> O) -> O {
        self.has_failed = true;
        let done = work();
        self.has_failed = false;
        done
    }
}

impl<C: Clone + Eq + Hash> Course<C> {
    pub(super) fn position(&self) -> Position<C> {
        self.turns.position()
    }

    pub(super) fn resume_at(&mut self, at: Position<C>) {
        self.turns.resume_at(at);
        self.has_failed = false;
    }

    /// Returns the cursor of the page to be fetched; `None` at the end and after an error.
    pub(super) fn wanted<E>(&mut self) -> Option<Result<C, Error<C, E>>> {
        if self.has_failed {
            return None;
        }
        match self.turns.wanted()? {
            Ok(cursor) => Some(Ok(cursor.clone())),
            Err(kind) => Some(Err(self.fail(kind, None))),
        }
    }

    /// Takes what was fetched, and leaves in a page what is still to be delivered.
    pub(super) fn fetched<T, M, E>(
        &mut self,
        fetched: Result<Page<T, C, M>, E>,
    ) -> Result<Page<T, C, M>, Error<C, E>> {
        let mut page = fetched.map_err(|cause| self.fail(ErrorKind::Fetch, Some(cause)))?;
        self.turns.turned(&mut page).map_err(|kind| self.fail(kind, None))?;
        Ok(page)
    }

    /// Delivers a page that was fetched as a whole.
    pub(super) fn deliver<T, M, E>(
        &mut self,
        page: Page<T, C, M>,
    ) -> Result<Page<T, C, M>, Error<C, E>> {
        if page.items.len() as u64 > self.turns.items_left() {
            return Err(self.fail(ErrorKind::TooManyItems, None));
        }
        page.items.iter().for_each(|_| self.turns.delivered());
        self.turns.advance();
        Ok(page)
    }

    /// Delivers the next of the items that are left of the page at hand.
    #[inline]
    pub(super) fn deliver_next<T, E>(
        &mut self,
        items: &mut impl ExactSizeIterator<Item = T>,
    ) -> Option<Result<T, Error<C, E>>> {
        if self.turns.items_left() == 0 && items.len() > 0 {
            items.by_ref().for_each(drop);
            return Some(Err(self.fail(ErrorKind::TooManyItems, None)));
        }
        let item = items.next()?;
        self.turns.delivered();
        if items.len() == 0 {
            self.turns.advance();
        }
        Some(Ok(item))
    }

    /// Goes on behind a page of which nothing is to be delivered.
    pub(super) fn skip(&mut self) {
        self.turns.advance();
    }

    #[cold]
    fn fail<E>(&mut self, kind: ErrorKind, cause: Option<E>) -> Error<C, E> {
        self.has_failed = true;
        self.can_recover = kind == ErrorKind::Fetch;
        Error::new(kind, self.turns.position(), cause)
    }
}
