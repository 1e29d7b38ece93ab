use std::fmt;
use std::mem;
use std::time::Duration;

use crate::retry::gave_up::{GaveUp, Reason};
use crate::retry::policy::{Policy, Retry};
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;
use crate::source::Source;

/// A source, and what became of its errors so far: the machine in both `Retrying`s.
///
/// It waits for nothing: its drivers wait, between [`failed`](Healing::failed) and
/// [`begin`](Healing::begin).
pub(super) struct Healing<S: Source, R> {
    pub(super) source: S,
    retry: Retry<R>,
    /// The failures since it last went on.
    tally: Tally,
    /// Where it last failed.
    failed_at: Option<S::Position>,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Going,
    /// A panic came out of the source: it has to be opened again.
    Broken,
    /// It ended, or was given up.
    Over,
}

impl<S: Source, R> Healing<S, R> {
    pub(super) fn new(source: S, retry: Retry<R>) -> Self {
        let tally = Tally::default();
        Self { source, retry, tally, failed_at: None, state: State::Going }
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.retry.policy
    }

    pub(super) fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether there is anything more to pull.
    #[inline]
    pub(super) fn is_going(&mut self) -> bool {
        self.state == State::Going || self.mend()
    }

    /// Goes on after a panic where the last item was delivered.
    #[cold]
    fn mend(&mut self) -> bool {
        if self.state == State::Broken {
            self.let_go();
        }
        self.state == State::Going
    }

    /// Pulls the source. One that panics is not pulled again before it was let go.
    #[inline]
    pub(super) fn pull<T>(&mut self, pull: impl FnOnce(&mut S) -> T) -> T {
        let breaking = Breaking(&mut self.state);
        let pulled = pull(&mut self.source);
        mem::forget(breaking);
        pulled
    }

    /// Notes that it gave an item.
    #[inline]
    pub(super) fn went_on(&mut self) {
        self.tally.went_on(&self.retry.policy);
    }

    /// Notes that it ended.
    pub(super) fn ended(&mut self) {
        self.went_on();
        self.state = State::Over;
    }

    /// Lets go of what is open, and decides: the delay before it is opened again, or why it is not.
    pub(super) fn failed<E>(&mut self, error: &E) -> Result<Duration, Reason>
    where
        S: Source<Position: PartialEq>,
        R: Rules<E>,
    {
        let can_recover = self.source.can_recover();
        // Before anybody is told: a hook may take its time, or panic.
        let here = self.let_go();
        // What filters gets on without giving an item.
        if self.failed_at.as_ref().is_some_and(|there| *there != here) {
            self.went_on();
        }
        self.failed_at = Some(here);
        self.tally.failed(&self.retry, Some(error), can_recover)
    }

    /// Tells that the next attempt begins.
    pub(super) fn begin(&self) {
        self.retry.policy.attempt(self.tally.attempts().saturating_add(1));
    }

    pub(super) fn give_up<E>(&mut self, error: E, reason: Reason) -> GaveUp<E> {
        self.state = State::Over;
        self.tally.gave_up(error, reason)
    }

    pub(super) fn resume_at(&mut self, at: S::Position) {
        self.state = State::Broken;
        self.source.resume_at(at);
        self.state = State::Going;
        self.tally.progressed();
        self.failed_at = None;
    }

    /// Lets go of what is open, to be opened again where the last item was delivered.
    fn let_go(&mut self) -> S::Position {
        self.state = State::Broken;
        let here = self.source.position();
        self.source.resume_at(here.clone());
        self.state = State::Going;
        here
    }
}

/// Notes a panic.
struct Breaking<'a>(&'a mut State);

impl Drop for Breaking<'_> {
    #[cold]
    fn drop(&mut self) {
        *self.0 = State::Broken;
    }
}

impl<S: Source + fmt::Debug, R> fmt::Debug for Healing<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Healing")
            .field("source", &self.source)
            .field("retry", &self.retry)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
