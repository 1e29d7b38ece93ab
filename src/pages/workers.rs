use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use crate::pages::ahead::Ahead;

/// Threads that fetch pages ahead, and end when there is nothing to fetch.
///
/// `W` is what each of them does: it fetches a page, and says what follows it.
pub(super) struct Workers<C, X, W>(Arc<Shared<C, X, W>>);

struct Shared<C, X, W> {
    state: Mutex<State<C, X, W>>,
    /// Something may be to be begun, or nothing any more.
    work: Condvar,
    /// Something was fetched.
    fetched: Condvar,
}

struct State<C, X, W> {
    ahead: Ahead<C, thread::Result<X>>,
    /// What no thread does.
    idle: Vec<W>,
    running: usize,
    /// Whether nobody takes the pages any more.
    is_closed: bool,
}

impl<C, X, W> Workers<C, X, W>
where
    C: Clone + PartialEq + Send + 'static,
    X: Send + 'static,
    W: FnMut(C) -> (X, Vec<C>) + Send + 'static,
{
    pub(super) fn new(most: usize, max_pages: u64, idle: Vec<W>) -> Self {
        let state =
            State { ahead: Ahead::new(most, max_pages), idle, running: 0, is_closed: false };
        let (work, fetched) = (Condvar::new(), Condvar::new());
        Self(Arc::new(Shared { state: Mutex::new(state), work, fetched }))
    }

    /// Returns what was fetched, or waits until it is.
    pub(super) fn fetch(&self, cursor: &C) -> X {
        let mut state = self.0.lock();
        let unwanted = state.ahead.ask(cursor);
        self.0.work.notify_all();
        let fetched = loop {
            if let Some(fetched) = state.ahead.take() {
                break fetched;
            }
            state = match state.idle.pop() {
                Some(worker) => self.start(state, worker),
                None if state.running == 0 => panic!("what fetches pages ahead is gone"),
                None => self.0.fetched.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        };
        drop(state);
        self.0.work.notify_all();
        drop(unwanted);
        fetched.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Starts a thread; if none is to be had, and none is there, it fetches here.
    fn start<'a>(
        &'a self,
        mut state: MutexGuard<'a, State<C, X, W>>,
        mut worker: W,
    ) -> MutexGuard<'a, State<C, X, W>> {
        let shared = Arc::clone(&self.0);
        // Handed over only to a thread that is there.
        let (hand_over, receive) = mpsc::channel();
        let work = move || {
            if let Ok(worker) = receive.recv() {
                work(&shared, worker);
            }
        };
        if thread::Builder::new().name("headwater prefetch".to_owned()).spawn(work).is_ok() {
            state.running += 1;
            let _ = hand_over.send(worker);
            return state;
        }
        if state.running > 0 {
            state.idle.push(worker);
            return self.0.fetched.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some((number, cursor)) = state.ahead.begin() {
            drop(state);
            let (fetched, following) = worker(cursor);
            state = self.0.lock();
            state.ahead.fetched(number, Ok(fetched), following);
        }
        state.idle.push(worker);
        state
    }
}

impl<C, X, W> Shared<C, X, W> {
    fn lock(&self) -> MutexGuard<'_, State<C, X, W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches until there is nothing to fetch, or nobody takes it.
fn work<C, X, W>(shared: &Shared<C, X, W>, mut worker: W)
where
    C: Clone + PartialEq,
    W: FnMut(C) -> (X, Vec<C>),
{
    let _running = Running(shared);
    let mut state = shared.lock();
    while !state.is_closed {
        if let Some((number, cursor)) = state.ahead.begin() {
            drop(state);
            let caught = catch_unwind(AssertUnwindSafe(|| worker(cursor)));
            let (fetched, following) = match caught {
                Ok((fetched, following)) => (Ok(fetched), following),
                Err(payload) => (Err(payload), Vec::new()),
            };
            let unwanted = shared.lock().ahead.fetched(number, fetched, following);
            shared.fetched.notify_all();
            shared.work.notify_all();
            // A panic there has nobody to go to.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(unwanted)));
            state = shared.lock();
        } else if state.ahead.is_done() {
            state.idle.push(worker);
            return;
        } else {
            state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Counts a thread while it lives, whichever way it ends.
struct Running<'a, C, X, W>(&'a Shared<C, X, W>);

impl<C, X, W> Drop for Running<'_, C, X, W> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
        self.0.fetched.notify_all();
    }
}

impl<C, X, W> Drop for Workers<C, X, W> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_closed = true;
        let unwanted = state.ahead.clear();
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        self.0.work.notify_all();
        drop((unwanted, idle));
    }
}
