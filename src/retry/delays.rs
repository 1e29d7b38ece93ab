use std::fmt;
use std::time::Duration;

use crate::retry::draws::Draws;
use crate::retry::jitter::Jitter;

/// The delays of one call, one after the other: the backoff's, strewn, and held between the shortest and the
/// longest.
///
/// This struct is created by [`Retry::delays`](crate::Retry::delays). See its documentation for
/// more.
pub struct Delays {
    backoff: Box<dyn Iterator<Item = Duration> + Send>,
    jitter: Jitter,
    draws: Draws,
    min_and_max: (Duration, Duration),
    /// The first delay of the backoff, and the last one given; `None` before these.
    first_and_last: Option<(Duration, Duration)>,
}

impl Delays {
    pub(super) fn new(
        backoff: Box<dyn Iterator<Item = Duration> + Send>,
        jitter: Jitter,
        seed: Option<u64>,
        min_and_max: (Duration, Duration),
    ) -> Self {
        Self { backoff, jitter, draws: Draws::new(seed), min_and_max, first_and_last: None }
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
        let (min, max) = self.min_and_max;
        let delay = self.backoff.next()?.min(max);
        let (first, last) = self.first_and_last.unwrap_or((delay, delay));
        // Not `clamp`, which panics where the shortest is above the longest.
        let strewn = self.jitter.strew(delay, first, last, &mut self.draws).min(max).max(min);
        self.first_and_last = Some((first, strewn));
        Some(strewn)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.backoff.size_hint()
    }
}
