use std::num::NonZeroU64;
use std::time::{Duration, Instant};

/// When it is time to save: the machine that counts items and looks at the clock.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    pub(super) items: Option<NonZeroU64>,
    /// `None` is never, and then nobody looks at the clock.
    pub(super) time: Option<Duration>,
    /// How many items were done since it was saved.
    done: u64,
    /// When it was saved, or the first item was done; `None` before that.
    since: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { items: None, time: Some(Duration::from_secs(1)), done: 0, since: None }
    }

    /// Counts an item, and tells whether it is time to save.
    pub(super) fn item_done(&mut self, now: impl FnOnce() -> Instant) -> bool {
        self.done = self.done.saturating_add(1);
        let enough = self.items.is_some_and(|items| self.done >= items.get());
        enough || self.time.is_some_and(|time| self.passed(now()) >= time)
    }

    fn passed(&mut self, now: Instant) -> Duration {
        now.saturating_duration_since(*self.since.get_or_insert(now))
    }

    /// Begins anew after it was saved.
    pub(super) fn saved(&mut self, now: impl FnOnce() -> Instant) {
        self.done = 0;
        self.since = self.time.map(|_| now());
    }
}
