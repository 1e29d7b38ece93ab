use std::mem;

use crate::end::End;
use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;

/// Items of what is opened, and opened again after an error: the loop in `resume` and `restart`.
pub(super) struct Reopening<I> {
    /// What is open. It is dropped at its end, at an error and at a panic.
    items: Option<I>,
    tally: Tally,
    /// Whether it ended, or was given up.
    pub(super) is_over: bool,
}

impl<I> Reopening<I> {
    pub(super) fn new() -> Self {
        Self { items: None, tally: Tally::default(), is_over: false }
    }

    /// Lets go of what is open, to be opened again. The failures of its life still count.
    pub(super) fn let_go(&mut self) {
        self.is_over = false;
        self.tally.progressed();
        self.items = None;
    }

    /// Pulls an item. `note` is shown it, and tells whether it is more than was given before.
    pub(super) fn pull<T, E, R>(
        &mut self,
        retry: &Retry<R>,
        mut open: impl FnMut() -> Result<I, E>,
        mut note: impl FnMut(&T) -> bool,
    ) -> Option<Result<T, GaveUp<E>>>
    where
        I: Iterator<Item = Result<T, E>>,
        R: Rules<E>,
    {
        while !self.is_over {
            let error = match self.pull_once(&mut open, &mut note) {
                Ok(Some((item, is_progress))) => {
                    if is_progress {
                        self.tally.went_on(&retry.policy);
                    }
                    return Some(Ok(item));
                }
                Ok(None) => {
                    self.is_over = true;
                    self.tally.went_on(&retry.policy);
                    break;
                }
                Err(error) => error,
            };
            let decided = self.tally.failed(retry, Some(&error), true);
            if let Err(reason) = decided.and_then(|delay| retry.policy.wait(delay)) {
                self.is_over = true;
                return Some(Err(self.tally.gave_up(error, reason)));
            }
            retry.policy.attempt(self.tally.attempts().saturating_add(1));
        }
        None
    }

    /// Opens it, if it is not open, and pulls. Unless an item comes of that and is noted, nothing is
    /// open after it: an item whose noting panics comes again.
    fn pull_once<T, E>(
        &mut self,
        open: impl FnOnce() -> Result<I, E>,
        note: impl FnOnce(&T) -> bool,
    ) -> Result<Option<(T, bool)>, E>
    where
        I: Iterator<Item = Result<T, E>>,
    {
        let end = End(&mut self.items);
        let items = match end.0 {
            Some(items) => items,
            None => end.0.insert(open()?),
        };
        let Some(item) = items.next().transpose()? else { return Ok(None) };
        let is_progress = note(&item);
        mem::forget(end);
        Ok(Some((item, is_progress)))
    }
}
