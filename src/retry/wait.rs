use std::time::Duration;

use crate::retry::gave_up::Reason;
use crate::retry::policy::Policy;
use crate::retry::statistics::Statistics;

impl Policy {
    /// Blocks the thread for a delay, unless it is cancelled.
    pub(super) fn wait(&self, delay: Duration) -> Result<(), Reason> {
        if !self.is_cancelled() {
            match &self.sleep {
                Some(sleep) => sleep(delay),
                None => self.clock.sleep(delay, self.cancel.as_ref()),
            }
        }
        waited(delay, self.is_cancelled(), self.statistics.as_ref())
    }
}

/// Notes what became of a wait.
pub(super) fn waited(
    delay: Duration,
    is_cancelled: bool,
    statistics: Option<&Statistics>,
) -> Result<(), Reason> {
    if let Some(statistics) = statistics {
        if is_cancelled {
            statistics.gave_up_once();
        } else {
            statistics.waited(delay);
        }
    }
    if is_cancelled { Err(Reason::Cancelled) } else { Ok(()) }
}
