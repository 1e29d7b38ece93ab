use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

/// Waits in a future: by tokio, where it runs; else by a thread.
pub(super) fn timer(delay: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    #[cfg(feature = "tokio")]
    if tokio::runtime::Handle::try_current().is_ok() {
        return Box::pin(tokio::time::sleep(delay));
    }
    Box::pin(slept(delay))
}

/// What the thread and the future share.
#[derive(Default)]
struct Sleep {
    is_over: bool,
    waker: Option<Waker>,
}

/// Waits for a thread that sleeps. It sleeps to its end even if this is dropped.
async fn slept(delay: Duration) {
    let sleep = Arc::new(Mutex::new(Sleep::default()));
    let theirs = Arc::clone(&sleep);
    let thread = thread::Builder::new().name("headwater timer".to_owned()).spawn(move || {
        thread::sleep(delay);
        let mut sleep = theirs.lock().unwrap_or_else(PoisonError::into_inner);
        sleep.is_over = true;
        if let Some(waker) = sleep.waker.take() {
            waker.wake();
        }
    });
    if thread.is_err() {
        // No thread is to be had: to wait here is better than not to wait.
        return thread::sleep(delay);
    }
    poll_fn(|cx| {
        let mut sleep = sleep.lock().unwrap_or_else(PoisonError::into_inner);
        if sleep.is_over {
            return Poll::Ready(());
        }
        sleep.waker = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}
