use std::hash::Hash;

use crate::pages::error::{Error, ErrorKind};
use crate::pages::page::Page;
use crate::pages::position::Position;
use crate::pages::turns::Turns;

/// Where a source of pages is, and whether it goes on: what sync and async sources share.
#[derive(Clone, Debug)]
pub(super) struct Course<C> {
    pub(super) turns: Turns<C>,
    /// Whether an error was given, or the fetch panicked: nothing is fetched until it is resumed.
    has_failed: bool,
    /// Whether the last error was one of fetching.
    can_recover: bool,
}

impl<C> Course<C> {
    pub(super) fn new(first: C) -> Self {
        Self { turns: Turns::new(first), has_failed: false, can_recover: true }
    }

    /// Tells whether nothing is to be fetched any more.
    pub(super) fn is_over(&self) -> bool {
        self.has_failed || self.turns.is_over()
    }

    /// A fetch may succeed the next time; a server that leads in a circle is not gone on with.
    pub(super) fn can_recover(&self) -> bool {
        self.can_recover
    }

    /// Does what may panic: it is a failure if it does.
    pub(super) fn guard<O>(&mut self, work: impl FnOnce() -> O) -> O {
        self.has_failed = true;
        let done = work();
        self.has_failed = false;
        done
    }
}

impl<C: Clone + Eq + Hash> Course<C> {
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

    /// Delivers a page as a whole, and tells whether it has anything to show.
    pub(super) fn deliver<T, M, E>(&mut self, page: &Page<T, C, M>) -> Result<bool, Error<C, E>> {
        if page.items.len() as u64 > self.turns.items_left() {
            return Err(self.fail(ErrorKind::TooManyItems, None));
        }
        let is_spent = self.turns.is_spent(page);
        self.turns.delivered(page.items.len() as u64);
        self.turns.advance();
        Ok(!is_spent)
    }

    fn fail<E>(&mut self, kind: ErrorKind, cause: Option<E>) -> Error<C, E> {
        self.has_failed = true;
        self.can_recover = kind == ErrorKind::Fetch;
        Error::new(kind, self.turns.position(), cause)
    }
}
