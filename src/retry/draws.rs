use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use twox_hash::XxHash3_64;

/// Random numbers: the hashes of 0, 1, 2 … under a seed. XXH3 is the same for ever and everywhere,
/// so a seed gives the same delays in each version of this crate.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    /// Without one, one of the system's randomness is taken at the first draw, by each clone.
    seed: Option<u64>,
    drawn: u64,
}

impl Draws {
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self { seed, drawn: 0 }
    }

    /// Draws a duration from nothing to `most`, which counts as 584 years at the most.
    pub(super) fn up_to(&mut self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_nanos()).unwrap_or(u64::MAX);
        let seed = self.seed.get_or_insert_with(|| RandomState::new().build_hasher().finish());
        let draw = XxHash3_64::oneshot_with_seed(*seed, &self.drawn.to_le_bytes());
        self.drawn = self.drawn.wrapping_add(1);
        // The upper half of the product is `draw` scaled from 64 bits to 0 ..= `most`.
        let scaled = (u128::from(draw) * (u128::from(most) + 1)) >> 64;
        Duration::from_nanos(u64::try_from(scaled).unwrap_or(most))
    }
}
