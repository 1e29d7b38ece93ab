use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use crate::pages::ahead::Ahead;
use crate::pages::stream::calls::Calls;
use crate::pages::stream::fetcher::{Fetcher, Outcome};
use crate::task::Task;

/// Fetches pages ahead in tasks, which end when there is nothing to fetch.
pub(super) struct Tasks<C, X, W>(Arc<Shared<C, X, W>>);

type Shared<C, X, W> = Mutex<State<C, X, W>>;

struct State<C, X, W> {
    ahead: Ahead<C, thread::Result<X>>,
    /// The number of the call that asked last: the page is its.
    asked: u64,
    /// What fetches, while no task runs.
    idle: Option<W>,
    /// Whether the executor has dropped a task that was not at its end.
    is_lost: bool,
    /// Whether nobody takes the pages any more.
    is_closed: bool,
    /// Who waits for the page that was asked for.
    consumer: Option<Waker>,
    /// Who waits for something to begin.
    task: Option<Waker>,
}

impl<C, X, S, K> Tasks<C, X, Fetcher<C, S, K>>
where
    C: Clone + PartialEq + Send + 'static,
    X: Send + 'static,
    S: Calls<C, Fetched = X> + Send + 'static,
    K: FnMut(&C, &X) -> Vec<C> + Send + 'static,
{
    pub(super) fn new(most: usize, max_pages: u64, calls: S, following: K) -> Self {
        Self(Arc::new(Mutex::new(State {
            ahead: Ahead::new(most, max_pages),
            asked: 0,
            idle: Some(Fetcher::new(calls, following)),
            is_lost: false,
            is_closed: false,
            consumer: None,
            task: None,
        })))
    }

    /// Asks for a page, and has a task run that fetches it.
    pub(super) fn fetch(
        &self,
        cursor: &C,
        spawn: &mut impl FnMut(Task),
    ) -> Fetching<C, X, Fetcher<C, S, K>> {
        let mut state = lock(&self.0);
        let unwanted = state.ahead.ask(cursor);
        state.asked += 1;
        let number = state.asked;
        let (idle, task) = (state.idle.take(), state.task.take());
        drop(state);
        drop(unwanted);
        wake(task);
        if idle.is_some() {
            spawn(Box::pin(Running { shared: Arc::clone(&self.0), fetcher: idle }));
        }
        Fetching { shared: Arc::clone(&self.0), number }
    }
}

impl<C, X, W> Drop for Tasks<C, X, W> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_closed = true;
        let (unwanted, idle) = (state.ahead.clear(), state.idle.take());
        let task = state.task.take();
        drop(state);
        wake(task);
        drop((unwanted, idle));
    }
}

/// Waits for the page that was asked for.
pub(super) struct Fetching<C, X, W> {
    shared: Arc<Shared<C, X, W>>,
    number: u64,
}

impl<C, X, W> Future for Fetching<C, X, W> {
    type Output = X;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<X> {
        let mut state = lock(&self.shared);
        assert!(
            state.asked == self.number,
            "several pages at once were asked of what fetches pages ahead one after the other: \
             put `concurrent` around the fetch, and `prefetch` nowhere below it"
        );
        let Some(fetched) = state.ahead.take() else {
            assert!(!state.is_lost, "the executor has dropped what fetches pages ahead");
            state.consumer = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let task = state.task.take();
        drop(state);
        wake(task);
        Poll::Ready(fetched.unwrap_or_else(|payload| resume_unwind(payload)))
    }
}

/// A task that runs.
struct Running<C, X, W> {
    shared: Arc<Shared<C, X, W>>,
    /// What fetches; `None` once it is handed back, or dropped because nobody takes the pages.
    fetcher: Option<W>,
}

/// Nothing is pinned in it.
impl<C, X, W> Unpin for Running<C, X, W> {}

impl<C, X, S, K> Future for Running<C, X, Fetcher<C, S, K>>
where
    C: Clone + PartialEq,
    S: Calls<C, Fetched = X>,
    K: FnMut(&C, &X) -> Vec<C>,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { shared, fetcher: place } = &mut *self;
        while let Some(fetcher) = place {
            let mut state = lock(shared);
            if state.is_closed {
                drop(state);
                *place = None;
                break;
            }
            let begun: Vec<_> = std::iter::from_fn(|| state.ahead.begin()).collect();
            let under_way: Vec<_> = state.ahead.under_way().collect();
            state.task = Some(cx.waker().clone());
            drop(state);

            fetcher.keep(&under_way);
            if under_way.is_empty() {
                let mut state = lock(shared);
                if state.is_closed || !state.ahead.is_done() {
                    // Who has it go on wakes it.
                    return Poll::Pending;
                }
                state.task = None;
                state.idle = place.take();
                break;
            }
            let failed = begun.into_iter().filter_map(|(n, cursor)| fetcher.begin(n, cursor));
            let mut outcomes: Vec<_> = failed.collect();
            outcomes.extend(fetcher.poll(cx));
            if outcomes.is_empty() {
                return Poll::Pending;
            }
            fetched(shared, outcomes);
        }
        Poll::Ready(())
    }
}

impl<C, X, W> Drop for Running<C, X, W> {
    fn drop(&mut self) {
        if self.fetcher.is_some() {
            let mut state = lock(&self.shared);
            state.is_lost = true;
            let consumer = state.consumer.take();
            drop(state);
            wake(consumer);
        }
    }
}

/// Takes what was fetched.
fn fetched<C: Clone + PartialEq, X, W>(shared: &Shared<C, X, W>, outcomes: Vec<Outcome<C, X>>) {
    let mut state = lock(shared);
    let take = |(number, fetched, following)| state.ahead.fetched(number, fetched, following);
    let unwanted: Vec<_> = outcomes.into_iter().map(take).collect();
    let consumer = state.consumer.take();
    drop(state);
    wake(consumer);
    drop(unwanted);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
