use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::retry::gave_up::Reason;
use crate::retry::policy::Policy;

/// A delay that is waited in a future, unless it is cancelled. It can be kept: it borrows nothing.
pub(super) struct Pause {
    timer: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Where the policy has a switch.
    cancelled: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Policy {
    pub(super) fn pause(&self, delay: Duration) -> Pause {
        let timer = self.clock.timer(delay);
        let Some(cancel) = self.cancel.clone() else { return Pause { timer, cancelled: None } };
        Pause { timer, cancelled: Some(Box::pin(async move { cancel.cancelled().await })) }
    }
}

impl Future for Pause {
    type Output = Result<(), Reason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Reason>> {
        let waited = self.timer.as_mut().poll(cx);
        // Looked at last: what is cancelled while it ends is cancelled.
        match self.cancelled.as_mut().map(|cancelled| cancelled.as_mut().poll(cx)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(Reason::Cancelled)),
            Some(Poll::Pending) | None => waited.map(Ok),
        }
    }
}
