use std::mem;
use std::time::{Duration, Instant};

use crate::retry::delays::Delays;
use crate::retry::failure::Failure;
use crate::retry::gave_up::{GaveUp, Reason};
use crate::retry::policy::{Policy, Retry};
use crate::retry::rules::Rules;

/// What was tried so far: the machine that decides whether it is tried again.
///
/// It waits for nothing: calls, loops and sources, sync and async, drive it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// When the first attempt began, if there is a limit of time, or else when it failed; `None`
    /// before that.
    started: Option<Instant>,
    /// How many attempts failed since it began, or since a source made progress.
    attempts: u32,
    /// How many failed in all.
    failures: u32,
    /// What was waited up to the last failure.
    idle: Duration,
    /// What was decided then to be waited: if another attempt fails, it was.
    next: Duration,
    /// The delays still to be waited, from the first failure on.
    delays: Option<Delays>,
    /// Up to the last failure.
    elapsed: Duration,
}

impl Tally {
    pub(super) fn begun(started: Option<Instant>) -> Self {
        Self { started, ..Self::default() }
    }

    /// How many attempts failed in a row.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Notes that a source gave something, or ended: that is a success, if it had failed before.
    #[inline]
    pub(super) fn went_on(&mut self, policy: &Policy) {
        if self.attempts > 0 {
            self.recovered(policy);
        }
    }

    #[cold]
    fn recovered(&mut self, policy: &Policy) {
        self.progressed();
        policy.succeeded();
    }

    /// Begins anew: only failures in a row count, but for those of a life.
    pub(super) fn progressed(&mut self) {
        *self = Self { failures: self.failures, ..Self::default() };
    }

    /// Notes a failure, and decides: the delay before the next attempt, or why there is none.
    ///
    /// `can_recover` counts where the rules have no opinion of the error.
    pub(super) fn failed<R: Rules<E>, E>(
        &mut self,
        retry: &Retry<R>,
        error: Option<&E>,
        can_recover: bool,
    ) -> Result<Duration, Reason> {
        let Retry { policy, rules } = retry;
        if let Some(statistics) = &policy.statistics {
            statistics.failed();
        }
        self.decide(policy, rules, error, can_recover).inspect_err(|_| policy.gave_up())
    }

    fn decide<E>(
        &mut self,
        policy: &Policy,
        rules: &impl Rules<E>,
        error: Option<&E>,
        can_recover: bool,
    ) -> Result<Duration, Reason> {
        let now = policy.clock.now();
        self.attempts = self.attempts.saturating_add(1);
        self.failures = self.failures.saturating_add(1);
        self.idle = self.idle.saturating_add(mem::take(&mut self.next));
        self.elapsed = now.saturating_duration_since(*self.started.get_or_insert(now));
        let verdict = error.map_or(Some(true), |error| rules.verdict(error));
        if !verdict.unwrap_or(can_recover) {
            return Err(Reason::NotRetryable);
        }
        rules.after(&self.failure(error, None));
        if rules.stops(&self.failure(error, None)) {
            return Err(Reason::Stopped);
        }
        let hint = error.and_then(|error| rules.hint(error));
        let delay = self.next_delay(policy, hint)?;
        if policy.budget.as_ref().is_some_and(|budget| !budget.take(now)) {
            return Err(Reason::Budget);
        }
        rules.before_sleep(&self.failure(error, Some(delay)));
        self.next = delay;
        Ok(delay)
    }

    fn next_delay(&mut self, policy: &Policy, hint: Option<Duration>) -> Result<Duration, Reason> {
        let is_used_up = |most: Option<u32>, made| most.is_some_and(|most| made >= most);
        if policy.is_cancelled() {
            return Err(Reason::Cancelled);
        }
        if !policy.is_enabled || is_used_up(policy.max_attempts, self.attempts) {
            return Err(Reason::Attempts);
        }
        if is_used_up(policy.max_failures, self.failures) {
            return Err(Reason::Failures);
        }
        if policy.stop_after.is_some_and(|limit| self.elapsed >= limit) {
            return Err(Reason::Time);
        }
        let delays = self.delays.get_or_insert_with(|| policy.delays());
        let delay = delays.next().ok_or(Reason::Backoff)?;
        let delay = hint.map_or(delay, |hint| hint.min(policy.max_hint).max(delay));
        let end = self.elapsed.saturating_add(delay);
        if policy.stop_before().is_some_and(|limit| end >= limit) {
            return Err(Reason::Time);
        }
        Ok(delay)
    }

    /// How much time is left up to the limit.
    pub(super) fn remaining(&self, policy: &Policy) -> Option<Duration> {
        let limit = policy.stop_before()?;
        let passed = self.started.map(|then| policy.clock.now().saturating_duration_since(then));
        Some(limit.saturating_sub(passed.unwrap_or_default()))
    }

    /// The failure that was noted last.
    pub(super) fn failure<'a, E>(
        &self,
        error: Option<&'a E>,
        delay: Option<Duration>,
    ) -> Failure<'a, E> {
        let Self { attempts: attempt, elapsed, idle, .. } = *self;
        Failure { attempt, error, elapsed, idle, delay }
    }

    /// The error for the last failure.
    #[cold]
    pub(super) fn gave_up<E>(&self, cause: E, reason: Reason) -> GaveUp<E> {
        GaveUp::new(cause, reason, self.attempts, self.elapsed, self.idle)
    }
}
