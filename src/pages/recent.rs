use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

/// The last distinct values of a sequence, by their hashes of 64 bits, in bounded memory.
#[derive(Clone)]
pub(super) struct Recent {
    hasher: RandomState,
    /// The last hashes, in order, and to look up.
    last: VecDeque<u64>,
    set: HashSet<u64, BuildHasherDefault<Hashed>>,
    capacity: usize,
}

impl Recent {
    pub(super) fn new(capacity: usize) -> Self {
        let (last, set) = (VecDeque::new(), HashSet::default());
        Self { hasher: RandomState::new(), last, set, capacity }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.last.clear();
        self.set.clear();
    }

    pub(super) fn hash(&self, value: &impl Hash) -> u64 {
        self.hasher.hash_one(value)
    }

    /// Notes a hash, and tells whether it was there.
    pub(super) fn note(&mut self, hash: u64) -> bool {
        if self.capacity == 0 {
            return false;
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
        false
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent")
            .field("len", &self.last.len())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

/// The hash of what is a hash.
#[derive(Clone, Copy, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn the_last_are_known_and_no_others() {
        for capacity in [0, 1, 2, 100] {
            let mut recent = Recent::new(capacity);
            let hashes: Vec<_> = (0..1000).map(|n| recent.hash(&n)).collect();
            assert!(hashes.iter().all(|hash| !recent.note(*hash)));
            let (older, last) = hashes.split_at(1000 - capacity);
            assert!(older.iter().all(|hash| !recent.set.contains(hash)));
            assert!(last.iter().all(|hash| recent.note(*hash)));
            assert_eq!((recent.last.len(), recent.set.len()), (capacity, capacity));
            recent.clear();
            assert!(!recent.note(hashes[999]));
        }
    }

    #[test]
    fn what_comes_again_does_not_stay_for_longer() {
        let mut recent = Recent::new(2);
        let seen = [1, 2, 1, 3, 1].map(|n| recent.note(n));
        assert_eq!(seen, [false, false, true, false, false]);
    }

    #[test]
    fn memory_does_not_grow() {
        let mut recent = Recent::new(14_000);
        for n in 0..200_000_u64 {
            assert!(!recent.note(recent.hash(&n)));
            assert!(recent.last.capacity() <= 16 * 1024 && recent.set.capacity() <= 28 * 1024);
        }
    }
}
