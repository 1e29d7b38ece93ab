use std::hash::Hash;

use crate::pages::recent::Recent;

/// What was seen of a long sequence, in bounded memory: the last of it, and circles in it of any length
/// in the end.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    recent: Recent,
    /// Brent's algorithm: a hash that later ones are compared with, until there were as many again.
    landmark: Option<u64>,
    /// How many came since the landmark.
    since: u64,
    /// How many have to come until there is another.
    until: u64,
}

impl Seen {
    pub(super) fn new(capacity: usize) -> Self {
        Self { recent: Recent::new(capacity), landmark: None, since: 0, until: 1 }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.recent.clear();
        (self.landmark, self.since, self.until) = (None, 0, 1);
    }

    /// Notes a value, and tells whether it was seen before.
    pub(super) fn note(&mut self, value: &impl Hash) -> bool {
        let hash = self.recent.hash(value);
        let is_landmark = self.landmark == Some(hash);
        self.since += 1;
        if self.since == self.until {
            (self.landmark, self.since) = (Some(hash), 0);
            self.until = self.until.saturating_mul(2);
        }
        self.recent.note(hash) || is_landmark
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn circles_longer_than_the_memory_are_found() {
        for (tail, circle) in [(0, 1), (0, 5), (3, 7), (100, 64), (0, 1000), (777, 333)] {
            let mut seen = Seen::new(4);
            let value = |n: u64| if n < tail { n } else { tail + (n - tail) % circle };
            let most = 4 * (tail + circle);
            let found = (0..=most).find(|&n| seen.note(&value(n)));
            assert!(found.is_some_and(|n| n >= tail + circle), "{tail}, {circle}: {found:?}");
        }
    }

    #[test]
    fn what_is_in_memory_is_found_at_once() {
        let mut seen = Seen::new(100);
        assert!((0..100).all(|n| !seen.note(&n)));
        assert!(seen.note(&0) && seen.note(&99));
        seen.clear();
        assert!(!seen.note(&0));
    }
}
