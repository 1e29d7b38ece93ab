use std::fmt;
#[cfg(feature = "async")]
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "async")]
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

/// A switch that ends retries, and interrupts their sleep. Its clones are the same switch.
///
/// An attempt that is under way is not interrupted: it ends first.
///
/// # Examples
///
/// ```
/// use headwater::{Retry, retry::{Cancel, Reason}};
/// use std::{thread, time::Duration};
///
/// let cancel = Cancel::new();
/// let retry = Retry::fixed(Duration::from_secs(3600)).unlimited_time().cancel(&cancel);
/// let error = thread::scope(|scope| {
///     let call = scope.spawn(|| retry.call(|| Err::<(), _>("busy")).unwrap_err());
///     cancel.cancel();
///     call.join().unwrap()
/// });
/// assert_eq!(error.reason(), Reason::Cancelled);
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Arc<Switch>);

#[derive(Default)]
struct Switch {
    state: Mutex<State>,
    set: Condvar,
}

#[derive(Default)]
struct State {
    is_set: bool,
    /// Those who wait for it in futures; a place is free again when its future is gone.
    #[cfg(feature = "async")]
    wakers: Vec<Option<Waker>>,
}

impl Cancel {
    /// Makes a switch that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the switch, for good.
    pub fn cancel(&self) {
        let mut state = self.state();
        state.is_set = true;
        #[cfg(feature = "async")]
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.0.set.notify_all();
        #[cfg(feature = "async")]
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Tells whether the switch is set.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state().is_set
    }

    /// Blocks the thread for a while, or until the switch is set, and tells whether it is.
    ///
    /// A delay that ends beyond what the system's clock counts to lasts until the switch is set.
    ///
    /// # Examples
    ///
    /// ```
    /// let cancel = headwater::retry::Cancel::new();
    /// cancel.cancel();
    /// assert!(cancel.sleep(std::time::Duration::MAX));
    /// ```
    #[must_use = "whether it was cancelled"]
    pub fn sleep(&self, delay: Duration) -> bool {
        let end = Instant::now().checked_add(delay);
        let mut state = self.state();
        while !state.is_set {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            state = match left {
                Some(Duration::ZERO) => break,
                Some(left) => {
                    let woken = self.0.set.wait_timeout(state, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.0.set.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        state.is_set
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "async")]
impl Cancel {
    /// Waits until the switch is set.
    ///
    /// # Cancel safety
    ///
    /// It can be dropped at any time.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures::{FutureExt, executor::block_on};
    ///
    /// let cancel = headwater::retry::Cancel::new();
    /// assert_eq!(cancel.cancelled().now_or_never(), None);
    /// cancel.cancel();
    /// block_on(cancel.cancelled());
    /// ```
    pub async fn cancelled(&self) {
        let mut place = Place { cancel: self, index: None };
        poll_fn(|cx| place.poll(cx.waker().clone())).await;
    }
}

/// A place among those who wait.
#[cfg(feature = "async")]
struct Place<'a> {
    cancel: &'a Cancel,
    /// From the first poll on.
    index: Option<usize>,
}

#[cfg(feature = "async")]
impl Place<'_> {
    fn poll(&mut self, waker: Waker) -> Poll<()> {
        let mut state = self.cancel.state();
        if state.is_set {
            return Poll::Ready(());
        }
        // Wakers run code of others, which may come back here: the old one is dropped outside.
        let index = *self.index.get_or_insert_with(|| {
            state.wakers.iter().position(Option::is_none).unwrap_or_else(|| {
                state.wakers.push(None);
                state.wakers.len() - 1
            })
        });
        let waker = state.wakers[index].replace(waker);
        drop(state);
        drop(waker);
        Poll::Pending
    }
}

#[cfg(feature = "async")]
impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(index) = self.index else { return };
        // The list is empty once the switch is set.
        let waker = self.cancel.state().wakers.get_mut(index).and_then(Option::take);
        drop(waker);
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("is_cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}
