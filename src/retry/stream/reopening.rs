use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{Stream, TryFuture};

use crate::retry::gave_up::GaveUp;
use crate::retry::pause::Pause;
use crate::retry::policy::Retry;
use crate::retry::rules::Rules;
use crate::retry::tally::Tally;

/// Items of what is opened by a future, and opened again after an error: the loop in the streams
/// of `resume` and `restart`.
pub(super) struct Reopening<Fut: TryFuture> {
    state: State<Fut>,
    tally: Tally,
}

enum State<Fut: TryFuture> {
    /// It is to be opened. So it is while anything is polled, and what panics then is dropped.
    Closed,
    Opening(Pin<Box<Fut>>),
    Open(Pin<Box<Fut::Ok>>),
    /// The delay after an error is waited.
    Waiting(Fut::Error, Pause),
    /// It ended, or was given up.
    Over,
}

impl<Fut: TryFuture> Reopening<Fut> {
    pub(super) fn new() -> Self {
        Self { state: State::Closed, tally: Tally::default() }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Lets go of what is open, to be opened again. The failures of its life still count.
    pub(super) fn let_go(&mut self) {
        self.tally.progressed();
        self.state = State::Closed;
    }

    /// Polls for an item. `note` is shown it, and tells whether it is more than was given before.
    pub(super) fn poll<T, E, I, R>(
        &mut self,
        cx: &mut Context<'_>,
        retry: &Retry<R>,
        mut open: impl FnMut() -> Fut,
        mut note: impl FnMut(&T) -> bool,
    ) -> Poll<Option<Result<T, GaveUp<E>>>>
    where
        Fut: TryFuture<Ok = I, Error = E>,
        I: Stream<Item = Result<T, E>>,
        R: Rules<E>,
    {
        loop {
            match mem::replace(&mut self.state, State::Closed) {
                State::Closed => self.state = State::Opening(Box::pin(open())),
                State::Opening(mut opening) => match opening.as_mut().try_poll(cx) {
                    Poll::Pending => return self.pending(State::Opening(opening)),
                    Poll::Ready(Ok(items)) => self.state = State::Open(Box::pin(items)),
                    Poll::Ready(Err(error)) => {
                        drop(opening);
                        if let Err(error) = self.failed(error, retry) {
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                },
                State::Open(mut items) => match items.as_mut().poll_next(cx) {
                    Poll::Pending => return self.pending(State::Open(items)),
                    Poll::Ready(Some(Ok(item))) => {
                        let is_progress = note(&item);
                        self.state = State::Open(items);
                        if is_progress {
                            self.tally.went_on(&retry.policy);
                        }
                        return Poll::Ready(Some(Ok(item)));
                    }
                    Poll::Ready(Some(Err(error))) => {
                        drop(items);
                        if let Err(error) = self.failed(error, retry) {
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                    Poll::Ready(None) => {
                        self.state = State::Over;
                        self.tally.went_on(&retry.policy);
                    }
                },
                State::Waiting(error, mut pause) => match Pin::new(&mut pause).poll(cx) {
                    Poll::Pending => return self.pending(State::Waiting(error, pause)),
                    Poll::Ready(Ok(())) => {
                        retry.policy.attempt(self.tally.attempts().saturating_add(1));
                    }
                    Poll::Ready(Err(reason)) => {
                        self.state = State::Over;
                        return Poll::Ready(Some(Err(self.tally.gave_up(error, reason))));
                    }
                },
                State::Over => {
                    self.state = State::Over;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn pending<O>(&mut self, state: State<Fut>) -> Poll<O> {
        self.state = state;
        Poll::Pending
    }

    /// Begins to wait, or gives up; nothing is open any more.
    fn failed<R>(&mut self, error: Fut::Error, retry: &Retry<R>) -> Result<(), GaveUp<Fut::Error>>
    where
        R: Rules<Fut::Error>,
    {
        match self.tally.failed(retry, Some(&error), true) {
            Ok(delay) => {
                self.state = State::Waiting(error, retry.policy.pause(delay));
                Ok(())
            }
            Err(reason) => {
                self.state = State::Over;
                Err(self.tally.gave_up(error, reason))
            }
        }
    }
}
