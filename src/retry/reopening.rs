use crate::end::End;
use crate::retry::gave_up::GaveUp;
use crate::retry::policy::Retry;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;
use std::mem;

/// Items of what is opened, and opened again after an error: the loop in `resume` and `restart`.
pub(super) struct Reopening<I> {
    /// What is open. It is dropped at its end, at an error and at a panic.
    pub(super) items: Option<I>,
    pub(super) tally: Tally,
    /// Whether it ended, or was given up.
    pub(super) is_over: bool,
}

impl<I> Reopening<I> {
    pub(super) fn new() -> Self {
        Self { items: None, tally: Tally::default(), is_over: false }
    }

    /// Pulls an item. `is_progress` is told each, and tells whether it is more than was given before.
    pub(super) fn pull<T, E, R>(
        &mut self,
        retry: &Retry<R>,
        mut open: impl FnMut() -> Result<I, E>,
        is_progress: impl FnOnce(&T) -> bool,
    ) -> Option<Result<T, GaveUp<E>>>
    where
        I: Iterator<Item = Result<T, E>>,
        R: Rules<E>,
    {
        while !self.is_over {
            let error = match self.pull_once(&mut open) {
                Ok(Some(item)) => {
                    if is_progress(&item) && self.tally.is_failing() {
                        self.tally.progressed();
                        retry.policy.succeeded();
                    }
                    return Some(Ok(item));
                }
                Ok(None) => {
                    self.is_over = true;
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

    /// Opens it, if it is not open, and pulls. Unless that gives an item, nothing is open after it.
    fn pull_once<T, E>(&mut self, open: impl FnOnce() -> Result<I, E>) -> Result<Option<T>, E>
    where
        I: Iterator<Item = Result<T, E>>,
    {
        let end = End(&mut self.items);
        let items = match end.0 {
            Some(items) => items,
            None => end.0.insert(open()?),
        };
        let item = items.next().transpose()?;
        if item.is_some() {
            mem::forget(end);
        }
        Ok(item)
    }
}
