//! Maps on all cores: what std's `map` gives, no further ahead than allowed, and nothing left behind.

use std::num::NonZeroUsize;
use std::time::Duration;

mod order;
mod panics;
mod pools;
mod positions;
mod release;

/// Long enough for anything that happens; short enough to tell that it does not.
const PATIENCE: Duration = Duration::from_secs(20);

fn n(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// Takes a while, so that calls end in another order than they began.
fn busy(turns: usize) {
    (0..turns).for_each(|_| std::thread::yield_now());
}
