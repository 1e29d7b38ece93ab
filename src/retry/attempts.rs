use std::fmt;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::retry::gave_up::{GaveUp, Reason};
#[cfg(feature = "async")]
use crate::retry::policy::Policy;
use crate::retry::policy::Retry;
use crate::retry::rules::{AnyError, Rules};
use crate::retry::tally::Tally;

/// # Blocks of code
impl<R> Retry<R> {
    /// Makes the attempts of a loop: `for attempt in Retrying()` of tenacity.
    ///
    /// The loop goes on after an attempt that is told to have [`failed`](Attempt::failed), and waits
    /// before. It ends after one that is not, and where nothing is tried any more:
    /// [`finish`](Attempts::finish) tells these apart. One that is left by `return` or `break` ended
    /// well, unless the attempt was told to have failed.
    ///
    /// In async code, `attempts.next_async().await` begins the attempts (feature `async`).
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    /// use std::io;
    ///
    /// fn copy(mirrors: &[&str]) -> Result<String, headwater::retry::GaveUp<io::Error>> {
    ///     let retry = Retry::immediately().max_attempts(3);
    ///     let attempts = retry.attempts();
    ///     for attempt in &attempts {
    ///         let mirror = mirrors[attempt.number() as usize - 1];
    ///         match std::fs::read_to_string(mirror) {
    ///             Ok(text) => return Ok(text),
    ///             Err(error) => attempt.failed(error),
    ///         }
    ///     }
    ///     attempts.finish().map(|()| String::new())
    /// }
    /// assert!(copy(&["no such file", "fixtures/README.md"]).is_ok());
    /// assert_eq!(copy(&["no such file"; 3]).unwrap_err().attempts(), 3);
    /// ```
    pub fn attempts<E>(&self) -> Attempts<'_, E, R>
    where
        R: Rules<E>,
    {
        let state = State { tally: Tally::default(), stage: Stage::Unstarted };
        Attempts { retry: self, state: Mutex::new(state) }
    }
}

/// The attempts of a loop, which goes over a reference to them.
///
/// This struct is created by [`Retry::attempts`]. See its documentation for more.
pub struct Attempts<'a, E, R = AnyError> {
    retry: &'a Retry<R>,
    /// In a lock, so that a loop in a future may go to another thread with it.
    state: Mutex<State<E>>,
}

struct State<E> {
    tally: Tally,
    stage: Stage<E>,
}

enum Stage<E> {
    Unstarted,
    /// An attempt is made, and nobody has said what became of it.
    Running {
        /// A future may also be dropped in the middle of it, which is no success.
        is_async: bool,
    },
    /// The last attempt failed; what was decided then is still to be done.
    Failed {
        error: E,
        decided: Result<Duration, Reason>,
    },
    /// The loop ended well.
    Done,
    GaveUp(GaveUp<E>),
}

/// What is to be done for the next attempt.
pub(super) enum Step {
    Begin,
    Wait(Duration),
    End,
}

impl<E, R: Rules<E>> Attempts<'_, E, R> {
    /// Ends the loop, and returns the error of the last attempt, if that failed.
    ///
    /// # Errors
    ///
    /// [`GaveUp`]; [`Reason::Left`] if the loop was left after an attempt that failed.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::Reason};
    ///
    /// let retry = Retry::immediately();
    /// let attempts = retry.attempts();
    /// for attempt in &attempts {
    ///     attempt.failed("busy");
    ///     break;
    /// }
    /// assert_eq!(attempts.finish().unwrap_err().reason(), Reason::Left);
    /// ```
    pub fn finish(self) -> Result<(), GaveUp<E>> {
        let State { tally, stage } = &mut *self.state();
        match mem::replace(stage, Stage::Done) {
            Stage::GaveUp(error) => Err(error),
            Stage::Failed { error, decided } => {
                let reason = decided.err().unwrap_or_else(|| {
                    self.retry.policy.gave_up();
                    Reason::Left
                });
                Err(tally.gave_up(error, reason))
            }
            Stage::Running { .. } => {
                self.retry.policy.succeeded();
                Ok(())
            }
            Stage::Unstarted | Stage::Done => Ok(()),
        }
    }

    #[cfg(feature = "async")]
    pub(super) fn policy(&self) -> &Policy {
        &self.retry.policy
    }

    /// Tells what is to be done before the next attempt.
    pub(super) fn step(&self) -> Step {
        let State { tally, stage } = &mut *self.state();
        match stage {
            Stage::Unstarted => Step::Begin,
            Stage::Running { .. } => {
                *stage = Stage::Done;
                self.retry.policy.succeeded();
                Step::End
            }
            Stage::Failed { decided: Ok(delay), .. } => Step::Wait(*delay),
            Stage::Failed { decided: Err(reason), .. } => {
                let reason = *reason;
                give_up(tally, stage, reason);
                Step::End
            }
            Stage::Done | Stage::GaveUp(_) => Step::End,
        }
    }

    /// Begins the next attempt after a wait, unless that was cancelled.
    pub(super) fn begin(
        &self,
        waited: Result<(), Reason>,
        is_async: bool,
    ) -> Option<Attempt<'_, E, R>> {
        let State { tally, stage } = &mut *self.state();
        if let Err(reason) = waited {
            give_up(tally, stage, reason);
            return None;
        }
        let number = tally.attempts().saturating_add(1);
        let is_first = matches!(stage, Stage::Unstarted);
        *stage = Stage::Running { is_async };
        if is_first {
            *tally = Tally::begun(self.retry.policy.begin());
        } else {
            self.retry.policy.attempt(number);
        }
        Some(Attempt { attempts: self, number })
    }
}

impl<E, R> Attempts<'_, E, R> {
    fn state(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn give_up<E>(tally: &Tally, stage: &mut Stage<E>, reason: Reason) {
    if let Stage::Failed { error, .. } = mem::replace(stage, Stage::Done) {
        *stage = Stage::GaveUp(tally.gave_up(error, reason));
    }
}

impl<E, R> Drop for Attempts<'_, E, R> {
    fn drop(&mut self) {
        match self.state().stage {
            // A block that is left by `return` did its work.
            Stage::Running { is_async: false } if !thread::panicking() => {
                self.retry.policy.succeeded();
            }
            Stage::Failed { decided: Ok(_), .. } => self.retry.policy.gave_up(),
            _ => {}
        }
    }
}

impl<E, R> fmt::Debug for Attempts<'_, E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempts").finish_non_exhaustive()
    }
}

/// A loop goes over a reference. It waits in its pulls.
#[expect(clippy::copy_iterator, reason = "copies go on where any of them stopped")]
impl<'a, E, R: Rules<E>> Iterator for &'a Attempts<'_, E, R> {
    type Item = Attempt<'a, E, R>;

    fn next(&mut self) -> Option<Attempt<'a, E, R>> {
        match self.step() {
            Step::Begin => self.begin(Ok(()), false),
            Step::Wait(delay) => self.begin(self.retry.policy.wait(delay), false),
            Step::End => None,
        }
    }
}

/// One attempt of a loop.
pub struct Attempt<'a, E, R = AnyError> {
    attempts: &'a Attempts<'a, E, R>,
    number: u32,
}

impl<E, R: Rules<E>> Attempt<'_, E, R> {
    /// Returns the number of this attempt, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns how much time is left up to the limit of [`stop_before`](Retry::stop_before), if
    /// there is one: for the timeout of what is attempted.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::{Retry, retry::FakeClock};
    /// use std::time::Duration;
    ///
    /// let s = Duration::from_secs;
    /// let retry = Retry::fixed(s(3)).stop_before(s(10)).clock(FakeClock::new());
    /// let mut left = vec![];
    /// for attempt in &retry.attempts() {
    ///     left.extend(attempt.remaining());
    ///     attempt.failed("busy");
    /// }
    /// assert_eq!(left, [10, 7, 4, 1].map(s));
    /// ```
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let policy = &self.attempts.retry.policy;
        self.attempts.state().tally.remaining(policy)
    }

    /// Tells that this attempt failed, and why.
    ///
    /// # Panics
    ///
    /// If a hook of the policy does, which has to be heard: the loop ends with it.
    pub fn failed(self, error: E) {
        let State { tally, stage } = &mut *self.attempts.state();
        // It stays so if a hook panics, which is no success.
        *stage = Stage::Done;
        let decided = tally.failed(self.attempts.retry, Some(&error), true);
        *stage = Stage::Failed { error, decided };
    }

    /// Tells what this attempt ended with, and returns the value, if it is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use headwater::Retry;
    ///
    /// let (retry, mut answers) = (Retry::immediately(), [Err("busy"), Ok(7)].into_iter());
    /// let attempts = retry.attempts();
    /// let mut answer = None;
    /// for attempt in &attempts {
    ///     answer = attempt.record(answers.next().unwrap());
    /// }
    /// assert_eq!((attempts.finish().is_ok(), answer), (true, Some(7)));
    /// ```
    pub fn record<T>(self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => {
                self.succeeded();
                Some(value)
            }
            Err(error) => {
                self.failed(error);
                None
            }
        }
    }

    fn succeeded(self) {
        let stage = mem::replace(&mut self.attempts.state().stage, Stage::Done);
        if matches!(stage, Stage::Running { .. }) {
            self.attempts.retry.policy.succeeded();
        }
    }
}

impl<E, R> fmt::Debug for Attempt<'_, E, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("number", &self.number).finish_non_exhaustive()
    }
}
