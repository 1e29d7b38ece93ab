use std::fmt;
use std::time::Duration;

use crate::retry::draws::Draws;
use crate::retry::jitter::Jitter;

/// The delays of one call, one after the other: the backoff's, strewn, and held below the longest.
///
/// This struct is created by [`Retry::delays`](crate::Retry::delays). See its documentation for
/// more.
pub struct Delays {
    backoff: Box<dyn Iterator<Item = Duration> + Send>,
    jitter: Jitter,
    draws: Draws,
    max_delay: Duration,
    /// The first delay of the backoff, and the last one given; `None` before these.
    first_and_last: Option<(Duration, Duration)>,
}

impl Delays {
    pub(super) fn new(
        backoff: Box<dyn Iterator<Item = Duration> + Send>,
        jitter: Jitter,
        seed: Option<u64>,
        max_delay: Duration,
    ) -> Self {
        Self { backoff, jitter, draws: Draws::new(seed), max_delay, first_and_last: None }
    }
}

impl fmt::Debug for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delays").field("jitter", &self.jitter).finish_non_exhaustive()
    }
}

impl Iterator for Delays {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let delay = self.backoff.next()?.min(self.max_delay);
        let (first, last) = self.first_and_last.unwrap_or((delay, delay));
        let strewn = self.jitter.strew(delay, first, last, &mut self.draws).min(self.max_delay);
        self.first_and_last = Some((first, strewn));
        Some(strewn)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.backoff.size_hint()
    }
}
