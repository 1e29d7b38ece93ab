use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};

/// What was seen of a long sequence, in bounded memory: the last of it exactly, and circles in it
/// of any length in the end.
///
/// Hashes of 64 bits are kept, so one in 10¹⁹ pairs is taken for the same.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    hasher: RandomState,
    /// The last hashes, in order, and to look up.
    last: VecDeque<u64>,
    set: HashSet<u64>,
    capacity: usize,
    /// Brent's algorithm: a hash that later ones are compared with, until there were as many again.
    landmark: Option<u64>,
    since: u64,
    until: u64,
}

impl Seen {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            last: VecDeque::new(),
            set: HashSet::new(),
            capacity,
            landmark: None,
            since: 0,
            until: 1,
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.last.clear();
        self.set.clear();
        (self.landmark, self.since, self.until) = (None, 0, 1);
    }

    /// Notes a value, and tells whether it was seen before.
    pub(super) fn note(&mut self, value: &impl Hash) -> bool {
        let hash = self.hasher.hash_one(value);
        let is_landmark = self.landmark == Some(hash);
        self.since += 1;
        if self.since == self.until {
            (self.landmark, self.since) = (Some(hash), 0);
            self.until = self.until.saturating_mul(2);
        }
        if !self.set.insert(hash) {
            return true;
        }
        if self.last.len() == self.capacity
            && let Some(oldest) = self.last.pop_front()
        {
            self.set.remove(&oldest);
        }
        self.last.push_back(hash);
        is_landmark
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn circles_longer_than_the_memory_are_found() {
        for (tail, circle) in [(0, 5), (3, 7), (100, 64), (0, 1000), (777, 333)] {
            let mut seen = Seen::new(4);
            let value = |n: u64| if n < tail { n } else { tail + (n - tail) % circle };
            let found = (0..).find(|&n| seen.note(&value(n))).unwrap();
            assert!(found >= tail + circle, "{tail} {circle}: {found} is no repetition");
            assert!(found <= 4 * (tail + circle), "{tail} {circle}: found at {found}");
            assert!(seen.last.len() <= 4 && seen.set.len() <= 4);
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
