use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use crate::retry::cancel::Cancel;

/// A wait in a future.
pub(super) type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Waits in a future: by tokio, where it runs; else by a thread.
pub(super) fn timer(delay: Duration) -> Wait {
    if delay.is_zero() {
        return Box::pin(let_others_run());
    }
    #[cfg(feature = "tokio")]
    if let Some(sleep) = tokio_sleep(delay) {
        return Box::pin(sleep);
    }
    Box::pin(slept(delay))
}

/// A timer of the runtime that this is called in, if it has any.
#[cfg(feature = "tokio")]
fn tokio_sleep(delay: Duration) -> Option<tokio::time::Sleep> {
    tokio::runtime::Handle::try_current().ok()?;
    // There is no other way to ask a runtime whether it has timers. Its message says how to enable
    // them.
    std::panic::catch_unwind(|| tokio::time::sleep(delay)).ok()
}

/// Has what else is ready in the executor go first: a timer of no length may take a millisecond.
async fn let_others_run() {
    let mut was_polled = false;
    poll_fn(|cx| {
        if mem::replace(&mut was_polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Waits for a thread that sleeps, which ends with this.
async fn slept(delay: Duration) {
    let is_over = Cancel::new();
    let dropped = Dropped(Cancel::new());
    let (over, awake) = (is_over.clone(), dropped.0.clone());
    let thread = thread::Builder::new().name("headwater timer".to_owned()).spawn(move || {
        let _ = awake.sleep(delay);
        over.cancel();
    });
    if thread.is_err() {
        // No thread is to be had: to wait here is better than not to wait.
        return thread::sleep(delay);
    }
    is_over.cancelled().await;
}

/// Wakes the thread when nobody waits for it any more.
struct Dropped(Cancel);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
