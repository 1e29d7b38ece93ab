use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::scope::panics::Payload;

/// Awaits a future, and stops a panic of its.
pub(super) async fn caught<Fut: Future>(future: Fut) -> Result<Fut::Output, Payload> {
    let mut future = pin!(future);
    poll_fn(|cx| match Payload::catch(|| future.as_mut().poll(cx)) {
        Ok(polled) => polled.map(Ok),
        Err(payload) => Poll::Ready(Err(payload)),
    })
    .await
}

/// Awaits a future for what it does alone: neither its output nor a panic goes any further.
pub(super) async fn contained(future: impl Future) {
    drop(caught(async { drop(future.await) }).await);
}
