use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

/// What whoever pulls ahead and whoever consumes share; it pulls nothing itself.
pub(super) struct Ahead<S, T, M> {
    most: usize,
    /// What is pulled, while nobody does.
    pub(super) idle: Option<S>,
    /// What was pulled and is still to be given.
    ready: VecDeque<Step<T, M>>,
    /// Where to go before the next pull.
    goal: Option<M>,
    /// Whether there was no room: then there is none until half of it is free, since to wake
    /// somebody for each item takes longer than to pull one.
    is_full: bool,
    is_closed: bool,
}

/// What is to be done next.
pub(super) enum Due<M> {
    Pull,
    /// To go elsewhere.
    Go(M),
    /// To wait for room, or for any of the others.
    Wait,
    /// Nothing any more: nobody consumes.
    Nothing,
}

/// What a pull brought: an item, the end or a panic, and what is known behind it.
pub(super) struct Step<T, M> {
    pulled: thread::Result<(Option<T>, M)>,
    hint: (usize, Option<usize>),
}

impl<T, M> Step<T, M> {
    /// What is given by a pull, which may panic.
    pub(super) fn of(pull: impl FnOnce() -> (Option<T>, M, (usize, Option<usize>))) -> Self {
        match catch_unwind(AssertUnwindSafe(pull)) {
            Ok((item, mark, hint)) => Self { pulled: Ok((item, mark)), hint },
            Err(payload) => Self::panicked(payload),
        }
    }

    pub(super) fn panicked(payload: Box<dyn std::any::Any + Send>) -> Self {
        Self { pulled: Err(payload), hint: (0, Some(0)) }
    }

    /// Whether nothing is pulled behind it.
    pub(super) fn is_last(&self) -> bool {
        !matches!(self.pulled, Ok((Some(_), _)))
    }
}

impl<S, T, M> Ahead<S, T, M> {
    pub(super) fn new(source: S, most: usize) -> Self {
        let (idle, ready) = (Some(source), VecDeque::new());
        Self { most, idle, ready, goal: None, is_full: false, is_closed: false }
    }

    pub(super) fn due(&mut self) -> Due<M> {
        if self.is_closed {
            return Due::Nothing;
        }
        if let Some(goal) = self.goal.take() {
            return Due::Go(goal);
        }
        self.is_full |= self.ready.len() >= self.most;
        if self.is_full { Due::Wait } else { Due::Pull }
    }

    fn has_room(&self) -> bool {
        self.ready.len() <= self.most / 2
    }

    /// Whether what was pulled is not wanted any more.
    pub(super) fn is_stale(&self) -> bool {
        self.is_closed || self.goal.is_some()
    }

    pub(super) fn push(&mut self, step: Step<T, M>) {
        self.ready.push_back(step);
    }

    /// Takes what comes next, and tells whether whoever waits for room is to be woken.
    pub(super) fn take(&mut self) -> Option<(Step<T, M>, bool)> {
        let step = self.ready.pop_front()?;
        let wakes = self.is_full && self.has_room();
        self.is_full &= !wakes;
        Some((step, wakes))
    }

    /// Has it go elsewhere. Returns what is not wanted any more.
    pub(super) fn go(&mut self, goal: M) -> impl Drop + use<S, T, M> {
        self.goal = Some(goal);
        self.is_full = false;
        mem::take(&mut self.ready)
    }

    /// Has whoever pulls end. Returns what is not wanted any more.
    pub(super) fn close(&mut self) -> (impl Drop + use<S, T, M>, Option<S>) {
        self.is_closed = true;
        (mem::take(&mut self.ready), self.idle.take())
    }

    /// Goes where it has to go, if nobody pulls: then it lets go of what is open at once.
    pub(super) fn go_idle(&mut self, go: impl FnOnce(&mut S, M)) {
        if let Some(source) = &mut self.idle
            && let Some(goal) = self.goal.take()
        {
            go(source, goal);
        }
    }
}

/// Where the consumer is.
pub(super) struct Given<M> {
    /// The mark of what was given last.
    pub(super) here: M,
    /// What is behind that, where it is known.
    pub(super) hint: Option<(usize, Option<usize>)>,
    /// Whether the end, or a panic, was given.
    pub(super) is_over: bool,
}

impl<M> Given<M> {
    pub(super) fn new(here: M) -> Self {
        Self { here, hint: None, is_over: false }
    }

    /// Gives what was pulled. A panic goes on here.
    pub(super) fn give<T>(&mut self, step: Step<T, M>) -> Option<T> {
        self.is_over = step.is_last();
        self.hint = Some(step.hint);
        let (item, mark) = step.pulled.unwrap_or_else(|payload| resume_unwind(payload));
        self.here = mark;
        item
    }

    pub(super) fn size_hint(
        &self,
        idle: impl FnOnce() -> Option<(usize, Option<usize>)>,
    ) -> (usize, Option<usize>) {
        if self.is_over {
            return (0, Some(0));
        }
        self.hint.or_else(idle).unwrap_or((0, None))
    }
}
