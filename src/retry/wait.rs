#[cfg(feature = "async")]
use std::future::poll_fn;
#[cfg(feature = "async")]
use std::pin::pin;
#[cfg(feature = "async")]
use std::task::Poll;
use std::time::Duration;

use crate::retry::gave_up::Reason;
use crate::retry::policy::Policy;

impl Policy {
    /// Blocks the thread for a delay, unless it is cancelled.
    pub(super) fn wait(&self, delay: Duration) -> Result<(), Reason> {
        if !self.is_cancelled() {
            match &self.sleep {
                Some(sleep) => sleep(delay),
                None => self.clock.sleep(delay, self.cancel.as_ref()),
            }
        }
        self.waited(delay, self.is_cancelled())
    }

    /// Waits for a delay, unless it is cancelled.
    #[cfg(feature = "async")]
    pub(super) async fn wait_async(&self, delay: Duration) -> Result<(), Reason> {
        let is_cancelled = self.is_cancelled() || self.wait_or_cancelled(delay).await;
        self.waited(delay, is_cancelled)
    }

    /// Waits for a delay, or until it is cancelled, and tells whether it is.
    #[cfg(feature = "async")]
    async fn wait_or_cancelled(&self, delay: Duration) -> bool {
        let mut timer = match &self.timer {
            Some(timer) => timer(delay),
            None => self.clock.timer(delay),
        };
        let Some(cancel) = &self.cancel else {
            timer.await;
            return false;
        };
        let mut cancelled = pin!(cancel.cancelled());
        poll_fn(|cx| match cancelled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending => timer.as_mut().poll(cx).map(|()| false),
        })
        .await
    }

    fn waited(&self, delay: Duration, is_cancelled: bool) -> Result<(), Reason> {
        if is_cancelled {
            self.gave_up();
            return Err(Reason::Cancelled);
        }
        if let Some(statistics) = &self.statistics {
            statistics.waited(delay);
        }
        Ok(())
    }
}
