use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;

use crate::read_ahead::ahead::{Ahead, Due, Step};
use crate::task::Task;

/// What a task that pulls a stream shares with the consumer.
pub(super) struct Shared<S: Stream, M> {
    state: Mutex<State<S, M>>,
    kind: Kind<S, M>,
}

pub(super) struct State<S: Stream, M> {
    pub(super) ahead: Ahead<Pin<Box<S>>, S::Item, M>,
    /// Whether the executor has dropped a task that was not at its end.
    is_lost: bool,
    /// Who waits for an item.
    consumer: Option<Waker>,
    /// Who waits for the stream, for room, or for nothing any more to do.
    task: Option<Waker>,
}

type Resume<S, M> = fn(&mut Pin<Box<S>>, M);

/// What is done with a stream besides: for a source, to note where it is, and to go elsewhere.
pub(super) struct Kind<S, M> {
    pub(super) mark: fn(&S) -> M,
    /// `None` if it can't: then it is dropped at its end.
    pub(super) resume: Option<Resume<S, M>>,
}

impl<S: Stream, M> Shared<S, M> {
    pub(super) fn new(stream: S, most: usize, kind: Kind<S, M>) -> Arc<Self> {
        let ahead = Ahead::new(Box::pin(stream), most);
        let state = State { ahead, is_lost: false, consumer: None, task: None };
        Arc::new(Self { state: Mutex::new(state), kind })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<S, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what comes next, and has a task run that pulls it.
    pub(super) fn poll_take(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        spawn: &mut impl FnMut(Task),
    ) -> Poll<Step<S::Item, M>>
    where
        S: Send + 'static,
        S::Item: Send,
        M: Send + 'static,
    {
        loop {
            let mut state = self.lock();
            if let Some((step, has_room)) = state.ahead.take() {
                let task = if has_room { state.task.take() } else { None };
                drop(state);
                wake(task);
                return Poll::Ready(step);
            }
            let idle = state.ahead.idle.take();
            if idle.is_none() {
                assert!(!state.is_lost, "the executor has dropped what reads ahead");
                state.consumer = Some(cx.waker().clone());
                return Poll::Pending;
            }
            drop(state);
            // It may run at once.
            spawn(Box::pin(Running { shared: Arc::clone(self), stream: idle }));
        }
    }

    /// Goes elsewhere, and returns the mark there.
    pub(super) fn resume_at(&self, at: M) -> Option<M> {
        let mut state = self.lock();
        let unwanted = state.ahead.go(at);
        // Nobody polls while it is idle: it may be used under the lock.
        state.ahead.go_idle(|stream, at| self.resume(stream, at));
        let here = state.ahead.idle.as_ref().map(|stream| (self.kind.mark)(stream));
        let task = state.task.take();
        drop(state);
        wake(task);
        drop(unwanted);
        here
    }

    /// Has the task end.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        let (unwanted, task) = (state.ahead.close(), state.task.take());
        drop(state);
        wake(task);
        drop(unwanted);
    }

    fn resume(&self, stream: &mut Pin<Box<S>>, at: M) {
        if let Some(resume) = self.kind.resume {
            resume(stream, at);
        }
    }

    /// Hands over what was pulled; at the end, the stream too, if it can be pulled again.
    fn pulled(&self, place: &mut Option<Pin<Box<S>>>, mut step: Step<S::Item, M>) {
        if step.is_last() && self.kind.resume.is_none() {
            let stream = place.take();
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(stream))) {
                step = Step::panicked(payload);
            }
        }
        let mut state = self.lock();
        if state.ahead.is_stale() {
            drop(state);
            // A panic there has nobody to go to.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(step)));
            return;
        }
        if step.is_last() {
            state.ahead.idle = place.take();
            state.task = None;
        }
        state.ahead.push(step);
        let consumer = state.consumer.take();
        drop(state);
        wake(consumer);
    }
}

/// A task that runs.
struct Running<S: Stream, M> {
    shared: Arc<Shared<S, M>>,
    /// `None` once it is handed back, or dropped because nobody consumes.
    stream: Option<Pin<Box<S>>>,
}

/// Nothing is pinned in it but what is in its box.
impl<S: Stream, M> Unpin for Running<S, M> {}

impl<S: Stream, M> Future for Running<S, M> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { shared, stream: place } = &mut *self;
        while let Some(stream) = place {
            let mut state = shared.lock();
            let due = state.ahead.due();
            // While the stream is pending, too, it may be told to go elsewhere, or to end.
            state.task = Some(cx.waker().clone());
            drop(state);
            let step = match due {
                Due::Nothing => {
                    *place = None;
                    break;
                }
                Due::Wait => return Poll::Pending,
                Due::Go(goal) => {
                    let go = || shared.resume(stream, goal);
                    match catch_unwind(AssertUnwindSafe(go)) {
                        Ok(()) => continue,
                        Err(payload) => Step::panicked(payload),
                    }
                }
                Due::Pull => match catch_unwind(AssertUnwindSafe(|| stream.as_mut().poll_next(cx)))
                {
                    Ok(Poll::Pending) => return Poll::Pending,
                    Ok(Poll::Ready(item)) => {
                        Step::of(|| (item, (shared.kind.mark)(stream), stream.size_hint()))
                    }
                    Err(payload) => Step::panicked(payload),
                },
            };
            shared.pulled(place, step);
        }
        Poll::Ready(())
    }
}

impl<S: Stream, M> Drop for Running<S, M> {
    fn drop(&mut self) {
        if self.stream.is_some() {
            let mut state = self.shared.lock();
            state.is_lost = true;
            let consumer = state.consumer.take();
            drop(state);
            wake(consumer);
        }
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
