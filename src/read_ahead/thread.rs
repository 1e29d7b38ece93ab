use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::read_ahead::ahead::{Ahead, Due, Step};

/// What a thread that pulls an iterator shares with the consumer.
pub(super) struct Shared<I: Iterator, M> {
    state: Mutex<State<I, M>>,
    /// Something was pulled.
    pulled: Condvar,
    /// Something is to be pulled, or done otherwise.
    due: Condvar,
    kind: Kind<I, M>,
}

pub(super) struct State<I: Iterator, M> {
    pub(super) ahead: Ahead<I, I::Item, M>,
    is_awaited: bool,
}

/// What is done with an iterator besides: for a source, to note where it is, and to go elsewhere.
pub(super) struct Kind<I, M> {
    pub(super) mark: fn(&I) -> M,
    /// `None` if it can't: then it is dropped at its end.
    pub(super) resume: Option<fn(&mut I, M)>,
}

impl<I: Iterator, M> Shared<I, M> {
    pub(super) fn new(input: I, most: usize, kind: Kind<I, M>) -> Arc<Self> {
        let state = Mutex::new(State { ahead: Ahead::new(input, most), is_awaited: false });
        Arc::new(Self { state, pulled: Condvar::new(), due: Condvar::new(), kind })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<I, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what comes next, or waits for it.
    pub(super) fn take(self: &Arc<Self>) -> Step<I::Item, M>
    where
        I: Send + 'static,
        I::Item: Send,
        M: Send + 'static,
    {
        let mut state = self.lock();
        loop {
            if let Some((step, has_room)) = state.ahead.take() {
                drop(state);
                if has_room {
                    self.due.notify_one();
                }
                return step;
            }
            // Nobody pulls while it is idle: it may be used under the lock.
            if state.ahead.idle.is_some()
                && self.start().is_err()
                && let Some(input) = &mut state.ahead.idle
            {
                return self.pull(input);
            }
            state.is_awaited = true;
            state = self.pulled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Starts a thread, which takes the iterator once it runs.
    fn start(self: &Arc<Self>) -> io::Result<()>
    where
        I: Send + 'static,
        I::Item: Send,
        M: Send + 'static,
    {
        let shared = Arc::clone(self);
        let work = move || {
            let input = shared.lock().ahead.idle.take();
            if let Some(input) = input {
                shared.work(input);
            }
        };
        thread::Builder::new().name("headwater read-ahead".to_owned()).spawn(work).map(drop)
    }

    /// Pulls ahead until the end, or until nobody consumes.
    fn work(&self, mut input: I) {
        let mut state = self.lock();
        loop {
            let step = match state.ahead.due() {
                Due::Nothing => return,
                Due::Wait => {
                    state = self.due.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                Due::Go(goal) => {
                    drop(state);
                    let go = || self.resume(&mut input, goal);
                    match catch_unwind(AssertUnwindSafe(go)) {
                        Ok(()) => {
                            state = self.lock();
                            continue;
                        }
                        Err(payload) => Step::panicked(payload),
                    }
                }
                Due::Pull => {
                    drop(state);
                    self.pull(&mut input)
                }
            };
            state = self.lock();
            if state.ahead.is_stale() {
                drop(state);
                // A panic there has nobody to go to.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(step)));
                state = self.lock();
            } else if step.is_last() {
                return self.end(state, input, step);
            } else {
                self.push(&mut state, step);
            }
        }
    }

    /// Gives the last step, and the iterator back, if it can be pulled again.
    fn end<'a>(
        &'a self,
        mut state: MutexGuard<'a, State<I, M>>,
        input: I,
        mut step: Step<I::Item, M>,
    ) {
        if self.kind.resume.is_some() {
            state.ahead.idle = Some(input);
        } else {
            drop(state);
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(input))) {
                step = Step::panicked(payload);
            }
            state = self.lock();
        }
        self.push(&mut state, step);
    }

    fn push(&self, state: &mut State<I, M>, step: Step<I::Item, M>) {
        state.ahead.push(step);
        // To wake nobody takes as long as to wake somebody.
        if mem::take(&mut state.is_awaited) {
            self.pulled.notify_one();
        }
    }

    fn pull(&self, input: &mut I) -> Step<I::Item, M> {
        Step::of(|| {
            let item = input.next();
            (item, (self.kind.mark)(input), input.size_hint())
        })
    }

    fn resume(&self, input: &mut I, at: M) {
        if let Some(resume) = self.kind.resume {
            resume(input, at);
        }
    }

    /// Goes elsewhere, and returns the mark there.
    pub(super) fn resume_at(&self, at: M) -> Option<M> {
        let mut state = self.lock();
        let unwanted = state.ahead.go(at);
        state.ahead.go_idle(|input, at| self.resume(input, at));
        let here = state.ahead.idle.as_ref().map(self.kind.mark);
        drop(state);
        self.due.notify_one();
        drop(unwanted);
        here
    }

    /// Has the thread end, once it is done with what it is at.
    pub(super) fn close(&self) {
        let unwanted = self.lock().ahead.close();
        self.due.notify_one();
        drop(unwanted);
    }
}
