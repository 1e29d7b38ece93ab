use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::retry::gave_up::Reason;
use crate::retry::policy::Policy;
use crate::retry::statistics::Statistics;
use crate::retry::timer::Wait;
use crate::retry::wait::waited;

/// A delay that is waited in a future, unless it is cancelled. It can be kept: it borrows nothing.
pub(super) struct Pause {
    delay: Duration,
    timer: Wait,
    /// Where the policy has a switch.
    cancelled: Option<Wait>,
    statistics: Option<Statistics>,
}

impl Policy {
    pub(super) fn pause(&self, delay: Duration) -> Pause {
        let timer = match &self.timer {
            Some(timer) => timer(delay),
            None => self.clock.timer(delay),
        };
        let cancelled = self
            .cancel
            .clone()
            .map(|cancel| -> Wait { Box::pin(async move { cancel.cancelled().await }) });
        Pause { delay, timer, cancelled, statistics: self.statistics.clone() }
    }
}

impl Pause {
    fn is_cancelled(&mut self, cx: &mut Context<'_>) -> bool {
        let cancelled = self.cancelled.as_mut();
        cancelled.is_some_and(|cancelled| cancelled.as_mut().poll(cx).is_ready())
    }
}

impl Future for Pause {
    type Output = Result<(), Reason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Reason>> {
        let mut is_cancelled = self.is_cancelled(cx);
        if !is_cancelled {
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            // What is cancelled while it ends is cancelled.
            is_cancelled = self.is_cancelled(cx);
        }
        Poll::Ready(waited(self.delay, is_cancelled, self.statistics.as_ref()))
    }
}
