use std::collections::VecDeque;
use std::iter;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rayon::Yield;

use crate::parallel_map::window::Window;

/// How long a thread of a pool sleeps before it looks again for other jobs of its pool.
///
/// Rayon has no way to wait for either.
const NAP: Duration = Duration::from_millis(1);

/// Calls of a function, on the threads of a pool.
///
/// What is called and what comes of it is dropped by whoever has this, and never by the pool.
pub(super) struct Jobs<A, T, F> {
    shared: Arc<Shared<A, T, F>>,
    f: Arc<F>,
    /// Outputs that were taken together, under one lock.
    ready: VecDeque<thread::Result<T>>,
}

struct Shared<A, T, F> {
    state: Mutex<State<A, T, F>>,
    /// What the consumer waits for may be there.
    progress: Condvar,
}

struct State<A, T, F> {
    window: Window<A, T>,
    /// The function, until nothing is to be called any more: a job may be begun long after that.
    f: Option<Arc<F>>,
    /// How many jobs the pool was given that are not at their end.
    jobs: usize,
    is_awaited: bool,
}

impl<A, T, F> Jobs<A, T, F> {
    pub(super) fn new(f: F) -> Self {
        let f = Arc::new(f);
        let state =
            State { window: Window::new(), f: Some(Arc::clone(&f)), jobs: 0, is_awaited: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), progress: Condvar::new() });
        Self { shared, f, ready: VecDeque::new() }
    }

    /// Lets go of all calls: those not begun are not begun any more, those under way are waited for.
    pub(super) fn let_go(&mut self) {
        let revoked = self.shared.lock().window.revoke();
        drop(revoked);
        let mut state = self.shared.lock();
        // No other work of the pool is done meanwhile: it could take for ever.
        while state.window.under_way() > 0 {
            state = self.shared.wait(state, None);
        }
        let outputs = state.window.clear();
        drop(state);
        drop((mem::take(&mut self.ready), outputs));
    }
}

impl<A, T, F> Jobs<A, T, F>
where
    A: Send + 'static,
    T: Send + 'static,
    F: Fn(A) -> T + Send + Sync + 'static,
{
    /// Has the function called with an input, by one of so many threads.
    pub(super) fn push(&self, input: A, threads: usize) {
        let mut state = self.shared.lock();
        state.window.push(input);
        if state.jobs < threads.min(state.window.open()) {
            state.jobs += 1;
            drop(state);
            let shared = Arc::clone(&self.shared);
            rayon::spawn(move || work(&shared));
        }
    }

    /// Takes the first output, or waits for it. There is one.
    pub(super) fn take(&mut self) -> Option<thread::Result<T>> {
        if self.ready.is_empty() {
            self.wait();
        }
        self.ready.pop_front()
    }

    /// Waits for the first output, and takes all that are there then.
    ///
    /// It makes calls itself where it can. Where the consumer is the only thread of a pool nobody
    /// else would make them, and elsewhere to sleep until each small call is done takes longer than
    /// the call.
    fn wait(&mut self) {
        let mut state = self.shared.lock();
        while !state.window.is_ready() {
            if let Some((number, input)) = state.window.begin() {
                drop(state);
                let output = call(&*self.f, input);
                state = self.shared.lock();
                state.window.done(number, output);
                continue;
            }
            drop(state);
            let yielded = rayon::yield_now();
            state = self.shared.lock();
            if yielded != Some(Yield::Executed) && !state.window.is_ready() {
                state = self.shared.wait(state, yielded.map(|_| NAP));
            }
        }
        self.ready.extend(iter::from_fn(|| state.window.take()));
    }
}

impl<A, T, F> Drop for Jobs<A, T, F> {
    fn drop(&mut self) {
        self.let_go();
        let mut state = self.shared.lock();
        let (f, jobs) = (state.f.take(), state.jobs);
        drop(state);
        drop(f);
        // On a thread of a pool, jobs that came to nothing lie on top of its own. They are done with
        // here: there would be ever more of them while one job of the pool uses map after map.
        for _ in 0..jobs {
            rayon::yield_local();
        }
    }
}

impl<A, T, F> Shared<A, T, F> {
    fn lock(&self) -> MutexGuard<'_, State<A, T, F>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for progress, at most for some time.
    fn wait<'a>(
        &self,
        mut state: MutexGuard<'a, State<A, T, F>>,
        most: Option<Duration>,
    ) -> MutexGuard<'a, State<A, T, F>> {
        state.is_awaited = true;
        state = match most {
            Some(most) => {
                let waited = self.progress.wait_timeout(state, most);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.progress.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
        state.is_awaited = false;
        state
    }
}

/// A job of the pool: calls the function until there is nothing to call it with.
fn work<A, T, F: Fn(A) -> T>(shared: &Shared<A, T, F>) {
    let mut state = shared.lock();
    let f = state.f.clone();
    while let Some(f) = f.as_deref()
        && let Some((number, input)) = state.window.begin()
    {
        drop(state);
        let output = call(f, input);
        state = shared.lock();
        state.window.done(number, output);
        if state.is_awaited && (state.window.is_ready() || state.window.under_way() == 0) {
            shared.progress.notify_one();
        }
    }
    state.jobs -= 1;
    // Under the lock, where another is sure to be there: no function is dropped here.
    drop(f);
}

fn call<A, T>(f: &impl Fn(A) -> T, input: A) -> thread::Result<T> {
    catch_unwind(AssertUnwindSafe(|| f(input)))
}
