//! Futures polled by hand.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls a future once, with a waker that wakes nobody.
pub(crate) fn poll_once<O>(future: impl Future<Output = O>) -> Poll<O> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Is pending once, and asks to be polled again, as executors have it to let others go first.
pub(crate) async fn yield_now() {
    let mut has_yielded = false;
    std::future::poll_fn(|cx| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Counts how often it is woken.
#[cfg(feature = "async")]
#[derive(Debug, Default)]
pub(crate) struct Wakes(std::sync::atomic::AtomicUsize);

#[cfg(feature = "async")]
impl Wakes {
    pub(crate) fn count(&self) -> usize {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[cfg(feature = "async")]
impl std::task::Wake for Wakes {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}

/// Polls a stream once, with this waker.
#[cfg(feature = "async")]
pub(crate) fn poll_next<S: futures::Stream + Unpin>(
    stream: &mut S,
    waker: &Waker,
) -> Poll<Option<S::Item>> {
    std::pin::Pin::new(stream).poll_next(&mut Context::from_waker(waker))
}
