use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
#[cfg(feature = "async")]
use std::task::{Context, Poll};

/// What a source that is polled and what it reads share: whom to wake, and whether there is nothing
/// yet.
///
/// What makes lines is driven by calls that can't be pending. So what is pending says so here, and
/// gives an error that nobody sees, after which all of it can go on.
#[derive(Clone, Debug, Default)]
pub struct Wait(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    waker: Option<Waker>,
    is_pending: bool,
    /// How many bytes were given since it was pending.
    given: u64,
}

impl Wait {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that there is nothing yet.
    pub(super) fn be_pending(&self) {
        let mut state = self.lock();
        (state.is_pending, state.given) = (true, 0);
    }

    /// Wakes whoever waits.
    pub(super) fn wake(&self) {
        let waker = mem::take(&mut self.lock().waker);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[cfg(feature = "async")]
impl Wait {
    /// After so many bytes that were there at once, other tasks of the executor have their turn.
    const TURN: u64 = 256 << 10;

    /// Notes whom to wake.
    pub(super) fn attend(&self, cx: &Context<'_>) {
        let mut state = self.lock();
        match &mut state.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
    }

    /// Polls what may be pending; `None` if it is.
    pub(super) fn poll<T>(&self, poll: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Option<T> {
        let waker = self.lock().waker.clone();
        let waker = waker.as_ref().unwrap_or(Waker::noop());
        match poll(&mut Context::from_waker(waker)) {
            Poll::Ready(ready) => Some(ready),
            Poll::Pending => {
                self.be_pending();
                None
            }
        }
    }

    /// Tells whether there was nothing since the last call.
    pub(super) fn take_pending(&self) -> bool {
        mem::take(&mut self.lock().is_pending)
    }

    /// Notes that bytes are given.
    pub(super) fn give(&self, bytes: u64) {
        self.lock().given += bytes;
    }

    /// Is pending, and is polled again at once, if it is time for other tasks.
    pub(super) fn gives_way(&self) -> bool {
        let gives_way = self.lock().given >= Self::TURN;
        if gives_way {
            self.be_pending();
            self.wake();
        }
        gives_way
    }
}
